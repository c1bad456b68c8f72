import path from 'node:path';
import { UsageError } from '../core/errors.ts';
import { realPlace } from '../core/work-tree.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { ProjectContext } from './context.ts';
import { clipsOf, type TaskWithFile, tasksWithFiles } from './cut-shots.ts';
import { warn } from './events.ts';
import { refuseLinksOut } from './links-out.ts';

/** Picked clips to put into a folder, for a delivery. */
export interface DeliveryOptions {
  /** The folder, from the working directory. */
  readonly folder: string;
  /** Template of the names; see `parseNameTemplate`. */
  readonly name?: string | undefined;
  /** True for a key that is meant; all where it is left out. */
  readonly isSelected?: ((key: string) => boolean) | null | undefined;
}

/** Picked clips that are in the folder now, and files that kept one out of it. */
export interface Delivery {
  /** The folder, as people know it. */
  readonly folder: string;
  readonly linked: number;
  /** Clips that could not be linked: the folder is on another disk, or on one without hard links. */
  readonly copied: number;
  /** Clips that were there before. */
  readonly present: number;
  /** Names that another file has, as people know them; it stays. */
  readonly inTheWay: readonly string[];
}

/**
 * Puts every picked clip into a folder, under names of a template. What an earlier delivery put there under the same name
 * gives way; no other file does.
 *
 * @throws UsageError for a folder or template that is none, SetupError for what the disk refuses.
 */
export async function deliver(context: ProjectContext, options: DeliveryOptions): Promise<Delivery> {
  const { cwd, linted } = context;
  if (options.folder === '') throw new UsageError('--link names no folder', { help: 'write --link DIR' });
  const [{ ClipNames, defaultNameTemplate }, { placeClip }, { refuseElsewhere }] = await Promise.all([
    import('../collect/file-names.ts'),
    import('../collect/place-clip.ts'),
    import('../collect/disk.ts'),
  ]);
  const names = new ClipNames(options.name ?? defaultNameTemplate);
  const folder = path.resolve(cwd, options.folder);
  await refuseLinksOut(context, [folder]);
  const { shots, missing } = await clipsOf(context);
  const clips = clipsByTask(await (await context.ledger.reader()).read(context.scope));
  const isMeant = (key: string): boolean => options.isSelected?.(key) !== false;
  for (const key of missing.filter(isMeant)) tellMissing(context, key);
  const subjectOf = ({ entry }: Clip) => ({ ...entry, project: linted.manifest.project });
  const takes = shots.flatMap((shot) => shot.takes);
  const picked = takes.flatMap(({ taskId, key, file, decision }) => {
    const clip = clips.get(taskId);
    return decision === 'picked' && isMeant(key) && clip !== undefined ? [{ ...clip, file }] : [];
  });
  for (const clip of picked) names.add(subjectOf(clip));
  const hashes = new Set(takes.flatMap(({ taskId }) => clips.get(taskId)?.sha256 ?? []));
  const homes = new Set(await Promise.all(takes.map(({ file }) => realPlace(file))));
  const counts = { linked: 0, copied: 0, present: 0 };
  const inTheWay: string[] = [];
  for (const clip of picked) {
    const name = names.nameOf(subjectOf(clip), clip.version);
    const to = path.join(folder, ...name.split('/')) + path.extname(clip.file);
    await refuseElsewhere(folder, path.dirname(to));
    // What lies where a clip was saved is that clip, and not a delivery of it.
    const isHome = homes.has(await realPlace(to));
    const placed = await placeClip(clip.file, to, (sha256) => !isHome && hashes.has(sha256));
    if (placed === 'inTheWay') inTheWay.push(path.relative(cwd, to));
    else counts[placed] += 1;
  }
  return { folder: `${path.relative(cwd, folder) || '.'}${path.sep}`, ...counts, inTheWay };
}

/** A clip that is safe. */
interface Clip {
  readonly entry: LedgerEntry;
  /** Its number among the clips of its key, from 1. */
  readonly version: number;
  readonly sha256: string;
}

function clipsByTask(entries: readonly LedgerEntry[]): ReadonlyMap<string, Clip> {
  const ofKey = new Map<string, { readonly entry: LedgerEntry; readonly task: TaskWithFile }[]>();
  for (const entry of entries) {
    const tasks = tasksWithFiles(entry).map((task) => ({ entry, task }));
    ofKey.set(entry.key, [...(ofKey.get(entry.key) ?? []), ...tasks]);
  }
  const clips = new Map<string, Clip>();
  for (const all of ofKey.values()) {
    const at = ({ task }: (typeof all)[number]): string => task.completedAt ?? '';
    const inOrder = all.sort((a, b) => (at(a) < at(b) ? -1 : at(a) > at(b) ? 1 : 0));
    for (const [index, { entry, task }] of inOrder.entries()) {
      clips.set(task.id, { entry, version: index + 1, sha256: task.file.sha256 });
    }
  }
  return clips;
}

function tellMissing({ emit, followUp }: ProjectContext, key: string): void {
  warn(
    emit,
    'clipMissing',
    `the picked clip of ${key} is not where it was saved, so it is not delivered`,
    `where it was saved: ${followUp('history', key)}`,
  );
}
