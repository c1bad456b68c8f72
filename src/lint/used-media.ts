import { withoutTake } from '../core/request-key.ts';
import { mediaKey } from '../manifest/local-file.ts';
import type { LocalFile, MediaItem, Origin, Request, Version } from '../manifest/model.ts';
import type { MediaFacts, MediaKind } from '../media/facts.ts';
import type { MediaRequest } from '../media/probe.ts';
import type { Subject } from './subject.ts';
import { judgeUrl } from './url.ts';
import { type ReferenceList, referenceLists } from './words.ts';

/** Finds out what is behind media URLs: facts by URL as it was given. `probeMedia`, or facts that are at hand. */
export type MediaProbe = (requests: readonly MediaRequest[]) => Promise<ReadonlyMap<string, MediaFacts>>;

/** A medium where a version uses it. */
export interface UsedMedium {
  /** As it is written. */
  readonly value: string;
  /** Under which facts about it are found: its URL as it is written, or where the file is. */
  readonly key: string;
  /** The file that it names; absent for a URL. */
  readonly file?: LocalFile | undefined;
  readonly parameter: 'first_image' | 'last_image' | ReferenceList;
  /** The kind of media that the parameter takes. */
  readonly kind: MediaKind;
  /** The place where the text of the URL is written. */
  readonly origin: Origin;
  /** The place where it is used: the same as `origin` but for references. */
  readonly stated: Origin;
}

/** The kind of media that each list takes. */
export const kindOfList = {
  referenceImages: 'image',
  referenceVideos: 'video',
  referenceAudios: 'audio',
} as const satisfies Record<ReferenceList, MediaKind>;

/** The media of a version, in the order in which they are sent. */
export function usedMedia({ parameters }: Version): readonly UsedMedium[] {
  const used: UsedMedium[] = [];
  for (const parameter of ['first_image', 'last_image'] as const) {
    const frame = parameters[parameter];
    if (frame === undefined) continue;
    used.push(mediumOf(frame, parameter, 'image'));
  }
  for (const parameter of referenceLists) {
    for (const item of parameters[parameter]?.value ?? []) {
      used.push(mediumOf(item, parameter, kindOfList[parameter]));
    }
  }
  return used;
}

function mediumOf(
  { value, file, origin, stated }: MediaItem,
  parameter: UsedMedium['parameter'],
  kind: MediaKind,
): UsedMedium {
  const medium = { value, key: mediaKey({ value, file }), parameter, kind, origin, stated };
  return file === undefined ? medium : { ...medium, file };
}

/** Collects the URLs to probe: each once, without those that nobody could fetch, which is a finding of its own. */
export function mediaRequests(versions: Iterable<Version>): readonly MediaRequest[] {
  const requests = new Map<string, MediaRequest>();
  for (const version of versions) {
    for (const { value, file, kind } of usedMedia(version)) {
      if (file !== undefined || requests.has(value) || judgeUrl(value) !== undefined) continue;
      requests.set(value, { url: value, expected: kind });
    }
  }
  return [...requests.values()];
}

/** The versions that requests were made of: a version's key is that of its first take. */
export function versionsOf(versions: readonly Version[], requests: readonly Request[]): readonly Version[] {
  const byVersion = requestsByVersion(requests);
  return versions.filter(({ key }) => byVersion.has(key));
}

/** Requests by the key of their version. */
export function requestsByVersion(requests: readonly Request[]): ReadonlyMap<string, readonly Request[]> {
  const byVersion = new Map<string, Request[]>();
  for (const request of requests) {
    const { key, take } = request;
    const version = take === 1 ? key : withoutTake(key);
    const others = byVersion.get(version);
    if (others === undefined) byVersion.set(version, [request]);
    else others.push(request);
  }
  return byVersion;
}

/** A medium that was probed, where a version uses it. */
export interface ProbedUse {
  readonly medium: UsedMedium;
  readonly facts: MediaFacts;
  readonly subject: Subject;
}

/** Results of a probe, and the versions that could use them; a rule's context is one. */
interface Probed {
  readonly subjects: readonly Subject[];
  /** By URL as it is written, of local files by where they are. */
  readonly facts: ReadonlyMap<string, MediaFacts>;
}

/** Every use of a medium that was probed. */
export function* probedUses({ subjects, facts }: Probed): Generator<ProbedUse> {
  for (const subject of subjects) {
    for (const medium of usedMedia(subject.version)) {
      const found = facts.get(medium.key);
      if (found !== undefined) yield { medium, facts: found, subject };
    }
  }
}

/** A medium behind a URL, and the shots that use it. */
export interface ProbedMedium {
  readonly facts: MediaFacts;
  /** The kind that the first of its uses takes it for. */
  readonly expected: MediaKind;
  /** Keys of shots or their variants, each once, in manifest order. */
  readonly usedBy: readonly string[];
}

/** Every medium that was probed, in the order of its first use. */
export function probedMedia(
  versions: readonly Version[],
  facts: ReadonlyMap<string, MediaFacts>,
): readonly ProbedMedium[] {
  const probed = new Map<string, Pick<ProbedMedium, 'facts' | 'expected'> & { usedBy: Set<string> }>();
  for (const version of versions) {
    for (const { key, kind } of usedMedia(version)) {
      const found = facts.get(key);
      if (found === undefined) continue;
      const medium = probed.get(key) ?? { facts: found, expected: kind, usedBy: new Set() };
      probed.set(key, medium);
      medium.usedBy.add(version.key);
    }
  }
  return [...probed.values()].map((medium) => ({ ...medium, usedBy: [...medium.usedBy] }));
}
