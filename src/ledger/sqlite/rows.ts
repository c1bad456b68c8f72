import type { StoredEvent } from '../model/event.ts';
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
