import { createHash } from 'node:crypto';
import { type LintedManifest, withContents } from '../lint/lint.ts';
import { diskReader, localFilesOf, readLocalMedia } from '../lint/local-files.ts';
import { pathFrom } from '../manifest/local-file.ts';
import type { LocalFile, RequestFile } from '../manifest/model.ts';
import { objectName, sentUrl, storeInForce } from '../manifest/store-settings.ts';
import { FileCache } from '../media/file-cache.ts';
import { formatOf, magicLength } from '../media/magic.ts';
import { extensionOf } from '../store/formats.ts';
import { hashLocalFiles } from '../store/local-contents.ts';
import type { ProjectContext } from './context.ts';
import type { GitTree } from './git/git.ts';
import { folderOf } from './local-files.ts';

/** In bytes. What is larger counts as it is on the disk. */
const largestBlob = 512 * 1024 * 1024;

/**
 * The requests of another revision, with the content of their local files: as git has it at that ref (a Git LFS pointer
 * names it, too), else as it is on the disk.
 *
 * @param tree null for a revision that is a file beside this one.
 */
export async function settleEarlierFiles(
  { cwd, settings, localFiles, clock }: ProjectContext,
  linted: LintedManifest,
  tree: Pick<GitTree, 'readFile'> | null,
): Promise<LintedManifest> {
  const { manifest } = linted;
  const files = localFilesOf(manifest);
  if (files.length === 0 || manifest.store == null) return linted;
  const store = storeInForce(manifest.store, settings.store);
  const folder = folderOf(manifest, cwd);
  const cache = localFiles.cache ?? (await FileCache.open(null, clock));
  const local = await readLocalMedia(
    manifest,
    cwd,
    diskReader(async () => cache),
  );
  const onDisk = await hashLocalFiles(files, local, { store, folder, cache });
  const sent = new Map<string, RequestFile>(onDisk);
  for (const file of tree === null ? [] : files) {
    const kept = await contentAt(file, tree);
    if (kept === null) continue;
    const { sha256, bytes, format } = kept;
    // The pointer does not say what kind of file it stands for, and a rename does not change that.
    const known = onDisk.get(file.absolutePath)?.object.name.split('.').pop();
    const extension = format === null ? (known ?? 'bin') : extensionOf(format);
    const url = sentUrl(store, objectName(sha256, extension));
    const { absolutePath } = file;
    sent.set(absolutePath, { path: pathFrom(folder, file), sha256, bytes, url, absolutePath });
  }
  return withContents(linted, (file) => sent.get(file.absolutePath));
}

interface Kept {
  readonly sha256: string;
  readonly bytes: number;
  readonly format: string | null;
}

async function contentAt(
  { absolutePath }: LocalFile,
  tree: Pick<GitTree, 'readFile'> | null,
): Promise<Kept | null> {
  const found = await tree?.readFile(absolutePath, largestBlob);
  if (found === undefined || !('bytes' in found)) return null;
  const { bytes } = found;
  const pointer = bytes.length > 1024 ? null : pointerIn(Buffer.from(bytes).toString('latin1'));
  if (pointer !== null) return pointer;
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { sha256, bytes: bytes.length, format: formatOf(bytes.subarray(0, magicLength))?.name ?? null };
}

/** Reads what a Git LFS pointer stands for; null for any other text. */
function pointerIn(text: string): Kept | null {
  if (!text.startsWith('version https://git-lfs.github.com/spec/v1\n')) return null;
  const sha256 = /^oid sha256:([0-9a-f]{64})$/m.exec(text)?.[1];
  const bytes = /^size (\d+)$/m.exec(text)?.[1];
  return sha256 === undefined || bytes === undefined ? null : { sha256, bytes: Number(bytes), format: null };
}
