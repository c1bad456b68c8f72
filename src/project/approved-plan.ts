import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { UsageError } from '../core/errors.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import { approve } from '../plan/approve.ts';
import type { Plan } from '../plan/model.ts';
import { type SavedPlan, savedPlanDigest } from '../plan/saved-plan.ts';
import type { Project } from './project.ts';

/** A saved plan that a call was given in place of a manifest. */
export interface ApprovedPlan {
  readonly saved: SavedPlan;
  readonly digest: string;
  /** Its manifest, named from the working directory. */
  readonly manifest: string;
}

/** Flags that would make another plan of it. */
const planning = ['only', 'tag', 'scene', 'limit', 'retryFailed', 'resend'] as const;

/**
 * The saved plan that a file holds; null where it holds none, and so is a manifest.
 *
 * @throws UsageError for a plan that cannot be sent, and for flags that would change it.
 */
export async function readApprovedPlan(call: CommandCall, file: string): Promise<ApprovedPlan | null> {
  if (!/\.json$/i.test(file)) return null;
  const text = await readFile(path.resolve(call.io.cwd, file), 'utf8').catch(() => null);
  const { readSavedPlan } = await import('../plan/read-saved-plan.ts');
  const saved = text === null ? null : readSavedPlan(text, file);
  if (saved === null) return null;
  const flag = planning.find((name) => call.options[name] !== undefined);
  if (flag !== undefined) {
    const written = flag.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    throw new UsageError(
      `--${written} would make another plan of ${file}, which is sent as it was approved`,
      {
        help: `leave --${written} out, or make a new plan with it`,
      },
    );
  }
  const manifest = saved.manifest === '-' ? '-' : path.join(path.dirname(file), ...saved.manifest.split('/'));
  return { saved, digest: savedPlanDigest(saved), manifest };
}

/** What is left to send of an approved plan; see `approve`. */
export async function makeApprovedPlan(
  call: CommandCall,
  project: Project,
  { saved, digest, manifest }: ApprovedPlan,
  entries: readonly LedgerEntry[],
): Promise<Plan> {
  const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: call.io.clock });
  const attempts = await ledger.attemptsOfPlan(project.scope, digest).finally(() => ledger.close());
  const { linted, scope } = project;
  const plan = approve({
    saved,
    provider: scope.provider,
    manifest: linted.manifest,
    catalog: linted.catalog,
    requests: linted.requests,
    entries,
    attempts,
  });
  return { ...plan, manifest };
}
