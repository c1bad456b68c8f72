import path from 'node:path';
import { systemClock } from '../core/clock.ts';
import type { LocalFile, Manifest, MediaItem, RequestFile } from '../manifest/model.ts';
import type { MediaFacts } from '../media/facts.ts';
import type { FileCache } from '../media/file-cache.ts';
import type { LocalMediaReader, LocalMedium } from '../media/local-medium.ts';
import type { MediaUse } from './media-uses.ts';
import { usedMedia } from './used-media.ts';

/** Facts of local files on the disk, by absolute path; empty where nobody looked. */
export type LocalMedia = ReadonlyMap<string, LocalMedium>;

/** Looks at files on the disk; reading is loaded once there are any. */
export function diskReader(cache: (() => Promise<FileCache>) | undefined): LocalMediaReader {
  return async (files, place) => {
    const [{ lookAtLocalMedia }, { FileCache }] = await Promise.all([
      import('../media/local-media.ts'),
      import('../media/file-cache.ts'),
    ]);
    return lookAtLocalMedia(files, place, await (cache?.() ?? FileCache.open(null, systemClock)));
  };
}

/** Looks at every local file that a manifest names, used or not. */
export async function readLocalMedia(
  manifest: Manifest,
  cwd: string,
  read: LocalMediaReader,
): Promise<LocalMedia> {
  const files = localFilesOf(manifest);
  if (files.length === 0) return new Map();
  const { absolutePath } = manifest.source;
  const base = absolutePath === null ? cwd : path.dirname(absolutePath);
  const looked = await read(files, { bases: [base], roots: manifest.store?.roots ?? [] });
  if (!manifest.isFragment) return looked;
  // Which folders may be read besides is said by the manifest that includes it.
  return new Map([...looked].filter(([, { kind }]) => kind !== 'outside'));
}

/** Every local file of a manifest, each once, in the order in which they are met. */
export function localFilesOf({
  assets,
  versions,
}: Pick<Manifest, 'assets' | 'versions'>): readonly LocalFile[] {
  const files = new Map<string, LocalFile>();
  const add = (file: LocalFile | undefined): void => {
    if (file !== undefined && !files.has(file.absolutePath)) files.set(file.absolutePath, file);
  };
  for (const items of assets.values()) for (const { file } of items) add(file);
  for (const version of versions) for (const { file } of usedMedia(version)) add(file);
  return [...files.values()];
}

/** Facts of those that could be read, by the key under which rules look for them. */
export function factsOf(local: LocalMedia): ReadonlyMap<string, MediaFacts> {
  const facts = new Map<string, MediaFacts>();
  for (const [key, medium] of local) if (medium.kind === 'file') facts.set(key, medium.facts);
  return facts;
}

/** The same for two names of one file, and for two ways to sign one URL. */
export function sameFile({ value, file }: Pick<MediaItem, 'value' | 'file'>, local: LocalMedia): string {
  if (file === undefined) return value;
  const medium = local.get(file.absolutePath);
  return medium?.kind === 'file' ? medium.realPath : file.absolutePath;
}

/** A stand-in for a local file where requests are compared, and nothing is sent: its place. */
export function standIn(file: LocalFile, local: LocalMedia): RequestFile {
  const { absolutePath } = file;
  const url = sameFile({ value: '', file }, local);
  return { path: file.file, sha256: '', bytes: 0, url, absolutePath };
}

/** A local file where it is used, or where it is defined as an asset, and what is on the disk there. */
interface LocalUse {
  readonly use: MediaUse;
  readonly medium: LocalMedium;
}

/** Every use of a local file that was looked at. */
export function* localUses({
  media,
  local,
}: {
  readonly media: readonly MediaUse[];
  readonly local: LocalMedia;
}): Generator<LocalUse> {
  if (local.size === 0) return;
  for (const use of media) {
    const medium = use.file === undefined ? undefined : local.get(use.file.absolutePath);
    if (medium !== undefined) yield { use, medium };
  }
}
