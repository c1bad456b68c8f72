import { addMoney } from '../core/money.ts';
import { type LedgerEntry, requestStates } from '../ledger/ledger.ts';
import type { Decisions } from '../ledger/model/clip-decisions.ts';
import { spentOn } from '../ledger/model/spent.ts';
import type { Manifest } from '../manifest/model.ts';
import type { Report, ReportRow, ReportSummary } from './model.ts';
import { identityOf } from './times.ts';

/** The facts that a summary is made from. */
export interface SummaryInput {
  readonly rows: readonly ReportRow[];
  /** Entries of the project in the ledger. */
  readonly entries: readonly LedgerEntry[];
  readonly decisions: Decisions;
  readonly budget: Manifest['budget'];
}

/** The result of choosing, beyond the summary. */
export type Choosing = NonNullable<Report['choosing']>;

/** A finished clip, and what was decided on it. */
interface Clip {
  readonly row: ReportRow;
  readonly decision: 'picked' | 'rejected' | null;
  readonly reason: string | null;
  /** In seconds. */
  readonly seconds: number;
  /** Cost of its attempt; 0 where that is not known, or is in another currency. */
  readonly cost: number;
}

/**
 * Counts and cost over all rows. The currency is the manifest's, or else that of the first row that has one; amounts in
 * another currency cannot be added to it, and stand in their rows only.
 */
export function summarize(input: SummaryInput): Pick<Report, 'choosing' | 'summary'> {
  const { rows, entries, budget } = input;
  const counts = Object.fromEntries(requestStates.map((state) => [state, 0])) as Record<
    ReportRow['status'],
    number
  >;
  for (const { status } of rows) counts[status] += 1;
  const currency = budget.currency ?? rows.find((row) => row.currency !== null)?.currency ?? null;
  const clips = clipsOf(input, currency);
  const choice = choiceOf(rows, clips, currency);
  const { picked, rejected, cost, secondsPicked, costPerPickedSecond } = choice;
  const known = new Map(entries.map((entry) => [identityOf(entry), entry]));
  const failed = rows.flatMap((row) =>
    (known.get(identityOf(row))?.charges ?? []).flatMap(({ price, currency: paidIn, isFailed }) =>
      isFailed === true && price !== null && isIn(paidIn, currency) ? [price] : [],
    ),
  );
  const { spent, inDoubt } = spentOn(entries, budget);
  const { maxCost } = budget;
  const summary: ReportSummary = {
    ...{ total: rows.length, ...counts, cost, currency, picked, rejected },
    costOfPicked: addMoney(clips.flatMap((clip) => (clip.decision === 'picked' ? [clip.cost] : []))),
    ...{ secondsPicked, costPerPickedSecond },
    reasons: reasonsOf(clips),
    budget: {
      ...{ maxCost, spent, inDoubt },
      left: maxCost === null || spent === null ? null : addMoney([maxCost, -spent]),
    },
  };
  const costOfFailed = addMoney(failed);
  if (picked + rejected === 0 && costOfFailed === 0) return { summary };
  const { hitRate, costPerPickedClip } = choice;
  const by = (['model', 'mode', 'scene'] as const).flatMap((each) => apart(each, rows, clips, currency));
  return { choosing: { hitRate, costPerPickedClip, costOfFailed, by }, summary };
}

/** Every finished clip of the rows, those of earlier attempts included. */
function clipsOf({ rows, entries, decisions }: SummaryInput, currency: string | null): readonly Clip[] {
  const known = new Map(entries.map((entry) => [identityOf(entry), entry]));
  return rows.flatMap((row) => {
    const entry = known.get(identityOf(row));
    if (entry === undefined) return [];
    const { state, taskId, actualDuration, file, earlierTasks = [], charges } = entry;
    const latest =
      state === 'completed' && taskId !== null ? [{ id: taskId, status: state, actualDuration, file }] : [];
    return [...earlierTasks, ...latest].flatMap((task): readonly Clip[] => {
      if (task.status !== 'completed') return [];
      const standing = decisions.clips.get(task.id);
      const charge = charges.find((each) => each.taskId === task.id);
      return [
        {
          row,
          decision: standing?.decision ?? null,
          reason: standing?.reason ?? null,
          seconds: task.file?.seconds ?? task.actualDuration ?? row.duration ?? 0,
          cost: charge !== undefined && isIn(charge.currency, currency) ? (charge.price ?? 0) : 0,
        },
      ];
    });
  });
}

function isIn(currency: string | null, wanted: string | null): boolean {
  return currency === null || currency === wanted;
}

/** Sums up the choice among some rows. */
function choiceOf(rows: readonly ReportRow[], clips: readonly Clip[], currency: string | null) {
  const picks = clips.filter(({ decision }) => decision === 'picked');
  const cost = addMoney(
    rows.flatMap((row) => (row.cost !== null && isIn(row.currency, currency) ? [row.cost] : [])),
  );
  const secondsPicked = addMoney(picks.map(({ seconds }) => seconds));
  const per = (amount: number, count: number): number | null =>
    count === 0 ? null : addMoney([amount / count]);
  return {
    clips: clips.length,
    picked: picks.length,
    rejected: clips.filter(({ decision }) => decision === 'rejected').length,
    hitRate: per(picks.length, clips.length),
    cost,
    costPerPickedClip: per(cost, picks.length),
    secondsPicked,
    costPerPickedSecond: per(cost, secondsPicked),
  };
}

function reasonsOf(clips: readonly Clip[]): Readonly<Record<string, number>> {
  const counts = new Map<string, number>();
  for (const { reason } of clips) if (reason !== null) counts.set(reason, (counts.get(reason) ?? 0) + 1);
  return Object.fromEntries([...counts].sort(([, a], [, b]) => b - a));
}

/** The same for each model, mode or scene, in the order of the rows. */
function apart(
  by: 'model' | 'mode' | 'scene',
  rows: readonly ReportRow[],
  clips: readonly Clip[],
  currency: string | null,
): Choosing['by'] {
  const names = new Set(rows.map((row) => row[by]));
  return [...names].map((name) => ({
    ...{ by, name },
    ...choiceOf(
      rows.filter((row) => row[by] === name),
      clips.filter(({ row }) => row[by] === name),
      currency,
    ),
  }));
}
