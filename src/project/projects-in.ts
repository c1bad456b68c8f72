import path from 'node:path';
import type { ProjectFiles } from './files.ts';

/** Bytes of a manifest that are searched for its project. */
const headBytes = 64 * 1024;

/** The projects that the manifests of a folder name at the beginning of a line. */
export async function projectsIn(folder: string, files: ProjectFiles): Promise<ReadonlySet<string>> {
  const manifests = (await files.names(folder)).filter((name) => /\.(ya?ml|json)$/i.test(name));
  const heads = await Promise.all(
    manifests.map((name) => files.readHead(path.join(folder, name), headBytes)),
  );
  return new Set(heads.flatMap((head) => statedProject.exec(head)?.[1] ?? []));
}

const statedProject = /^\uFEFF?"?project"?:[ \t]*["']?([a-z0-9][a-z0-9_-]*)["']?[ \t]*(?:#.*)?\r?$/m;
