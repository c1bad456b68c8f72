import type { Catalog } from '../catalog/catalog.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import { isoTime } from '../core/clock.ts';
import { shotKey, variantKey } from '../core/request-key.ts';
import type { LedgerEntry, RequestState } from '../ledger/ledger.ts';
import { type Decisions, decisionsOf } from '../ledger/model/clip-decisions.ts';
import { asFiled } from '../manifest/filed.ts';
import type { Manifest, Request } from '../manifest/model.ts';
import { type Described, rowFrom, type ShotWords } from './columns.ts';
import type { Report, ReportRow } from './model.ts';
import { summarize } from './summary.ts';
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
  /** True for a key that the report is about; everything where it is left out. */
  readonly isSelected?: ((key: string) => boolean) | null | undefined;
  /** States of the requests that it is about; every one where it is left out. */
  readonly states?: readonly RequestState[] | undefined;
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
  const decisions = decisionsOf(entries);
  const context: RowContext = {
    ...{ catalog, currency: manifest.budget.currency, now, resultUrlLifeMs, decisions },
    wordsOn: wordsIn(manifest),
  };
  const all = [
    ...requests.map((request) => rowOf(request, known.get(identityOf(request)), false, context)),
    ...entries
      .filter((entry) => wasPaid(entry) && !current.has(identityOf(entry)))
      .map((entry) => rowOf(entry, entry, true, context)),
  ];
  const rows = all.filter(
    ({ key, status }) =>
      input.isSelected?.(key) !== false && (input.states === undefined || input.states.includes(status)),
  );
  const { choosing, summary } = summarize({ rows, entries, decisions, budget: manifest.budget });
  return {
    version: 1,
    project: manifest.project,
    manifest: manifest.source.file,
    generatedAt: isoTime(now),
    ...(input.isRehearsal === true ? { rehearsal: true } : {}),
    ...titlesIn(manifest),
    ...disagreementsIn(entries, decisions),
    ...(choosing === undefined ? {} : { choosing }),
    rows,
    summary,
  };
}

function titlesIn({ title, sceneTitles }: Manifest): Pick<Report, 'title' | 'scenes'> {
  return {
    ...(title === null ? {} : { title }),
    ...(sceneTitles === undefined
      ? {}
      : { scenes: [...sceneTitles].map(([id, text]) => ({ id, title: text })) }),
  };
}

function disagreementsIn(
  entries: readonly LedgerEntry[],
  { versions }: Decisions,
): Pick<Report, 'disagreements'> {
  const keys = new Map(
    entries.flatMap(({ key, clipDecisions = [] }) =>
      clipDecisions.map(({ taskId }) => [taskId, key] as const),
    ),
  );
  const found = [...versions].flatMap(([version, { disagreement }]) =>
    disagreement.length === 0
      ? []
      : [
          {
            version,
            picks: disagreement.map(({ taskId, by, at }) => ({
              ...{ key: keys.get(taskId) ?? version, taskId, by, at },
            })),
          },
        ],
  );
  return found.length === 0 ? {} : { disagreements: found };
}

/** Gathers the manifest's words on each version and shot; a version that is gone has those of its shot. */
function wordsIn({ versions }: Manifest): RowContext['wordsOn'] {
  const words = new Map<string, ShotWords>();
  for (const version of versions) {
    if (version.key === '') continue;
    words.set(version.key, version);
    if (!words.has(version.shotKey)) words.set(version.shotKey, version);
  }
  return (request) => {
    const shot = shotKey(request);
    return words.get(variantKey(shot, request.variant)) ?? words.get(shot);
  };
}

interface RowContext {
  readonly catalog: Catalog;
  readonly currency: string | null;
  readonly now: number;
  readonly resultUrlLifeMs: number;
  readonly decisions: Decisions;
  readonly wordsOn: (request: Described) => ShotWords | undefined;
}

function rowOf(
  request: Described,
  known: LedgerEntry | undefined,
  superseded: boolean,
  { catalog, decisions, wordsOn, ...context }: RowContext,
): ReportRow {
  const entry = known === undefined ? undefined : withPickedClip(known, decisions);
  const standing = entry?.taskId == null ? undefined : decisions.clips.get(entry.taskId);
  const model = catalog.get(request.model);
  const parameters = underOwnNames(request.body, model?.fields);
  const billed = entry !== undefined && entry.billed > 0 ? entry : undefined;
  const words = wordsOn(request);
  return rowFrom({ ...context, request, entry, billed, model, parameters, words, standing, superseded });
}

/** An entry as it is shown: where the clip of an earlier attempt is picked, with that clip and its task. */
function withPickedClip(entry: LedgerEntry, { clips }: Decisions): LedgerEntry {
  const picked = entry.earlierTasks?.find(({ id }) => clips.get(id)?.decision === 'picked');
  if (picked === undefined) return entry;
  const { qc: _, providerAmount: __, ...rest } = entry;
  const { id: taskId, completedAt, actualDuration, file, qc, providerAmount } = picked;
  return {
    ...rest,
    ...{ taskId, completedAt, actualDuration, file, videoUrl: null },
    ...(qc === undefined ? {} : { qc }),
    ...(providerAmount === undefined ? {} : { providerAmount }),
  };
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
