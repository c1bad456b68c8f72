import type { JsonObject } from '../../core/canonical-json.ts';
import type { Facts, StoredRequest, Wanted } from '../backend.ts';
import { exportHistory } from '../journal/export.ts';
import { hidesUrls } from '../journal/journal-event.ts';
import { foldAttempts } from '../model/attempts.ts';
import { taskIdsIn } from '../model/decisions.ts';
import type { EventOf, StoredEvent, StoredFact } from '../model/event.ts';
import { fileEvents, isSamePlace } from '../model/filing.ts';
import { stateOf } from '../model/fold.ts';
import type { LedgerRequest } from '../model/identity.ts';
import type { Violation } from '../model/moving.ts';
import { partsOf } from '../model/place.ts';
import { byFingerprint } from './refile.ts';

/** The fingerprints that a body and a take may be filed under. */
export type FingerprintOf = (body: JsonObject, take: number) => string | readonly string[];

type Report = (message: string) => void;

export const factsForVerifying: Wanted = {
  requests: [{ project: null }],
  bodies: true,
  runs: true,
  tasks: { provider: null },
};

/** Checks every invariant of the states. What is checked is what the rest of the ledger takes for granted. */
export function verify(facts: Facts, fingerprintOf: FingerprintOf): readonly Violation[] {
  const violations: Violation[] = [];
  for (const request of facts.requests) {
    const report: Report = (message) => violations.push({ subject: request.key, message });
    const sent = facts.bodies.get(request.id);
    if (sent !== undefined) checkRequest(sent, fingerprintOf, report);
    checkTimes(request, report);
    checkClaims(request, facts, report);
    checkAnswers(request, report);
    checkDecisions(request, report);
  }
  return [...violations, ...checkIds(facts, fingerprintOf), ...checkFiling(facts), ...checkHolders(facts)];
}

function checkRequest(request: LedgerRequest, fingerprintOf: FingerprintOf, report: Report): void {
  const { body, model, key, scene, shot, variant } = request;
  if (body['model'] !== model) report(`its body names the model ${String(body['model'])}, not ${model}`);
  if (!isFingerprintOf(request, fingerprintOf)) report('its body is not what its fingerprint was made of');
  const parts = partsOf(key);
  if (parts.scene !== scene || parts.shot !== shot || parts.variant !== variant) {
    report('its key is not made of its scene, shot and variant');
  }
}

function isFingerprintOf({ body, take, fingerprint }: LedgerRequest, fingerprintOf: FingerprintOf): boolean {
  return hidesUrls(body) || [fingerprintOf(body, take)].flat().includes(fingerprint);
}

function checkTimes({ events }: StoredRequest, report: Report): void {
  for (const { at, type } of events) {
    const time = Date.parse(at);
    if (Number.isNaN(time) || new Date(time).toISOString() !== at)
      report(`a ${type} event has no time: ${at}`);
  }
}

function checkClaims({ events }: StoredRequest, { runs }: Facts, report: Report): void {
  const claims = ofType(events, 'claimed');
  const names = new Set<string>();
  for (const { run, attempt, price } of claims) {
    const name = `attempt ${attempt} of run ${run}`;
    if (names.has(name)) report(`${name} was claimed twice`);
    names.add(name);
    if (!Number.isInteger(attempt) || attempt < 1) report(`an attempt has the number ${attempt}`);
    if (!runs.has(run)) report(`attempt ${attempt} was claimed by run ${run}, which was never registered`);
    if (price !== null && !(price >= 0)) report(`attempt ${attempt} has the price ${price}`);
  }
}

function checkAnswers({ events }: StoredRequest, report: Report): void {
  const answered = new Set<string>();
  for (const { run, attempt, outcome } of ofType(events, 'settled')) {
    const name = `${run} ${attempt}`;
    if (answered.has(name)) report(`attempt ${attempt} of run ${run} was answered twice`);
    answered.add(name);
    if (outcome.kind === 'accepted' && outcome.taskId === '')
      report(`attempt ${attempt} has a task without an id`);
  }
}

/** Checks that people settled only what was in doubt; an answer may still come after that. */
function checkDecisions({ events }: StoredRequest, report: Report): void {
  for (const [index, event] of events.entries()) {
    if (event.type !== 'resolved' || !event.here) continue;
    if (event.by === '') report(`nobody is named who settled attempt ${event.attempt}`);
    const attempt = foldAttempts(events.slice(0, index)).find(
      ({ runId, origin }) => runId === event.run && origin === event.attempt,
    );
    if (attempt === undefined) continue;
    const state = stateOf(attempt, () => false);
    const wanted = event.resolution.kind === 'reopened' ? 'abandoned' : 'inDoubt';
    // Two people who did not know of each other may both have settled it.
    const alreadySettled = events
      .slice(0, index)
      .some(
        (other) => other.type === 'resolved' && other.run === event.run && other.attempt === event.attempt,
      );
    const answered = attempt.outcome !== null && attempt.outcome.kind !== 'inDoubt';
    if (state !== wanted && !alreadySettled && !answered) {
      report(`attempt ${event.attempt} was settled while it was ${state}`);
    }
  }
}

/** The id of an event follows from what it says, the request that its claim sent included. */
function checkIds(facts: Facts, fingerprintOf: FingerprintOf): readonly Violation[] {
  const isForged = (sent: LedgerRequest | undefined): boolean =>
    sent !== undefined && !isFingerprintOf(sent, fingerprintOf);
  const told = new Set(exportHistory(facts).map(({ id }) => id));
  return facts.requests.flatMap(({ id: request, key, events }) =>
    events.flatMap(({ id, type, at }) =>
      // A request whose body was changed is told of already.
      id === null || told.has(id) || (type === 'claimed' && isForged(facts.bodies.get(request)))
        ? []
        : [{ subject: key, message: `a ${type} event (${at}) is not what its id says that it was` }],
    ),
  );
}

/** Every event is filed where the renames lead, beside the claim that it is about. */
function checkFiling(facts: Facts): readonly Violation[] {
  const violations: Violation[] = [];
  for (const provider of new Set(facts.requests.map((request) => request.provider))) {
    for (const requests of byFingerprint(facts, provider).values()) {
      const { places, holes } = fileEvents(requests.flatMap(({ events }) => events));
      const lacking = new Set(holes);
      for (const request of requests) {
        for (const event of request.events) {
          const place = places.get(event);
          if (lacking.has(event)) violations.push({ subject: request.key, message: lackOf(event) });
          else if (place !== undefined && !isSamePlace(place, request)) {
            violations.push({
              subject: request.key,
              message: `a ${event.type} event (${event.at}) is filed here, and belongs to ${place.key} in ${place.project}`,
            });
          }
        }
      }
    }
  }
  return violations;
}

function lackOf(event: StoredEvent): string {
  switch (event.type) {
    case 'settled':
      return `attempt ${event.attempt} of run ${event.run} was answered and never claimed`;
    case 'resolved':
      return `a person settled attempt ${event.attempt} of run ${event.run}, which had not been claimed`;
    case 'task':
      return `something was learnt of task ${event.update.taskId}, which is not its own`;
    case 'saved':
    case 'inspected':
    case 'clipGivenUp':
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared':
      return `a clip of task ${event.taskId} is spoken of, which is not its own`;
    default:
      return `it was renamed to ${event.type === 'adopted' ? event.to.key : 'something'}, and nothing was ever sent under its old name`;
  }
}

/** Each task id that came back is held, and by a request that it came back for. */
function checkHolders({ requests, tasks }: Facts): readonly Violation[] {
  const held = new Map(tasks.map((task) => [`${task.provider} ${task.id}`, task]));
  const fingerprints = new Map(requests.map(({ id, fingerprint }) => [id, fingerprint]));
  const violations: Violation[] = [];
  const named = new Map<string, Set<string>>();
  for (const { provider, key, fingerprint, events } of requests) {
    for (const taskId of taskIdsIn(events)) {
      const name = `${provider} ${taskId}`;
      named.set(name, (named.get(name) ?? new Set()).add(fingerprint));
      if (held.has(name)) continue;
      violations.push({ subject: key, message: `its task ${taskId} is held by no request` });
    }
  }
  for (const [name, { id, key, request }] of held) {
    const owners = named.get(name);
    if (owners === undefined) {
      violations.push({ subject: key, message: `task ${id} is held, and no event names it` });
    } else if (!owners.has(fingerprints.get(request) ?? '')) {
      violations.push({
        subject: key,
        message: `task ${id} is held here, and came back for another request`,
      });
    } else if (owners.size > 1) {
      violations.push({
        subject: key,
        message: `task ${id} came back for ${owners.size} requests: one of them has no task of its own`,
      });
    }
  }
  return violations;
}

function ofType<T extends StoredFact['type']>(
  events: readonly StoredEvent[],
  type: T,
): readonly EventOf<T>[] {
  return events.filter((event): event is EventOf<T> => event.type === type);
}
