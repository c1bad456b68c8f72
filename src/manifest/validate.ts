import type { Json } from '../core/canonical-json.ts';
import { type SchemaError, schemaErrors } from '../core/schema-errors.ts';
import type { Manifest as ManifestFile } from '../generated/manifest-types.ts';
import { validateFragment, validateManifest } from '../generated/manifest-validator.ts';
import { meantKey } from './foreign-keys.ts';
import type { Path } from './model.ts';
import { inheritedKeys } from './parameters.ts';

/** A mistake of shape. */
export interface ShapeError extends SchemaError {
  /** For an unknown key, all keys beside it and itself, as they were written. */
  readonly keys?: readonly string[];
}

/**
 * A shape of which any part may be missing: what is left of a file once everything that does not fit its schema is
 * taken out.
 */
export type Stated<T> = T extends readonly (infer Item)[]
  ? Item extends object
    ? readonly (Stated<Item> | undefined)[]
    : T
  : T extends object
    ? { readonly [Key in keyof T]?: Stated<T[Key]> | undefined }
    : T;

/** A manifest or a fragment; what only a manifest can hold is absent from a fragment. */
export type StatedFile = Stated<ManifestFile>;

/** The keys of each map whose values were taken out because they did not fit. */
export type Broken = ReadonlyMap<object, ReadonlySet<string>>;

export interface Validated {
  readonly file: StatedFile;
  readonly broken: Broken;
  readonly errors: readonly ShapeError[];
}

/**
 * Holds a file against its schema. Values that do not fit are taken out of `value` itself, so that what is left can be
 * trusted: a value of a shot as a whole, an item of `scenes`, `shots` and `include` on its own.
 *
 * @param lost keys of the file whose values could not be read, which was told.
 */
export function validate(
  value: Json,
  kind: 'manifest' | 'fragment',
  lost: readonly string[] = [],
): Validated {
  const all = schemaErrors(kind === 'manifest' ? validateManifest : validateFragment, value).map(withKeys);
  const errors = lost.length === 0 ? all : all.filter((error) => !isAbout(error, lost));
  const broken = new Map<object, Set<string>>();
  if (isContainer(value) && !Array.isArray(value)) {
    for (const key of lost) {
      breakKey(broken, value, key);
      delete (value as Record<string, Json>)[key];
    }
  }
  if (errors.length === 0) return { file: value as StatedFile, broken, errors };
  for (const error of errors) {
    if (error.keyword === 'additionalProperties') noteMeant(value, error, broken);
  }
  const told = errors.filter((error) => !isMeantElsewhere(value, error, broken));
  for (const error of told) takeOut(value, error, broken);
  const file = isContainer(value) && !Array.isArray(value) ? value : {};
  return { file: file as StatedFile, broken, errors: told };
}

/** True where an error is about the value of one of these keys, or that there is such a key, or that the file lacks one. */
function isAbout({ path: [key], keyword, params }: ShapeError, keys: readonly string[]): boolean {
  // A key that is not there may be a part of what could not be read.
  if (key === undefined && keyword === 'required') return true;
  const name = key ?? (keyword === 'additionalProperties' ? params['additionalProperty'] : undefined);
  return name !== undefined && keys.includes(String(name));
}

/**
 * An unknown key is one mistake: what it was meant to be counts as stated, and unusable. So nothing is said about the
 * absence of a `prompt` that was written `promt`, or of a `duration` that stands beside `defaults` and not under it.
 */
function noteMeant(root: Json, error: ShapeError, broken: Map<object, Set<string>>): void {
  const key = String(error.params['additionalProperty']);
  const known = Object.keys((error.schema['properties'] as object | undefined) ?? {});
  const map = valueAt(root, error.path);
  if (!isContainer(map)) return;
  if (inheritedKeys.has(key) && known.includes('defaults')) {
    const holder = map as { defaults?: unknown };
    holder.defaults ??= {};
    if (isContainer(holder.defaults)) breakKey(broken, holder.defaults, key);
    return;
  }
  const meant = meantKey(key, known, String(error.schema['title'] ?? '').toLowerCase());
  if (meant !== undefined && !Object.hasOwn(map, meant)) breakKey(broken, map, meant);
}

/** Something required that was written, under a wrong name. */
function isMeantElsewhere(root: Json, error: ShapeError, broken: Broken): boolean {
  if (error.keyword !== 'required') return false;
  const map = valueAt(root, error.path);
  return isContainer(map) && broken.get(map)?.has(String(error.params['missingProperty'])) === true;
}

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (at, step) => (isContainer(at) ? (at as Record<string | number, unknown>)[step] : undefined),
    root,
  );
}

function breakKey(broken: Map<object, Set<string>>, map: object, key: string): void {
  const keys = broken.get(map) ?? new Set();
  broken.set(map, keys.add(key));
}

/** Notes the keys before any is taken out. */
function withKeys(error: SchemaError): ShapeError {
  return error.keyword === 'additionalProperties'
    ? { ...error, keys: Object.keys(error.value ?? {}) }
    : error;
}

/** Lists whose items stand on their own: one that does not fit leaves the others in place. */
const listsOfItems: ReadonlySet<string | number> = new Set(['scenes', 'shots', 'include']);

function takeOut(root: Json, error: ShapeError, broken: Map<object, Set<string>>): void {
  // A missing key leaves everything else as it is.
  if (error.keyword === 'required') return;
  if (error.keyword === 'additionalProperties') {
    // A name that is known elsewhere would be read as if its value had been looked at.
    const map = valueAt(root, error.path);
    if (isContainer(map)) delete (map as Record<string, unknown>)[String(error.params['additionalProperty'])];
    return;
  }
  let container: unknown = root;
  for (const [index, step] of error.path.entries()) {
    if (!isContainer(container)) return;
    const holder = container as Record<string | number, unknown>;
    const inner = holder[step];
    const last = index === error.path.length - 1;
    if (last || (Array.isArray(inner) && !listsOfItems.has(step))) {
      if (Array.isArray(container)) {
        holder[step] = undefined;
        return;
      }
      delete holder[step];
      breakKey(broken, container, String(step));
      return;
    }
    container = inner;
  }
}

function isContainer(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}
