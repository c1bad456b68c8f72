import pLimit from 'p-limit';
import { systemCode } from '../core/errors.ts';
import { pathFrom } from '../manifest/local-file.ts';
import type { LocalFile, RequestFile } from '../manifest/model.ts';
import { objectName, type Store, sentUrl } from '../manifest/store-settings.ts';
import type { FileCache } from '../media/file-cache.ts';
import { type FileStamp, isSameStamp, stampOf } from '../media/file-stamp.ts';
import type { LocalMedium } from '../media/local-medium.ts';
import { contentTypeOf, extensionOf } from './formats.ts';
import { hashFile } from './hash-file.ts';
import type { ObjectSpec } from './service.ts';

/** A local file, its content, and the object that holds it in the store. */
export interface LocalFileSpec extends RequestFile {
  /** Absolute, links followed. */
  readonly realPath: string;
  readonly stamp: FileStamp;
  readonly object: ObjectSpec;
}

/** Files that are hashed at the same time: the disk is what they wait for. */
const hashesAtOnce = 4;

/**
 * What local files hold, by absolute path. A file that could not be looked at, or that changes while it is read, is left
 * out: the lint says so, or the next reading does.
 *
 * @param folder of the manifest: paths are shown from there.
 */
export async function hashLocalFiles(
  files: readonly LocalFile[],
  local: ReadonlyMap<string, LocalMedium>,
  { store, folder, cache }: { readonly store: Store; readonly folder: string; readonly cache: FileCache },
): Promise<ReadonlyMap<string, LocalFileSpec>> {
  const limit = pLimit(hashesAtOnce);
  const hashed = files.map((file) =>
    limit(async () => {
      const medium = local.get(file.absolutePath);
      if (medium?.kind !== 'file') return undefined;
      // Of a file that was looked at a moment ago, the cache knows everything without the disk.
      const known = cache.find(medium.realPath, medium.stamp)?.sha256 ?? null;
      const content =
        known === null ? await readContent(medium.realPath, cache) : { sha256: known, stamp: medium.stamp };
      if (content === null) return undefined;
      const { sha256, stamp } = content;
      const { absolutePath } = file;
      const { format } = medium.facts;
      const name = objectName(sha256, extensionOf(format));
      const { bytes } = stamp;
      const object = { name, sha256, bytes, contentType: contentTypeOf(format) };
      const path = pathFrom(folder, file);
      const url = sentUrl(store, name);
      return { path, sha256, bytes, url, absolutePath, realPath: medium.realPath, stamp, object };
    }),
  );
  const specs = (await Promise.all(hashed)).filter((spec) => spec !== undefined);
  return new Map(specs.map((spec) => [spec.absolutePath, spec]));
}

async function readContent(realPath: string, cache: FileCache) {
  try {
    return await hashFile(realPath, cache);
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return null;
  }
}

/** True where a file still holds what was planned: by its stamp, and where that has moved, by every byte. */
export async function isUnchanged(spec: LocalFileSpec, cache: FileCache): Promise<boolean> {
  const { stat } = await import('node:fs/promises');
  try {
    const stamp = stampOf(await stat(spec.realPath, { bigint: true }));
    if (isSameStamp(stamp, spec.stamp)) return true;
    return (await hashFile(spec.realPath, cache))?.sha256 === spec.sha256;
  } catch (error) {
    if (systemCode(error) === undefined) throw error;
    return false;
  }
}
