import { limits } from './limits.ts';

/** A reader of YAML: our own that takes most files, with the `yaml` library for the rest; or the library alone. */
export type YamlReader = 'fast' | 'library';

/** Shared by all files of a manifest while they are read. */
export interface ReadBudget {
  /** Lexical tokens of YAML that may still be read. */
  tokens: number;
  readonly reader: YamlReader;
}

export function readBudget(reader: YamlReader = 'fast'): ReadBudget {
  return { tokens: limits.tokens, reader };
}

/** `SHOTLIST_YAML=slow` reads everything with the library: both must give the same, and this is how to see it. */
export function yamlReader(env: Readonly<Record<string, string | undefined>>): YamlReader {
  return env['SHOTLIST_YAML'] === 'slow' ? 'library' : 'fast';
}
