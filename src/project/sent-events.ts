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

/** Those of them that one person sent, as the claims say. */
export function sentBy(person: string, events: readonly JournalEvent[]): readonly SentAttempt[] {
  const own = new Set(
    events.flatMap((event) => (event.type === 'claimed' && event.by === person ? [nameOf(event)] : [])),
  );
  return [...sentIn(events, () => true)].flatMap(([name, attempt]) => (own.has(name) ? [attempt] : []));
}

/** A few of them by key and task, and how many more there are. */
export function namesOf(rows: readonly Pick<SentAttempt, 'key' | 'taskId'>[]): string {
  const names = rows.slice(0, named).map(({ key, taskId }) => `${key} (${taskId ?? 'in doubt'})`);
  return `${names.join(', ')}${rows.length > named ? ` and ${rows.length - named} more` : ''}`;
}

/** Requests that a message names before the rest is only counted. */
const named = 5;

function nameOf(event: Extract<JournalEvent, { readonly run: string }>): string {
  return `${event.run} ${event.attempt} ${event.fingerprint}`;
}
