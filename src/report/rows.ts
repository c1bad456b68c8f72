import type { Catalog } from '../catalog/catalog.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import type { Json, JsonObject } from '../core/canonical-json.ts';
import { isoTime } from '../core/clock.ts';
import { addMoney } from '../core/money.ts';
import { type LedgerEntry, type RequestIdentity, requestStates } from '../ledger/ledger.ts';
import { asFiled } from '../manifest/filed.ts';
import type { Manifest, Request } from '../manifest/model.ts';
import type { Report, ReportRow, ReportSummary } from './model.ts';
import { identityOf } from './times.ts';

/** How long a result URL can be fetched, by the provider's documents; after that it is only a secret that leaks. */
const resultUrlLifeMs = 24 * 60 * 60 * 1000;

export interface ReportInput {
  readonly manifest: Manifest;
  /** Every request of the manifest, in its order, whatever a run had selected. */
  readonly requests: readonly Request[];
  /** What the ledger holds of the manifest's project, in its order. */
  readonly entries: readonly LedgerEntry[];
  readonly catalog: Catalog;
  /** Milliseconds since the epoch. */
  readonly now: number;
  /** Whether mistakes hide what the manifest asks of a shot; left out where it has none. */
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
  const context: RowContext = { catalog, currency: manifest.budget.currency, now };
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
    rows,
    summary: summarize(rows, manifest.budget.currency),
  };
}

interface RowContext {
  readonly catalog: Catalog;
  readonly currency: string | null;
  readonly now: number;
}

/** What a request of the manifest and one of the ledger have in common. */
interface Described extends RequestIdentity {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: ReportRow['mode'];
  readonly body: JsonObject;
}

function rowOf(
  request: Described,
  entry: LedgerEntry | undefined,
  superseded: boolean,
  { catalog, currency, now }: RowContext,
): ReportRow {
  const model = catalog.get(request.model);
  const body = underOwnNames(request.body, model?.fields);
  const paid = entry !== undefined && entry.billed > 0;
  return {
    key: request.key,
    scene: request.scene,
    shot: request.shot,
    variant: request.variant,
    take: request.take,
    model: request.model,
    mode: request.mode,
    duration: typeof body['duration'] === 'number' ? body['duration'] : null,
    ratio: text(body['ratio']) ?? model?.ratio.default ?? null,
    resolution: text(body['resolution']) ?? model?.resolution.default ?? null,
    status: entry?.state ?? 'pending',
    taskId: entry?.taskId ?? null,
    errorCode: entry?.errorCode ?? null,
    error: entry?.error ?? null,
    attempts: entry?.attempts ?? 0,
    // A claim that provably came to nothing leaves the request pending: nothing was submitted.
    submittedAt: entry === undefined || entry.state === 'pending' ? null : entry.submittedAt,
    completedAt: entry?.completedAt ?? null,
    videoUrl: entry === undefined ? null : liveUrl(entry, now),
    actualDuration: entry?.actualDuration ?? null,
    file: entry?.file?.path ?? null,
    cost: paid ? entry.cost : 0,
    currency: (paid ? entry.currency : null) ?? currency,
    superseded,
    fingerprint: request.fingerprint,
    prompt: text(body['prompt']) ?? '',
  };
}

/** What was sent last under each key of a shot that mistakes hide, unless the manifest asks for just that. */
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

/** Whether money went into a request, or may have: what is merely pending or refused is gone with its shot. */
function wasPaid(entry: LedgerEntry): boolean {
  return entry.billed > 0 || entry.taskId !== null;
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}

/** A presigned URL can carry a key id, so reports show it only while it is good for something. */
function liveUrl({ videoUrl, completedAt }: LedgerEntry, now: number): string | null {
  const expired = completedAt !== null && now - Date.parse(completedAt) > resultUrlLifeMs;
  return expired ? null : videoUrl;
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
