import { systemCode } from '../core/errors.ts';
import type { FileVersion, MediaFacts } from '../media/facts.ts';
import type { Plan } from '../plan/model.ts';
import type { RunEvent } from '../run/events.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';
import { paidMediaOf } from './media.ts';

/** Notes what requests are paid with, as a run tells of it. */
export interface MediaNoter {
  follow(event: RunEvent): void;
  /** Resolves once everything is on the disk, or a warning was told of what is not. */
  written(): Promise<void>;
}

/**
 * Makes the noter of a run. A request that is paid for without a look at its media loses what was noted of an earlier
 * payment: it may have been paid with something else by now.
 *
 * @param media what was found behind the URLs of the plan; empty where nobody looked.
 */
export async function mediaNoter(
  context: ProjectContext,
  plan: Plan,
  media: ReadonlyMap<string, MediaFacts>,
): Promise<MediaNoter> {
  const notes = await paidMediaOf(context);
  const { project } = context.scope;
  const planned = new Map(plan.requests.map((request) => [request.key, request]));
  // A plan may call a request by the name under which an earlier release filed it.
  const today = new Map(context.linted.requests.map(({ key, fingerprint }) => [key, fingerprint]));
  let writing: Promise<void> = Promise.resolve();
  let isTold = false;
  return {
    follow(event) {
      if (event.type !== 'settled' || event.outcome.kind !== 'accepted') return;
      const request = planned.get(event.key);
      if (request === undefined) return;
      const fingerprint = today.get(event.key) ?? request.fingerprint;
      writing = notes
        .note({ project, fingerprint }, event.key, versionsIn(request.body, media))
        .catch((error: unknown) => {
          if (isTold) return;
          isTold = true;
          const why = systemCode(error) ?? 'unknown reason';
          warn(
            context.emit,
            'mediaNotNoted',
            `the media that shots were paid with cannot be noted (${why}), so nothing will tell when they change`,
            'what was paid is in the ledger all the same',
          );
        });
    },
    written: () => writing,
  };
}

/** Versions of the media that a body names, by URL. */
function versionsIn(body: object, media: ReadonlyMap<string, MediaFacts>): ReadonlyMap<string, FileVersion> {
  const versions = new Map<string, FileVersion>();
  for (const value of Object.values(body).flat()) {
    if (typeof value !== 'string') continue;
    const facts = media.get(value);
    if (facts?.outcome === 'reached' && facts.version !== undefined) versions.set(value, facts.version);
  }
  return versions;
}
