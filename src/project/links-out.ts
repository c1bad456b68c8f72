import path from 'node:path';
import { SetupError } from '../core/errors.ts';
import { refuseLeadingOut, workTreeOf } from '../core/work-tree.ts';
import type { ProjectFiles } from './files.ts';

/** The places where a project may write: in the work trees of its manifest and of the working directory, or where a person says. */
export interface WritePlace {
  /** Absolute. */
  readonly cwd: string;
  /** Absolute folder and stem of the files beside the manifest. */
  readonly stem: string;
}

/** The same files, of which none is written through a link that leads out of the work tree. */
export function boundFiles(files: ProjectFiles, place: WritePlace): ProjectFiles {
  return {
    ...files,
    write: async (file, data) => {
      await refuseLinksOut(place, [file]);
      await files.write(file, data);
    },
    append: async (file, text) => {
      await refuseLinksOut(place, [file]);
      await files.append(file, text);
    },
  };
}

/**
 * @param files absolute: what is about to be written, or read on the word of what lies in a folder.
 * @throws SetupError where a link leads out of the work tree.
 */
export async function refuseLinksOut({ cwd, stem }: WritePlace, files: readonly string[]): Promise<void> {
  const trees = await Promise.all([cwd, path.dirname(stem)].map(workTreeOf));
  for (const file of files) for (const tree of trees) await refuseLeadingOut(tree, file);
}

/**
 * @param targets absolute: what is written although nobody named it.
 * @throws SetupError for a pipe, a socket or a device: to open it could be to wait for ever.
 */
export async function refusePipes(files: ProjectFiles, targets: readonly string[]): Promise<void> {
  for (const target of targets) {
    if ((await files.kindOf(target)) !== 'other') continue;
    throw new SetupError(
      `${target} is not written: it is no ordinary file, but a pipe, a socket or a device`,
      {
        help: 'remove it, or name another file with --report; nothing was sent',
      },
    );
  }
}
