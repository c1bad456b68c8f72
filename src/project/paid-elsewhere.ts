import { open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import type { PaidElsewhere } from '../ledger/model/moving.ts';
import type { Project } from './project.ts';

/** How much of a manifest is looked at for its project, in bytes. */
const headBytes = 64 * 1024;

/**
 * What was paid in projects that are gone, as far as this manifest asks for the same. A project is gone when no manifest
 * in the same folder names it; what is not known to be there counts as gone, because asking costs less than paying.
 */
export async function readElsewhere(call: CommandCall, project: Project): Promise<readonly PaidElsewhere[]> {
  const { openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: call.io.clock });
  const fingerprints = new Set(project.linted.requests.map(({ fingerprint }) => fingerprint));
  const paid = await ledger.paidElsewhere(project.scope, fingerprints).finally(() => ledger.close());
  if (paid.length === 0) return paid;
  const there = await projectsIn(path.dirname(project.stem));
  return paid.filter((each) => !there.has(each.project));
}

async function projectsIn(folder: string): Promise<ReadonlySet<string>> {
  const names = await readdir(folder).catch(() => []);
  const manifests = names.filter((name) => /\.(ya?ml|json)$/i.test(name));
  const projects = await Promise.all(manifests.map((name) => projectOf(path.join(folder, name))));
  return new Set(projects.filter((project) => project !== undefined));
}

/** The project that a manifest names at the beginning of a line; a file that is none has none. */
async function projectOf(file: string): Promise<string | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (handle === undefined) return undefined;
  try {
    const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(headBytes) });
    const head = buffer.toString('utf8', 0, bytesRead);
    return /^\uFEFF?"?project"?:[ \t]*["']?([a-z0-9][a-z0-9_-]*)["']?[ \t]*(?:#.*)?\r?$/m.exec(head)?.[1];
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}
