import { isJsonObject } from '../core/canonical-json.ts';
import { nearest } from '../core/suggest.ts';
import type { ModelEntry, Models as ModelsFile } from '../generated/models-types.ts';
import type { Catalog, FieldMap, Model } from './catalog.ts';
import { mappedNames } from './field-map.ts';
import type { CatalogProblem } from './schema-problems.ts';
import { schemaProblems } from './schema-problems.ts';

/** A catalog with a user's file in it, as far as the file's mistakes allow. */
export interface ExtendedCatalog {
  readonly catalog: Catalog;
  readonly problems: readonly CatalogProblem[];
  /**
   * Ids of the file whose entry has a mistake: what holds for them is not known, so that nothing else should be said
   * about them. `all` where the file has no map of models at all.
   */
  readonly uncertain: ReadonlySet<string> | 'all';
}

/**
 * Puts the models of a user's file, parsed, over the shipped ones: an entry changes only what it states, a list replaces
 * the list before it, and a new id starts from the model it extends. Pure; an entry with a mistake is left out whole.
 */
export function extendCatalog(shipped: Catalog, data: unknown): ExtendedCatalog {
  const problems = [...schemaProblems(data)];
  if (!isModelsFile(data)) return { catalog: shipped, problems, uncertain: 'all' };
  const broken = new Set(problems.flatMap(({ path }) => (path[0] === 'models' ? [String(path[1])] : [])));
  const extension = new Extension(shipped, data.models, broken, problems);
  const catalog = new Map(shipped);
  for (const id of Object.keys(data.models)) {
    const model = extension.resolve(id);
    if (model !== undefined) catalog.set(id, model);
  }
  return { catalog, problems, uncertain: broken };
}

/** True where there are entries to look at; the problems tell which of them fit. */
function isModelsFile(data: unknown): data is ModelsFile {
  return isJsonObject(data) && isJsonObject(data['models']);
}

/** Models that may build on each other, at the most: far more than anybody can follow. */
const longestChain = 20;

class Extension {
  readonly #shipped: Catalog;
  readonly #entries: Readonly<Record<string, ModelEntry>>;
  readonly #broken: Set<string>;
  readonly #problems: CatalogProblem[];
  readonly #resolved = new Map<string, Model>();
  readonly #open = new Set<string>();

  constructor(
    shipped: Catalog,
    entries: Readonly<Record<string, ModelEntry>>,
    broken: Set<string>,
    problems: CatalogProblem[],
  ) {
    this.#shipped = shipped;
    this.#entries = entries;
    this.#broken = broken;
    this.#problems = problems;
  }

  /** The model of an entry; undefined where the entry, or one that it builds on, has a mistake. */
  resolve(id: string): Model | undefined {
    const done = this.#resolved.get(id);
    if (done !== undefined || this.#broken.has(id)) return done;
    const entry = this.#entries[id] ?? {};
    this.#open.add(id);
    const base = this.#base(id, entry);
    this.#open.delete(id);
    if (this.#broken.has(id)) return undefined;
    const model = merge(id, base, entry);
    const problem = isComplete(model)
      ? contradiction(model, entry, id)
      : incomplete(id, model, this.#known());
    if (problem !== undefined) return this.#reject(id, problem);
    this.#resolved.set(id, model as Model);
    return model as Model;
  }

  #base(id: string, { extends: named }: ModelEntry): Model | undefined {
    if (named === undefined || named === id) {
      const shipped = this.#shipped.get(id);
      return shipped === undefined && named === id
        ? this.#reject(id, badExtends(id, `\`${id}\` extends itself`, 'Name another model'))
        : shipped;
    }
    if (this.#open.has(named)) {
      return this.#reject(
        id,
        badExtends(
          id,
          `\`${id}\` and \`${named}\` extend each other`,
          'Let one of them state its limits itself',
        ),
      );
    }
    if (this.#open.size > longestChain) {
      return this.#reject(
        id,
        badExtends(
          id,
          `\`extends\` leads through more than ${longestChain} models`,
          'Extend a shipped model',
        ),
      );
    }
    if (Object.hasOwn(this.#entries, named)) {
      const base = this.resolve(named);
      // The model that it builds on has a mistake, which has been told.
      if (base === undefined) this.#broken.add(id);
      return base;
    }
    return this.#shipped.get(named) ?? this.#reject(id, this.#unknownBase(id, named));
  }

  #unknownBase(id: string, named: string): CatalogProblem {
    const known = this.#known();
    const suggestion = nearest(named, known);
    return badExtends(
      id,
      `There is no model \`${named}\` to extend`,
      suggestion === undefined ? `Known models: ${list(known)}` : `Did you mean \`${suggestion}\`?`,
    );
  }

  #known(): readonly string[] {
    return [...new Set([...this.#shipped.keys(), ...Object.keys(this.#entries)])];
  }

  #reject(id: string, problem: CatalogProblem): undefined {
    this.#problems.push(problem);
    this.#broken.add(id);
    return undefined;
  }
}

function badExtends(id: string, message: string, help: string): CatalogProblem {
  return { path: ['models', id, 'extends'], mark: 'value', message, help };
}

/** A model whose limits are not all stated yet. */
type Draft = { readonly [K in keyof Model]?: Model[K] extends object ? Partial<Model[K]> : Model[K] };

const limitGroups = [
  'prompt',
  'duration',
  'ratio',
  'resolution',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
] as const;

function merge(id: string, base: Model | undefined, entry: ModelEntry): Draft {
  // The title of another model would say that this is that one.
  const title = entry.title ?? (base?.id === id ? base.title : id);
  const draft: Record<string, unknown> = {
    id,
    title,
    createPath: entry.createPath ?? base?.createPath,
    ...definite('queryPath', entry.queryPath ?? base?.queryPath),
    ...definite('statuses', statusesOf(base, entry)),
    ...definite('requires', entry.requires === undefined ? base?.requires : withoutOwnKeys(entry.requires)),
    modes: entry.modes ?? base?.modes,
  };
  const fields = { ...base?.fields, ...withoutOwnKeys(entry.fields) };
  if (Object.keys(fields).length > 0) draft['fields'] = fields;
  for (const group of limitGroups) draft[group] = { ...base?.[group], ...withoutOwnKeys(entry[group]) };
  // A set says all there is to say of durations, and a range that is stated nearer is none.
  const durations = entry.durations ?? (entry.duration === undefined ? base?.durations : undefined);
  if (durations !== undefined) {
    draft['durations'] = [...durations].sort((a, b) => a - b);
    draft['duration'] = { min: Math.min(...durations), max: Math.max(...durations) };
  }
  return draft as Draft;
}

/** A key where there is a value, and none where there is none. */
function definite(key: string, value: unknown): object {
  return value === undefined ? {} : { [key]: value };
}

/** Words are the same in any case. */
function statusesOf(base: Model | undefined, { statuses }: ModelEntry): Model['statuses'] {
  if (statuses === undefined) return base?.statuses;
  const own = Object.entries(withoutOwnKeys(statuses)).map(([word, status]) => [
    word.trim().toLowerCase(),
    status,
  ]);
  return { ...base?.statuses, ...Object.fromEntries(own) };
}

/** Leaves out the keys that begin with `x-`, which are the user's own. */
function withoutOwnKeys(stated: object | undefined): object {
  return Object.fromEntries(Object.entries(stated ?? {}).filter(([key]) => !key.startsWith('x-')));
}

/** Everything that a model must have said of it; with a base there is nothing missing. */
const limits: Readonly<Record<(typeof limitGroups)[number], readonly string[]>> = {
  prompt: ['maxLength'],
  duration: ['min', 'max'],
  ratio: ['values', 'default'],
  resolution: ['values', 'default'],
  referenceImages: ['maxItems', 'maxBytesEach'],
  referenceVideos: ['maxItems', 'maxTotalSeconds', 'maxTotalBytes', 'minPixels', 'maxPixels'],
  referenceAudios: ['maxItems', 'maxTotalSeconds'],
};

function missingFrom(draft: Draft): readonly string[] {
  const top = (['createPath', 'modes'] as const).filter((name) => draft[name] === undefined);
  const inGroups = limitGroups.flatMap((group) => {
    const stated: object = draft[group] ?? {};
    return limits[group].filter((name) => !Object.hasOwn(stated, name)).map((name) => `${group}.${name}`);
  });
  return [...top, ...inGroups];
}

function isComplete(draft: Draft): draft is Model {
  return missingFrom(draft).length === 0;
}

function incomplete(id: string, draft: Draft, known: readonly string[]): CatalogProblem {
  const missing = missingFrom(draft);
  const others = known.filter((other) => other !== id);
  const suggestion = nearest(id, others);
  return {
    path: ['models', id],
    mark: 'key',
    message: `\`${id}\` is a new model, and ${list(missing)} ${missing.length === 1 ? 'is' : 'are'} not stated`,
    help:
      `State what is missing, or add \`extends\` with the model that it is most like (${list(others)})` +
      (suggestion === undefined ? '' : `; if you meant to change \`${suggestion}\`, correct the id`),
  };
}

/** Finds what cannot be true of any model, and marks what the entry states: the model that it builds on was right. */
function contradiction(model: Model, entry: ModelEntry, id: string): CatalogProblem | undefined {
  const { duration, referenceVideos } = model;
  const at = (...path: readonly string[]): CatalogProblem['path'] => ['models', id, ...path];
  if (entry.durations !== undefined && entry.duration !== undefined) {
    return {
      path: at('durations'),
      mark: 'key',
      message: '`durations`, a set, and `duration`, a range, are stated side by side',
      help: 'Keep one of the two',
    };
  }
  if (duration.min > duration.max) {
    return {
      path: at('duration', entry.duration?.max === undefined ? 'min' : 'max'),
      mark: 'value',
      message: `The shortest duration, ${duration.min} s, is longer than the longest, ${duration.max} s`,
      help: 'State both `min` and `max`',
    };
  }
  if (referenceVideos.minPixels > referenceVideos.maxPixels) {
    return {
      path: at('referenceVideos', entry.referenceVideos?.maxPixels === undefined ? 'minPixels' : 'maxPixels'),
      mark: 'value',
      message: `\`minPixels\`, ${referenceVideos.minPixels}, is more than \`maxPixels\`, ${referenceVideos.maxPixels}`,
      help: 'State both `minPixels` and `maxPixels`',
    };
  }
  for (const name of ['ratio', 'resolution'] as const) {
    const { values, default: chosen } = model[name];
    if (values.includes(chosen)) continue;
    return {
      path: at(name, entry[name]?.default === undefined ? 'values' : 'default'),
      mark: 'value',
      message: `The default \`${chosen}\` is not among the values ${list(values)}`,
      help: `State \`default\` as one of \`values\`, or add \`${chosen}\` to them`,
    };
  }
  return twoOfOneName(model, entry, id);
}

/** Two parameters that would be sent under one name. */
function twoOfOneName(
  { fields = {} }: Model,
  { fields: stated = {} }: ModelEntry,
  id: string,
): CatalogProblem | undefined {
  const first = new Map<string, keyof FieldMap>();
  for (const name of mappedNames) {
    const sent = fields[name] ?? name;
    const other = first.get(sent);
    if (other === undefined) first.set(sent, name);
    else {
      return {
        path: ['models', id, 'fields', stated[name] === undefined ? other : name],
        mark: 'value',
        message: `\`${other}\` and \`${name}\` would both be sent as \`${sent}\``,
        help: 'Give each a name of its own',
      };
    }
  }
  return undefined;
}

function list(names: readonly string[]): string {
  return names.map((name) => `\`${name}\``).join(', ');
}
