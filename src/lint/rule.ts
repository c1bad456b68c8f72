import type { Catalog } from '../catalog/catalog.ts';
import type { JsonObject } from '../core/canonical-json.ts';
import type { Severity } from '../core/diagnostic.ts';
import type { Finding, Manifest, Request, Source, Version } from '../manifest/model.ts';
import type { FileVersion, MediaFacts } from '../media/facts.ts';
import type { LocalMedium } from '../media/local-medium.ts';
import type { LocalMedia } from './local-files.ts';
import type { MediaUse } from './media-uses.ts';
import type { PaidMedia } from './paid-media.ts';
import type { Subject } from './subject.ts';

/**
 * One thing that can be wrong with a manifest. Its documentation, its examples and its tests come from here: `bad` must
 * yield exactly its finding, `good` none.
 */
export interface Rule {
  /** The name by which findings and suppressions call it: `frame-pair`. */
  readonly id: string;
  readonly severity: Severity;
  /**
   * True for an error that a comment may suppress, since whether it holds depends on more than the manifest. Other errors
   * cannot be suppressed: the provider would refuse the request all the same. Warnings always can.
   */
  readonly suppressible?: true;
  /** One line. */
  readonly summary: string;
  /** The reason why it matters, for someone who has never seen the API. */
  readonly why: string;
  /** The provider's answer to such a request. */
  readonly provider: string;
  /** A whole manifest with this one mistake. */
  readonly bad: string;
  /** The same manifest, mended. */
  readonly good: string;
  /** The content of the models file that the examples name. */
  readonly models?: JsonObject;
  /** Media behind the URLs of the examples. A rule that has this is about media: left out where none were probed. */
  readonly media?: readonly MediaFacts[];
  /** The versions that the examples' shots were paid with, by URL. */
  readonly paid?: ReadonlyMap<string, FileVersion>;
  /** Facts of the examples' local files on the disk, by path as it is written. */
  readonly local?: Readonly<Record<string, LocalMedium>>;
  check(context: RuleContext): void;
}

/** Everything that a rule looks at, and the way to report what it found. */
export interface RuleContext {
  readonly manifest: Manifest;
  /** Every file of the manifest, its models file included. */
  readonly sources: readonly Source[];
  readonly catalog: Catalog;
  /** Every version of every shot that is not skipped, in manifest order. */
  readonly subjects: readonly Subject[];
  /** Requests that would be sent for a version, one for each take. */
  requestsOf(version: Version): readonly Request[];
  /** Every medium of the assets, then of the subjects, each where it is used. */
  readonly media: readonly MediaUse[];
  /** A cost ceiling was given with the call. */
  readonly needPrices: boolean;
  /** Milliseconds since the Unix epoch. */
  readonly now: number;
  /** Media that only the own network can reach are meant. */
  readonly allowPrivateMedia: boolean;
  /** Findings on the disk where local files should be, by where that is; empty where nobody looked. */
  readonly local: LocalMedia;
  /** Facts about media, by URL as it is written, of local files by where they are; empty where nobody looked. */
  readonly facts: ReadonlyMap<string, MediaFacts>;
  /** Versions of media that requests were paid with; null where none are noted. */
  readonly paid: PaidMedia | null;
  /** True where nothing can be said about a model because the models file has a mistake there. */
  isUncertain(model: string): boolean;
  /** Findings at the same place are put together to one that names the shots. */
  report(problem: Problem, version?: Version): void;
}

/** A finding of a rule, to which rule, severity and key are added. */
export interface Problem
  extends Pick<Finding, 'message' | 'origin' | 'mark' | 'token' | 'range' | 'fix' | 'secret'> {
  readonly help: string;
  /** Its severity, where that is another than the rule's own. */
  readonly severity?: Severity;
  /** Tells findings at the same place apart where they are different mistakes. */
  readonly about?: string;
}
