import { type Change, type Facts, identityKey, type StoredRequest, type Wanted } from '../backend.ts';
import type { LedgerScope, RequestIdentity } from '../model/identity.ts';

/** A request of which everything is known. */
interface Known {
  readonly scope: LedgerScope;
  readonly request: StoredRequest;
}

/**
 * What this process knows of requests that it has just reserved, so that a claim and its answer need not be read again.
 * Kept are only requests that are the only version of their key and the only one of their fingerprint: nothing else
 * bears on their claims. Whatever is written that is not such a claim or its answer, by this process or another one,
 * ends that knowledge.
 */
export class Untouched {
  readonly #byIdentity = new Map<string, Known>();
  readonly #byFingerprint = new Map<string, Known>();
  readonly #byKey = new Map<string, Known>();
  readonly #byId = new Map<number, Known>();

  clear(): void {
    this.#byIdentity.clear();
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
      const known = this.#byIdentity.get(identity(wanted.scope, { key, fingerprint }));
      return known === undefined ? undefined : [known.request];
    }
    if (!('fingerprints' in wanted) || wanted.fingerprints.length !== 1) return undefined;
    const known = this.#byFingerprint.get(`${wanted.provider} ${wanted.fingerprints[0] ?? ''}`);
    return known === undefined ? undefined : [known.request];
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
      else if (change.type === 'request') this.#forget(change.scope, change.request);
    }
    const run = changes.find((change) => change.type === 'run');
    if (run !== undefined && !run.run.ended) this.#learn(facts, changes, run.run.scope, made);
  }

  #followEvent(change: Change & { readonly type: 'event' }): void {
    const known =
      typeof change.request === 'number'
        ? this.#byId.get(change.request)
        : this.#byIdentity.get(identity(change.request, change.request));
    const { event } = change;
    const { type } = event;
    // What is known shares neither key nor fingerprint with what is not.
    if (known === undefined) return;
    if (type === 'claimed') {
      const seq = Number.MAX_SAFE_INTEGER;
      this.#set({
        ...known,
        request: { ...known.request, events: [...known.request.events, { ...event, seq }] },
      });
    } else this.#forget(known.scope, known.request);
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
      if (id !== undefined) this.#set({ scope, request: { ...name, id, model, events: [] } });
    }
  }

  #set(known: Known): void {
    const { scope, request } = known;
    this.#byIdentity.set(identity(scope, request), known);
    this.#byFingerprint.set(`${scope.provider} ${request.fingerprint}`, known);
    this.#byKey.set(keyOf(scope, request), known);
    this.#byId.set(request.id, known);
  }

  /** Another request of its key or fingerprint, or one whose answer is there: nothing of it is known any more. */
  #forget(scope: LedgerScope, { key, fingerprint }: RequestIdentity): void {
    const known = this.#byFingerprint.get(`${scope.provider} ${fingerprint}`);
    for (const each of [known, this.#byKey.get(keyOf(scope, { key }))]) {
      if (each === undefined) continue;
      this.#byIdentity.delete(identity(each.scope, each.request));
      this.#byFingerprint.delete(`${each.scope.provider} ${each.request.fingerprint}`);
      this.#byKey.delete(keyOf(each.scope, each.request));
      this.#byId.delete(each.request.id);
    }
  }
}

function identity({ provider, project }: LedgerScope, { key, fingerprint }: RequestIdentity): string {
  return identityKey({ provider, project, key, fingerprint });
}

function keyOf({ provider, project }: LedgerScope, { key }: { readonly key: string }): string {
  return `${provider} ${project} ${key}`;
}

function counts(values: readonly string[]): ReadonlyMap<string, number> {
  const found = new Map<string, number>();
  for (const value of values) found.set(value, (found.get(value) ?? 0) + 1);
  return found;
}
