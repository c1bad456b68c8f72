import type { Place } from '../model/identity.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import type { HistoryStore, Life, RunFacts } from '../sqlite/history-store.ts';
import {
  byTime,
  type JournalEvent,
  type JournalFact,
  journalEvent,
  withHiddenUrls,
  withoutUrls,
} from './journal-event.ts';

/** Every event of a project, or of the whole ledger, as other ledgers take it in; those after position `since`. */
export function exportHistory(
  store: HistoryStore,
  project: string | null,
  since = 0,
): readonly JournalEvent[] {
  const runs = store.runs();
  return store
    .lives(project, since)
    .flatMap((life) => eventsOf(life, runs))
    .filter(({ seq }) => seq > since)
    .map(({ event }) => event)
    .sort(byTime);
}

/** An event of a journal, and the number that its attempt has in this ledger; null where it is about no attempt. */
export interface LocalEvent {
  readonly event: JournalEvent;
  readonly attempt: number | null;
  /** Its position in this ledger. */
  readonly seq: number;
}

/** The events of one request, in the order in which its ledger got them. */
export function eventsOf(life: Life, runs: ReadonlyMap<string, RunFacts>): readonly LocalEvent[] {
  const { provider, request, events } = life;
  const { fingerprint } = request;
  const claims = new Map<number, { readonly attempt: number; readonly run: string }>();
  for (const event of events) {
    if (event.type !== 'claimed') continue;
    claims.set(event.attempt, { attempt: event.origin ?? event.attempt, run: event.runId });
  }
  let place = firstPlace(life);
  return events.flatMap((event) => {
    const claim = 'attempt' in event ? claims.get(event.attempt) : undefined;
    const fact = factOf(event, claim, life, runs);
    if (fact === null) return [];
    const subject = { at: event.at, provider, ...(event.place ?? place), fingerprint };
    if (event.type === 'adopted') place = event.to;
    return [
      {
        event: journalEvent(subject, fact),
        attempt: 'attempt' in event ? event.attempt : null,
        seq: event.seq,
      },
    ];
  });
}

/** Where a request was filed when it was first reserved. */
function firstPlace({ project, request, events }: Life): Place {
  for (const event of events) if (event.type === 'adopted') return event.from;
  return { project, key: request.key };
}

/** Under which name the next event of a request is exported, unless the event says otherwise. */
export function lastPlace(life: Life): Place {
  const last = life.events.findLast((event) => event.type === 'adopted');
  return last?.type === 'adopted' ? last.to : firstPlace(life);
}

/** Null for an event that means something in its own ledger only. */
function factOf(
  event: Life['events'][number],
  claim: { readonly attempt: number; readonly run: string } | undefined,
  { request }: Life,
  runs: ReadonlyMap<string, RunFacts>,
): JournalFact | null {
  switch (event.type) {
    case 'claimed': {
      if (claim === undefined) return null;
      const { take, model, mode, body } = request;
      const run = runs.get(claim.run);
      return {
        type: 'claimed',
        ...claim,
        by: run?.by ?? 'unknown',
        plan: run?.plan ?? null,
        price: event.price,
        currency: event.currency,
        request: { take, model, mode, body: withHiddenUrls(body) },
      };
    }
    case 'settled':
      return claim === undefined ? null : { type: 'settled', ...claim, outcome: plain(event.outcome) };
    case 'resolved': {
      const { by, resolution } = event;
      return claim === undefined ? null : { type: 'resolved', ...claim, by, resolution };
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
    case 'adopted':
      return { type: 'adopted', by: event.by, to: event.to };
    default:
      return null;
  }
}

function plain(outcome: AttemptOutcome): AttemptOutcome {
  if (outcome.kind !== 'accepted') return { ...outcome, error: withoutUrls(outcome.error) };
  return { ...outcome, error: outcome.error === null ? null : withoutUrls(outcome.error) };
}
