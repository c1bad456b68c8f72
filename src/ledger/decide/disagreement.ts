import { count } from '../../core/count.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import type { Violation } from '../model/moving.ts';

/**
 * Finds disagreements of two ledgers, or of a ledger and a journal: what each knows of a request that the other does
 * not. Pure; none where they hold the same events.
 *
 * @param name the other one, as people know it.
 */
export function disagreements(
  name: string,
  ours: readonly JournalEvent[],
  theirs: readonly JournalEvent[],
): readonly Violation[] {
  return [
    ...lacking(theirs, ours, (what) => `${name} knows ${what}, of which this ledger knows nothing`),
    ...lacking(ours, theirs, (what) => `this ledger knows ${what}, of which ${name} knows nothing`),
  ];
}

function lacking(
  known: readonly JournalEvent[],
  unknown: readonly JournalEvent[],
  say: (what: string) => string,
): readonly Violation[] {
  const ids = new Set(unknown.map(({ id }) => id));
  const byKey = new Map<string, JournalEvent[]>();
  for (const event of known) {
    if (ids.has(event.id)) continue;
    const events = byKey.get(event.key);
    if (events === undefined) byKey.set(event.key, [event]);
    else events.push(event);
  }
  return [...byKey].map(([subject, events]) => ({ subject, message: say(inWords(events)) }));
}

/** `2 events (claimed, settled: task video_1)` */
function inWords(events: readonly JournalEvent[]): string {
  const what = events.map((event) => {
    if (event.type === 'settled') {
      return event.outcome.kind === 'accepted'
        ? `settled: task ${event.outcome.taskId}`
        : `settled: ${event.outcome.kind}`;
    }
    return event.type === 'resolved' ? `resolved: ${event.resolution.kind}` : event.type;
  });
  return `${count(events.length, 'event')} (${what.join(', ')})`;
}
