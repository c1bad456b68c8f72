import { readFileSync } from 'node:fs';
import { Ajv } from 'ajv';

export interface Schema {
  readonly properties: Readonly<Record<string, unknown>>;
  readonly $defs: Readonly<
    Record<
      string,
      { readonly properties: Readonly<Record<string, unknown>>; readonly required?: readonly string[] }
    >
  >;
}

/** A published schema, by its name. */
export function schemaNamed(name: string): Schema {
  const file = new URL(`../../schemas/${name}.schema.json`, import.meta.url);
  return JSON.parse(readFileSync(file, 'utf8')) as Schema;
}

/** What is wrong with a value by a published schema; empty where it is valid. */
export function faultsOf(name: string, value: unknown): readonly string[] {
  const validate = new Ajv({ strict: false, allErrors: true }).compile(schemaNamed(name));
  validate(value);
  return (validate.errors ?? []).map(({ instancePath, message }) => `${instancePath} ${message}`);
}
