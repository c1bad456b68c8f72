import type { Session } from './session.ts';

/** The runs and collectors whose life locks are held. */
export async function liveRuns(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.rows(
    `SELECT lives.id FROM pg_locks JOIN lives ON lives.no = pg_locks.objid::bigint
     WHERE pg_locks.locktype = 'advisory' AND pg_locks.granted AND pg_locks.objsubid = 2
       AND pg_locks.classid = current_schema()::regnamespace::oid
       AND pg_locks.database = (SELECT oid FROM pg_database WHERE datname = current_database())`,
  );
  return new Set(rows.map(([id]) => id as string));
}

/** Runs that may come back although their lock is free: the server, or their way to it, was gone a moment ago. */
export async function returningRuns(session: Session): Promise<ReadonlySet<string>> {
  const rows = await session.rows(
    `SELECT lives.id FROM lives JOIN runs ON runs.id = lives.id
     WHERE runs.ended_at IS NULL AND (lives.seen_at > clock_timestamp() - interval '60 seconds'
       OR pg_postmaster_start_time() > clock_timestamp() - interval '60 seconds')`,
  );
  return new Set(rows.map(([id]) => id as string));
}
