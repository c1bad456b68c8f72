import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { systemClock } from '../core/clock.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { ReadBytes } from '../manifest/file-text.ts';
import type { Finding, Manifest, Request } from '../manifest/model.ts';
import { readManifest } from '../manifest/read.ts';
import type { YamlReader } from '../manifest/read-budget.ts';
import type { SentFile, SentNames } from '../manifest/requests.ts';
import { countRequests, expandRequests, requestsOf } from '../manifest/requests.ts';
import type { MediaFacts } from '../media/facts.ts';
import type { FileCache } from '../media/file-cache.ts';
import type { LocalMediaReader } from '../media/local-medium.ts';
import { Findings, withUsers } from './findings.ts';
import type { SourceFix } from './found.ts';
import { FoundInFiles } from './found.ts';
import { diskReader, factsOf, type LocalMedia, readLocalMedia, standIn } from './local-files.ts';
import { loneFragment } from './lone-fragment.ts';
import { judgeMode } from './media.ts';
import { mediaUses } from './media-uses.ts';
import type { CatalogInForce } from './models-file.ts';
import { Catalogs } from './models-file.ts';
import type { PaidMedia, PaidRequests } from './paid-media.ts';
import type { Rule, RuleContext } from './rule.ts';
import { rules } from './rules/index.ts';
import { mediaChanged } from './rules/media-changed.ts';
import { type Subject, signsOf } from './subject.ts';
import {
  type MediaProbe,
  mediaRequests,
  type ProbedMedium,
  probedMedia,
  requestsByVersion,
  versionsOf,
} from './used-media.ts';

export interface LintOptions {
  /** Absolute: what relative paths are relative to. */
  readonly cwd: string;
  /** Bytes of standard input, for `-`. */
  readonly stdin?: (() => Promise<Uint8Array>) | undefined;
  /** The file that standard input is the text of: what it is called, and where it counts as being. */
  readonly stdinFilename?: string | undefined;
  /** A models file, in place of the one that a manifest names. */
  readonly models?: string | undefined;
  /** Reads the bytes of a file; from the disk where this is left out. A file of `models` is always on the disk. */
  readonly readFile?: ReadBytes | undefined;
  /**
   * Fragments among the files, as they are named, and whether a manifest includes each. What is known of those alone is
   * never a mistake of theirs.
   */
  readonly fragments?: ReadonlyMap<string, 'included' | 'alone'> | undefined;
  /** The reader of YAML; `fast` where this is left out. Both give the same. */
  readonly yaml?: YamlReader | undefined;
  /** A cost ceiling was given with the call, so that every model needs a price. */
  readonly needPrices?: boolean | undefined;
  /** Media that only the own network can reach are meant: that the provider cannot reach them is not reported. */
  readonly allowPrivateMedia?: boolean | undefined;
  /** Now, in milliseconds since the Unix epoch: signed URLs expire. The system's clock where it is left out. */
  readonly now?: number | undefined;
  /** Finds out what is behind media URLs, each of all manifests once; without it the rules about media are left out. */
  readonly media?: MediaProbe | undefined;
  /** Versions of media that requests were paid with, to be held against what `media` finds. */
  readonly paidMedia?: PaidMedia | undefined;
  /** Looks at the local files of manifests; the disk where this is left out, and null for nobody. */
  readonly localMedia?: LocalMediaReader | null | undefined;
  /** Opens what was read of local files before, once there are any; without it they are read anew. */
  readonly fileCache?: (() => Promise<FileCache>) | undefined;
}

/** A manifest that was linted, ready to be planned when there are no errors. */
export interface LintedManifest {
  readonly manifest: Manifest;
  readonly catalog: Catalog;
  /** Made when they are first asked for. Of a local file they name the path, until `withContents` knows what it holds. */
  readonly requests: readonly Request[];
  /** Facts of its local files on the disk; absent where nobody looked. */
  readonly local?: LocalMedia | undefined;
}

export interface LintSummary {
  /** Manifests. */
  readonly files: number;
  readonly shots: number;
  readonly requests: number;
  readonly errors: number;
  readonly warnings: number;
}

export interface LintResult {
  /** Files in the order given and met, then by position, then by rule. */
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: LintSummary;
  /** In the order given. */
  readonly manifests: readonly LintedManifest[];
  /** Texts by `Diagnostic.file`, for code frames: secrets that were found are blacked out. */
  readonly sources: ReadonlyMap<string, string>;
  /** Edits that mend diagnostics, where there is one right answer: of the text of `Diagnostic.file`. */
  readonly fixes: ReadonlyMap<Diagnostic, SourceFix>;
}

/**
 * Reads manifests and checks them with every rule: no key, and no network but that of `options.media`. What is wrong in
 * a file is a diagnostic, never an error. A file that is named twice is looked at once.
 *
 * @throws UsageError when the file of `options.models` cannot be read.
 */
export async function lint(files: readonly string[], options: LintOptions): Promise<LintResult> {
  const catalogs = new Catalogs(options.cwd, options.models, options.readFile, options.yaml);
  return lintWith(files, options, (manifest) => catalogs.of(manifest));
}

/** The same, where the caller knows which catalog holds for a manifest. */
export async function lintWith(
  files: readonly string[],
  options: LintOptions,
  catalogOf: (manifest: Manifest) => Promise<CatalogInForce>,
): Promise<LintResult> {
  const read: { readonly file: string; readonly manifest: Manifest; readonly inForce: CatalogInForce }[] = [];
  for (const file of distinct(files, options.cwd)) {
    const fragment = options.fragments?.has(file) === true;
    const manifest = await readManifest(file, { ...options, fragment });
    read.push({ file, manifest, inForce: await catalogOf(manifest) });
  }
  const { needPrices = false, allowPrivateMedia = false, media } = options;
  const probed =
    (await media?.(mediaRequests(read.flatMap(({ manifest }) => manifest.versions)))) ?? new Map();
  const { paidMedia: paid = null } = options;
  const common = { now: options.now ?? systemClock.now(), needPrices, allowPrivateMedia, paid };
  const { localMedia = diskReader(options.fileCache) } = options;
  const manifests: LintedManifest[] = [];
  const found = new FoundInFiles();
  for (const { file, manifest, inForce } of read) {
    const sources = inForce.source === undefined ? manifest.sources : [...manifest.sources, inForce.source];
    const local = localMedia === null ? undefined : await readLocalMedia(manifest, options.cwd, localMedia);
    const linted = new Linted(manifest, inForce.catalog, local);
    const facts = new Map([...probed, ...factsOf(local ?? new Map())]);
    const call = { ...common, facts, local: local ?? new Map() };
    found.add(manifest.source, sources, [
      ...manifest.findings.map((finding) => withUsers(finding, manifest.promptUsers)),
      ...inForce.findings,
      ...(options.fragments?.get(file) === 'alone' ? [loneFragment(manifest.source)] : []),
      ...check(manifest, inForce, sources, call),
    ]);
    manifests.push(linted);
  }
  const { diagnostics, fixes, sources } = found.finish((id) => media !== undefined || !isAboutMedia(id));
  return { diagnostics, summary: summarize(manifests, diagnostics), manifests, sources, fixes };
}

export interface MediaLintResult extends Pick<LintResult, 'diagnostics' | 'summary' | 'sources'> {
  /** In manifest order. */
  readonly media: readonly ProbedMedium[];
  /** Facts by URL as it is written. */
  readonly facts: ReadonlyMap<string, MediaFacts>;
}

/**
 * Checks the media of some requests of a manifest that has no errors, with the rules that `lint` leaves out where
 * nothing is probed.
 *
 * @param paid of these only whether their media are still what they were paid with.
 * @throws what `probe` throws.
 */
export async function lintMedia(
  linted: LintedManifest,
  requests: readonly Request[],
  probe: MediaProbe,
  paid: PaidRequests | null = null,
): Promise<MediaLintResult> {
  const { manifest, catalog } = linted;
  const versions = versionsOf(manifest.versions, requests);
  const paidVersions = versionsOf(manifest.versions, paid?.requests ?? []);
  const { local = new Map() } = linted;
  const probed = await probe(mediaRequests([...versions, ...paidVersions]));
  const facts = new Map([...probed, ...factsOf(local)]);
  const found = new FoundInFiles();
  const inForce = { catalog, uncertain: new Set<string>(), findings: [], source: undefined };
  const { source, sources: files } = manifest;
  const call = { now: 0, needPrices: false, allowPrivateMedia: false, facts, local, paid: null };
  const findings = [...check({ ...manifest, versions }, inForce, files, { ...call, isChecked: isMediaRule })];
  if (paid !== null) {
    const byVersion = requestsByVersion(paid.requests);
    const only = { isChecked: (rule: Rule) => rule === mediaChanged, paid: paid.media, byVersion };
    findings.push(...check({ ...manifest, versions: paidVersions }, inForce, files, { ...call, ...only }));
  }
  found.add(source, files, findings);
  // Some of the requests cannot tell which suppressions are not needed.
  const { diagnostics, sources } = found.finish(() => false);
  const summary = {
    ...summarize([linted], diagnostics),
    requests: requests.length,
  };
  return { diagnostics, summary, sources, media: probedMedia(versions, facts), facts };
}

class Linted implements LintedManifest {
  readonly manifest: Manifest;
  readonly catalog: Catalog;
  readonly local: LocalMedia | undefined;
  readonly #sentFile: SentFile | undefined;
  #requests: readonly Request[] | undefined;

  constructor(manifest: Manifest, catalog: Catalog, local: LocalMedia | undefined, sentFile?: SentFile) {
    this.manifest = manifest;
    this.catalog = catalog;
    this.local = local;
    this.#sentFile = sentFile;
  }

  get requests(): readonly Request[] {
    this.#requests ??= expandRequests(this.manifest, sentNames(this.catalog), this.#sentFile);
    return this.#requests;
  }
}

/** The same manifest, once it is known what stands for its local files in a request. */
export function withContents(
  { manifest, catalog, local }: LintedManifest,
  sentFile: SentFile,
): LintedManifest {
  return new Linted(manifest, catalog, local, sentFile);
}

function sentNames(catalog: Catalog): SentNames {
  return (model) => catalog.get(model)?.fields;
}

/** Each file once, as it was named first. */
function distinct(files: readonly string[], cwd: string): Iterable<string> {
  const named = new Map<string, string>();
  for (const file of files) {
    const place = file === '-' ? '-' : path.resolve(cwd, file);
    if (!named.has(place)) named.set(place, file);
  }
  return named.values();
}

function summarize(manifests: readonly LintedManifest[], diagnostics: readonly Diagnostic[]): LintSummary {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return {
    files: manifests.length,
    shots: sum(manifests, ({ manifest }) => manifest.shots),
    requests: sum(manifests, ({ manifest }) => countRequests(manifest)),
    errors,
    warnings: diagnostics.length - errors,
  };
}

function isAboutMedia(id: string): boolean {
  return rules.some((rule) => rule.id === id && isMediaRule(rule));
}

function isMediaRule({ media }: Rule): boolean {
  return media !== undefined;
}

interface CheckOptions
  extends Pick<RuleContext, 'now' | 'needPrices' | 'allowPrivateMedia' | 'facts' | 'local' | 'paid'> {
  /** The rules that look; all of them where this is left out. */
  readonly isChecked?: (rule: Rule) => boolean;
  /** The requests of the versions, by key, where it is known what their local files hold. */
  readonly byVersion?: ReadonlyMap<string, readonly Request[]>;
}

function check(
  manifest: Manifest,
  inForce: CatalogInForce,
  sources: Manifest['sources'],
  { isChecked = () => true, byVersion, ...call }: CheckOptions,
): readonly Finding[] {
  const { catalog, uncertain } = inForce;
  const isUncertain = (model: string): boolean => uncertain === 'all' || uncertain.has(model);
  const subjects: readonly Subject[] = manifest.versions.map((version) => {
    const id = version.parameters.model?.value;
    return {
      version,
      model: id === undefined || isUncertain(id) ? undefined : catalog.get(id),
      verdict: judgeMode(version),
      signs: signsOf(version),
    };
  });
  const media = mediaUses(manifest, subjects);
  const findings = new Findings();
  for (const rule of rules) {
    if (!isChecked(rule) || (isMediaRule(rule) && call.facts.size === 0)) continue;
    rule.check({
      ...call,
      manifest,
      sources,
      catalog,
      subjects,
      requestsOf: (version) =>
        byVersion?.get(version.key) ??
        requestsOf(version, sentNames(catalog), (file) => standIn(file, call.local)),
      media,
      isUncertain,
      report: (problem, version) => findings.add(rule, problem, version),
    });
  }
  return findings.all(manifest.promptUsers);
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
