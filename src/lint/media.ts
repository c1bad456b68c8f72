import type { Mode } from '../core/mode.ts';
import type { Level, Origin, Parameters, Resolved, Version } from '../manifest/model.ts';
import { referenceLists } from './words.ts';

/** A media parameter that a version has, with where it was stated. */
export interface StatedMedia {
  readonly name: 'first_image' | 'last_image' | (typeof referenceLists)[number];
  readonly stated: Origin;
  readonly level: Level;
  readonly writtenAs: string;
}

/** The contradiction of a version's media to its mode, or to each other. One at most: one mistake is one finding. */
export type ModeVerdict =
  /** Frames and references together, whatever the mode. */
  | { readonly kind: 'both'; readonly frames: StatedMedia; readonly references: StatedMedia }
  /** The stated mode is another than the media imply. */
  | { readonly kind: 'mismatch'; readonly mode: Resolved<Mode>; readonly media: StatedMedia }
  /** The stated mode needs media, and there are none. */
  | { readonly kind: 'bare'; readonly mode: Resolved<Mode> }
  /** One frame without the other. */
  | { readonly kind: 'half'; readonly present: StatedMedia; readonly missing: 'first_image' | 'last_image' };

/** Judges a version's mode and media; undefined where they agree, or where a value that was reported leaves it open. */
export function judgeMode(version: Version): ModeVerdict | undefined {
  const { statedMode, parameters } = version;
  if (statedMode === undefined && !hasMedia(parameters)) return undefined;
  const frames = firstFrame(version);
  const references = firstReferences(version);
  if (frames !== undefined && references !== undefined) return { kind: 'both', frames, references };
  if (statedMode !== undefined) {
    const media = frames ?? references;
    const implied: Mode = frames !== undefined ? 'frames' : references !== undefined ? 'references' : 'text';
    if (statedMode.value !== implied) {
      if (media !== undefined) return { kind: 'mismatch', mode: statedMode, media };
      return hasBrokenMedia(version, statedMode.value) ? undefined : { kind: 'bare', mode: statedMode };
    }
  }
  return frames === undefined ? undefined : halfPair(version, frames);
}

/** True where there are media; most shots are words alone. */
export function hasMedia(parameters: Parameters): boolean {
  return (
    parameters.first_image !== undefined ||
    parameters.last_image !== undefined ||
    parameters.referenceImages !== undefined ||
    parameters.referenceVideos !== undefined ||
    parameters.referenceAudios !== undefined
  );
}

function halfPair(version: Version, present: StatedMedia): ModeVerdict | undefined {
  const missing = present.name === 'first_image' ? 'last_image' : 'first_image';
  const { parameters, broken } = version;
  return parameters[missing] !== undefined || broken.has(missing)
    ? undefined
    : { kind: 'half', present, missing };
}

function hasBrokenMedia({ broken }: Version, mode: Mode): boolean {
  const names = mode === 'frames' ? (['first_image', 'last_image'] as const) : referenceLists;
  return broken.size > 0 && names.some((name) => broken.has(name));
}

/** The first of a version's media, in the order in which they are sent. */
export function mediaOf(version: Version): StatedMedia | undefined {
  return firstFrame(version) ?? firstReferences(version);
}

function firstFrame({ parameters }: Version): StatedMedia | undefined {
  const { first_image, last_image } = parameters;
  if (first_image !== undefined) return { name: 'first_image', ...placeOf(first_image) };
  if (last_image !== undefined) return { name: 'last_image', ...placeOf(last_image) };
  return undefined;
}

/** The first list with anything in it: an empty one is not sent. */
function firstReferences({ parameters }: Version): StatedMedia | undefined {
  for (const name of referenceLists) {
    const list = parameters[name];
    if (list !== undefined && list.value.length > 0) return { name, ...placeOf(list) };
  }
  return undefined;
}

function placeOf({ stated, level, writtenAs }: Resolved<unknown>): Omit<StatedMedia, 'name'> {
  return { stated, level, writtenAs };
}

const nearestFirst: readonly Level[] = ['variant', 'shot', 'scene', 'manifest'];

/** True where `a` was written farther from the request than `b`. */
export function isFarther(a: Level, b: Level): boolean {
  return nearestFirst.indexOf(a) > nearestFirst.indexOf(b);
}
