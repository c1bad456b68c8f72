import { InterruptedError } from '../core/errors.ts';
import type { MediaFacts } from '../media/facts.ts';
import type { ProbeMedia } from '../project/options.ts';
import type { ProjectCall } from './options.ts';
import { createStages } from './render/stages.ts';
import { count } from './render/text.ts';

/** Probes media, shown as a stage of a call. */
export function shownProbe(call: ProjectCall): ProbeMedia {
  return async (requests, options) => {
    const [{ probeMedia }, stages] = await Promise.all([import('../media/probe.ts'), createStages(call)]);
    const stop = new AbortController();
    const end = call.io.onInterrupt(() =>
      stop.abort(new InterruptedError('interrupted while media were probed: nothing was sent')),
    );
    const notes: string[] = [];
    try {
      return await stages.stage(
        `Media: ${count(requests.length, 'file')}`,
        (show) =>
          probeMedia(requests, {
            ...options,
            signal: stop.signal,
            onEvent: (event) => {
              if (event.type === 'probed') show(`${event.done} of ${event.total} probed`);
              if (event.type === 'cacheNotSaved') notes.push(event.error.message);
            },
          }),
        (facts) => `Media: ${outcome([...facts.values()])}`,
      );
    } finally {
      end();
      for (const note of notes) {
        call.io.stderr.write(`what was found out about media cannot be remembered: ${note}\n`);
      }
    }
  };
}

/** `12 files, 3 of them as known from before, 1 out of reach` */
function outcome(facts: readonly MediaFacts[]): string {
  const cached = facts.filter((each) => each.outcome === 'reached' && each.cached).length;
  const unreachable = facts.filter((each) => each.outcome === 'unreachable').length;
  return [
    count(facts.length, 'file'),
    cached > 0 ? `${cached} as known from before` : '',
    unreachable > 0 ? `${unreachable} out of reach` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}
