import path from 'node:path';
import { UsageError } from '../core/errors.ts';
import { decoded } from '../core/read-file.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import { approve } from '../plan/approve.ts';
import type { Plan } from '../plan/model.ts';
import { type SavedPlan, savedPlanDigest } from '../plan/saved-plan.ts';
import type { ProjectContext } from './context.ts';
import type { ProjectFiles } from './files.ts';
import type { PlanSelection } from './planning.ts';

/** A saved plan that was opened in place of a manifest. */
export interface ApprovedPlan {
  /** As it was named. */
  readonly file: string;
  /** Its bytes, which a signature is about. */
  readonly bytes: Buffer;
  readonly saved: SavedPlan;
  readonly digest: string;
  /** Its manifest, named from the working directory. */
  readonly manifest: string;
}

/**
 * The saved plan that a file holds; null where it holds none, and so is a manifest.
 *
 * @throws UsageError for a plan that cannot be sent.
 */
export async function readApprovedPlan(
  file: string,
  { cwd, files }: { readonly cwd: string; readonly files: ProjectFiles },
): Promise<ApprovedPlan | null> {
  if (!isPlanName(file)) return null;
  const bytes = (await files.readFrom(path.resolve(cwd, file), 0).catch(() => null))?.bytes ?? null;
  if (bytes === null || bytes.length > longestPlan) return null;
  const { readSavedPlan } = await import('../plan/read-saved-plan.ts');
  const saved = readSavedPlan(decoded(bytes), file);
  if (saved === null) return null;
  const manifest = saved.manifest === '-' ? '-' : path.join(path.dirname(file), ...saved.manifest.split('/'));
  return { file, bytes, saved, digest: savedPlanDigest(saved), manifest };
}

/** True where a file may hold a plan, by its name. */
export function isPlanName(file: string): boolean {
  return /\.json$/i.test(file);
}

/** Bytes of the longest plan; none has as many, since no text can be much longer. */
const longestPlan = 512 * 1024 * 1024;

/** The selections that would make another plan of an approved one, with their flags. */
const selecting: Readonly<Record<keyof PlanSelection, string>> = {
  only: '--only',
  tags: '--tag',
  scenes: '--scene',
  limit: '--limit',
  retryFailed: '--retry-failed',
  resend: '--resend',
};

/** @throws UsageError for a selection: an approved plan is sent as it was approved. */
export function refuseSelection(selection: PlanSelection, file: string): void {
  for (const [name, flag] of Object.entries(selecting)) {
    if (selection[name as keyof PlanSelection] === undefined) continue;
    throw new UsageError(`${flag} would make another plan of ${file}, which is sent as it was approved`, {
      help: `leave ${flag} out, or make a new plan with it`,
    });
  }
}

/** Plans what is left to send of an approved plan; see `approve`. */
export async function planApproved(
  { ledger, linted, scope }: ProjectContext,
  { saved, digest, manifest }: ApprovedPlan,
  entries: readonly LedgerEntry[],
): Promise<Plan> {
  const attempts = await (await ledger.reader()).attemptsOfPlan(scope, digest);
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
