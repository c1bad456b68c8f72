/** @import { PageData, PageRow } from '../page-data.ts' */

/**
 * A request, with its place on the contact sheet and the text that a search looks through.
 *
 * @typedef {PageRow & { readonly index: number, readonly searched: string }} Row
 */

/**
 * The requests in the order of the contact sheet: by scene, then by shot, so that what the manifest no longer holds
 * stands beside what replaced it.
 *
 * @param {PageData} data
 * @returns {readonly Row[]}
 */
export function rowsOf({ columns, prompts }) {
  const rows = columns.key.map((_, index) => {
    const fields = Object.entries(columns).map(([field, values]) => [field, values[index]]);
    const row = /** @type {PageRow} */ (Object.fromEntries(fields));
    return { ...row, prompt: prompts[columns.prompt[index] ?? 0] ?? '' };
  });
  return [...groupBy(rows, ({ scene }) => scene).values()]
    .flatMap((ofScene) => [...groupBy(ofScene, ({ shot }) => shot).values()].flat())
    .map((row, index) => ({ ...row, index, searched: searchedText(row) }));
}

/** @param {PageRow} row */
function searchedText({
  key,
  prompt,
  taskId,
  errorCode,
  error,
  model,
  mode,
  title,
  tags,
  notes,
  note,
  reason,
}) {
  return [key, prompt, taskId, errorCode, error, model, mode, title, tags, notes, note, reason]
    .join('\n')
    .toLowerCase();
}

/**
 * What tells a request from the others of its shot: `tall, take 2`; empty for one that stands alone.
 *
 * @param {Row} row
 * @param {boolean} alone
 */
export function versionName({ variant, take, superseded }, alone) {
  const parts = [];
  if (variant !== null) parts.push(variant);
  if (take > 1 || (!alone && !superseded)) parts.push(`take ${take}`);
  return parts.join(', ');
}

/**
 * Lists by what `nameOf` says, in order of first appearance.
 *
 * @template Item, Name
 * @param {readonly Item[]} items
 * @param {(item: Item) => Name} nameOf
 * @returns {Map<Name, Item[]>}
 */
export function groupBy(items, nameOf) {
  /** @type {Map<Name, Item[]>} */
  const groups = new Map();
  for (const item of items) {
    const name = nameOf(item);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [item]);
    else group.push(item);
  }
  return groups;
}
