import { number } from '../core/count.ts';
import { shotKey as shotKeyIn, variantKey } from '../core/request-key.ts';
import type { OpenParameters, PromptSource } from './inherit.ts';
import { inherit, promptSource } from './inherit.ts';
import { InnerOrigin } from './inner-origin.ts';
import type { Layer, LayerContext, StatedShot } from './layer.ts';
import { promptTwice, readLayer, unknownLayer } from './layer.ts';
import { limits } from './limits.ts';
import type { Finding, Origin, Parameters, Resolved, Version } from './model.ts';
import type { UsableFile } from './names.ts';
import { definedTwice } from './names.ts';
import type { Problem } from './problem.ts';
import { findingAt } from './problem.ts';
import type { PromptFiles } from './prompts.ts';
import { normalizedPrompt } from './prompts.ts';

/** A version that lacks nothing but its prompt, whose file may still have to be read. */
interface Draft {
  readonly version: Omit<Version, 'broken' | 'parameters'> & {
    readonly parameters: OpenParameters;
    broken: Version['broken'];
  };
  readonly prompt: PromptSource;
}

/** A scene, or the shots of no scene, while its shots are read. */
interface Group {
  readonly file: UsableFile;
  readonly id: string | null;
  /** False for a scene whose id is missing, broken or taken: then its shots have no keys. */
  readonly keyed: boolean;
  readonly path: readonly (string | number)[];
  readonly shots: readonly (StatedShot | undefined)[];
  readonly layers: readonly Layer[];
}

/**
 * Resolves all shots of a manifest's files, in order: a file's scenes, its own shots, then those of what it includes.
 * Reading happens in two steps, since only after the first is it known which prompt files are needed.
 */
export class Versions {
  /** Number of shots written, skipped ones included. */
  shots = 0;
  /** Number of them that are skipped whole. */
  skippedShots = 0;
  /** The scenes that have one, by id. */
  readonly sceneTitles = new Map<string, string>();
  readonly #context: LayerContext;
  readonly #promptFiles: PromptFiles;
  readonly #drafts: Draft[] = [];
  readonly #scenes = new Map<string, Origin>();
  readonly #shotKeys = new Set<string>();
  #requests = 0;

  constructor(context: LayerContext, promptFiles: PromptFiles) {
    this.#context = context;
    this.#promptFiles = promptFiles;
  }

  /** Takes in the shots of the files; `files[0]` is the manifest, whose defaults all inherit, or a fragment without one. */
  add(files: readonly UsableFile[], isFragment = false): void {
    const manifest = files[0];
    if (manifest === undefined) return;
    const at: Origin = { source: manifest.source, path: ['defaults'] };
    const isUnknown = isFragment || manifest.broken.get(manifest.file)?.has('defaults') === true;
    const top = isUnknown ? [unknownLayer(at)] : this.#defaults(manifest.file.defaults, 'manifest', at);
    for (const file of files) {
      for (const [index, scene] of (file.file.scenes ?? []).entries()) {
        if (scene === undefined) continue;
        const path = ['scenes', index];
        if (scene.id !== undefined && scene.title !== undefined) this.sceneTitles.set(scene.id, scene.title);
        const origin = { source: file.source, path: [...path, 'defaults'] };
        const own = this.#defaults(scene.defaults, 'scene', origin);
        this.#group({
          file,
          id: scene.id ?? null,
          keyed: this.#isNewScene(scene.id, { source: file.source, path: [...path, 'id'] }),
          path,
          shots: scene.shots ?? [],
          layers: [...own, ...top],
        });
      }
      this.#group({ file, id: null, keyed: true, path: [], shots: file.file.shots ?? [], layers: top });
    }
  }

  /** The versions, once the prompt files are read. */
  finish(): readonly Version[] {
    const versions: Version[] = [];
    let length = 0;
    for (const draft of this.#drafts) {
      const version = this.#withPrompt(draft);
      length += lengthOf(version.parameters) * version.takes;
      if (length > limits.promptsLength) {
        this.#report(version.origin, version.key, {
          rule: 'text-too-long',
          message:
            'The texts of all requests up to here, takes and variants multiplied out, grow beyond all measure',
          help: 'Split the manifest, or shorten what its shots inherit',
        });
        break;
      }
      versions.push(version);
    }
    return versions;
  }

  #defaults(map: StatedShot | undefined, level: 'scene' | 'manifest', origin: Origin): readonly Layer[] {
    return map === undefined ? [] : [this.#layer(map, level, origin, undefined)];
  }

  #layer(map: StatedShot, level: Layer['level'], origin: Origin, key: string | undefined): Layer {
    const layer = readLayer(map, level, origin, key, this.#context);
    const both = map.prompt !== undefined && map.promptFile !== undefined;
    if (both) this.#context.report(promptTwice(layer, key));
    return layer;
  }

  #isNewScene(id: string | undefined, origin: Origin): boolean {
    if (id === undefined) return false;
    const first = this.#scenes.get(id);
    if (first === undefined) {
      this.#scenes.set(id, origin);
      return true;
    }
    this.#context.report(definedTwice(id, origin, first));
    return false;
  }

  #group(group: Group): void {
    const shots: Origin = { source: group.file.source, path: [...group.path, 'shots'] };
    for (const [index, shot] of group.shots.entries()) {
      this.shots += 1;
      if (shot !== undefined) this.#shot(group, shot, new InnerOrigin(shots, index));
    }
  }

  #shot(group: Group, shot: StatedShot, origin: Origin): void {
    const shotKey = this.#shotKey(group, shot, origin);
    const variants = shot.variants === undefined ? [] : Object.entries(shot.variants);
    if (shot.skip === true && !variants.some(([, variant]) => variant?.skip === false)) {
      this.skippedShots += 1;
      return;
    }
    const own = this.#layer(shot, 'shot', origin, shotKey === '' ? undefined : shotKey);
    const layers = [own, ...group.layers];
    if (shot.variants === undefined) {
      this.#version(group, shot, shot, null, shotKey, shotKey, layers, origin);
      return;
    }
    const variantsOrigin = new InnerOrigin(origin, 'variants');
    for (const [name, variant] of variants) {
      if (variant === undefined) continue;
      const key = shotKey === '' ? '' : variantKey(shotKey, name);
      const at = new InnerOrigin(variantsOrigin, name);
      if (variant?.skip ?? shot.skip ?? false) continue;
      const nearest =
        variant === null ? [] : [this.#layer(variant, 'variant', at, key === '' ? undefined : key)];
      this.#version(group, shot, { ...shot, ...variant }, name, key, shotKey, [...nearest, ...layers], at);
    }
  }

  /** The shot's key; empty where an id is missing, broken or taken. */
  #shotKey(group: Group, shot: StatedShot, origin: Origin): string {
    if (shot.id === undefined) return '';
    if (!group.keyed) return '';
    const key = shotKeyIn({ scene: group.id, shot: shot.id });
    if (!this.#shotKeys.has(key)) {
      this.#shotKeys.add(key);
      return key;
    }
    this.#report(
      { source: origin.source, path: [...origin.path, 'id'] },
      key,
      {
        rule: 'duplicate-shot',
        message: `There is a shot \`${shot.id}\` ${group.id === null ? 'outside scenes' : 'in this scene'} already`,
        help: 'Give one of the two another id; for the same shot once more, use `takes` or `variants`',
      },
      'value',
    );
    return '';
  }

  #version(
    group: Group,
    shot: StatedShot,
    described: Pick<StatedShot, 'title' | 'notes'>,
    variant: string | null,
    key: string,
    shotKey: string,
    layers: readonly Layer[],
    origin: Origin,
  ): void {
    const { mode, statedMode, parameters, legacy, broken, tags, takes, skip } = inherit(layers);
    if (this.#isOneTooMany(takes, origin, key)) return;
    const prompt = promptSource(layers);
    if (prompt.kind === 'file') this.#promptFiles.want(prompt.stated, shotKey);
    this.#drafts.push({
      version: {
        key,
        shotKey,
        scene: group.id,
        shot: shot.id ?? '',
        variant,
        takes,
        tags,
        ...(described.title === undefined ? {} : { title: described.title }),
        ...(described.notes === undefined ? {} : { notes: described.notes }),
        skip,
        mode,
        statedMode,
        parameters,
        legacy,
        broken,
        origin,
      },
      prompt,
    });
  }

  #isOneTooMany(takes: number, origin: Origin, key: string): boolean {
    const before = this.#requests;
    this.#requests += takes;
    if (this.#requests <= limits.requests) return false;
    if (before <= limits.requests) {
      this.#report(origin, key, {
        rule: 'too-many-requests',
        message: `With this one the manifest asks for more than ${number(limits.requests)} requests`,
        help: 'Lower `takes`, take out variants, or split the manifest',
      });
    }
    return true;
  }

  #withPrompt({ version, prompt: source }: Draft): Version {
    const prompt = this.#prompt(source, version.key);
    if (prompt !== undefined) version.parameters.prompt = prompt;
    else if (source.kind !== 'none') version.broken = new Set([...version.broken, 'prompt']);
    return version;
  }

  #prompt(source: PromptSource, key: string): Resolved<string> | undefined {
    if (source.kind === 'file') return this.#promptFiles.prompt(source.stated, key);
    if (source.kind !== 'text') return undefined;
    const value = normalizedPrompt(source.stated.value);
    return value === source.stated.value ? source.stated : { ...source.stated, value };
  }

  #report(origin: Origin, key: string, problem: Problem, mark: Finding['mark'] = 'item'): void {
    this.#context.report(findingAt(origin, mark, problem, key === '' ? {} : { key }));
  }
}

/** Length of all text that a request of this version sends, about. */
function lengthOf(parameters: Parameters): number {
  let length = parameters.prompt?.value.length ?? 0;
  for (const name of ['referenceImages', 'referenceVideos', 'referenceAudios'] as const) {
    for (const { value } of parameters[name]?.value ?? []) length += value.length;
  }
  if (parameters.extra !== undefined) length += JSON.stringify(parameters.extra.value).length;
  return length;
}
