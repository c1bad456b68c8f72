import type { Json } from '../../core/canonical-json.ts';
import { isSame } from '../../plan/compare.ts';
import type { Comparison, ParameterChange } from '../../plan/comparison.ts';
import type { WordChange } from '../../plan/word-diff.ts';
import { followUpOf } from '../../project/follow-up.ts';
import {
  type ChangeGroup,
  changeCounts,
  costSentence,
  differenceText,
  groupChanges,
  shortRef,
} from './changes.ts';
import {
  code,
  commentMarker,
  details,
  fitting,
  longest,
  tableHead,
  tableRow,
  text as textOf,
} from './markdown.ts';
import { shorten } from './text.ts';

/** Rows of the table before the rest is only counted. */
const listed = 60;

/**
 * A comparison as a comment of a pull request: one table, the details folded. The same comparison gives the same text,
 * and its first line names the manifest, so that a comment can be found and replaced. Empty where nothing changed.
 */
export function comparisonMarkdown(comparison: Comparison): string {
  if (isSame(comparison)) return '';
  const { manifest, against, notes, isNew, adopt, renamedProject, terms } = comparison;
  const groups = groupChanges(comparison);
  const ref = code(shortRef(against));
  const beside = isNew ? `new since ${ref}` : `beside ${ref}`;
  const blocks = [
    commentMarker(manifest),
    `**${code(manifest)}: ${cost(comparison)}** (${beside})`,
    ...notes.map((note) => `<blockquote>${textOf(shorten(note, 2000))}</blockquote>`),
    `${costSentence(comparison)} ${changeCounts(comparison)}.`,
    groups.length + terms.length === 0 ? '' : changeTable(groups, terms),
    adoptBlock(manifest, renamedProject === null ? adopt : [renamedProject, ...adopt]),
  ].filter((block) => block !== '');
  const above = blocks.join('\n\n');
  const below = detailsBlock(groups, longest - above.length);
  return below === '' ? `${above}\n` : `${above}\n\n${below}\n`;
}

function cost(comparison: Comparison): string {
  const verb = comparison.summary.difference === null ? 'cost' : 'costs';
  return `${verb} ${differenceText(comparison)}`;
}

function changeTable(groups: readonly ChangeGroup[], terms: Comparison['terms']): string {
  const rows = groups
    .slice(0, listed)
    .map((group) =>
      tableRow([
        group.kind,
        code(group.key) + (group.takes > 1 ? ` × ${group.takes}` : ''),
        what(group),
        group.effect,
      ]),
    );
  const money = terms.map(({ name, before, after }) =>
    tableRow(['terms', code(name), `${code(shown(before))} → ${code(shown(after))}`, '']),
  );
  const shownRows = fitting(rows, longest / 3);
  const rest = groups.length - shownRows.pieces.length;
  const shownMoney = fitting(money, longest / 10);
  return [
    tableHead(['', 'request', 'what', 'cost']),
    ...shownRows.pieces,
    ...(rest > 0 ? [tableRow(['…', `${rest} more`, '', ''])] : []),
    ...shownMoney.pieces,
    ...(shownMoney.rest > 0 ? [tableRow(['terms', `${shownMoney.rest} more`, '', ''])] : []),
  ].join('\n');
}

/** Says a change in a few words; long values are in the details. */
function what({ kind, from, first }: ChangeGroup): string {
  if (kind === 'renamed') return `was ${code(from ?? '')}`;
  if (kind !== 'changed') return `${code(first.model)}, ${first.mode}`;
  return first.parameters
    .map(({ name, before, after }) => {
      const [old, fresh] = [shown(before), shown(after)];
      const isShort = ![before, after].some(Array.isArray) && old.length + fresh.length <= 40;
      return isShort ? `${code(name)} ${code(old)} → ${code(fresh)}` : code(name);
    })
    .join(', ');
}

function adoptBlock(
  manifest: string,
  calls: readonly { readonly from: string; readonly to: string }[],
): string {
  if (calls.length === 0) return '';
  // Whoever reads a comment has a ledger of their own.
  const followUp = followUpOf({}, manifest);
  const all = calls.map(({ from, to }) => followUp('adopt', from, to));
  const { pieces } = fitting(all.slice(0, listed), longest / 6);
  const rest = calls.length - pieces.length;
  const lines = [
    ...pieces,
    ...(rest > 0 ? [`# and ${rest} more: shotlist plan --format json lists them`] : []),
  ];
  return `Renamed. So that what was paid counts, and is not paid again:\n\n\`\`\`sh\n${lines.join('\n')}\n\`\`\``;
}

/** @param limit in characters */
function detailsBlock(groups: readonly ChangeGroup[], limit: number): string {
  const blocks = groups
    .filter(({ first }) => first.parameters.length > 0)
    .map(({ key, first }) => [code(key), ...first.parameters.map(parameter)].join('\n\n'));
  if (blocks.length === 0) return '';
  const { pieces, rest } = fitting(blocks, limit - 200);
  const more = rest > 0 ? [`… and ${rest} more: too long for a comment.`] : [];
  return details('What changed, parameter by parameter', [...pieces, ...more].join('\n\n'));
}

function parameter({ name, before, after, words }: ParameterChange): string {
  const value =
    words === null ? `${quoted(before, 'del')} → ${quoted(after, 'ins')}` : words.map(marked).join('');
  return `<blockquote><b>${textOf(name)}</b><br>${value}</blockquote>`;
}

function marked({ op, text }: WordChange): string {
  if (op === 'same') return textOf(text);
  return op === 'removed' ? `<del>${textOf(text)}</del>` : `<ins><b>${textOf(text)}</b></ins>`;
}

function quoted(value: Json, tag: 'del' | 'ins'): string {
  if (value === null) return 'not stated';
  const lines = Array.isArray(value) ? value.map(shown) : [shown(value)];
  return `<${tag}>${lines.map(textOf).join('<br>')}</${tag}>`;
}

function shown(value: Json): string {
  if (value === null) return 'not stated';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
