import type { JsonObject } from '../core/canonical-json.ts';
import type { Mode } from '../core/mode.ts';
import type { Shot } from '../generated/manifest-types.ts';
import { extraProblems } from './extra.ts';
import { InnerOrigin } from './inner-origin.ts';
import { localFileOf } from './local-file.ts';
import type { Finding, LegacyUse, Level, MediaItem, Origin, Resolved, ResolvedMedium } from './model.ts';
import { frameNames, inheritedKeys, legacySpelling, referenceNames } from './parameters.ts';
import { findingAt } from './problem.ts';
import type { Interpolation } from './references.ts';
import type { Broken, Stated } from './validate.ts';

/** The keys of a shot, of a variant or of defaults, once everything that does not fit is taken out. */
export type StatedShot = Stated<Shot>;

/**
 * The keys that one map states for a shot: the shot's own, a variant's, or the defaults of a scene or the manifest.
 * References are put in. Null takes away what would be inherited.
 */
export interface Layer {
  readonly level: Level;
  readonly origin: Origin;
  readonly mode?: Resolved<Mode> | undefined;
  readonly model?: Resolved<string> | undefined;
  readonly prompt?: Resolved<string> | undefined;
  readonly promptFile?: Resolved<string> | undefined;
  readonly duration?: Resolved<number> | undefined;
  readonly ratio?: Resolved<string | null> | undefined;
  readonly resolution?: Resolved<string | null> | undefined;
  readonly first_image?: ResolvedMedium | Resolved<null> | undefined;
  readonly last_image?: ResolvedMedium | Resolved<null> | undefined;
  readonly image?: ResolvedMedium | Resolved<null> | undefined;
  readonly lastFrameImage?: ResolvedMedium | Resolved<null> | undefined;
  readonly referenceImages?: Resolved<readonly MediaItem[] | null> | undefined;
  readonly referenceVideos?: Resolved<readonly MediaItem[] | null> | undefined;
  readonly referenceAudios?: Resolved<readonly MediaItem[] | null> | undefined;
  readonly extra?: Resolved<JsonObject> | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly takes?: number | undefined;
  readonly skip?: boolean | undefined;
  /** Old spellings that are used here. */
  readonly legacy: readonly LegacyUse[];
  /** Keys whose value has been reported: something was stated, and what is not known. */
  readonly broken: ReadonlySet<string>;
}

/** Shared by all layers of a manifest while they are read. */
export interface LayerContext {
  readonly interpolation: Interpolation;
  readonly broken: Broken;
  readonly report: (finding: Finding) => void;
  /** Absolute folder in which a manifest from standard input counts as being. */
  readonly cwd: string;
}

/** Reads one map. `key` is the request or shot that its findings are about. */
export function readLayer(
  map: StatedShot,
  level: Level,
  origin: Origin,
  key: string | undefined,
  context: LayerContext,
): Layer {
  return new LayerReader(map, level, origin, key, context).read();
}

/** The defaults of a manifest that was not read: they may state anything. */
export function unknownLayer(origin: Origin): Layer {
  return { level: 'manifest', origin, legacy: [], broken: inheritedKeys };
}

/** A layer while it is read. */
type OpenLayer = { -readonly [Key in keyof Layer]: Layer[Key] };

const nothingBroken: ReadonlySet<string> = new Set();

class LayerReader {
  readonly #map: StatedShot;
  readonly #level: Level;
  readonly #origin: Origin;
  readonly #key: string | undefined;
  readonly #context: LayerContext;
  #broken: Set<string> | undefined;

  constructor(map: StatedShot, level: Level, origin: Origin, key: string | undefined, context: LayerContext) {
    this.#map = map;
    this.#level = level;
    this.#origin = origin;
    this.#key = key;
    this.#context = context;
    const takenOut = context.broken.get(map);
    this.#broken = takenOut === undefined ? undefined : new Set(takenOut);
  }

  read(): Layer {
    const map = this.#map;
    const layer: OpenLayer = {
      level: this.#level,
      origin: this.#origin,
      broken: nothingBroken,
      legacy: [],
    };
    if (map.mode !== undefined) layer.mode = this.#resolved('mode', map.mode, this.#at('mode'));
    if (map.duration !== undefined) {
      layer.duration = this.#resolved('duration', map.duration, this.#at('duration'));
    }
    if (map.takes !== undefined) layer.takes = map.takes;
    if (map.skip !== undefined) layer.skip = map.skip;
    this.#texts(layer);
    if (statesMedia(map)) {
      this.#frames(layer);
      layer.legacy = legacyUses(layer);
      this.#references(layer);
    }
    this.#extra(layer);
    this.#forPeople(layer);
    if (this.#broken !== undefined) layer.broken = this.#broken;
    return layer;
  }

  #texts(layer: OpenLayer): void {
    for (const name of ['model', 'prompt', 'promptFile'] as const) {
      const text = this.#map[name];
      if (text !== undefined) layer[name] = this.#text(name, text);
    }
    for (const name of ['ratio', 'resolution'] as const) {
      const text = this.#map[name];
      if (text === null) layer[name] = this.#resolved(name, null, this.#at(name));
      else if (text !== undefined) layer[name] = this.#text(name, text);
    }
  }

  #text(name: string, text: string): Resolved<string> | undefined {
    const at = this.#at(name);
    const value = this.#context.interpolation.text(text, at, this.#key);
    return value === undefined ? this.#wrong(name) : this.#resolved(name, value, at);
  }

  #frames(layer: OpenLayer): void {
    for (const frame of frameNames) {
      for (const name of [frame, legacySpelling[frame]]) {
        const text = this.#map[name];
        if (text === undefined) continue;
        const at = this.#at(name);
        const item = text === null ? null : this.#context.interpolation.media(text, at, this.#key);
        if (item === undefined) this.#wrong(name);
        else if (item === null) layer[name] = this.#resolved(name, null, at);
        else {
          const file = localFileOf(item.text, item.origin, this.#context.cwd);
          const medium = { ...this.#resolved(name, item.text, at), origin: item.origin };
          layer[name] = file === undefined ? medium : { ...medium, file };
        }
      }
    }
  }

  #references(layer: OpenLayer): void {
    for (const name of referenceNames) {
      const list = this.#map[name];
      if (list === undefined) continue;
      const at = this.#at(name);
      const items = list === null ? null : this.#context.interpolation.list(list, at, this.#key);
      if (items === undefined) this.#wrong(name);
      else if (items === null) layer[name] = this.#resolved(name, null, at);
      else {
        const media = items.map(({ text, origin, stated }) => {
          const file = localFileOf(text, origin, this.#context.cwd);
          const item = { value: text, origin, stated };
          return file === undefined ? item : { ...item, file };
        });
        layer[name] = this.#resolved(name, media, at);
      }
    }
  }

  #extra(layer: OpenLayer): void {
    const extra = this.#map.extra as JsonObject | undefined;
    if (extra === undefined) return;
    const at = this.#at('extra');
    const findings = extraProblems(extra, at, this.#key);
    for (const finding of findings) this.#context.report(finding);
    const value = this.#context.interpolation.json(extra, at, this.#key);
    if (value === undefined || findings.length > 0) this.#wrong('extra');
    else layer.extra = this.#resolved('extra', value as JsonObject, at);
  }

  /** Titles and notes are not sent, but a reference in them that leads nowhere is a mistake all the same. */
  #forPeople(layer: OpenLayer): void {
    const { interpolation } = this.#context;
    const { title, notes, tags } = this.#map;
    if (title !== undefined) interpolation.text(title, this.#at('title'), this.#key);
    if (notes !== undefined) interpolation.text(notes, this.#at('notes'), this.#key);
    if (tags === undefined) return;
    const items = interpolation.list(tags, this.#at('tags'), this.#key);
    if (items !== undefined) layer.tags = items.map(({ text }) => text);
  }

  #at(key: string): Origin {
    return new InnerOrigin(this.#origin, key);
  }

  #resolved<T>(writtenAs: string, value: T, at: Origin): Resolved<T> {
    return { value, origin: at, stated: at, level: this.#level, writtenAs };
  }

  #wrong(name: string): undefined {
    this.#broken ??= new Set();
    this.#broken.add(name);
    return undefined;
  }
}

/** True where a shot states media; most are words alone. */
function statesMedia(map: StatedShot): boolean {
  return (
    map.first_image !== undefined ||
    map.last_image !== undefined ||
    map.image !== undefined ||
    map.lastFrameImage !== undefined ||
    map.referenceImages !== undefined ||
    map.referenceVideos !== undefined ||
    map.referenceAudios !== undefined
  );
}

/** False for what takes away an inherited medium, and for nothing. */
export function isMedium(stated: ResolvedMedium | Resolved<null> | undefined): stated is ResolvedMedium {
  return stated !== undefined && stated.value !== null;
}

const noLegacy: readonly LegacyUse[] = [];

function legacyUses(layer: Layer): readonly LegacyUse[] {
  if (layer.image === undefined && layer.lastFrameImage === undefined) return noLegacy;
  const uses: LegacyUse[] = [];
  for (const name of frameNames) {
    const writtenAs = legacySpelling[name];
    const stated = layer[writtenAs];
    if (!isMedium(stated)) continue;
    const beside = layer[name];
    uses.push({
      writtenAs,
      name,
      value: stated.value,
      origin: stated.stated,
      beside: isMedium(beside) ? beside : undefined,
    });
  }
  return uses;
}

/** Reports `prompt` and `promptFile` side by side, at the second of the two. */
export function promptTwice(layer: Layer, key: string | undefined): Finding {
  const { source, path } = layer.origin;
  return findingAt(
    { source, path: [...path, 'promptFile'] },
    'key',
    {
      rule: 'prompt-twice',
      message: '`prompt` and `promptFile` are stated side by side',
      help: 'Keep one of the two',
    },
    key === undefined ? {} : { key },
  );
}
