import type { RequestRef, RequestsWanted } from '../backend.ts';
import type { LedgerRequest, LedgerScope, RequestIdentity } from '../model/identity.ts';
import { Index } from './index-of.ts';

/** Takes back what an append did. */
export type Undo = () => void;

export interface RequestRow extends LedgerScope, RequestIdentity {
  readonly id: number;
  readonly sent: LedgerRequest;
}

/** The requests of a ledger in memory, each under one name for ever. */
export class RequestTable {
  readonly #rows: RequestRow[] = [];
  readonly #byIdentity = new Map<string, number>();
  readonly #byScope = new Index();
  readonly #byKey = new Index();
  readonly #byFingerprint = new Index();

  get all(): readonly RequestRow[] {
    return this.#rows;
  }

  add(scope: LedgerScope, sent: LedgerRequest): Undo {
    const { provider, project } = scope;
    const { key, fingerprint } = sent;
    const name = identity({ provider, project, key, fingerprint });
    if (this.#byIdentity.has(name)) return () => {};
    const id = this.#rows.length + 1;
    this.#rows.push({ id, provider, project, key, fingerprint, sent });
    this.#byIdentity.set(name, id);
    const undos = [
      this.#byScope.add(`${provider} ${project}`, id),
      this.#byKey.add(`${provider} ${project} ${key}`, id),
      this.#byFingerprint.add(`${provider} ${fingerprint}`, id),
    ];
    return () => {
      for (const undo of undos) undo();
      this.#byIdentity.delete(name);
      this.#rows.pop();
    };
  }

  /** @param isYounger whether a request has events after a position. */
  wanted(wanted: RequestsWanted, isYounger: (id: number, since: number) => boolean): readonly number[] {
    if ('project' in wanted) {
      const { project, since = 0 } = wanted;
      return this.#rows.flatMap((row) => {
        const isWanted =
          (project === null || row.project === project) && (since === 0 || isYounger(row.id, since));
        return isWanted ? [row.id] : [];
      });
    }
    if ('provider' in wanted) return this.#byFingerprint.all(wanted.provider, wanted.fingerprints);
    const { provider, project } = wanted.scope;
    if ('keys' in wanted) {
      return [
        ...new Set([
          ...this.#byKey.all(`${provider} ${project}`, wanted.keys),
          ...this.#byFingerprint.all(provider, wanted.fingerprints),
        ]),
      ].sort((a, b) => a - b);
    }
    const { after, limit, since } = wanted;
    const from =
      after === undefined ? 0 : (this.#byIdentity.get(identity({ ...wanted.scope, ...after })) ?? 0);
    const found = this.#byScope
      .of(`${provider} ${project}`)
      .filter((id) => id > from && (since === undefined || isYounger(id, since)));
    return limit === undefined ? found : found.slice(0, limit);
  }

  row(id: number): RequestRow {
    const row = this.#rows[id - 1];
    if (row === undefined) throw new Error(`there is no request ${id}`);
    return row;
  }

  numberOf(ref: RequestRef): number {
    const id = typeof ref === 'number' ? ref : this.#byIdentity.get(identity(ref));
    if (id !== undefined) return id;
    throw new Error(`the ledger holds no such request: ${JSON.stringify(ref)}`);
  }
}

function identity({ provider, project, key, fingerprint }: LedgerScope & RequestIdentity): string {
  return `${provider} ${project} ${key} ${fingerprint}`;
}
