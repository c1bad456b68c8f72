import { duration } from '../../core/clock.ts';
import { count } from '../../core/count.ts';
import type { Change, Decision, Facts, StoredRequest, Wanted } from '../backend.ts';
import type { Attempt } from '../model/attempt.ts';
import { foldAttempts } from '../model/attempts.ts';
import { decisionsAbout, isHearsay, standingDecisions, taskIdsIn } from '../model/decisions.ts';
import { ResolutionError } from '../model/failures.ts';
import { standing, stateOf } from '../model/fold.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';
import type { Resolution } from '../model/outcome.ts';
import { append, newEvent } from './new-event.ts';

/** A person's word on some requests. */
export interface PersonsWord {
  readonly scope: LedgerScope;
  readonly identities: readonly RequestIdentity[];
  readonly resolution: Resolution;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The requests, and who holds the task that is named. */
export function factsForResolution({ scope, identities, resolution }: PersonsWord): Wanted {
  const { provider } = scope;
  const requests = [
    { scope, keys: identities.map(({ key }) => key), fingerprints: [] },
    { provider, fingerprints: identities.map(({ fingerprint }) => fingerprint) },
  ];
  if (resolution.kind !== 'taskId') return { requests, lateAnswers: true };
  return { requests, lateAnswers: true, tasks: { provider, ids: [resolution.taskId] } };
}

/** The same where a decision for a task is replaced: somebody else may have named that task as well, and gets it then. */
export function factsForCorrection(word: PersonsWord): Wanted {
  return { ...factsForResolution(word), requests: [{ project: null }] };
}

/** True where a word would take a task from a request that a person found for it. */
export function takesTaskBack(facts: Facts, word: PersonsWord): boolean {
  return word.identities.some((identity) => {
    const request = wordedRequest(facts, word.scope, identity);
    return (
      request !== undefined && meant(request, word.resolution, facts)?.decision?.resolution.kind === 'taskId'
    );
  });
}

/**
 * Records what a person settled, or settles otherwise than before. Nothing is rewritten: a decision names those that it
 * takes the place of.
 *
 * @throws ResolutionError unless each request waits for just this decision, or has another one that nothing was sent on
 *   the strength of.
 */
export function resolve(facts: Facts, word: PersonsWord): Decision<void> {
  const changes = word.identities.flatMap((identity) => settled(facts, word, identity));
  return { changes, value: undefined };
}

function settled(facts: Facts, word: PersonsWord, identity: RequestIdentity): readonly Change[] {
  const { scope, resolution, by, nowMs } = word;
  const { key, fingerprint } = identity;
  const request = wordedRequest(facts, scope, identity);
  if (request === undefined) throw new ResolutionError(`the ledger holds no request ${key} like this one`);
  const attempts = foldAttempts(request.events);
  const attempt = meant(request, resolution, facts);
  if (attempt === undefined) throw nothingToSettle(key, attempts, facts);
  refuseUnfit(key, attempt, attempts, resolution, facts);
  refuseEarly(key, attempt, facts);
  const replaces = replacedBy(request, attempt);
  const event = newEvent({ ...scope, key, fingerprint }, nowMs, {
    ...{ type: 'resolved', run: attempt.runId, attempt: attempt.origin, resolution, by },
    ...(replaces.length === 0 ? {} : { replaces }),
  });
  return [
    append(request.id, event),
    ...freed(facts, scope, request, attempt),
    ...heldTask(facts, word, request),
  ];
}

function wordedRequest(
  { requests }: Facts,
  { provider, project }: LedgerScope,
  { key, fingerprint }: RequestIdentity,
): StoredRequest | undefined {
  return requests.find(
    (each) =>
      each.fingerprint === fingerprint &&
      each.key === key &&
      each.project === project &&
      each.provider === provider,
  );
}

/**
 * The attempt that a decision is about: one that is in doubt or being sent comes first, then the last that a person
 * decided. What was given up may stand behind one that got a task.
 */
function meant({ events }: StoredRequest, { kind }: Resolution, { isLive }: Facts): Attempt | undefined {
  const attempts = foldAttempts(events);
  const decided = attempts.findLast(({ decision }) => decision !== null);
  if (kind === 'reopened' && decided !== undefined) return decided;
  const { state, attempt } = standing(attempts, isLive);
  return state === 'inDoubt' || state === 'sending' ? attempt : decided;
}

function refuseUnfit(
  key: string,
  attempt: Attempt,
  attempts: readonly Attempt[],
  resolution: Resolution,
  { isLive }: Facts,
): void {
  const { decision } = attempt;
  if (stateOf(attempt, isLive) === 'sending') {
    throw new ResolutionError(`${key} is being sent by a live run (${attempt.runId}), which will settle it`, {
      help: 'Wait until that run is done, or stop it.',
    });
  }
  if (decision === null) {
    if (resolution.kind !== 'reopened') return;
    throw new ResolutionError(`${key} is in doubt: there is no decision to take back`);
  }
  if (isSame(decision.resolution, resolution)) {
    throw new ResolutionError(`${key} is settled like that already, by ${decision.by}`, {
      help: 'Nothing was changed.',
    });
  }
  refuseUsed(key, attempt, attempts, resolution, isLive);
}

/**
 * Refuses to change a decision on which something was sent: that cannot be unsent. That an attempt did have a task,
 * though, is true whatever came after it, and counts again.
 */
function refuseUsed(
  key: string,
  attempt: Attempt,
  attempts: readonly Attempt[],
  resolution: Resolution,
  isLive: Facts['isLive'],
): void {
  const later = attempts.filter(
    (other) => other.number > attempt.number && stateOf(other, isLive) !== 'pending',
  );
  const isFound = resolution.kind === 'taskId' && attempt.task === null;
  const isTakenUp = resolution.kind === 'reopened' && attempt.abandoned;
  const [next] = later;
  if (next === undefined || isFound || isTakenUp) return;
  throw new ResolutionError(
    `${key} was sent again on the strength of what ${attempt.decision?.by ?? 'a person'} decided about attempt ${attempt.number}: attempt ${next.number} is there`,
    {
      help:
        attempt.task === null
          ? 'That decision stays. Where the attempt turns out to have a task, say so with --task-id: it counts as paid then. Nothing was changed.'
          : 'That decision stays. Nothing was changed.',
    },
  );
}

/** A run that was cut off may still be at it: what a person says now, its answer could belie. */
function refuseEarly(key: string, { id, runId, outcome }: Attempt, { lateAnswers }: Facts): void {
  const waitMs = outcome === null ? lateAnswers?.get(id) : undefined;
  if (waitMs === undefined) return;
  throw new ResolutionError(
    `the run of ${key} (${runId}) lost its connection to the ledger, and may still get an answer`,
    { help: `Settle it in ${duration(waitMs)}, if it is in doubt then. Nothing was changed.` },
  );
}

function isSame(a: Resolution, b: Resolution): boolean {
  return a.kind === b.kind && (a.kind !== 'taskId' || b.kind !== 'taskId' || a.taskId === b.taskId);
}

function nothingToSettle(key: string, attempts: readonly Attempt[], { isLive }: Facts): ResolutionError {
  const { state, attempt } = standing(attempts, isLive);
  const help =
    attempt?.outcome?.kind === 'accepted'
      ? `The provider itself answered with task ${attempt.outcome.taskId}, which no decision changes.`
      : undefined;
  const after = attempts.length === 0 ? '' : `, after ${count(attempts.length, 'attempt')}`;
  return new ResolutionError(
    `${key} is ${state}${after}: there is no doubt to settle`,
    help === undefined ? {} : { help },
  );
}

/** The ids of what people have decided about an attempt, as far as it counts here or elsewhere. */
function replacedBy({ events }: StoredRequest, attempt: Attempt): readonly string[] {
  const all = decisionsAbout(events, { run: attempt.runId, attempt: attempt.origin });
  const heard = all.filter((decision) => !isHearsay(attempt, decision));
  const known = [...standingDecisions(all), ...standingDecisions(heard)];
  return [...new Set(known.flatMap(({ id }) => id ?? []))].sort();
}

/** Lets go of the task of a decision that is replaced. Whoever else named it holds it then. */
function freed(
  { requests }: Facts,
  { provider }: LedgerScope,
  { fingerprint }: StoredRequest,
  { decision }: Attempt,
): readonly Change[] {
  if (decision?.resolution.kind !== 'taskId') return [];
  const { taskId: id } = decision.resolution;
  const others = requests.filter((request) => request.provider === provider);
  const own = others.filter((request) => request.fingerprint === fingerprint);
  const next = others.find(
    (request) => request.fingerprint !== fingerprint && taskIdsIn(request.events).has(id),
  );
  return [
    ...own.flatMap(({ id: request }): readonly Change[] => [
      { type: 'freeTask', provider, id, request },
      { type: 'link', request, task: id, url: null },
      { type: 'download', request, task: id, download: null },
    ]),
    ...(next === undefined ? [] : [{ type: 'task', provider, id, request: next.id } as const]),
  ];
}

function heldTask(
  facts: Facts,
  { scope, resolution }: PersonsWord,
  request: StoredRequest,
): readonly Change[] {
  if (resolution.kind !== 'taskId') return [];
  const { key, fingerprint } = request;
  const { taskId } = resolution;
  if (taskId.trim() === '') throw new ResolutionError(`${key} needs the id of its task`);
  const [holder] = facts.tasks;
  if (holder !== undefined) {
    const isOwn = facts.requests.some(
      (each) => each.id === holder.request && each.fingerprint === fingerprint,
    );
    throw new ResolutionError(
      isOwn
        ? `task ${taskId} is that of an earlier attempt of ${key}`
        : `task ${taskId} belongs to ${holder.key}, so it cannot be that of ${key}`,
      { help: 'Look for the id of the attempt that is in doubt; nothing was changed.' },
    );
  }
  return [{ type: 'task', provider: scope.provider, id: taskId, request: request.id }];
}
