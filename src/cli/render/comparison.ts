import pc from 'picocolors';
import stringWidth from 'string-width';
import type { Json } from '../../core/canonical-json.ts';
import { isSame } from '../../plan/compare.ts';
import type { Comparison, ParameterChange } from '../../plan/comparison.ts';
import type { WordChange } from '../../plan/word-diff.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import {
  type ChangeGroup,
  changeCounts,
  costSentence,
  differenceText,
  groupChanges,
  shortRef,
} from './changes.ts';
import { columns, count, pad, wrap } from './text.ts';

type Colors = ReturnType<typeof pc.createColors>;

/** Changes of one kind that are listed before the rest is only counted. */
const listed = 24;

/** Characters shown of the common text on each side of a change. */
const context = 60;

const kinds = [
  { kind: 'added', title: 'Added', mark: '+', paint: 'green' },
  { kind: 'changed', title: 'Changed', mark: '~', paint: 'yellow' },
  { kind: 'renamed', title: 'Renamed', mark: '>', paint: 'yellow' },
  { kind: 'removed', title: 'Removed', mark: '-', paint: 'red' },
] as const;

/** A comparison for people at a terminal of `width` columns; sentences are broken at `proseWidth`. */
export function renderComparison(
  comparison: Comparison,
  options: { followUp: FollowUp; color: boolean; width: number; proseWidth: number },
): string {
  const colors = pc.createColors(options.color);
  const { project, manifest, against, notes, isNew } = comparison;
  const ref = shortRef(against);
  if (isSame(comparison)) {
    return `Nothing changes: ${count(comparison.summary.unchanged, 'request')}, as at ${ref}.\n`;
  }
  const groups = groupChanges(comparison);
  const { proseWidth } = options;
  const width = Math.min(options.width, 100);
  const sections = [
    `${colors.bold(project)}  ${colors.dim(isNew ? `${manifest}, new since ${ref}` : `${manifest} beside ${ref}`)}\n`,
    notes
      .flatMap((note) => wrap(note, proseWidth))
      .map((line) => `${colors.yellow(line)}\n`)
      .join(''),
    ...kinds.map(({ kind, title, mark, paint }) =>
      section(
        groups.filter((group) => group.kind === kind),
        { title, mark: colors[paint](mark), comparison, followUp: options.followUp, colors, width },
      ),
    ),
    terms(comparison, options.followUp, colors),
    `${changeCounts(comparison)}.\n${wrap(costSentence(comparison), proseWidth).join('\n')}\n${colors.bold(`Cost: ${differenceText(comparison)}`)}\n`,
  ];
  return sections.filter((text) => text !== '').join('\n');
}

interface SectionOptions {
  readonly title: string;
  readonly mark: string;
  readonly comparison: Comparison;
  readonly followUp: FollowUp;
  readonly colors: Colors;
  readonly width: number;
}

function section(groups: readonly ChangeGroup[], options: SectionOptions): string {
  if (groups.length === 0) return '';
  const { title, mark, colors, width } = options;
  const shown = groups.slice(0, listed);
  const rows = columns(
    shown.map(({ key, from, takes, first, effect }) => [
      mark,
      (from === null ? key : `${from} → ${key}`) + (takes > 1 ? ` × ${takes}` : ''),
      first.model,
      first.mode,
      effect,
    ]),
  ).split('\n');
  const lines = shown.flatMap(({ first }, index) => [
    `${rows[index] ?? ''}\n`,
    ...first.parameters.map((change) => parameter(change, colors, width)),
  ]);
  const rest =
    groups.length > listed
      ? colors.dim(`  … and ${groups.length - listed} more; --format json lists every change\n`)
      : '';
  return `${colors.bold(title)}\n${lines.join('')}${rest}${title === 'Renamed' ? adoptHint(options) : ''}`;
}

function adoptHint({ comparison: { adopt }, followUp }: SectionOptions): string {
  const calls = adopt.slice(0, listed).map(({ from, to }) => `    ${followUp('adopt', from, to)}\n`);
  return `  So that what was paid counts, and is not paid again:\n${calls.join('')}`;
}

function terms({ terms: changes, renamedProject }: Comparison, followUp: FollowUp, colors: Colors): string {
  if (changes.length === 0 && renamedProject === null) return '';
  const project =
    renamedProject === null
      ? ''
      : `  project  ${renamedProject.from} → ${renamedProject.to}\n  So that what was paid counts, and is not paid again:\n    ${followUp('adopt', renamedProject.from, renamedProject.to)}\n`;
  const rows = changes.map(({ name, before, after }) => [name, `${shown(before)} → ${shown(after)}`]);
  return `${colors.bold('Terms')}\n${project}${columns(rows)}`;
}

function parameter({ name, before, after, words }: ParameterChange, colors: Colors, width: number): string {
  const indent = '      ';
  const label = `${indent}${name}  `;
  const hang = pad('', stringWidth(label));
  const body =
    words !== null
      ? flow(units(words, colors), Math.max(20, width - stringWidth(label)))
      : Array.isArray(before) || Array.isArray(after)
        ? items(before, after, colors)
        : [`${shown(before)} → ${shown(after)}`];
  return body
    .map((line, index) => `${index === 0 ? label : hang}${line}`.trimEnd())
    .map((line) => `${line}\n`)
    .join('');
}

/** Shows what a list lost and gained; a list whose order alone changed is shown whole. */
function items(before: Json, after: Json, colors: Colors): readonly string[] {
  const [old, fresh] = [before, after].map((list) => (Array.isArray(list) ? list.map(shown) : []));
  const gone = (old ?? []).filter((item) => !fresh?.includes(item));
  const added = (fresh ?? []).filter((item) => !old?.includes(item));
  const isReordered = gone.length + added.length === 0;
  return [
    ...(isReordered ? (old ?? []) : gone).map((item) => colors.red(`- ${item}`)),
    ...(isReordered ? (fresh ?? []) : added).map((item) => colors.green(`+ ${item}`)),
  ];
}

function shown(value: Json): string {
  if (value === null) return 'not stated';
  return typeof value === 'string' ? value : JSON.stringify(value);
}

/** A piece of a line that is not broken. */
interface Unit {
  readonly text: string;
  readonly paint: (text: string) => string;
}

/** Puts changed words together; without color, `[-old-]{+new+}` as git writes it. */
function units(words: readonly WordChange[], colors: Colors): readonly Unit[] {
  return words.flatMap(({ op, text }, index) => {
    const paint =
      op === 'same'
        ? plain
        : op === 'removed'
          ? (t: string) => colors.strikethrough(colors.red(t))
          : colors.green;
    const cut = op === 'same' ? shortened(text, index === 0, index === words.length - 1) : text;
    const marked =
      op === 'same' || colors.isColorSupported ? cut : op === 'removed' ? `[-${cut}-]` : `{+${cut}+}`;
    return (marked.match(/\n|[^\S\n]+|[^\s\u2e80-\uffef]+|\S/gu) ?? []).map((piece) => ({
      text: piece,
      paint,
    }));
  });
}

const plain = (text: string): string => text;

/** Cuts the common text of two prompts where it is far from every change. */
function shortened(text: string, isFirst: boolean, isLast: boolean): string {
  const characters = Array.from(text);
  const [head, tail] = [isFirst ? 0 : context, isLast ? 0 : context];
  if (characters.length <= head + tail + 10) return text;
  // Cut between words where there are any near: Chinese has none.
  const start = characters
    .slice(0, head)
    .join('')
    .replace(/\s\S{0,14}$/u, '');
  const end = characters
    .slice(characters.length - tail)
    .join('')
    .replace(/^\S{0,14}\s/u, '');
  return `${start} … ${end}`;
}

/** Lines of at most `width` columns; a line feed of the prompt is kept. */
function flow(pieces: readonly Unit[], width: number): readonly string[] {
  const lines: string[] = [];
  let [line, used] = ['', 0];
  for (const { text, paint } of pieces) {
    const columnsNeeded = stringWidth(text);
    if (text === '\n' || (used > 0 && used + columnsNeeded > width)) {
      lines.push(line.trimEnd());
      [line, used] = ['', 0];
      if (text.trim() === '') continue;
    }
    line += paint(text);
    used += columnsNeeded;
  }
  return [...lines, line];
}
