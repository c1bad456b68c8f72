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

/** Runs statements as the owner of the server does, beside any ledger. Rows are objects. */
export async function onServer<T>(
  text: string,
  values: readonly unknown[] = [],
  url: string = serverUrl ?? '',
): Promise<readonly T[]> {
  const { default: pg } = await import('pg');
  const place = new URL(url);
  place.search = '';
  const client = new pg.Client({ connectionString: String(place) });
  await client.connect();
  try {
    return (await client.query(text, [...values])).rows as T[];
  } finally {
    await client.end();
  }
}

export async function dropLedger(url: string): Promise<void> {
  await onServer(`DROP SCHEMA IF EXISTS ${new URL(url).searchParams.get('schema')} CASCADE`);
}
