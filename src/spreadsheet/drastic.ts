import { number } from '../core/count.ts';
import { tidy } from './cells.ts';
import type { Change } from './compare.ts';
import { similarity } from './numbering.ts';
import type { ShotRows } from './shot-row.ts';
import type { HeldValues, Storyboard } from './storyboard.ts';

/** A change of most of what is known, and what may be behind it. */
export interface Drastic {
  readonly message: string;
  readonly help: string;
}

/** Number of shots below which a change of most (two of three) is an everyday one, unless they are all there are. */
const few = 3;
/** Prompts that have less in common than this are two prompts, and not one that was edited. */
const alike = 0.3;

/** Says why a table that would skip or replace most shots is another one than was meant; null for everyday changes. */
export function drasticIn(changes: readonly Change[], board: Storyboard, { rows }: ShotRows): Drastic | null {
  const shots = board.groups.flatMap((group) => group.shots).filter(({ key, skip }) => key !== '' && !skip);
  const skipped = changes.filter(({ kind }) => kind === 'skip').length;
  const replaced = changes.flatMap((change) => {
    if (change.kind !== 'set' || change.key !== 'prompt' || typeof change.value !== 'string') return [];
    const { value } = change;
    const before = promptsOf(change.shot.values);
    return before.every((text) => text.trim() === '' || similarity(text, value) >= alike) ? [] : [value];
  });
  const gone = skipped + replaced.length;
  if (gone * 3 <= shots.length * 2 || (gone < few && gone < shots.length)) return null;
  // One shot that is rewritten is an edit.
  if (shots.length === 1 && skipped === 0) return null;
  const parts = [
    ...(skipped === 0 ? [] : [`skip ${number(skipped)}`]),
    ...(replaced.length === 0 ? [] : [`give ${number(replaced.length)} another prompt`]),
  ];
  return {
    message: `of ${number(shots.length)} shots, the table would ${parts.join(' and ')}`,
    help: `${whyOf(board, rows, replaced)}. For a table of some of the shots, add --partial; if it is meant, add --whole`,
  };
}

/** Lists the forms of a shot's prompt: as it is written, and with what references stand for. */
export function promptsOf(values: HeldValues): readonly string[] {
  const held = values.get('prompt');
  return [held?.written, held?.value].filter((text) => typeof text === 'string');
}

function whyOf(board: Storyboard, rows: ShotRows['rows'], replaced: readonly string[]): string {
  const shots = board.groups.flatMap((group) => group.shots);
  const texts = new Set(shots.flatMap(({ values }) => promptsOf(values).map(tidy)));
  const moved = replaced.filter((text) => texts.has(tidy(text))).length;
  if (moved * 2 > replaced.length && moved > 0) {
    return `The prompts are those of other shots of this storyboard: the table seems to count its shots anew`;
  }
  const known = new Set(shots.map(({ key }) => key));
  const met = rows.filter(({ key }) => known.has(key)).length;
  const [row] = rows;
  const [shot] = shots;
  if (met * 2 < rows.length && row !== undefined && shot !== undefined) {
    return `${met === 0 ? 'None' : `Only ${number(met)}`} of its ${number(rows.length)} rows has the id of a known shot: it says \`${row.key}\`, the storyboard \`${shot.key}\``;
  }
  return 'It may be a table of another storyboard, another sheet, or a part of this one';
}
