import { localFileOf } from './local-file.ts';
import { locate } from './locate.ts';
import type { Finding, MediaItem, Origin, Source } from './model.ts';
import { findingAt } from './problem.ts';
import type { Broken, StatedFile } from './validate.ts';

/** One value that a reference can stand for, and where it is written. */
export interface NamedItem {
  readonly text: string;
  readonly origin: Origin;
}

/** The value of `${vars.NAME}` or `${assets.NAME}`. */
export interface Named {
  readonly list: boolean;
  readonly items: readonly NamedItem[];
  readonly origin: Origin;
}

export type Namespace = 'vars' | 'assets';

/** Everything that references can stand for, in all files of a manifest. */
export interface Names {
  readonly vars: ReadonlyMap<string, Named>;
  readonly assets: ReadonlyMap<string, Named>;
  /** Names that were defined with a value that has been reported; references to them are not mistakes of their own. */
  readonly broken: Readonly<Record<Namespace, ReadonlySet<string>>>;
  /** False where a part of the manifest could not be read, so that no name can be called unknown. */
  readonly complete: boolean;
}

/** A file of a manifest as it is resolved. */
export interface UsableFile {
  readonly source: Source;
  readonly file: StatedFile;
  readonly broken: Broken;
}

/** Collects the names of all files. A name that is defined twice is reported at the second place. */
export function collectNames(
  files: readonly UsableFile[],
  allRead: boolean,
): { readonly names: Names; readonly findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const tables = { vars: new Map<string, Named>(), assets: new Map<string, Named>() };
  const broken = { vars: new Set<string>(), assets: new Set<string>() };
  let complete = allRead;
  for (const { source, file, broken: takenOut } of files) {
    for (const space of ['vars', 'assets'] as const) {
      const map = file[space];
      if (takenOut.get(file)?.has(space)) complete = false;
      if (map === undefined) continue;
      for (const name of takenOut.get(map) ?? []) broken[space].add(name);
      for (const [name, value] of Object.entries(map)) {
        if (value === undefined) continue;
        const origin = { source, path: [space, name] };
        const first = tables[space].get(name);
        if (first === undefined) tables[space].set(name, namedValue(value, origin));
        else findings.push(definedTwice(`${space}.${name}`, origin, first.origin));
      }
    }
  }
  findings.push(...nestedReferences(tables.vars));
  return { names: { ...tables, broken, complete }, findings };
}

/** Says that a name of all files was taken already, and where. */
export function definedTwice(name: string, second: Origin, first: Origin): Finding {
  const place = locate(findingAt(first, 'key', { rule: 'duplicate-name', message: '', help: '' }));
  return findingAt(
    second,
    typeof second.path.at(-1) === 'string' && second.path.at(-1) !== 'id' ? 'key' : 'value',
    {
      rule: 'duplicate-name',
      message: `\`${name}\` is defined in ${place.file}, line ${place.line}, already`,
      help: 'Rename one of the two, or delete it: all files of a manifest share these names',
    },
  );
}

/** The named media, for the rules. */
export function assetItems(names: Names, cwd: string): ReadonlyMap<string, readonly MediaItem[]> {
  const itemOf = ({ text, origin }: NamedItem): MediaItem => {
    const file = localFileOf(text, origin, cwd);
    const item = { value: text, origin, stated: origin };
    return file === undefined ? item : { ...item, file };
  };
  return new Map([...names.assets].map(([name, { items }]) => [name, items.map(itemOf)]));
}

function namedValue(
  value: string | number | boolean | readonly (string | number | boolean)[],
  origin: Origin,
): Named {
  if (!Array.isArray(value)) return { list: false, items: [{ text: String(value), origin }], origin };
  const items = value.map((item, index) => ({
    text: String(item),
    origin: { source: origin.source, path: [...origin.path, index] },
  }));
  return { list: true, items, origin };
}

function nestedReferences(vars: ReadonlyMap<string, Named>): readonly Finding[] {
  return [...vars.values()].flatMap(({ items }) =>
    items.flatMap(({ text, origin }) => {
      const token = /\$\{(?:vars|assets)\.[^\s{}$]+\}/.exec(text)?.[0];
      if (token === undefined) return [];
      const problem = {
        rule: 'nested-reference',
        message: `\`${token}\` inside a value of \`vars\` is sent as it stands`,
        help: 'Write the text out, or put both references where the value is used',
      } as const;
      return [findingAt(origin, 'value', problem, { token: { text: token, occurrence: 0 } })];
    }),
  );
}
