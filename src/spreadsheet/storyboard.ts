import type { Json, JsonObject } from '../core/canonical-json.ts';
import { shotKey } from '../core/request-key.ts';
import type { ReadManifestOptions } from '../manifest/files.ts';
import { readFiles } from '../manifest/files.ts';
import { inherit, promptSource } from '../manifest/inherit.ts';
import { type Layer, type LayerContext, readLayer, type StatedShot } from '../manifest/layer.ts';
import type { Finding, Origin, Path, Resolved, Source } from '../manifest/model.ts';
import { collectNames, type UsableFile } from '../manifest/names.ts';
import { frameNames, referenceNames } from '../manifest/parameters.ts';
import { PromptFiles } from '../manifest/prompts.ts';
import { Interpolation } from '../manifest/references.ts';
import { emptySource } from '../manifest/source.ts';
import { importMarkKey } from './keys.ts';

/** The value that a shot has for one key, inherited or its own. */
export interface Held {
  /** As it is written, references and all. */
  readonly written: Json;
  /** With what references stand for. */
  readonly value: Json;
  /** True where the shot itself says it. */
  readonly own: boolean;
  /** The key that it is written under. */
  readonly writtenAs: string;
  /** The file that holds the prompt's text, where that is a file of its own. */
  readonly promptFile?: Source | undefined;
}

export type HeldValues = ReadonlyMap<string, Held>;

/** A scene, or the shots of no scene in one file. */
export interface StoryGroup {
  readonly scene: string | null;
  readonly source: Source;
  /** The map that has, or would have, the list `shots`. */
  readonly path: Path;
  /** Values that its shots inherit. */
  readonly inherited: HeldValues;
  readonly shots: readonly StoryShot[];
}

export interface StoryShot {
  /** `scene/shot`; empty where an id is missing, broken or taken. */
  readonly key: string;
  readonly scene: string | null;
  readonly shot: string;
  readonly source: Source;
  readonly path: Path;
  readonly values: HeldValues;
  /** Values that would be left without the shot's own. */
  readonly inherited: HeldValues;
  /** Keys that no table can hold. */
  readonly beyond: readonly string[];
  readonly skip: boolean;
  /** Variants that ask for themselves in a shot that is skipped. */
  readonly stubborn: readonly string[];
}

/** A manifest as a table sees it: every shot that is written, the skipped ones too. */
export interface Storyboard {
  readonly source: Source;
  /** The manifest, its fragments and its prompt files. */
  readonly sources: readonly Source[];
  /** In manifest order. */
  readonly groups: readonly StoryGroup[];
  /** Values that every shot inherits. */
  readonly inherited: HeldValues;
  /** Number of places that name each prompt file: shots, and defaults of many. */
  readonly promptFiles: ReadonlyMap<Source, number>;
  /** It has neither version nor project: what its shots inherit is said by the manifest that includes it. */
  readonly isFragment: boolean;
  /** Findings that keep it from being read as a whole. */
  readonly unreadable: readonly Finding[];
}

/** Reads a manifest with its fragments. Its mistakes are not this function's business, except where nothing can be read. */
export async function readStoryboard(file: string, options: ReadManifestOptions): Promise<Storyboard> {
  const read = await readFiles(file, options);
  const { names } = collectNames(read.files, read.complete);
  const nothing = (): void => {};
  const interpolation = new Interpolation(names, nothing);
  const source = read.sources[0] ?? emptySource(file, null);
  const promptFiles = new PromptFiles(options.cwd, source, interpolation, nothing, options.readFile);
  const broken = new Map(read.files.flatMap((each) => [...each.broken]));
  const reader = new StoryReader({ interpolation, broken, report: nothing, cwd: options.cwd }, promptFiles);
  const [manifest] = read.files;
  const groups = read.files.map((each) => reader.groups(each, manifest?.file.defaults));
  const promptSources = await promptFiles.read();
  return {
    source,
    sources: [...read.sources, ...promptSources],
    groups: groups.flat().map((group) => group()),
    inherited: reader.held(
      reader.layersOf(manifest, manifest?.file.defaults, ['defaults'], 'manifest'),
      undefined,
    ),
    promptFiles: new Map([...promptFiles.users()].map(([each, users]) => [each, users.length])),
    isFragment: manifest?.file.version === undefined && manifest?.file.project === undefined,
    unreadable: read.complete && manifest !== undefined ? [] : read.findings,
  };
}

const referringKeys = [
  'model',
  'prompt',
  'ratio',
  'resolution',
  'extra',
  ...frameNames,
  ...referenceNames,
] as const;

class StoryReader {
  readonly #context: LayerContext;
  readonly #promptFiles: PromptFiles;
  readonly #files = new Map<Source, unknown>();
  readonly #scenes = new Set<string>();
  readonly #keys = new Set<string>();
  #top: readonly Layer[] | undefined;

  constructor(context: LayerContext, promptFiles: PromptFiles) {
    this.#context = context;
    this.#promptFiles = promptFiles;
  }

  /** The groups of a file, each to be finished once prompt files are read. */
  groups(file: UsableFile, top: StatedShot | undefined): readonly (() => StoryGroup)[] {
    this.#files.set(file.source, file.file);
    this.#top ??= this.layersOf(file, top, ['defaults'], 'manifest');
    const scenes = (file.file.scenes ?? []).flatMap((scene, index) => {
      if (scene === undefined) return [];
      const path = ['scenes', index];
      const own = this.layersOf(file, scene.defaults, [...path, 'defaults'], 'scene');
      const keyed = scene.id !== undefined && !this.#scenes.has(scene.id);
      if (scene.id !== undefined) this.#scenes.add(scene.id);
      const layers = [...own, ...(this.#top ?? [])];
      return [this.#group(file, scene.id ?? null, keyed, path, scene.shots ?? [], layers)];
    });
    return [...scenes, this.#group(file, null, true, [], file.file.shots ?? [], this.#top)];
  }

  layersOf(
    file: UsableFile | undefined,
    defaults: StatedShot | undefined,
    path: Path,
    level: 'scene' | 'manifest',
  ): readonly Layer[] {
    if (file === undefined || defaults === undefined) return [];
    const layer = readLayer(defaults, level, { source: file.source, path }, undefined, this.#context);
    this.#want([layer]);
    return [layer];
  }

  #group(
    file: UsableFile,
    scene: string | null,
    keyed: boolean,
    path: Path,
    shots: readonly (StatedShot | undefined)[],
    layers: readonly Layer[],
  ): () => StoryGroup {
    const drafts = shots.flatMap((shot, index) => {
      if (shot === undefined) return [];
      const origin: Origin = { source: file.source, path: [...path, 'shots', index] };
      const own = readLayer(shot, 'shot', origin, undefined, this.#context);
      this.#want([own]);
      return [{ shot, origin, own }];
    });
    return () => {
      const inherited = this.held(layers, undefined);
      return {
        scene,
        source: file.source,
        path,
        inherited,
        shots: drafts.map(({ shot, origin, own }) => ({
          ...this.#ids(scene, keyed, shot.id),
          source: file.source,
          path: origin.path,
          values: this.held([own, ...layers], shot),
          inherited,
          beyond: beyond(shot),
          skip: shot.skip === true,
          stubborn: Object.entries(shot.variants ?? {}).flatMap(([name, variant]) =>
            variant?.skip === false ? [name] : [],
          ),
        })),
      };
    };
  }

  #ids(scene: string | null, keyed: boolean, id: string | undefined) {
    const known = id === undefined || !keyed ? '' : shotKey({ scene, shot: id });
    const key = this.#keys.has(known) ? '' : known;
    this.#keys.add(known);
    return { key, scene, shot: id ?? '' };
  }

  /** Values that layers state, nearest first; `shot` is the first one's own map, undefined where there is none. */
  held(layers: readonly Layer[], shot: StatedShot | undefined): HeldValues {
    const values = new Map<string, Held>();
    const put = (key: string, resolved: Resolved<Json> | undefined): void => {
      if (resolved === undefined || resolved.value === null) return;
      const { value, level, writtenAs } = resolved;
      values.set(key, { written: this.#written(resolved.stated), value, own: level === 'shot', writtenAs });
    };
    const { statedMode, mode, parameters, takes } = inherit(layers);
    put('mode', statedMode);
    if (!values.has('mode')) values.set('mode', { ...fixed(mode), written: '' });
    for (const name of ['model', 'duration', 'ratio', 'resolution', 'extra', ...frameNames] as const) {
      put(name, parameters[name] as Resolved<Json> | undefined);
    }
    for (const name of referenceNames) {
      const found = parameters[name];
      if (found !== undefined) put(name, { ...found, value: found.value.map((item) => item.value) });
    }
    this.#prompt(layers, values);
    for (const key of referringKeys) if (!values.has(key)) this.#broken(layers, key, values);
    for (const { origin, level, tags } of layers) {
      const written = this.#written({ source: origin.source, path: [...origin.path, 'tags'] });
      if (written === null) continue;
      values.set('tags', { written, value: tags ?? written, own: level === 'shot', writtenAs: 'tags' });
      break;
    }
    if (layers[0]?.takes === undefined) values.set('takes', { ...fixed(takes), written: '' });
    if (shot === undefined) return values;
    for (const [key, value] of Object.entries(shot as JsonObject)) {
      const isData =
        key.startsWith('x-') && key !== importMarkKey && (value === null || typeof value !== 'object');
      if (!isData && !['title', 'notes', 'takes', 'skip'].includes(key)) continue;
      if (value !== null) values.set(key, { ...fixed(value), own: true, writtenAs: key });
    }
    if (!values.has('skip')) values.set('skip', { ...fixed(false), written: '' });
    return values;
  }

  /** Holds as it is written what has a reference that leads nowhere: the lint says what is wrong with it. */
  #broken(layers: readonly Layer[], key: (typeof referringKeys)[number], values: Map<string, Held>): void {
    const nearest = layers.find((layer) => layer[key] !== undefined || layer.broken.has(key));
    if (nearest === undefined || !nearest.broken.has(key)) return;
    const { source, path } = nearest.origin;
    const written = this.#written({ source, path: [...path, key] });
    if (written === null) return;
    values.set(key, { written, value: written, own: nearest.level === 'shot', writtenAs: key });
  }

  #prompt(layers: readonly Layer[], values: Map<string, Held>): void {
    const source = promptSource(layers);
    if (source.kind !== 'text' && source.kind !== 'file') return;
    const { stated } = source;
    const own = stated.level === 'shot';
    const written = this.#written(stated.stated);
    if (source.kind === 'text') {
      values.set('prompt', { written, value: stated.value, own, writtenAs: 'prompt' });
      return;
    }
    values.set('promptFile', { written, value: stated.value, own, writtenAs: 'promptFile' });
    const text = this.#promptFiles.prompt(stated, '');
    if (text === undefined) return;
    const { value, origin } = text;
    const promptFile = origin.source;
    values.set('prompt', { written: promptFile.text, value, own, writtenAs: 'promptFile', promptFile });
  }

  #want(layers: readonly Layer[]): void {
    for (const { promptFile, origin } of layers) {
      // Each place counts, also where a shot has no usable key.
      const place = `${origin.source.file} ${JSON.stringify(origin.path)}`;
      if (promptFile !== undefined) this.#promptFiles.want(promptFile, place);
    }
  }

  /** The value at a place, as data. */
  #written({ source, path }: Origin): Json {
    let at: unknown = this.#files.get(source);
    for (const step of path) at = (at as Record<string | number, unknown> | undefined)?.[step];
    return (at ?? null) as Json;
  }
}

/** A value that is not written anywhere, or has no references. */
function fixed(value: Json): Held {
  return { written: value, value, own: false, writtenAs: '' };
}

function beyond(shot: StatedShot): readonly string[] {
  return Object.entries(shot as JsonObject).flatMap(([key, value]) => {
    const isOpaque = key.startsWith('x-') && value !== null && typeof value === 'object';
    return key === 'variants' || isOpaque ? [key] : [];
  });
}
