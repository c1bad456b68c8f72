import { createHash, randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { Clock, Random } from '../../core/clock.ts';
import { ShotlistError } from '../../core/errors.ts';
import { readManifest } from '../../manifest/read.ts';
import { sentUrl, storeInForce } from '../../manifest/store-settings.ts';
import { StoreFailure } from '../../store/store-failure.ts';
import type { Settings } from '../settings.ts';
import { openService } from '../uploading.ts';
import { type Check, check } from './check.ts';

/**
 * Puts a small object into the store of a manifest, reads it as anybody would, and deletes it. Null for a manifest without a
 * store.
 */
export async function checkStore(
  manifest: string,
  world: { readonly cwd: string; readonly clock: Clock; readonly random: Random },
  settings: Settings,
): Promise<Check | null> {
  const stated = (await readManifest(manifest, { cwd: world.cwd })).store ?? null;
  if (stated === null) return null;
  const store = storeInForce(stated, settings.store);
  const folder = await mkdtemp(path.join(tmpdir(), 'shotlist-doctor-'));
  try {
    const { clock, random } = world;
    const service = await openService({ settings, clock, random }, store);
    try {
      const bytes = randomBytes(64);
      const sha256 = createHash('sha256').update(bytes).digest('hex');
      const name = `${sha256}.bin`;
      const file = path.join(folder, name);
      await writeFile(file, bytes);
      const object = { name, sha256, bytes: bytes.length, contentType: 'application/octet-stream' };
      await service.put(object, file, () => {});
      const isPublic = store.publicBase !== null;
      const url = isPublic ? sentUrl(store, name) : await service.presign(name);
      const status = await service.readAsAnybody(url).finally(() => service.remove(name));
      const place = `${store.bucket} at ${new URL(url).host}`;
      if (status === 200 || status === 206) {
        return check('store', 'ok', `${place} takes files, and anybody can read them by their addresses`);
      }
      return check(
        'store',
        'problem',
        `a file was put, and reading it without keys answers ${status}`,
        isPublic
          ? 'check `publicBase` of the `store`, and that everybody may read under it'
          : 'check that the keys may read, and that the clock is right',
      );
    } finally {
      await service.close();
    }
  } catch (error) {
    if (error instanceof StoreFailure) return check('store', 'problem', error.message, error.help);
    if (error instanceof ShotlistError) return check('store', 'problem', error.message, error.help ?? null);
    throw error;
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
