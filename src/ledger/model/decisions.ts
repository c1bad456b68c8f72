import type { AttemptName, EventOf, StoredEvent } from './event.ts';
import type { Resolution } from './outcome.ts';

/** A person's decision that counts: nobody replaced it, or took it back. */
export interface StandingDecision {
  readonly resolution: Exclude<Resolution, { readonly kind: 'reopened' }>;
  readonly by: string;
  /** ISO 8601. */
  readonly at: string;
}

/**
 * The decisions about one attempt that count: those that no later one names. Of what people decided without knowing of
 * each other, all count.
 */
export function standingDecisions(decisions: readonly EventOf<'resolved'>[]): readonly EventOf<'resolved'>[] {
  const replaced = new Set(decisions.flatMap(({ replaces = [] }) => replaces));
  return replaced.size === 0 ? decisions : decisions.filter(({ id }) => id === null || !replaced.has(id));
}

/**
 * True for a word from elsewhere that would free what this ledger sent: anybody who can write to a journal could say
 * it. It is kept, and counts once a person has said it here.
 */
export function isHearsay(
  claim: { readonly here: boolean },
  said: EventOf<'settled'> | EventOf<'resolved'>,
): boolean {
  if (!claim.here || said.here) return false;
  if (said.type === 'settled') return said.outcome.kind !== 'accepted' && said.outcome.kind !== 'inDoubt';
  return said.resolution.kind === 'notSubmitted' || said.resolution.kind === 'abandoned';
}

/** The decisions about one attempt, whether or not they count. */
export function decisionsAbout(
  events: readonly StoredEvent[],
  { run, attempt }: AttemptName,
): readonly EventOf<'resolved'>[] {
  return events.filter(
    (event): event is EventOf<'resolved'> =>
      event.type === 'resolved' && event.run === run && event.attempt === attempt,
  );
}

/** The ids of the tasks that these events give to a request: by the provider's answers, and by decisions that count. */
export function taskIdsIn(events: readonly StoredEvent[]): ReadonlySet<string> {
  const ids = new Set<string>();
  const decided = new Map<string, AttemptName>();
  for (const event of events) {
    if (event.type === 'settled' && event.outcome.kind === 'accepted') ids.add(event.outcome.taskId);
    if (event.type === 'resolved') decided.set(`${event.run} ${event.attempt}`, event);
  }
  for (const name of decided.values()) {
    const claim = events.find(
      (event): event is EventOf<'claimed'> =>
        event.type === 'claimed' && event.run === name.run && event.attempt === name.attempt,
    );
    const heard = decisionsAbout(events, name).filter(
      (said) => claim === undefined || !isHearsay(claim, said),
    );
    for (const { resolution } of standingDecisions(heard)) {
      if (resolution.kind === 'taskId') ids.add(resolution.taskId);
    }
  }
  return ids;
}
