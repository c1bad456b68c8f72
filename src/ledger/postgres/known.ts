import {
  type Change,
  type Facts,
  identityKey,
  type RequestRef,
  type StoredRequest,
  type Wanted,
} from '../backend.ts';
import type { RequestIdentity } from '../model/identity.ts';

/** A request of which everything is known, as of a version. */
export interface KnownRequest {
  readonly request: StoredRequest;
  readonly version: number;
}

/**
 * Requests that this process has just made, so that a claim and its answer need not be read again: they
 * are the only version of their key and the only one of their fingerprint, so nothing else bears on their claims. The
 * database holds the version against its own, so knowledge that is too old appends nothing.
 */
export class KnownRequests {
  readonly #byIdentity = new Map<string, KnownRequest>();
  readonly #byFingerprint = new Map<string, KnownRequest>();
  readonly #byId = new Map<number, KnownRequest>();

  /** The request that is wanted, where that is all that is wanted and it is known. */
  find({ requests, bodies: _, ...rest }: Wanted): KnownRequest | undefined {
    const [wanted] = requests ?? [];
    if (wanted === undefined || requests?.length !== 1 || Object.keys(rest).length > 0) return undefined;
    if (!('fingerprints' in wanted) || wanted.fingerprints.length !== 1) return undefined;
    const [fingerprint = ''] = wanted.fingerprints;
    if ('keys' in wanted) {
      const [key = ''] = wanted.keys;
      return wanted.keys.length === 1
        ? this.#byIdentity.get(identityKey({ ...wanted.scope, key, fingerprint }))
        : undefined;
    }
    return this.#byFingerprint.get(`${wanted.provider} ${fingerprint}`);
  }

  /** A run was registered: those of the requests made for it that stand alone. */
  learn(facts: Facts, changes: readonly Change[], made: ReadonlyMap<string, number>): void {
    const fresh = changes.flatMap((change) =>
      change.type === 'request' ? [{ ...change.scope, ...change.request }] : [],
    );
    const all = [...facts.requests, ...fresh];
    const keys = counts(all.map(({ provider, project, key }) => `${provider} ${project} ${key}`));
    const fingerprints = counts(all.map(({ provider, fingerprint }) => `${provider} ${fingerprint}`));
    for (const { provider, project, key, fingerprint, model } of fresh) {
      const id = made.get(identityKey({ provider, project, key, fingerprint }));
      const isAlone =
        keys.get(`${provider} ${project} ${key}`) === 1 &&
        fingerprints.get(`${provider} ${fingerprint}`) === 1;
      if (id === undefined || !isAlone) continue;
      this.#set({ version: 0, request: { id, provider, project, key, fingerprint, model, events: [] } });
    }
  }

  /** Follows what a decision on a known request has appended. */
  follow(known: KnownRequest, changes: readonly Change[]): void {
    const events = changes.flatMap((change) => (change.type === 'event' ? [change.event] : []));
    const isOver = events.some(
      (event) =>
        event.type === 'settled' && event.outcome.kind !== 'notSent' && event.outcome.kind !== 'throttled',
    );
    if (isOver) {
      this.forget(known.request.id);
      return;
    }
    const seq = Number.MAX_SAFE_INTEGER;
    const added = events.map((event) => ({ ...event, seq }));
    this.#set({ ...known, request: { ...known.request, events: [...known.request.events, ...added] } });
  }

  forget(ref: RequestRef): void {
    const known = typeof ref === 'number' ? this.#byId.get(ref) : this.#byIdentity.get(identityKey(ref));
    if (known === undefined) return;
    const { request } = known;
    this.#byId.delete(request.id);
    this.#byIdentity.delete(identityKey(request));
    this.#byFingerprint.delete(`${request.provider} ${(request as RequestIdentity).fingerprint}`);
  }

  clear(): void {
    this.#byId.clear();
    this.#byIdentity.clear();
    this.#byFingerprint.clear();
  }

  #set(known: KnownRequest): void {
    const { request } = known;
    this.#byId.set(request.id, known);
    this.#byIdentity.set(identityKey(request), known);
    this.#byFingerprint.set(`${request.provider} ${request.fingerprint}`, known);
  }
}

function counts(values: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}
