import { canonicalJson, type Json, type JsonObject } from '../core/canonical-json.ts';
import { contentOf } from '../manifest/content-address.ts';
import type { Request } from '../manifest/model.ts';
import type { ChangedFile } from './model.ts';

/** True where two values of a parameter hold the same files, wherever those lie, and the same else. */
export function isSameContent(before: Json | undefined, after: Json | undefined): boolean {
  if (before === undefined || after === undefined) return before === after;
  return canonicalJson(byContent(before)) === canonicalJson(byContent(after));
}

/** A value of a parameter with the hash of its content in place of each address that names it. */
function byContent(value: Json): Json {
  if (typeof value === 'string') return contentOf(value) ?? value;
  return Array.isArray(value) ? value.map(byContent) : value;
}

/** The local files of changed parameters that hold something else than what was sent in their place before. */
export function changedFiles(
  changed: readonly string[],
  before: JsonObject,
  { body, files = [] }: Pick<Request, 'body' | 'files'>,
): readonly ChangedFile[] {
  return changed.flatMap((parameter) => {
    const earlier = textsIn(before[parameter]);
    const now = textsIn(body[parameter]);
    const kept = new Set(now.map(contentOf));
    const gone = earlier.map(contentOf).filter((hash) => hash !== null && !kept.has(hash));
    const had = new Set(earlier.map(contentOf));
    return now.flatMap((text) => {
      const file = files.find(({ url }) => url === text);
      if (file === undefined || had.has(file.sha256)) return [];
      return [{ parameter, path: file.path, before: gone.shift() ?? null, after: file.sha256 }];
    });
  });
}

function textsIn(value: Json | undefined): readonly string[] {
  const values = Array.isArray(value) ? (value as readonly Json[]) : [value];
  return values.filter((each) => typeof each === 'string');
}
