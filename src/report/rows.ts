import type { Catalog } from '../catalog/catalog.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import { isoTime } from '../core/clock.ts';
import { addMoney } from '../core/money.ts';
import { type LedgerEntry, requestStates } from '../ledger/ledger.ts';
import { asFiled } from '../manifest/filed.ts';
import type { Manifest, Request } from '../manifest/model.ts';
import { type Described, rowFrom } from './columns.ts';
import type { Report, ReportRow, ReportSummary } from './model.ts';
import { identityOf } from './times.ts';

export interface ReportInput {
  /** True where nothing of it was paid; false where it is left out. */
  readonly isRehearsal?: boolean;
  readonly manifest: Manifest;
  /** Every request of the manifest, in its order, whatever a run had selected. */
  readonly requests: readonly Request[];
  /** Entries of the manifest's project in the ledger, in its order. */
  readonly entries: readonly LedgerEntry[];
  readonly catalog: Catalog;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Life of a result URL, in milliseconds; a day if left out. After that it is only a secret that leaks. */
  readonly resultUrlLifeMs?: number | undefined;
  /** True for a shot whose requests are hidden by mistakes; left out where there are none. */
  readonly isHidden?: ((shot: Pick<Request, 'scene' | 'shot'>) => boolean) | undefined;
}

/**
 * The report: a row for each request of the manifest in its order, then one for each request that was paid, or may have
 * been, and that the manifest no longer holds. A shot that mistakes hide stands as it was sent last.
 */
export function report(input: ReportInput): Report {
  const { manifest, entries, catalog, now } = input;
  const asked = asFiled(input.requests, entries);
  const known = new Map(entries.map((entry) => [identityOf(entry), entry]));
  const standIns = lastSent({ ...input, requests: asked });
  const requests: readonly Described[] = [
    ...asked.filter(({ key }) => !standIns.has(key)),
    ...standIns.values(),
  ];
  const current = new Set(requests.map(identityOf));
  const { resultUrlLifeMs = 86_400_000 } = input;
  const context: RowContext = { catalog, currency: manifest.budget.currency, now, resultUrlLifeMs };
  const rows = [
    ...requests.map((request) => rowOf(request, known.get(identityOf(request)), false, context)),
    ...entries
      .filter((entry) => wasPaid(entry) && !current.has(identityOf(entry)))
      .map((entry) => rowOf(entry, entry, true, context)),
  ];
  return {
    version: 1,
    project: manifest.project,
    manifest: manifest.source.file,
    generatedAt: isoTime(now),
    ...(input.isRehearsal === true ? { rehearsal: true } : {}),
    rows,
    summary: summarize(rows, manifest.budget.currency),
  };
}

interface RowContext {
  readonly catalog: Catalog;
  readonly currency: string | null;
  readonly now: number;
  readonly resultUrlLifeMs: number;
}

function rowOf(
  request: Described,
  entry: LedgerEntry | undefined,
  superseded: boolean,
  { catalog, ...context }: RowContext,
): ReportRow {
  const model = catalog.get(request.model);
  const parameters = underOwnNames(request.body, model?.fields);
  const billed = entry !== undefined && entry.billed > 0 ? entry : undefined;
  return rowFrom({ ...context, request, entry, billed, model, parameters, superseded });
}

/** Finds the last request sent under each key of a shot that mistakes hide, unless the manifest asks for just that one. */
function lastSent({ requests, entries, isHidden }: ReportInput): ReadonlyMap<string, LedgerEntry> {
  if (isHidden === undefined) return new Map();
  const last = new Map<string, LedgerEntry>();
  for (const entry of entries) {
    if (wasPaid(entry) && isHidden(entry) && entry.seq >= (last.get(entry.key)?.seq ?? 0))
      last.set(entry.key, entry);
  }
  for (const request of requests) {
    if (last.get(request.key)?.fingerprint === request.fingerprint) last.delete(request.key);
  }
  return last;
}

/** True where money went into a request, or may have. A request that is merely pending or refused is gone with its shot. */
function wasPaid(entry: LedgerEntry): boolean {
  return entry.billed > 0 || entry.taskId !== null;
}

/**
 * Counts and cost over all rows. The currency is the manifest's, or else that of the first row that has one; amounts in
 * another currency cannot be added to it, and stand in their rows only.
 */
function summarize(rows: readonly ReportRow[], stated: string | null): ReportSummary {
  const counts = Object.fromEntries(requestStates.map((state) => [state, 0])) as Record<
    ReportRow['status'],
    number
  >;
  for (const { status } of rows) counts[status] += 1;
  const currency = stated ?? rows.find((row) => row.currency !== null)?.currency ?? null;
  const costs = rows.flatMap((row) =>
    row.cost !== null && (row.currency === null || row.currency === currency) ? [row.cost] : [],
  );
  return { total: rows.length, ...counts, cost: addMoney(costs), currency };
}
