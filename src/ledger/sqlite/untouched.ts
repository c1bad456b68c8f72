import { type Change, type Facts, identityKey, type StoredRequest, type Wanted } from '../backend.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';

/** A request of which everything is known. */
interface Known {
  readonly scope: LedgerScope;
  readonly request: StoredRequest;
}

/**
 * Requests that this process has just reserved, so that a claim and its answer need not be read again.
 * Kept are only requests that are the only version of their key and the only one of their fingerprint: nothing else
 * bears on their claims. Whatever is written that is not such a claim or its answer, by this process or another one,
 * ends that knowledge.
 */
export class Untouched {
  /** By fingerprint and by key alone, of whatever scope: what has one of them in another scope is just not kept. */
  readonly #byFingerprint = new Map<string, Known>();
  readonly #byKey = new Map<string, Known>();
  readonly #byId = new Map<number, Known>();

  clear(): void {
    this.#byFingerprint.clear();
    this.#byKey.clear();
    this.#byId.clear();
  }

  /** The requests that are wanted, where all of them are known; undefined where somebody has to look. */
  requests({ requests, ...rest }: Wanted): readonly StoredRequest[] | undefined {
    const [wanted] = requests ?? [];
    if (wanted === undefined || requests?.length !== 1 || Object.keys(rest).length > 0) return undefined;
    if ('keys' in wanted) {
      const [[key], [fingerprint]] = [wanted.keys, wanted.fingerprints];
      if (wanted.keys.length !== 1 || wanted.fingerprints.length !== 1) return undefined;
      if (key === undefined || fingerprint === undefined) return undefined;
      const known = this.#find({ ...wanted.scope, key, fingerprint });
      return known === undefined ? undefined : [known.request];
    }
    if (!('fingerprints' in wanted) || wanted.fingerprints.length !== 1) return undefined;
    const known = this.#byFingerprint.get(wanted.fingerprints[0] ?? '');
    return known?.scope.provider === wanted.provider ? [known.request] : undefined;
  }

  /**
   * Follows what a decision has written.
   *
   * @param facts what it was decided on.
   * @param made the numbers of the requests that it made, by `identityKey`.
   */
  follow(facts: Facts, changes: readonly Change[], made: ReadonlyMap<string, number>): void {
    for (const change of changes) {
      if (change.type === 'event') this.#followEvent(change);
      else if (change.type === 'file') this.clear();
      else if (change.type === 'request') this.#forget(change.request);
    }
    const run = changes.find((change) => change.type === 'run');
    if (run !== undefined && !run.run.ended) this.#learn(facts, changes, run.run.scope, made);
  }

  #followEvent(change: Change & { readonly type: 'event' }): void {
    const known =
      typeof change.request === 'number' ? this.#byId.get(change.request) : this.#find(change.request);
    const { event } = change;
    const { type } = event;
    // The requests known here share neither key nor fingerprint with others.
    if (known === undefined) return;
    if (type === 'claimed') {
      const seq = Number.MAX_SAFE_INTEGER;
      this.#set({
        ...known,
        request: { ...known.request, events: [...known.request.events, { ...event, seq }] },
      });
    } else this.#forget(known.request);
  }

  /** A run has reserved requests: those of them that stand alone, and were never claimed. */
  #learn(
    { requests }: Facts,
    changes: readonly Change[],
    scope: LedgerScope,
    numbers: ReadonlyMap<string, number>,
  ): void {
    const made = changes.flatMap((change) => (change.type === 'request' ? [change.request] : []));
    const own = requests.filter((request) => request.provider === scope.provider);
    const keys = counts([
      ...own.flatMap(({ project, key }) => (project === scope.project ? [key] : [])),
      ...made.map(({ key }) => key),
    ]);
    const fingerprints = counts([...own, ...made].map(({ fingerprint }) => fingerprint));
    for (const { key, fingerprint, model } of made) {
      if (keys.get(key) !== 1 || fingerprints.get(fingerprint) !== 1) continue;
      const name = { ...scope, key, fingerprint };
      const id = numbers.get(identityKey(name));
      const isOther = this.#byKey.has(key) || this.#byFingerprint.has(fingerprint);
      if (id !== undefined && !isOther) this.#set({ scope, request: { ...name, id, model, events: [] } });
    }
  }

  #find({ provider, project, key, fingerprint }: LedgerScope & RequestIdentity): Known | undefined {
    const known = this.#byFingerprint.get(fingerprint);
    if (known === undefined || known.request.key !== key) return undefined;
    return known.scope.provider === provider && known.scope.project === project ? known : undefined;
  }

  #set(known: Known): void {
    const { request } = known;
    this.#byFingerprint.set(request.fingerprint, known);
    this.#byKey.set(request.key, known);
    this.#byId.set(request.id, known);
  }

  /** Another request of its key or fingerprint, or one whose answer is there: nothing of it is known any more. */
  #forget({ key, fingerprint }: RequestIdentity): void {
    for (const known of [this.#byFingerprint.get(fingerprint), this.#byKey.get(key)]) {
      if (known === undefined) continue;
      this.#byFingerprint.delete(known.request.fingerprint);
      this.#byKey.delete(known.request.key);
      this.#byId.delete(known.request.id);
    }
  }
}

function counts(values: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}
