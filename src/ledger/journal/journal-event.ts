import { hash } from 'node:crypto';
import { canonicalJson, type Json, type JsonObject } from '../../core/canonical-json.ts';
import type { TaskStatus } from '../../core/task-status.ts';
import type { ClipDecision } from '../model/clip-decision.ts';
import type { Place, SentRequest } from '../model/identity.ts';
import type { AttemptOutcome, Resolution } from '../model/outcome.ts';

/** A request in a journal, once for each claim of it. Scene, shot and variant are in the key. */
export type JournalRequest = SentRequest;

/**
 * An event as it leaves a ledger for another one. It is filed under the place that its request had at that time, so
 * that it never changes. `attempt` is the number in the ledger that made it, and means something together with `run`.
 */
export type JournalEvent = Place & {
  /** Follows from everything else in the event: the same event has the same id in every ledger. */
  readonly id: string;
  /** ISO 8601. */
  readonly at: string;
  readonly provider: string;
  readonly fingerprint: string;
} & JournalFact;

export type JournalFact =
  | {
      readonly type: 'claimed';
      readonly attempt: number;
      readonly run: string;
      readonly by: string;
      /** The approved plan that the run sent, by its digest. */
      readonly plan: string | null;
      readonly price: number | null;
      readonly currency: string | null;
      readonly request: JournalRequest;
      /** The ids of the latest events that its ledger knew of the request: left out where it knew none, and by the first release. */
      readonly causes?: readonly string[];
    }
  | {
      readonly type: 'settled';
      readonly attempt: number;
      readonly run: string;
      readonly outcome: AttemptOutcome;
    }
  | {
      readonly type: 'resolved';
      readonly attempt: number;
      readonly run: string;
      readonly by: string;
      readonly resolution: Resolution;
      /** The ids of the decisions that it takes the place of; left out where there were none. */
      readonly replaces?: readonly string[];
    }
  | {
      readonly type: 'task';
      readonly taskId: string;
      readonly status: TaskStatus;
      readonly error: string | null;
      readonly actualDuration: number | null;
      /** Left out where the provider says nothing, so that events of earlier releases keep their ids. */
      readonly providerAmount?: number | string;
    }
  | { readonly type: 'clipGivenUp'; readonly taskId: string; readonly by: string }
  | (ClipDecision & {
      readonly taskId: string;
      readonly by: string;
      /** As for a claim, of the decisions on its version. */
      readonly causes?: readonly string[];
    })
  | {
      readonly type: 'adopted';
      readonly by: string;
      readonly to: Place;
      /** As for a claim: what the rename takes along, and what it knew besides. */
      readonly causes?: readonly string[];
    };

/** An event with its id, its members in the order in which they are written. */
export function journalEvent(
  subject: Place & { readonly at: string; readonly provider: string; readonly fingerprint: string },
  fact: JournalFact,
): JournalEvent {
  const { at, provider, project, key, fingerprint } = subject;
  const content = { at, provider, project, key, fingerprint, ...fact };
  return { id: eventId(content), ...content };
}

/** Depends on the order of the members: they are always written, read and hashed in the same one. */
export function eventId(content: object): string {
  return hash('sha256', JSON.stringify(content), 'hex').slice(0, 32);
}

/** Claims first where two events have one time: an answer needs its claim. */
const ranks: Readonly<Record<JournalFact['type'], number>> = {
  claimed: 0,
  settled: 1,
  resolved: 2,
  task: 3,
  adopted: 4,
  clipGivenUp: 5,
  picked: 6,
  rejected: 6,
  noted: 6,
  cleared: 6,
};

/** The order of a journal: that of time, and the same for the same events wherever they are put in order. */
export function byTime(a: JournalEvent, b: JournalEvent): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  if (a.key !== b.key) return a.key < b.key ? -1 : 1;
  if (a.type !== b.type) return ranks[a.type] - ranks[b.type];
  return a.id < b.id ? -1 : 1;
}

const url = /[a-z][a-z0-9+.-]*:\/\/[^\s"'<>)\]}]*/gi;

/** A text without the URLs in it, which can carry signatures and key ids. */
export function withoutUrls(text: string): string {
  return text.includes('://') ? text.replace(url, '[URL]') : text;
}

/** A body in which every parameter that holds a URL is replaced by the hash of its value; the rest stays as it was. */
export function withHiddenUrls(body: JsonObject): JsonObject {
  if (!JSON.stringify(body).includes('://')) return body;
  return Object.fromEntries(
    Object.entries(body).map(([name, value]) => [
      name,
      JSON.stringify(value).includes('://') ? hidden(value) : value,
    ]),
  );
}

/** True where a body's parameter, which a journal may have hidden, is this value. */
export function isSameValue(kept: Json | undefined, value: Json | undefined): boolean {
  if (kept === undefined || value === undefined) return kept === value;
  const text = canonicalJson(kept);
  return text === canonicalJson(value) || text === canonicalJson(hidden(value));
}

/** True where a journal has hidden a parameter of this body, so that it is not the body that was sent. */
export function hidesUrls(body: JsonObject): boolean {
  return Object.values(body).some(
    (value) =>
      typeof value === 'object' &&
      value !== null &&
      typeof (value as JsonObject)['sha256'] === 'string' &&
      Object.keys(value).length === 1,
  );
}

function hidden(value: Json): JsonObject {
  return { sha256: hash('sha256', canonicalJson(value), 'hex') };
}
