import type { JsonObject } from '../core/canonical-json.ts';
import { addMoney } from '../core/money.ts';
import { isSameValue } from '../ledger/journal/journal-event.ts';
import type { LedgerEntry, Place } from '../ledger/ledger.ts';
import type { PaidElsewhere } from '../ledger/model/moving.ts';
import { asFiled, byAnyFingerprint, todaysFingerprint } from '../manifest/filed.ts';
import type { Request, RequestFile } from '../manifest/model.ts';
import { changedFiles, isSameContent } from './changed-files.ts';
import { priceOf } from './cost.ts';
import type {
  ChangedFile,
  Plan,
  PlanAction,
  PlannedRequest,
  PlannedUpload,
  PlanReason,
  PlanSummary,
} from './model.ts';

export interface PlanInput {
  readonly project: string;
  /** The manifest as it was named; shown, not opened. */
  readonly manifest: string;
  /** Requests that the manifest asks for, in its order. */
  readonly requests: readonly Request[];
  /** Everything the ledger knows of the project. */
  readonly entries: readonly LedgerEntry[];
  /** Every request of the manifest, where `requests` is a selection: what was paid and is none of them was renamed. */
  readonly held?: readonly Request[] | undefined;
  /** Requests that were paid in projects that are gone. */
  readonly elsewhere?: readonly PaidElsewhere[] | undefined;
  /** Price of one request, by model. */
  readonly prices: Readonly<Record<string, number>>;
  readonly currency: string | null;
  /** Submit again what failed or was refused. */
  readonly retryFailed?: boolean | undefined;
  /** Keys that a person wants sent once more, whatever became of them; doubt still blocks. */
  readonly resend?: ReadonlySet<string> | undefined;
  /** True where the store has a file; null where nobody looked. */
  readonly isStored?: ((file: RequestFile) => boolean | null) | undefined;
}

/** Decides what to do about every request, and why. Pure: the run obeys the plan and decides nothing again. */
export function plan(input: PlanInput): Plan {
  const byKey = groupByKey(input.entries);
  const gone = paidUnderOtherNames(input);
  const renamed = input.entries.filter(({ formerly }) => formerly !== undefined);
  const billed = billedByFingerprint(input.entries);
  const requests = asFiled(input.requests, input.entries).map((request) =>
    planRequest(
      request,
      byKey.get(request.key) ?? [],
      byAnyFingerprint(gone, request),
      input,
      renamed,
      billed,
    ),
  );
  return {
    version: 1,
    project: input.project,
    manifest: input.manifest,
    requests,
    summary: summarize(requests, input.currency),
  };
}

/** The totals of a plan, or of a part of one. */
export function summarize(requests: readonly PlannedRequest[], currency: string | null): PlanSummary {
  const submit = requests.filter((request) => request.action === 'submit');
  const count = (action: PlanAction): number =>
    requests.filter((request) => request.action === action).length;
  return {
    requests: requests.length,
    submit: submit.length,
    skip: count('skip'),
    blocked: count('blocked'),
    cost: addMoney(submit.map((request) => request.cost ?? 0)),
    currency,
    unpriced: submit.filter((request) => request.cost === null).length,
    ...(requests.some(({ files = [] }) => files.length > 0) ? { upload: uploadOf(submit) } : {}),
  };
}

/** Each content once, whoever names it. */
function uploadOf(submit: readonly PlannedRequest[]): PlannedUpload {
  const missing = new Map<string, number>();
  for (const { files = [] } of submit) {
    for (const { sha256, bytes, stored } of files) if (stored !== true) missing.set(sha256, bytes);
  }
  return { files: missing.size, bytes: [...missing.values()].reduce((sum, bytes) => sum + bytes, 0) };
}

/** An action and its reason, before parameters and price are added. */
interface Verdict {
  readonly action: PlanAction;
  readonly reason: PlanReason;
  readonly changed?: readonly string[];
  readonly changedFiles?: readonly ChangedFile[];
  readonly paidAs?: Place;
}

function planRequest(
  request: Request,
  sameKey: readonly LedgerEntry[],
  paidAs: Place | undefined,
  input: PlanInput,
  renamed: readonly LedgerEntry[],
  billed: ReadonlyMap<string, number>,
): PlannedRequest {
  const entry = sameKey.find((candidate) => candidate.fingerprint === request.fingerprint);
  const verdict = judge(request, entry, sameKey, paidAs, input);
  return {
    key: request.key,
    scene: request.scene,
    shot: request.shot,
    variant: request.variant,
    take: request.take,
    action: verdict.action,
    reason: verdict.reason,
    changed: verdict.changed ?? [],
    model: request.model,
    mode: request.mode,
    fingerprint: request.fingerprint,
    cost: priceOf(request.model, input.prices),
    body: request.body,
    files: (request.files ?? []).map((file) => ({
      path: file.path,
      sha256: file.sha256,
      bytes: file.bytes,
      stored: input.isStored?.(file) ?? null,
    })),
    ...(verdict.changedFiles === undefined || verdict.changedFiles.length === 0
      ? {}
      : { changedFiles: verdict.changedFiles }),
    ...(verdict.paidAs === undefined ? {} : { paidAs: verdict.paidAs }),
    seen: {
      state: entry?.state ?? 'pending',
      attempts: entry?.attempts ?? 0,
      renames: renames(request, input, renamed),
      elsewhere: (billed.get(request.fingerprint) ?? 0) - (entry?.billed ?? 0),
    },
  };
}

function billedByFingerprint(entries: readonly LedgerEntry[]): ReadonlyMap<string, number> {
  const sums = new Map<string, number>();
  for (const { fingerprint, billed } of entries) sums.set(fingerprint, (sums.get(fingerprint) ?? 0) + billed);
  return sums;
}

/** Counts the renames of what was paid under a request's name: a run that knows of one more must not send it. */
function renames(
  { key, fingerprint }: Request,
  { project }: PlanInput,
  renamed: readonly LedgerEntry[],
): number {
  return renamed
    .flatMap((entry) => (entry.fingerprint === fingerprint ? (entry.formerly ?? []) : []))
    .filter((place) => place.project === project && place.key === key).length;
}

function judge(
  request: Request,
  entry: LedgerEntry | undefined,
  sameKey: readonly LedgerEntry[],
  paidAs: Place | undefined,
  { retryFailed, resend }: PlanInput,
): Verdict {
  // A doubt under the key blocks whatever the fingerprint: an edit must not slip past a request that may be running.
  if (sameKey.some(({ state }) => state === 'sending')) return { action: 'blocked', reason: 'sending' };
  if (sameKey.some(({ state }) => state === 'inDoubt')) return { action: 'blocked', reason: 'inDoubt' };

  const again: PlanAction = resend?.has(request.key) === true ? 'submit' : 'skip';
  switch (entry?.state) {
    case 'queued':
    case 'processing':
      return { action: again, reason: 'submitted' };
    case 'completed':
    case 'abandoned':
      return { action: again, reason: entry.state };
    case 'failed':
    case 'refused':
      return { action: retryFailed === true ? 'submit' : again, reason: entry.state };
    default:
      if (paidAs !== undefined && again !== 'submit') return { action: 'blocked', reason: 'renamed', paidAs };
      return newOrChanged(request, sameKey);
  }
}

/**
 * Finds the name under which a request was paid, or may have been, by fingerprint, where that name is gone or is now
 * another's: whoever puts a shot in the middle gives all that follow the next one's name. A fingerprint holds the take
 * and not the key, so a renamed request has the fingerprint that it had, and takes never pass for each other.
 */
function paidUnderOtherNames({
  project,
  requests,
  entries,
  held,
  elsewhere,
}: PlanInput): ReadonlyMap<string, Place> {
  const names = new Map<string, Place>();
  for (const { project: other, key, fingerprint } of elsewhere ?? []) {
    names.set(fingerprint, { project: other, key });
  }
  const here = new Map(asFiled(held ?? requests, entries).map(({ key, fingerprint }) => [key, fingerprint]));
  const paid = entries.filter(({ billed, taskId }) => billed > 0 || taskId !== null);
  const [taken, gone] = [
    paid.filter(({ key, fingerprint }) => here.has(key) && here.get(key) !== fingerprint),
    paid.filter(({ key }) => !here.has(key)),
  ];
  // A name that is gone is the likelier one.
  for (const entry of [...taken, ...gone]) {
    const place = { project, key: entry.key };
    names.set(entry.fingerprint, place);
    names.set(todaysFingerprint(entry), place);
  }
  return names;
}

function newOrChanged(request: Request, sameKey: readonly LedgerEntry[]): Verdict {
  const before = sameKey
    .filter(({ state }) => state !== 'pending')
    .reduce<LedgerEntry | undefined>(
      (latest, entry) => (latest && latest.seq > entry.seq ? latest : entry),
      undefined,
    );
  if (before === undefined) return { action: 'submit', reason: 'new' };
  const changed = changedParameters(before.body, request);
  const files = changedFiles(changed, before.body, request);
  return { action: 'submit', reason: 'changed', changed, changedFiles: files };
}

/** The names of the parameters that differ between two bodies, those of the new body first. */
function changedParameters(before: JsonObject, { body: after, files }: Request): readonly string[] {
  const names = new Set([...Object.keys(after), ...Object.keys(before)]);
  return [...names].filter(
    (name) =>
      !isSameValue(before[name], after[name]) &&
      (files === undefined || !isSameContent(before[name], after[name])),
  );
}

function groupByKey(entries: readonly LedgerEntry[]): ReadonlyMap<string, readonly LedgerEntry[]> {
  const groups = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const group = groups.get(entry.key);
    if (group === undefined) groups.set(entry.key, [entry]);
    else group.push(entry);
  }
  return groups;
}
