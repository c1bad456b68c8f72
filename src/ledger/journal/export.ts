import type { Facts, NewEvent, StoredRequest } from '../backend.ts';
import { type ClipDecision, plainDecision } from '../model/clip-decision.ts';
import type { StoredEvent } from '../model/event.ts';
import type { SentRequest } from '../model/identity.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import {
  byTime,
  type JournalEvent,
  type JournalFact,
  type JournalRequest,
  journalEvent,
  withHiddenUrls,
  withoutUrls,
} from './journal-event.ts';

/**
 * The events of what was loaded, as other ledgers take them in: those after position `since`, and all of what was filed
 * here by a rename after it. Bodies and runs have to be among the facts.
 */
export function exportHistory(facts: Facts, since = 0): readonly JournalEvent[] {
  return facts.requests
    .flatMap((request) => {
      const cameSince = request.events.some(({ type, seq }) => type === 'adopted' && seq > since);
      const told = request.events.filter(({ seq }) => cameSince || seq > since);
      return told.flatMap((event) => exported(event, request, facts));
    })
    .sort(byTime);
}

function exported(
  event: StoredEvent,
  request: StoredRequest,
  { bodies, origins, runs }: Facts,
): readonly JournalEvent[] {
  const body = bodies.get(origins.get(event.seq) ?? request.id);
  const run = event.type === 'claimed' ? runs.get(event.run) : undefined;
  const fact = journalFact(event, body, run);
  return fact === null ? [] : [journalEvent({ ...request, ...event.place, at: event.at }, fact)];
}

/** The facts that a claim takes from its run. */
interface Runner {
  readonly by: string;
  readonly plan: string | null;
}

/**
 * Gives the part of an event that leaves a ledger; null for one that means something in its own ledger only.
 *
 * @param request the request that a claim sent.
 * @param run the run that made a claim.
 */
export function journalFact(
  event: StoredEvent | NewEvent,
  request: SentRequest | undefined,
  run: Runner | undefined,
): JournalFact | null {
  switch (event.type) {
    case 'claimed': {
      const sent = event.sent ?? request;
      if (sent === undefined) return null;
      const { attempt, price, currency, causes } = event;
      return {
        ...{ type: 'claimed', attempt, run: event.run },
        ...{ by: run?.by ?? 'unknown', plan: run?.plan ?? null, price, currency },
        request: journalRequest(sent),
        ...(causes === null ? {} : { causes }),
      };
    }
    case 'settled': {
      const { attempt, run: name, outcome } = event;
      return { type: 'settled', attempt, run: name, outcome: plain(outcome) };
    }
    case 'resolved': {
      const { attempt, run: name, by, resolution, replaces } = event;
      const correction = replaces === undefined ? {} : { replaces };
      return { type: 'resolved', attempt, run: name, by, resolution, ...correction };
    }
    case 'task': {
      const { taskId, status, error, actualDuration, providerAmount } = event.update;
      return {
        type: 'task',
        taskId,
        status,
        error: error === null ? null : withoutUrls(error),
        actualDuration,
        ...(providerAmount === undefined ? {} : { providerAmount }),
      };
    }
    case 'clipGivenUp':
      return { type: 'clipGivenUp', taskId: event.taskId, by: event.by };
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared': {
      const { taskId, by, causes } = event;
      return { ...hidden(plainDecision(event)), taskId, by, ...(causes === null ? {} : { causes }) };
    }
    case 'adopted': {
      const { by, to, causes } = event;
      return { type: 'adopted', by, to, ...(causes === null ? {} : { causes }) };
    }
    case 'saved':
    case 'inspected':
      return null;
  }
}

/** Prepares a request for the journal: its URLs hidden. */
export function journalRequest({ take, model, mode, body }: SentRequest): JournalRequest {
  return { take, model, mode, body: withHiddenUrls(body) };
}

/** Hides links in a note: nobody should paste one; where somebody does, the journal does not hold it. */
function hidden(decision: ClipDecision): ClipDecision {
  return 'note' in decision && decision.note !== null
    ? { ...decision, note: withoutUrls(decision.note) }
    : decision;
}

function plain(outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind !== 'accepted') return { ...outcome, error: withoutUrls(outcome.error) };
  return { ...outcome, error: outcome.error === null ? null : withoutUrls(outcome.error) };
}
