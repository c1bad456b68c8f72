import { LedgerError } from '../../core/errors.ts';
import { stateOfError } from './errors.ts';
import { migrations } from './schema.ts';
import type { Session } from './session.ts';
import { type PostgresTarget, shownTarget } from './target.ts';

/** The content of a place: nothing, a ledger that an older release made, one that this release knows. */
export type Found = 'missing' | 'older' | 'current';

/**
 * Tells what there is.
 *
 * @throws LedgerError for a schema of another program, and for a ledger that a newer release has migrated.
 */
export async function refuseOtherVersion(session: Session, target: PostgresTarget): Promise<Found> {
  const version = await versionOf(session, target);
  if (version === null) return 'missing';
  if (version > migrations.length) {
    throw new LedgerError(
      `the ledger ${shownTarget(target)} was migrated by a newer release (schema ${version}, this one knows ${migrations.length})`,
      { help: 'Install the release that the others use. Nothing was changed and nothing was sent.' },
    );
  }
  return version < migrations.length ? 'older' : 'current';
}

/** The version of a ledger's schema; null where there is no ledger. */
export async function versionOf(session: Session, target: PostgresTarget): Promise<number | null> {
  const [row] = await session.rows(
    `SELECT to_regclass($1) IS NOT NULL, (SELECT count(*) FROM pg_class WHERE relnamespace = to_regnamespace($2))`,
    [`${target.schema}.ledger`, target.schema],
  );
  const [isLedger, relations] = row ?? [];
  if (isLedger !== true) {
    if (Number(relations) === 0) return null;
    throw foreign(target);
  }
  try {
    const [found] = await session.rows('SELECT version FROM ledger WHERE one');
    return Number(found?.[0]);
  } catch (error) {
    if (stateOfError(error) === '42703') throw foreign(target);
    throw error;
  }
}

/**
 * Brings a ledger forward, or makes it: all steps in one transaction, by one process at a time.
 *
 * @returns the version that it had; null where there was none.
 */
export async function migrate(session: Session, target: PostgresTarget): Promise<number | null> {
  await session.rows('BEGIN');
  try {
    await session.rows("SELECT pg_advisory_xact_lock(hashtextextended('shotlist ' || $1::text, 0))", [
      target.schema,
    ]);
    const found = await refuseOtherVersion(session, target);
    const version = await versionOf(session, target);
    if (found !== 'current') {
      if (found === 'missing') await session.rows(`CREATE SCHEMA IF NOT EXISTS ${target.schema}`);
      for (const step of migrations.slice(version ?? 0)) await session.rows(step);
      await session.rows(
        version === null ? 'INSERT INTO ledger (version) VALUES ($1)' : 'UPDATE ledger SET version = $1',
        [migrations.length],
      );
    }
    await session.rows('COMMIT');
    return version;
  } catch (error) {
    if (!session.isLost) await session.rows('ROLLBACK');
    throw error;
  }
}

function foreign(target: PostgresTarget): LedgerError {
  return new LedgerError(
    `the schema ${target.schema} at ${shownTarget(target)} holds something that is no ledger`,
    {
      help: 'Name another schema, as in ?schema=neon_alley. Nothing was changed.',
    },
  );
}
