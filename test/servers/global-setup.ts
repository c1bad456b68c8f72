import { programFolder, startServer } from './server.ts';

/** Starts the PostgreSQL that all tests of this suite share, and names it to them. */
export async function setup(): Promise<(() => Promise<void>) | undefined> {
  if (process.env['SHOTLIST_TEST_POSTGRES'] !== undefined) return undefined;
  if (programFolder() === null) {
    process.stdout.write(
      "Left out: what needs PostgreSQL, which is not installed (Debian's package postgresql)\n",
    );
    return undefined;
  }
  // Nobody loses anything with it, so no test waits for a disk.
  const server = await startServer(['fsync = off']);
  process.env['SHOTLIST_TEST_POSTGRES'] = server.url;
  return () => server.dispose();
}
