import path from 'node:path';
import type { PaidElsewhere } from '../ledger/model/moving.ts';
import { anyFingerprintOf } from '../manifest/filed.ts';
import type { ProjectContext } from './context.ts';
import type { ProjectFiles } from './files.ts';

/** How much of a manifest is looked at for its project, in bytes. */
const headBytes = 64 * 1024;

/**
 * What was paid in projects that are gone, as far as this manifest asks for the same. A project is gone when no manifest
 * in the same folder names it; what is not known to be there counts as gone, because asking costs less than paying.
 */
export async function readPaidElsewhere(context: ProjectContext): Promise<readonly PaidElsewhere[]> {
  const { ledger, linted, scope, stem, files } = context;
  const asked = anyFingerprintOf(linted.requests);
  const paid = await (await ledger.reader()).paidElsewhere(scope, asked);
  if (paid.length === 0) return paid;
  const there = await projectsIn(path.dirname(stem), files);
  return paid.filter((each) => !there.has(each.project));
}

/** The projects that the manifests of a folder name at the beginning of a line. */
export async function projectsIn(folder: string, files: ProjectFiles): Promise<ReadonlySet<string>> {
  const manifests = (await files.names(folder)).filter((name) => /\.(ya?ml|json)$/i.test(name));
  const heads = await Promise.all(
    manifests.map((name) => files.readHead(path.join(folder, name), headBytes)),
  );
  return new Set(heads.flatMap((head) => statedProject.exec(head)?.[1] ?? []));
}

const statedProject = /^\uFEFF?"?project"?:[ \t]*["']?([a-z0-9][a-z0-9_-]*)["']?[ \t]*(?:#.*)?\r?$/m;
