import path from 'node:path';
import type { PaidElsewhere } from '../ledger/model/moving.ts';
import { anyFingerprintOf } from '../manifest/filed.ts';
import type { ProjectContext } from './context.ts';
import { projectsIn } from './projects-in.ts';

/**
 * Finds requests paid in projects that are gone, where this manifest asks for the same. A project is gone when no
 * manifest in the same folder names it; what is not known to be there counts as gone, because asking costs less than
 * paying.
 */
export async function readPaidElsewhere(context: ProjectContext): Promise<readonly PaidElsewhere[]> {
  const { ledger, linted, scope, stem, files } = context;
  const asked = anyFingerprintOf(linted.requests);
  const paid = await (await ledger.reader()).paidElsewhere(scope, asked);
  if (paid.length === 0) return paid;
  const there = await projectsIn(path.dirname(stem), files);
  return paid.filter((each) => !there.has(each.project));
}
