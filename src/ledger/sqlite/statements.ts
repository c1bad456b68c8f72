import type { DatabaseSyncInstance, StatementSyncInstance } from '@photostructure/sqlite';
import type { JsonObject } from '../../core/canonical-json.ts';
import type { LedgerRequest } from '../model/identity.ts';

export type Value = string | number | null;
export type Row = readonly Value[];

/** The statements of a database, each prepared once. */
export class Statements {
  readonly #db: DatabaseSyncInstance;
  readonly #prepared = new Map<string, StatementSyncInstance>();

  constructor(db: DatabaseSyncInstance) {
    this.#db = db;
  }

  all(sql: string, ...values: readonly Value[]): readonly Readonly<Record<string, unknown>>[] {
    return this.#statement(sql).all(...values);
  }

  one(sql: string, ...values: readonly Value[]): Readonly<Record<string, unknown>> | undefined {
    return this.#statement(sql).get(...values);
  }

  /** Rows as lists: several times as fast as objects, where there are thousands. A statement is read in one way only. */
  rows(sql: string, ...values: readonly Value[]): readonly Row[] {
    const statement = this.#statement(sql);
    statement.setReturnArrays(true);
    return statement.all(...values) as unknown as readonly Row[];
  }

  run(
    sql: string,
    ...values: readonly Value[]
  ): { readonly changes: number | bigint; readonly lastInsertRowid: number | bigint } {
    return this.#statement(sql).run(...values);
  }

  #statement(sql: string): StatementSyncInstance {
    const known = this.#prepared.get(sql);
    if (known !== undefined) return known;
    const prepared = this.#db.prepare(sql);
    this.#prepared.set(sql, prepared);
    return prepared;
  }
}

/** The columns of a request, in the order in which `toRequest` takes them. */
export const requestColumns = 'key, fingerprint, scene, shot, variant, take, model, mode, body';

/** A request from a row that begins with `requestColumns`. */
export function toRequest(row: Row): LedgerRequest {
  const [key, fingerprint, scene, shot, variant, take, model, mode, body] = row;
  const parsed = JSON.parse(body as string) as JsonObject;
  return { key, fingerprint, scene, shot, variant, take, model, mode, body: parsed } as LedgerRequest;
}
