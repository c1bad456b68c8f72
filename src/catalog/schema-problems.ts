import { type SchemaError, schemaErrors } from '../core/schema-errors.ts';
import { nearest } from '../core/suggest.ts';
import { validateModels } from '../generated/models-validator.ts';

/** A mistake in a models file, with the path to it from the top of the data. */
export interface CatalogProblem {
  readonly path: readonly (string | number)[];
  /** The part of the path that is meant: its key, its value, or the map or list there that lacks something. */
  readonly mark: 'key' | 'value' | 'item';
  readonly message: string;
  readonly help: string;
}

/** The mistakes of a models file in plain words. */
export function schemaProblems(data: unknown): readonly CatalogProblem[] {
  return schemaErrors(validateModels, data).map(problemOf);
}

function problemOf({ keyword, path, params, schema, value: data }: SchemaError): CatalogProblem {
  const name = path.length === 0 ? 'The file' : `\`${path.at(-1)}\``;
  const value = (message: string, help: string): CatalogProblem => ({ path, mark: 'value', message, help });
  switch (keyword) {
    case 'required':
      return {
        path,
        mark: 'item',
        message: `\`${params['missingProperty']}\` is missing`,
        help: 'A models file begins with `version: 1` and holds a map `models`',
      };
    case 'additionalProperties':
      return unknownKey(path, String(params['additionalProperty']), schema);
    case 'name':
      return {
        path,
        mark: 'key',
        message: `\`${path.at(-1)}\` cannot be the id of a model`,
        help: 'Use letters, digits and `.` `_` `:` `/` `-`, at most 128 of them, beginning with a letter or digit',
      };
    case 'type':
      return value(
        `${name} must be ${typeText(params['type'])}, not ${kindOf(data)}`,
        typeHelp(params['type'], data),
      );
    case 'const':
      return value(`${name} is ${shown(data)}, which this release does not read`, 'Write `version: 1`');
    case 'enum':
      return value(`${shown(data)} is not known here`, enumHelp(params, data));
    case 'pattern':
      return value(
        `${shown(data)} does not fit here`,
        `Write ${schema['patternErrorMessage'] ?? 'another text'}`,
      );
    case 'minimum':
      return value(
        `${name} is ${shown(data)}; it must be ${params['limit']} or more`,
        `Write ${params['limit']} or more`,
      );
    case 'minItems':
      return value(`${name} is empty`, 'List at least one, or leave it out to keep what was there before');
    case 'uniqueItems':
      return {
        path: [...path, Math.max(Number(params['i']), Number(params['j']))],
        mark: 'value',
        message: `${name} lists the same twice`,
        help: 'Remove one of the two',
      };
    default:
      return value(`${name} does not fit here`, 'See schemas/models.schema.json');
  }
}

function unknownKey(
  path: CatalogProblem['path'],
  key: string,
  parent: SchemaError['schema'],
): CatalogProblem {
  const known = Object.keys((parent['properties'] ?? {}) as object).filter((name) => !name.startsWith('$'));
  const suggestion = nearest(key, known);
  return {
    path: [...path, key],
    mark: 'key',
    message: `\`${key}\` is not known here`,
    help:
      suggestion === undefined
        ? `Known here: ${known.map((name) => `\`${name}\``).join(', ')}; keys of your own begin with \`x-\``
        : `Did you mean \`${suggestion}\`?`,
  };
}

function enumHelp(params: SchemaError['params'], data: unknown): string {
  const allowed = (params['allowedValues'] as readonly unknown[]).map(String);
  const suggestion = typeof data === 'string' ? nearest(data, allowed) : undefined;
  return suggestion === undefined
    ? `Write one of ${allowed.map((each) => `\`${each}\``).join(', ')}`
    : `Did you mean \`${suggestion}\`?`;
}

const typeNames: Readonly<Record<string, string>> = {
  object: 'a map',
  array: 'a list',
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  null: '`null`',
};

function typeText(type: unknown): string {
  const types = Array.isArray(type) ? type : [type];
  return types.map((each) => typeNames[String(each)] ?? String(each)).join(' or ');
}

function typeHelp(type: unknown, data: unknown): string {
  const types: readonly unknown[] = Array.isArray(type) ? type : [type];
  const numeric = types.includes('integer') || types.includes('number');
  if (numeric && typeof data === 'string' && /^\d+$/.test(data)) return `Write ${data} without quotes`;
  if (types.includes('string') && typeof data === 'number') return 'Put it in quotes';
  if (types.includes('array') && typeof data === 'string') return `Write a list: ["${data}"]`;
  return `Write ${typeText(type)}, or leave the key out`;
}

function kindOf(data: unknown): string {
  if (data === null) return 'empty';
  if (Array.isArray(data)) return 'a list';
  if (typeof data === 'object') return 'a map';
  if (typeof data === 'string') return 'text';
  return typeof data === 'boolean' ? 'true or false' : String(data);
}

function shown(data: unknown): string {
  const text = typeof data === 'string' ? data : JSON.stringify(data);
  return `\`${text.length > 60 ? `${text.slice(0, 59)}…` : text}\``;
}
