import pc from 'picocolors';
import { isoTime } from '../../core/clock.ts';
import type {
  BillLine,
  BillMatch,
  KnownAttempt,
  MatchReason,
  Reconciliation,
  TaskCharge,
} from '../../report/bill/model.ts';
import { columns, count, localAndUtc, money, number, shorten, type TextView } from './text.ts';

/** The bill and the manifest that were held against each other. */
export interface Reconciled {
  readonly bill: string;
  /** Number of lines of the bill. */
  readonly lines: number;
  readonly project: string;
  readonly manifest: string;
}

/** Rows of one kind that are shown before the rest is only counted. */
const listed = 20;

const reasonTexts: Readonly<Record<MatchReason, string>> = {
  id: 'by its id',
  timeModelPrompt: 'by time, model and prompt',
  modelPrompt: 'by model and prompt',
  timeModel: 'by time and model',
};

/** Shows where a bill and the ledger agree and differ, for people; lines that agree are only counted. */
export function renderReconciliation(
  found: Reconciliation,
  { bill, lines, project }: Reconciled,
  settle: string,
  view: TextView,
): string {
  const colors = pc.createColors(view.color);
  const section = <T>(title: string, items: readonly T[], row: (item: T) => readonly string[]): string => {
    if (items.length === 0) return '';
    const rest = items.length - listed;
    const more = rest > 0 ? colors.dim(`  … and ${number(rest)} more\n`) : '';
    return `\n${colors.bold(title)} (${number(items.length)})\n${columns(items.slice(0, listed).map(row))}${more}`;
  };
  const name = (attempt: KnownAttempt): string =>
    attempt.project === project ? attempt.key : `${attempt.key} of ${attempt.project}`;
  const match = ({ line, attempt, by }: BillMatch): readonly string[] => [
    ...lineCells(line, view),
    `→ ${name(attempt)}${saidOf(attempt)}, ${reasonTexts[by]}`,
  ];
  const drift = ({ line, attempt, charged }: TaskCharge): readonly string[] => [
    `row ${line.row}`,
    name(attempt),
    attempt.taskId ?? '',
    `${charged ?? line.amount ?? 'an amount that is not named'} billed`,
    attempt.price === null ? 'no price stated' : `${money(attempt.price, attempt.currency)} stated`,
  ];
  const ours = (attempt: KnownAttempt): readonly string[] => [
    name(attempt),
    localAndUtc(attempt.claimedAt, view.timeZone),
    attempt.model,
    attempt.taskId ?? shorten(attempt.prompt, 40),
  ];
  const rest =
    found.proposed.length +
    found.ambiguous.length +
    found.unknown.length +
    found.notBilled.length +
    found.unmatchedDoubts.length +
    found.billedThoughFailed.length +
    found.priceDrift.length;
  return [
    `${colors.bold(bill)}  ${count(lines, 'line')}: ${number(found.matched.length)} matched\n`,
    section('Perhaps what is in doubt, or was given up', found.proposed, match),
    found.proposed.length > 0 ? `  Settle them with: ${settle}\n` : '',
    section('Fits several: look yourself', found.ambiguous, ({ line, attempts }) => [
      ...lineCells(line, view),
      `→ ${attempts.map(name).join(', ')}`,
    ]),
    section('Billed, and unknown to this ledger', found.unknown, (line) => lineCells(line, view)),
    section('Ours, and not billed', found.notBilled, ours),
    section('In doubt, and no line fits', found.unmatchedDoubts, ours),
    section('Billed though it failed', found.billedThoughFailed, drift),
    section('Another amount than the price that was stated', found.priceDrift, drift),
    rest === 0 ? 'Nothing differs.\n' : '',
  ].join('');
}

/** A line as a few cells: where it stands, its id, time, model and first words, and what it says was charged. */
export function lineCells(line: BillLine, { timeZone }: TextView): readonly string[] {
  return [
    `row ${line.row}`,
    line.taskId ?? 'no id',
    line.at === null ? 'no time' : localAndUtc(line.at, timeZone),
    line.model ?? '',
    shorten((line.prompt ?? '').replaceAll(/\s+/g, ' '), 30),
    line.amount ?? '',
  ];
}

function saidOf({ standing }: KnownAttempt): string {
  if (standing === 'notSubmitted') return ' (said not to have been submitted)';
  return standing === 'abandoned' ? ' (given up)' : '';
}

/** The same as a document. */
export function reconciliationJson(found: Reconciliation, about: Reconciled): object {
  const { project, manifest, bill, lines } = about;
  const match = ({ line, attempt, by }: BillMatch) => ({
    by,
    ...lineJson(line),
    request: attemptJson(attempt),
  });
  const billed = ({ charged, ...rest }: TaskCharge) => ({ ...match(rest), charged });
  return {
    ...{ version: 1, project, manifest, bill },
    matched: found.matched.map(match),
    proposed: found.proposed.map(match),
    ambiguous: found.ambiguous.map(({ line, attempts }) => ({
      ...lineJson(line),
      requests: attempts.map(attemptJson),
    })),
    unknown: found.unknown.map(lineJson),
    notBilled: found.notBilled.map(attemptJson),
    unmatchedDoubts: found.unmatchedDoubts.map(attemptJson),
    billedThoughFailed: found.billedThoughFailed.map(billed),
    priceDrift: found.priceDrift.map(billed),
    summary: {
      lines,
      ...Object.fromEntries(
        Object.entries(found).map(([name, list]) => [name, (list as readonly unknown[]).length]),
      ),
    },
  };
}

/** A line as scripts get it; `amount` as it stands there. */
export function lineJson({ row, taskId, at, model, prompt, status, amount }: BillLine) {
  return { row, taskId, time: at === null ? null : isoTime(at), model, prompt, status, amount };
}

/** A request of the ledger as scripts get it. */
export function attemptJson(known: KnownAttempt) {
  const { project, key, fingerprint, attempt, taskId, standing, claimedAt, model, price, currency } = known;
  const submittedAt = isoTime(claimedAt);
  return { project, key, fingerprint, attempt, taskId, standing, submittedAt, model, price, currency };
}
