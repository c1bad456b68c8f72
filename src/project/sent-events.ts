import type { JournalEvent } from '../ledger/journal/journal-event.ts';

/** An attempt that reached the provider, or may have. */
export interface SentAttempt {
  readonly project: string;
  readonly key: string;
  readonly fingerprint: string;
  /** Null while nobody knows one. */
  readonly taskId: string | null;
}

/** The attempts among events that were sent, by what every ledger calls them. */
export function sentIn(
  events: readonly JournalEvent[],
  isMeant: (event: JournalEvent) => boolean,
): ReadonlyMap<string, SentAttempt> {
  const sent = new Map<string, SentAttempt>();
  const meant = events.filter(isMeant);
  for (const event of meant) {
    const { project, key, fingerprint } = event;
    if (event.type === 'claimed') sent.set(nameOf(event), { project, key, fingerprint, taskId: null });
  }
  for (const event of meant) {
    if (event.type !== 'settled') continue;
    const attempt = sent.get(nameOf(event));
    const { outcome } = event;
    if (outcome.kind === 'notSent' || outcome.kind === 'throttled') sent.delete(nameOf(event));
    else if (attempt !== undefined && outcome.kind === 'accepted') {
      sent.set(nameOf(event), { ...attempt, taskId: outcome.taskId });
    }
  }
  return sent;
}

function nameOf(event: Extract<JournalEvent, { readonly run: string }>): string {
  return `${event.run} ${event.attempt} ${event.fingerprint}`;
}
