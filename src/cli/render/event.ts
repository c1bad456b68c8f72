import type { RunEvent } from '../../run/events.ts';
import { localTime } from './text.ts';

/** The reader's clock, and whether he wants every event. */
export interface EventView {
  readonly verbose: boolean;
  readonly timeZone: string;
}

/** A run's event as a line for people; null for one that they need not see, unless they asked for everything. */
export function eventLine(event: RunEvent, { verbose, timeZone }: EventView): string | null {
  switch (event.type) {
    case 'unrecorded':
      return event.taskId === null
        ? `${event.key}: its answer could not be recorded`
        : `${event.key}: task ${event.taskId} could not be recorded; ${
            event.spoolFile === null
              ? 'keep this line'
              : `it is kept in ${event.spoolFile} and taken in at the next start`
          }`;
    case 'stopping':
      // Any other reason stands in the summary, with what to do.
      return event.reason === 'interrupted'
        ? 'Stopping: nothing more is sent, the answers under way are waited for. Ctrl-C again leaves at once.'
        : null;
    case 'paused':
      return `The provider asks to wait until ${localTime(event.until, timeZone)}.`;
    case 'sameTask':
      return event.other === event.key
        ? `${event.key}: got the task ${event.taskId}, which an earlier attempt of it got already: ask the provider whether it made one task or two`
        : `${event.key}: got the task ${event.taskId}, which is ${event.other}'s already: ask the provider whether it made one task of two requests; of one of them there may be no clip`;
    case 'lost':
      // The summary counts them; of runs that share a plan, each loses about half.
      return verbose ? `${event.key}: left to another run: ${event.message}` : null;
    case 'withheld':
      return `${event.key}: not sent: ${event.message}`;
    case 'settled':
      return settledLine(event, verbose);
    case 'sending':
      return verbose ? `${event.key}: sending, attempt ${event.attempt}` : null;
    case 'concurrency':
      return verbose ? `${event.limit} at a time from now on` : null;
    case 'started':
      return verbose ? `run ${event.runId} started` : null;
    case 'finished':
      return null;
  }
}

function settledLine(
  { key, outcome, again }: Extract<RunEvent, { type: 'settled' }>,
  verbose: boolean,
): string | null {
  switch (outcome.kind) {
    case 'accepted':
      return verbose ? `${key}: ${outcome.status}, task ${outcome.taskId}` : null;
    case 'refused':
      return `${key}: refused: ${outcome.error}`;
    case 'inDoubt':
      return `${key}: in doubt: ${outcome.error}`;
    case 'notSent':
    case 'throttled':
      return verbose ? `${key}: not sent${again ? ', to be tried again' : ''}: ${outcome.error}` : null;
  }
}
