import type { Mode } from '../core/mode.ts';
import { isMedium, type Layer } from './layer.ts';
import type { LegacyUse, Level, Parameters, Resolved, ResolvedMedium, Version } from './model.ts';
import { frameNames, legacySpelling, modeOfMedia, referenceNames } from './parameters.ts';

/** The prompt of a version before files are read: the text, the file that holds it, or that it is not known. */
export type PromptSource =
  | { readonly kind: 'text' | 'file'; readonly stated: Resolved<string> }
  | { readonly kind: 'broken' }
  | { readonly kind: 'none' };

/** The nearest layer that has `prompt` or `promptFile` decides. */
export function promptSource(layers: readonly Layer[]): PromptSource {
  for (const layer of layers) {
    if (layer.broken.has('prompt') || layer.broken.has('promptFile')) return { kind: 'broken' };
    if (layer.prompt !== undefined && layer.promptFile !== undefined) return { kind: 'broken' };
    if (layer.prompt !== undefined) return { kind: 'text', stated: layer.prompt };
    if (layer.promptFile !== undefined) return { kind: 'file', stated: layer.promptFile };
  }
  return { kind: 'none' };
}

/** Everything that a version inherits, nearest first, but its prompt. */
export interface Inherited {
  readonly mode: Mode;
  readonly statedMode: Resolved<Mode> | undefined;
  readonly parameters: OpenParameters;
  readonly legacy: readonly LegacyUse[];
  readonly broken: Version['broken'];
  readonly tags: readonly string[];
  readonly takes: number;
  readonly skip: boolean;
}

type BrokenName = Version['broken'] extends ReadonlySet<infer Name> ? Name : never;
/** Parameters to which the prompt is still to be added. */
export type OpenParameters = { -readonly [Key in keyof Parameters]: Parameters[Key] };

const nothing: readonly never[] = [];

/** Looks every value up in the layers, which are given nearest first. */
export function inherit(layers: readonly Layer[]): Inherited {
  const statedMode = nearestOf(layers, 'mode');
  const parameters: OpenParameters = {};
  const model = nearestOf(layers, 'model');
  if (model !== undefined) parameters.model = model;
  const duration = nearestOf(layers, 'duration');
  if (duration !== undefined) parameters.duration = duration;
  for (const name of ['ratio', 'resolution'] as const) {
    const found = nearestOf(layers, name);
    if (isStated(found)) parameters[name] = found;
  }
  for (const name of frameNames) {
    const found = nearestFrame(layers, name);
    if (found !== undefined && !isDropped(name, found.level, statedMode)) parameters[name] = found;
  }
  for (const name of referenceNames) {
    const found = nearestOf(layers, name);
    if (!isStated(found) || found.value.length === 0) continue;
    if (!isDropped(name, found.level, statedMode)) parameters[name] = found;
  }
  const extra = nearestOf(layers, 'extra');
  if (extra !== undefined) parameters.extra = extra;
  return {
    mode: statedMode?.value ?? impliedMode(parameters),
    statedMode,
    parameters,
    legacy: legacyOf(layers),
    broken: brokenOf(layers),
    tags: nearestOf(layers, 'tags') ?? nothing,
    takes: nearestOf(layers, 'takes') ?? 1,
    skip: nearestOf(layers, 'skip') ?? false,
  };
}

/** The nearest value; undefined where there is none, or where what is nearest was reported as a mistake. */
function nearestOf<Name extends keyof Layer>(layers: readonly Layer[], name: Name): Layer[Name] | undefined {
  for (const layer of layers) {
    if (layer[name] !== undefined) return layer[name];
    if (layer.broken.has(name)) return undefined;
  }
  return undefined;
}

function isStated<T>(resolved: Resolved<T | null> | undefined): resolved is Resolved<T> {
  return resolved !== undefined && resolved.value !== null;
}

/** Both spellings of a frame are one parameter: the nearest wins, and the new one where both stand side by side. */
function nearestFrame(layers: readonly Layer[], name: FrameName): ResolvedMedium | undefined {
  const legacy = legacySpelling[name];
  for (const layer of layers) {
    if (layer.broken.has(name) || layer.broken.has(legacy)) return undefined;
    const current = layer[name];
    const old = layer[legacy];
    if (current === undefined && old === undefined) continue;
    // `null` takes away what is inherited; beside a URL of the same level it takes nothing away.
    if (isMedium(current)) return current;
    return isMedium(old) ? old : undefined;
  }
  return undefined;
}

type FrameName = (typeof frameNames)[number];

function legacyOf(layers: readonly Layer[]): readonly LegacyUse[] {
  // Nearly no manifest has any, and this is asked for each of its shots.
  for (const { legacy } of layers) {
    if (legacy.length > 0) return layers.flatMap((each) => each.legacy);
  }
  return nothing;
}

const nothingBroken: ReadonlySet<never> = new Set();

/** Parameters whose nearest value was reported as a mistake. */
function brokenOf(layers: readonly Layer[]): Version['broken'] {
  if (layers.every(({ broken }) => broken.size === 0)) return nothingBroken;
  const broken = new Set<BrokenName>();
  const singles = ['mode', 'model', 'duration', 'ratio', 'resolution', 'extra', ...referenceNames] as const;
  for (const name of singles) if (isNearestBroken(layers, [name])) broken.add(name);
  for (const name of frameNames) {
    if (isNearestBroken(layers, [name, legacySpelling[name]])) broken.add(name);
  }
  return broken;
}

function isNearestBroken(layers: readonly Layer[], spellings: readonly (keyof Layer)[]): boolean {
  for (const layer of layers) {
    if (spellings.some((name) => layer.broken.has(name))) return true;
    if (spellings.some((name) => layer[name] !== undefined)) return false;
  }
  return false;
}

const distances: Readonly<Record<Level, number>> = { variant: 0, shot: 1, scene: 2, manifest: 3 };

/** A stated mode drops media of other modes that come from farther away than itself. */
function isDropped(name: keyof typeof modeOfMedia, level: Level, mode: Resolved<Mode> | undefined): boolean {
  return mode !== undefined && distances[level] > distances[mode.level] && modeOfMedia[name] !== mode.value;
}

function impliedMode(parameters: Parameters): Mode {
  if (frameNames.some((name) => parameters[name] !== undefined)) return 'frames';
  return referenceNames.some((name) => parameters[name] !== undefined) ? 'references' : 'text';
}
