import pc from 'picocolors';
import type { FollowUp } from '../../project/follow-up.ts';
import type { Report } from '../../report/model.ts';
import type { Status } from '../../report/status.ts';
import type { Choosing } from '../../report/summary.ts';
import { columns, count, money, number } from './text.ts';

type Choice = Choosing['by'][number];

/** Scenes that are listed before the rest is only counted. */
const listed = 20;

/** Sums up the choice of clips: picked, rejected by reason, hit rate, cost of a used clip. Empty without decisions. */
export function renderChoices(
  { summary, choosing }: Pick<Status, 'summary' | 'choosing'>,
  color: boolean,
): string {
  if (choosing === undefined) return '';
  const { picked = 0, rejected = 0, reasons = {}, currency } = summary;
  const { hitRate, costOfFailed, by } = choosing;
  const failed =
    costOfFailed > 0 ? `${money(costOfFailed, currency)} of it went into tasks that failed.\n` : '';
  if (picked + rejected === 0) return failed;
  const colors = pc.createColors(color);
  const why = Object.entries(reasons).map(([reason, times]) => `${reason} ${number(times)}`);
  const share = hitRate === null ? '' : ` (hit rate ${percent(hitRate)})`;
  const head = `${colors.bold(`${count(picked, 'clip')} picked`)}${share}, ${number(rejected)} rejected${why.length === 0 ? '' : `: ${why.join(', ')}`}.\n`;
  const tables = (['model', 'mode', 'scene'] as const).map((each) => table(each, by, currency, colors.dim));
  return `${failed}\n${head}${perPick(summary, choosing)}${tables.join('')}`;
}

function perPick(summary: Status['summary'], { costPerPickedClip }: Choosing): string {
  const { costPerPickedSecond, costOfPicked = 0, currency } = summary;
  if (costPerPickedClip === null) return '';
  const second =
    costPerPickedSecond == null ? '' : `, a picked second ${amount(costPerPickedSecond, currency)}`;
  return `All in all, a picked clip cost ${amount(costPerPickedClip, currency)}${second}; the picked clips themselves ${money(costOfPicked, currency)}.\n`;
}

function table(
  by: Choice['by'],
  choices: readonly Choice[],
  currency: string | null,
  dim: (text: string) => string,
): string {
  const rows = choices.filter((choice) => choice.by === by);
  if (rows.length < 2 && by !== 'model') return '';
  const head = [by, 'clips', 'picked', 'rejected', 'hit rate', 'cost', 'a picked clip', 'a picked second'];
  const cells = rows
    .slice(0, listed)
    .map((row) => [
      row.name ?? 'no scene',
      number(row.clips),
      number(row.picked),
      number(row.rejected),
      row.hitRate === null ? '–' : percent(row.hitRate),
      money(row.cost, currency),
      row.costPerPickedClip === null ? '–' : amount(row.costPerPickedClip, currency),
      row.costPerPickedSecond === null ? '–' : amount(row.costPerPickedSecond, currency),
    ]);
  const rest = rows.length - listed;
  return `\n${columns([head.map(dim), ...cells])}${rest > 0 ? dim(`  … and ${number(rest)} more\n`) : ''}`;
}

/** Lists the versions of which people picked different takes, neither knowing of the other. */
export function renderDisagreements(
  disagreements: Report['disagreements'],
  followUp: FollowUp,
  color: boolean,
): string {
  if (disagreements === undefined) return '';
  const colors = pc.createColors(color);
  const rows = disagreements.map(({ version, picks }) => {
    const last = picks.at(-1);
    const said = picks.map(({ key, by }) => `${by} picked ${key}`).join(', ');
    return [colors.yellow('!'), version, `${said}; ${last?.key ?? version} holds, the later one`];
  });
  const [first] = disagreements;
  const key = first?.picks.at(-1)?.key ?? '';
  return `\n${colors.bold('Picked differently')}\n${columns(rows)}\nPick again to settle it: ${followUp('pick', key)}\n`;
}

/** An average, to a hundredth. */
function amount(value: number, currency: string | null): string {
  return money(Math.round(value * 100) / 100, currency);
}

function percent(share: number): string {
  return `${Math.round(share * 100)}%`;
}
