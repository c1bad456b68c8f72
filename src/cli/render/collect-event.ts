import type { CollectEvent } from '../../collect/events.ts';
import type { EventView } from './event.ts';
import { dataSize, localTime } from './text.ts';

/** A collect's event as a line for people; null for one that they need not see, unless they asked for everything. */
export function collectEventLine(event: CollectEvent, { verbose, timeZone }: EventView): string | null {
  switch (event.type) {
    case 'unknownStatus':
      return `${event.key}: the provider gives a status that no document names, '${event.status}'; ${
        event.meant === 'completed'
          ? 'there is the URL of a clip, so it counts as completed'
          : 'it counts as running'
      }`;
    case 'durationDiffers':
      return `warning ${event.key}: the clip plays for ${event.found} s, and the provider says ${event.stated} s`;
    case 'warning':
      return `warning ${event.key}: ${event.message}`;
    case 'inspected':
      if (event.findings.length > 0) return `warning ${event.key}: ${event.findings.join('; ')}`;
      return verbose ? `${event.key}: looked at, nothing found` : null;
    case 'qcUnavailable':
      return `warning ${event.message}`;
    case 'notYet':
      return `${event.key}: ${event.error}, as hosts do while a clip is on its way; it is asked again until ${localTime(event.until, timeZone)}`;
    case 'paused':
      return `The provider asks to wait until ${localTime(event.until, timeZone)}.`;
    case 'stopping':
      return event.stop.reason === 'interrupted'
        ? 'Stopping: the tasks go on at the provider, and the next collect goes on from here.'
        : null;
    case 'polled':
      return verbose ? `${event.task.key}: ${event.status}` : null;
    case 'pollFailed':
      return verbose ? `${event.key}: no answer: ${event.error}` : null;
    case 'downloading':
      return verbose
        ? `${event.key}: downloading${event.from > 0 ? `, from ${dataSize(event.from)} on` : ''}`
        : null;
    case 'downloadFailed':
      return verbose ? `${event.key}: download: ${event.error}` : null;
    case 'saved':
      return verbose ? `${event.task.key}: saved as ${event.file.path}, ${dataSize(event.file.bytes)}` : null;
    case 'concurrency':
      return verbose ? `${event.limit} questions at a time from now on` : null;
    default:
      // Problems stand in the summary, with what to do.
      return null;
  }
}
