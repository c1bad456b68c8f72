import path from 'node:path';
import { UsageError } from '../core/errors.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Plan } from '../plan/model.ts';
import type { ProjectContext } from './context.ts';
import { journalBeside } from './places.ts';

/** The text of a plan for approval, to be written to `file`: it names its manifest from there. */
export async function planText(
  { linted, scope, cwd, ledger, stem }: ProjectContext,
  plan: Plan,
  entries: readonly LedgerEntry[],
  file: string,
): Promise<string> {
  const { savedPlanText, savePlan } = await import('../plan/saved-plan.ts');
  const { manifest, catalog } = linted;
  const { absolutePath } = manifest.source;
  const from = path.dirname(path.resolve(cwd, file));
  const named =
    absolutePath === null ? plan.manifest : path.relative(from, absolutePath).split(path.sep).join('/');
  const ledgerPlace = ledgerPlaceOf({ ledger, stem });
  const world = { manifest, catalog, entries, provider: scope.provider, ledgerPlace };
  return savedPlanText(savePlan({ ...plan, manifest: named }, world));
}

/** The place of the ledger, in words that hold on another machine too, as far as that can be. */
export function ledgerPlaceOf({ ledger, stem }: Pick<ProjectContext, 'ledger' | 'stem'>): string {
  const seen = ledger.location.shownFrom(path.dirname(stem)).split(path.sep).join('/');
  return seen.startsWith('../') ? String(ledger.location) : seen;
}

/**
 * @param opened the saved plan that was opened in place of a manifest.
 * @throws UsageError where writing a file would replace what the project reads: a storyboard is not kept twice.
 */
export function refuseOverwriting(
  { linted, cwd, options, stem, ledger }: ProjectContext,
  opened: string | undefined,
  file: string,
): void {
  const target = path.resolve(cwd, file);
  const { manifest } = linted;
  const given = [opened, options.models, options.journal, journalBeside(stem)];
  const inputs = [
    ...manifest.sources.map(({ absolutePath }) => absolutePath),
    manifest.models?.absolutePath ?? null,
    path.join(cwd, '.env'),
    ...given.flatMap((word) => (typeof word === 'string' ? [path.resolve(cwd, word)] : [])),
  ];
  if (inputs.includes(target) || ledger.location.isPartOf(target))
    throw readsThat(path.relative(cwd, target));
}

/** @param file where work that reads it was asked to write, as people know it. */
export function readsThat(file: string): UsageError {
  return new UsageError(`${file} is what this command reads: it is not replaced`, {
    help: 'name another file to write; nothing was written',
  });
}
