import { headerForm, meaningsOf } from './aliases.ts';
import type { Mapping } from './mapping.ts';

/** Rows that are looked through: a title, a director, a date and some blank ones. */
const furthest = 20;

/**
 * The row that names the columns: titles and dates often stand above it. It says what the shots are called and something
 * else beside that, unless it is the first; undefined where no row does.
 */
export function headerAt(
  records: readonly { readonly cells: readonly string[] }[],
  mapping: Mapping,
): number | undefined {
  let isFirst = true;
  for (const [index, { cells }] of records.slice(0, furthest).entries()) {
    const forms = new Set(cells.map(headerForm).filter((form) => form !== ''));
    if (forms.size === 0) continue;
    const known = [...forms].map((form) => meaningsIn(form, mapping)).filter((each) => each.length > 0);
    const isNamed = known.some((each) => each.includes('shot'));
    if (isNamed && (known.length > 1 || isFirst)) return index;
    isFirst = false;
  }
  return undefined;
}

function meaningsIn(form: string, mapping: Mapping): readonly string[] {
  const target = mapping.columns.get(form)?.target;
  if (target !== undefined) return [target];
  const { sure, likely } = meaningsOf(form);
  return sure === undefined ? likely : [sure];
}
