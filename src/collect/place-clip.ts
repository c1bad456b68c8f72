import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, realpath, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import { giveName, onDisk, removeIfAny, sha256Of, statIfAny } from './disk.ts';

/** What became of a clip that was to be in a folder under another name, too. */
export type Placed =
  | 'linked'
  /** On another disk, or on one without hard links. */
  | 'copied'
  /** It is there already. */
  | 'present'
  /** Another file has the name, and stays. */
  | 'inTheWay';

/**
 * Puts a clip under another name as well: as a hard link, which takes no space, or else as a copy that has its name only
 * when it is whole. What has that name is replaced only if it is another clip, which is not lost by it.
 *
 * @param from absolute path of the clip.
 * @param to absolute.
 * @param isClip tells by the SHA-256 of a file if it is a clip that lies elsewhere as well.
 * @throws SetupError for what the disk refuses.
 */
export async function placeClip(
  from: string,
  to: string,
  isClip: (sha256: string) => boolean,
): Promise<Placed> {
  return onDisk(to, async () => {
    const source = await realpath(from);
    await mkdir(path.dirname(to), { recursive: true });
    const there = await statIfAny(to);
    if (there === undefined) return place(source, to);
    const own = await statIfAny(source);
    if (there.ino === own?.ino && there.dev === own.dev && there.ino !== 0n) return 'present';
    if (!there.isFile()) return 'inTheWay';
    const sha256 = await sha256Of(to);
    if (there.size === own?.size && sha256 === (await sha256Of(source))) return 'present';
    if (!isClip(sha256)) return 'inTheWay';
    const aside = `${to}.part`;
    await removeIfAny(aside);
    const placed = await place(source, aside);
    // In one step: whoever looks sees one clip or the other.
    if (placed !== 'inTheWay') await rename(aside, to);
    return placed;
  });
}

async function place(source: string, to: string): Promise<Placed> {
  try {
    await link(source, to);
    return 'linked';
  } catch (error) {
    const code = systemCode(error) ?? '';
    if (code === 'EEXIST') return 'inTheWay';
    if (!['EXDEV', 'EPERM', 'ENOTSUP', 'EOPNOTSUPP', 'ENOSYS', 'EMLINK', 'EINVAL'].includes(code))
      throw error;
  }
  const part = `${to}.copying`;
  try {
    await rm(part, { force: true });
    await copyFile(source, part, constants.COPYFILE_FICLONE);
    const file = await open(part, 'r+');
    await file.sync().finally(() => file.close());
    return (await giveName(part, to)) ? 'copied' : 'inTheWay';
  } finally {
    await removeIfAny(part);
  }
}
