/** One mistake that a validator found which is generated from a schema. */
export interface SchemaError {
  /** As JSON Schema calls it; `name` for a key that does not have the form that keys have there. */
  readonly keyword: string;
  /** To the value that does not fit; for a `name`, to the key. Steps into lists are numbers. */
  readonly path: readonly (string | number)[];
  readonly params: Readonly<Record<string, unknown>>;
  /** The part of the schema that the value was held against. */
  readonly schema: Readonly<Record<string, unknown>>;
  readonly value: unknown;
}

/** A generated function, which hangs its errors on itself. */
interface Validator {
  (data: unknown): boolean;
  errors?: readonly ValidatorError[] | null;
}

interface ValidatorError {
  readonly keyword: string;
  readonly instancePath: string;
  readonly params: Readonly<Record<string, unknown>>;
  readonly parentSchema: Readonly<Record<string, unknown>>;
  readonly data: unknown;
  readonly propertyName?: string;
}

/**
 * Every mistake of `data`, each once; none where it fits.
 *
 * @param validate one of the functions in `src/generated/`.
 */
export function schemaErrors(validate: unknown, data: unknown): readonly SchemaError[] {
  const validator = validate as Validator;
  if (validator(data)) return [];
  // A name that does not fit is reported by its pattern, and once more by `propertyNames`.
  return (validator.errors ?? [])
    .filter(({ keyword }) => keyword !== 'propertyNames')
    .map((error) => schemaError(data, error));
}

function schemaError(root: unknown, error: ValidatorError): SchemaError {
  const { keyword, propertyName, params, parentSchema, data } = error;
  const path = stepsOf(root, error.instancePath);
  return {
    keyword: propertyName === undefined ? keyword : 'name',
    path: propertyName === undefined ? path : [...path, propertyName],
    params,
    schema: parentSchema,
    value: data,
  };
}

/** The steps of a JSON pointer; those into lists as numbers. */
function stepsOf(root: unknown, pointer: string): readonly (string | number)[] {
  let at: unknown = root;
  return pointer
    .split('/')
    .slice(1)
    .map((part) => {
      const name = part.replaceAll('~1', '/').replaceAll('~0', '~');
      const step = Array.isArray(at) ? Number(name) : name;
      at = typeof at === 'object' && at !== null ? (at as Record<string | number, unknown>)[step] : undefined;
      return step;
    });
}
