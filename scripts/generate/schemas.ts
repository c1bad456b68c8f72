import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

/** A schema of `schemas/`, by its file name. */
export function readSchema(name: string): object {
  const file = fileURLToPath(new URL(`../../schemas/${name}`, import.meta.url));
  return JSON.parse(readFileSync(file, 'utf8')) as object;
}
