import type { Mode } from '../core/mode.ts';
import type { Layer } from './layer.ts';
import type { LegacyUse, Level, Parameters, Resolved, Version } from './model.ts';
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

/** What a version inherits, nearest first: everything but its prompt. */
export interface Inherited {
  readonly mode: Mode;
  readonly statedMode: Resolved<Mode> | undefined;
  readonly parameters: Omit<Parameters, 'prompt'>;
  readonly legacy: readonly LegacyUse[];
  readonly broken: Set<BrokenName>;
  readonly tags: readonly string[];
  readonly takes: number;
  readonly skip: boolean;
}

type BrokenName = Version['broken'] extends ReadonlySet<infer Name> ? Name : never;
type OpenParameters = { -readonly [Key in keyof Parameters]: Parameters[Key] };

/** Looks every value up in the layers, which are given nearest first. */
export function inherit(layers: readonly Layer[]): Inherited {
  const broken = new Set<BrokenName>();
  const statedMode = nearestOf(layers, 'mode', broken);
  const parameters: OpenParameters = {};
  for (const name of ['model', 'duration', 'ratio', 'resolution', 'extra'] as const) {
    const found: Resolved<unknown> | undefined = nearestOf(layers, name, broken);
    if (found !== undefined && found.value !== null) Object.assign(parameters, { [name]: found });
  }
  for (const name of frameNames) {
    const found = nearestFrame(layers, name, broken);
    if (found !== undefined && !isDropped(name, found.level, statedMode)) parameters[name] = found;
  }
  for (const name of referenceNames) {
    const found = nearestOf(layers, name, broken);
    if (found === undefined || found.value === null || found.value.length === 0) continue;
    if (!isDropped(name, found.level, statedMode)) parameters[name] = { ...found, value: found.value };
  }
  return {
    mode: statedMode?.value ?? impliedMode(parameters),
    statedMode,
    parameters,
    legacy: layers.flatMap(legacyUses),
    broken,
    tags: layers.find(({ tags }) => tags !== undefined)?.tags ?? [],
    takes: layers.find(({ takes }) => takes !== undefined)?.takes ?? 1,
    skip: layers.find(({ skip }) => skip !== undefined)?.skip ?? false,
  };
}

function nearestOf<Name extends BrokenName & keyof Layer>(
  layers: readonly Layer[],
  name: Name,
  broken: Set<BrokenName>,
): Layer[Name] | undefined {
  for (const layer of layers) {
    if (layer.broken.has(name)) {
      broken.add(name);
      return undefined;
    }
    if (layer[name] !== undefined) return layer[name];
  }
  return undefined;
}

/** Both spellings of a frame are one parameter: the nearest wins, and the new one where both stand side by side. */
function nearestFrame(
  layers: readonly Layer[],
  name: (typeof frameNames)[number],
  broken: Set<BrokenName>,
): Resolved<string> | undefined {
  const legacy = legacySpelling[name];
  for (const layer of layers) {
    if (layer.broken.has(name) || layer.broken.has(legacy)) {
      broken.add(name);
      return undefined;
    }
    const stated = [layer[name], layer[legacy]].filter((value) => value !== undefined);
    if (stated.length === 0) continue;
    // `null` takes away what is inherited; beside a URL of the same level it takes nothing away.
    return stated.find((value): value is Resolved<string> => value.value !== null);
  }
  return undefined;
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

function legacyUses(layer: Layer): readonly LegacyUse[] {
  const uses: LegacyUse[] = [];
  for (const name of frameNames) {
    const writtenAs = legacySpelling[name];
    const stated = layer[writtenAs];
    if (stated === undefined || stated.value === null) continue;
    const beside = layer[name];
    uses.push({
      writtenAs,
      name,
      value: stated.value,
      origin: stated.stated,
      beside: beside !== undefined && beside.value !== null ? { ...beside, value: beside.value } : undefined,
    });
  }
  return uses;
}
