import { randomUUID } from 'node:crypto';

/**
 * The server that tests may use, and make schemas and databases on; null where none is. `npm run test:servers` starts one
 * and names it here.
 */
export const serverUrl: string | null = process.env['SHOTLIST_TEST_POSTGRES'] ?? null;

/** A place for a ledger that nobody has used. */
export function freshLedger(url: string = serverUrl ?? ''): string {
  const place = new URL(url);
  place.searchParams.set('schema', `t_${randomUUID().replaceAll('-', '')}`);
  return String(place);
}
