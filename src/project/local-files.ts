import path from 'node:path';
import { type LintedManifest, withContents } from '../lint/lint.ts';
import type { LocalFile, Manifest } from '../manifest/model.ts';
import { objectUrl, type Store, storeInForce } from '../manifest/store-settings.ts';
import type { FileCache } from '../media/file-cache.ts';
import type { LocalFileSpec } from '../store/local-contents.ts';
import type { Settings } from './settings.ts';

/** The local files of a project, and the store that they go to. */
export interface LocalFiles {
  /** Null where the manifest has none, or none that can be used. */
  readonly store: Store | null;
  /** By absolute path; without those that could not be read. */
  readonly specs: ReadonlyMap<string, LocalFileSpec>;
  /** Null where there is no local file. */
  readonly cache: FileCache | null;
}

/** Opens the memory of what was read of files beside a manifest, when it is first asked for, once. */
export function fileCacheBeside(
  manifest: string,
  { cwd, clock }: { readonly cwd: string; readonly clock: { now(): number } },
  mayMakeFolder = true,
): () => Promise<FileCache> {
  const folder = manifest === '-' ? cwd : path.dirname(path.resolve(cwd, manifest));
  const file = path.join(folder, '.shotlist', 'file-cache.json');
  let opened: Promise<FileCache> | undefined;
  return () => {
    opened ??= import('../media/file-cache.ts').then(({ FileCache }) =>
      FileCache.open(file, clock, mayMakeFolder),
    );
    return opened;
  };
}

/** Reads what the local files of a manifest hold: from then on its requests name the objects that stand for them. */
export async function settleLocalFiles(
  linted: LintedManifest,
  cwd: string,
  settings: Pick<Settings, 'store'>,
  openCache: () => Promise<FileCache>,
): Promise<{ readonly linted: LintedManifest; readonly files: LocalFiles }> {
  const { manifest, local = new Map() } = linted;
  const store = manifest.store == null ? null : storeInForce(manifest.store, settings.store);
  if (local.size === 0 || store === null) return { linted, files: { store, specs: new Map(), cache: null } };
  const [{ hashLocalFiles }, { localFilesOf }] = await Promise.all([
    import('../store/local-contents.ts'),
    import('../lint/local-files.ts'),
  ]);
  const cache = await openCache();
  const folder = folderOf(manifest, cwd);
  const specs = await hashLocalFiles(localFilesOf(manifest), local, { store, folder, cache });
  await cache.save();
  const sent = (file: LocalFile) => specs.get(file.absolutePath);
  return { linted: withContents(linted, sent), files: { store, specs, cache } };
}

/** From where the files of a manifest are named. */
export function folderOf({ source }: Pick<Manifest, 'source'>, cwd: string): string {
  return source.absolutePath === null ? cwd : path.dirname(source.absolutePath);
}

/** True where the store was seen to have a file; null where nobody looked. */
export function wasStored({ store, specs, cache }: LocalFiles, absolutePath: string): boolean | null {
  const spec = specs.get(absolutePath);
  if (spec === undefined || store === null) return null;
  return cache?.wasStored(objectUrl(store, spec.object.name)) ?? null;
}

/** The host that files go up to. */
export function hostOf(store: Store): string {
  return new URL(objectUrl(store, '')).host;
}
