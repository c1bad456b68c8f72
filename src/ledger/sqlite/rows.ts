import { plainDecision } from '../model/clip-decision.ts';
import type { StoredEvent, StoredFact } from '../model/event.ts';
import type { Row } from './statements.ts';

/** The columns of an event, in the order in which `toEvent` takes them. */
export const eventColumns =
  'events.seq, events.request, events.origin, events.at, events.type, events.id, events.here, events.project, events.key, events.run, events.attempt, events.fact';

/** An event from a row of `eventColumns`, and the requests that it is and was filed with. */
export function toEvent(row: Row): {
  readonly request: number;
  readonly origin: number;
  readonly event: StoredEvent;
} {
  const [seq, request, origin, at, type, id, here, project, key, run, attempt, fact] = row;
  const common = { seq, at, id, here: here === 1, place: { project, key }, type };
  const named = attempt === null ? {} : { run: run ?? '', attempt };
  const event = Object.assign(common, named, JSON.parse(fact as string)) as unknown as StoredEvent;
  return { request: request as number, origin: origin as number, event };
}

/** Writes the parts of a fact that have no column of their own. */
export function factText(fact: StoredFact): string {
  switch (fact.type) {
    case 'claimed': {
      const { price, currency, causes, sent } = fact;
      return JSON.stringify({ price, currency, causes, ...(sent === undefined ? {} : { sent }) });
    }
    case 'settled':
      return JSON.stringify({ outcome: fact.outcome });
    case 'resolved':
      return JSON.stringify({ resolution: fact.resolution, by: fact.by, replaces: fact.replaces });
    case 'task':
      return JSON.stringify({ update: fact.update });
    case 'saved':
      return JSON.stringify({ taskId: fact.taskId, file: fact.file });
    case 'inspected':
      return JSON.stringify({ taskId: fact.taskId, qc: fact.qc });
    case 'clipGivenUp':
      return JSON.stringify({ taskId: fact.taskId, by: fact.by });
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared': {
      const { type: _, ...said } = plainDecision(fact);
      return JSON.stringify({ ...said, taskId: fact.taskId, by: fact.by, causes: fact.causes });
    }
    case 'adopted':
      return JSON.stringify({ to: fact.to, by: fact.by, causes: fact.causes });
  }
}
