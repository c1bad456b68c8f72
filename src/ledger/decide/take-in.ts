import { LedgerError } from '../../core/errors.ts';
import type { Change, Decision, Facts, NewEvent, StoredRequest, Wanted } from '../backend.ts';
import { journalRequest } from '../journal/export.ts';
import { byTime, type JournalEvent, type JournalRequest } from '../journal/journal-event.ts';
import { foldAttempts } from '../model/attempts.ts';
import type { EventOf, StoredEvent } from '../model/event.ts';
import { isSamePlace } from '../model/filing.ts';
import { countsAsBilled } from '../model/fold.ts';
import type { Place } from '../model/identity.ts';
import type { Conflict, TakenIn } from '../model/moving.ts';
import { Causality } from '../model/order.ts';
import { differentPicks, versionsPicked } from './different-picks.ts';
import { heldTasks, namedTask } from './held-tasks.ts';
import { byFingerprint, type Refiled, refile } from './refile.ts';
import { storedForm } from './stored-form.ts';

/**
 * Asks for everything with the fingerprints of these events, under any name, for the holders of their tasks, and for
 * every take of what was picked.
 */
export function factsForTakeIn(events: readonly JournalEvent[]): Wanted {
  const fingerprints = new Map<string, Set<string>>();
  for (const { provider, fingerprint } of events) {
    const known = fingerprints.get(provider);
    if (known === undefined) fingerprints.set(provider, new Set([fingerprint]));
    else known.add(fingerprint);
  }
  const wanted = { known: events, bodies: true, runs: true };
  // A task that is taken back may be anybody's.
  if (events.some((event) => event.type === 'resolved' && event.replaces !== undefined)) {
    return { ...wanted, requests: [{ project: null }], tasks: { provider: null } };
  }
  return {
    ...wanted,
    requests: [
      ...[...fingerprints].map(([provider, all]) => ({ provider, fingerprints: [...all] })),
      ...versionsPicked(events),
    ],
    tasks: { provider: null, ids: events.flatMap((event) => namedTask(event) ?? []) },
  };
}

/**
 * Takes in events of other ledgers: all or none. Where an event is filed follows from all that is known of its
 * fingerprint, so what comes out does not depend on what came first.
 *
 * @throws LedgerError when an event belongs to a claim that is neither in the ledger nor among the events.
 */
export function takeIn(facts: Facts, events: readonly JournalEvent[]): Decision<TakenIn> {
  const fresh = [...new Map(events.map((event) => [event.id, event])).values()]
    .filter(({ id }) => !facts.known.has(id))
    .sort(byTime);
  const runs = newRuns(facts, fresh);
  const filed: Change[] = [];
  const conflicts: Conflict[] = [];
  const filedAt = new Map<string, Place>();
  const merged = new Map<string, readonly StoredEvent[]>();
  for (const [provider, ofProvider] of grouped(fresh, ({ provider: name }) => name)) {
    const groups = byFingerprint(facts, provider);
    for (const [fingerprint, told] of grouped(ofProvider, (event) => event.fingerprint)) {
      const requests = groups.get(fingerprint) ?? [];
      const added = told.map((event) => storedForm(event));
      const sentAs = (place: Place) => sentUnder(place, told, requests, facts);
      const refiled = refile({ provider, fingerprint, requests, added, sentAs });
      const [lacking] = refiled.holes;
      if (lacking !== undefined) throw hole(lacking);
      filed.push(...withOwnBodies(refiled.changes, told, requests, facts));
      conflicts.push(...contradictions(refiled, requests));
      for (const [id, place] of refiled.filedAt) filedAt.set(id, place);
      merged.set(`${provider} ${fingerprint}`, refiled.events);
    }
  }
  conflicts.push(...differentPicks(facts, fresh, filedAt));
  const tasks = heldTasks(facts, fresh, filedAt, merged);
  return {
    changes: [...runs, ...filed, ...tasks.changes],
    value: {
      added: fresh.length,
      known: events.length - fresh.length,
      conflicts: [...conflicts, ...tasks.conflicts],
    },
  };
}

/** Notes runs of other ledgers, over before this one heard of them. */
function newRuns(facts: Facts, events: readonly JournalEvent[]): readonly Change[] {
  const changes = new Map<string, Change>();
  for (const event of events) {
    if (event.type !== 'claimed' || facts.runs.has(event.run) || changes.has(event.run)) continue;
    const { provider, project, by, plan, at } = event;
    const run = { id: event.run, scope: { provider, project }, by, plan };
    changes.set(event.run, {
      ...{ type: 'run', at, run: { ...run, currency: null, intervalMs: null, ended: true } },
    });
  }
  return [...changes.values()];
}

/** Finds the body that was sent under a name: as its own claim says, or else as any claim of the same fingerprint does. */
function sentUnder(
  place: Place,
  events: readonly JournalEvent[],
  requests: readonly StoredRequest[],
  { bodies }: Facts,
): JournalRequest {
  const claims = events.flatMap((event) => (event.type === 'claimed' ? [event] : []));
  const own = claims.find((claim) => isSamePlace(claim, place));
  const [known] = requests.flatMap(({ id }) => bodies.get(id) ?? []);
  const sent = own?.request ?? known ?? claims[0]?.request;
  if (sent === undefined) throw new Error(`nothing is known of what was sent as ${place.key}`);
  const { take, model, mode, body } = sent;
  return { take, model, mode, body };
}

/**
 * A claim whose body differs from that of the request under the same name, in the signature of a URL for example, keeps
 * its own, so that it leaves this ledger as it came.
 */
function withOwnBodies(
  changes: readonly Change[],
  events: readonly JournalEvent[],
  requests: readonly StoredRequest[],
  { bodies }: Facts,
): readonly Change[] {
  const made = new Map<string, JournalRequest>();
  for (const change of changes) {
    if (change.type !== 'request') continue;
    const { key } = change.request;
    made.set(`${change.scope.project} ${key}`, change.request);
  }
  const claims = new Map(
    events.flatMap((event) => (event.type === 'claimed' ? [[event.id, event] as const] : [])),
  );
  return changes.map((change) => {
    const claim = change.type === 'event' ? claims.get(change.event.id ?? '') : undefined;
    if (change.type !== 'event' || change.event.type !== 'claimed' || claim === undefined) return change;
    const there = requests.find((request) => isSamePlace(request, claim));
    const body = (there && bodies.get(there.id)) ?? made.get(`${claim.project} ${claim.key}`);
    if (body !== undefined && isSameRequest(body, claim.request)) return change;
    return { ...change, event: { ...change.event, sent: claim.request } };
  });
}

/** Compares requests to the byte: the id of a claim depends on the order of the members, too. */
function isSameRequest(a: JournalRequest, b: JournalRequest): boolean {
  return JSON.stringify(journalRequest(a)) === JSON.stringify(b);
}

/** Finds facts that cannot both be true, or should not have happened, as far as the new events tell. */
function contradictions({ events, places }: Refiled, before: readonly StoredRequest[]): readonly Conflict[] {
  const old = new Set<StoredEvent>(before.flatMap((request) => request.events));
  const conflicts: Conflict[] = [];
  for (const [, filed] of grouped(events, (event) => keyOf(places.get(event)))) {
    const fresh = filed.filter((event) => !old.has(event));
    const [first] = fresh;
    const place = first && places.get(first);
    if (place === undefined) continue;
    const tell = (message: string): void => void conflicts.push({ key: place.key, message });
    for (const event of fresh) {
      if (event.type === 'claimed') tellOfOtherClaims(event, filed, tell);
      if (event.type === 'settled') tellOfOtherAnswers(event, filed, tell);
    }
    tellOfHearsay(fresh, filed, tell);
    tellOfDoublePayments(fresh, filed, tell);
  }
  return conflicts;
}

type Tell = (message: string) => void;

function tellOfOtherClaims(claim: EventOf<'claimed'>, filed: readonly StoredEvent[], tell: Tell): void {
  const other = filed.some(
    (event) =>
      event !== claim &&
      event.type === 'claimed' &&
      event.run === claim.run &&
      event.attempt === claim.attempt,
  );
  if (other) tell(`run ${claim.run} claimed it otherwise than this ledger knows`);
}

function tellOfOtherAnswers(answer: EventOf<'settled'>, filed: readonly StoredEvent[], tell: Tell): void {
  const { run, attempt } = answer;
  const other = filed.some(
    (event) => event !== answer && event.type === 'settled' && event.run === run && event.attempt === attempt,
  );
  if (other) tell(`there are two different answers to attempt ${attempt} of run ${run}`);
}

/** Tells of foreign decisions that would free a doubt of this ledger, had a person made them here. */
function tellOfHearsay(fresh: readonly StoredEvent[], filed: readonly StoredEvent[], tell: Tell): void {
  for (const { hearsay, runId, origin, task } of foldAttempts(filed)) {
    const isNew = fresh.some(
      (event) =>
        (event.type === 'settled' || event.type === 'resolved') &&
        event.run === runId &&
        event.attempt === origin,
    );
    if (hearsay === null || !isNew) continue;
    const stays = task === null ? 'in doubt' : `task ${task.id}`;
    tell(`${hearsay}; it was sent from here, so it stays ${stays} until somebody settles it here`);
  }
}

/** Attempts that did not know of each other. */
function tellOfDoublePayments(
  fresh: readonly StoredEvent[],
  filed: readonly StoredEvent[],
  tell: Tell,
): void {
  if (!fresh.some(({ type }) => type === 'claimed' || type === 'adopted')) return;
  const attempts = foldAttempts(filed).filter(countsAsBilled);
  if (attempts.length < 2) return;
  const causal = filed.filter(
    (event): event is EventOf<'claimed'> | EventOf<'adopted'> =>
      event.type === 'claimed' || event.type === 'adopted',
  );
  const causality = new Causality(causal);
  const claimOf = new Map(
    causal.flatMap((event) => (event.type === 'claimed' ? [[event.id, event] as const] : [])),
  );
  const twice = attempts.some((one, index) =>
    attempts.slice(0, index).some((other) => {
      const [a, b] = [claimOf.get(one.id), claimOf.get(other.id)];
      if (a === undefined || b === undefined) return false;
      if (a.causes === null && b.causes === null) return a.attempt === b.attempt;
      return !causality.knows(a, b) && !causality.knows(b, a);
    }),
  );
  if (!twice) return;
  const ids = attempts.map(({ task }) => task?.id ?? 'an unknown task').join(', ');
  tell(`it was sent from two ledgers that did not know of each other, so it was paid twice: ${ids}`);
}

function keyOf(place: Place | undefined): string {
  return place === undefined ? '' : `${place.project} ${place.key}`;
}

function grouped<T>(list: readonly T[], nameOf: (each: T) => string): ReadonlyMap<string, readonly T[]> {
  const groups = new Map<string, T[]>();
  for (const each of list) {
    const name = nameOf(each);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [each]);
    else group.push(each);
  }
  return groups;
}

function hole({ place: { key }, type, at }: NewEvent): LedgerError {
  const lacks = type === 'task' ? 'the answer that named its task' : 'the claim that it belongs to';
  return new LedgerError(`the history has a hole: ${key} has an event (${type}, ${at}) without ${lacks}`, {
    help: 'Lines were lost, perhaps in a merge. Get the whole file back from git, and keep the lines of both sides. Nothing was taken in, and nothing was sent.',
  });
}
