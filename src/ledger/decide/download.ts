import type { Change, Decision, Facts, StoredDownload, Wanted } from '../backend.ts';
import type { Download, SavedFile } from '../model/clip.ts';
import type { LedgerScope, TaskIdentity } from '../model/identity.ts';
import { append, newEvent } from './new-event.ts';
import { factsForTask, taskOf } from './task.ts';

/** A collector, and the clip that it is busy with. */
export interface Collecting {
  readonly collector: string;
  readonly scope: LedgerScope;
  readonly task: TaskIdentity;
}

export function factsForDownload({ scope, task }: Collecting, stem?: string | null): Wanted {
  const wanted = factsForTask(scope, task);
  return stem == null ? wanted : { ...wanted, stem };
}

/** Takes a download, as far as it came; null where a live collector has it or the file is safe already. */
export function takeDownload(facts: Facts, collecting: Collecting): Decision<Download | null> {
  const { request, known, found } = look(facts, collecting);
  const { collector, task } = collecting;
  const isTaken = found?.holder != null && found.holder !== collector && facts.isLive(found.holder);
  if (known.file !== null || isTaken) return { changes: [], value: null };
  const { stem = null, validator = null, size = null, whole = null } = found ?? {};
  const download = { stem, validator, size, whole };
  return { changes: [noted(request, task.taskId, download, collector)], value: download };
}

/** Notes how far a download is. False, and nothing noted, where the download of another task has that stem. */
export function noteDownload(facts: Facts, collecting: Collecting, download: Download): Decision<boolean> {
  const { request } = look(facts, collecting);
  const { collector, task } = collecting;
  const holder = facts.stemHolder;
  const isTaken = holder !== undefined && (holder.request !== request || holder.task !== task.taskId);
  if (download.stem !== null && isTaken) return { changes: [], value: false };
  return { changes: [noted(request, task.taskId, download, collector)], value: true };
}

/** Gives a download up, to be taken again later. */
export function leaveDownload(facts: Facts, collecting: Collecting): Decision<void> {
  const { request, found } = look(facts, collecting);
  const { collector, task } = collecting;
  if (found === undefined || found.holder !== collector) return { changes: [], value: undefined };
  const { stem, validator, size, whole } = found;
  const change =
    stem === null
      ? dropped(request, task.taskId)
      : noted(request, task.taskId, { stem, validator, size, whole }, null);
  return { changes: [change], value: undefined };
}

/** The file is whole under its final name: the history gets it, and the URL and the download are forgotten. */
export function fileSaved(
  facts: Facts,
  collecting: Collecting,
  file: SavedFile,
  nowMs: number,
): Decision<void> {
  const { request, known } = look(facts, collecting);
  const { scope, task } = collecting;
  const { key, fingerprint, taskId } = task;
  const saved = newEvent({ ...scope, key, fingerprint }, nowMs, { type: 'saved', taskId, file });
  return {
    changes: [
      ...(known.file === null ? [append(request, saved)] : []),
      { type: 'link', request, task: taskId, url: null },
      dropped(request, taskId),
    ],
    value: undefined,
  };
}

/** Notes what a look at the pictures and the sound of a saved clip found. */
export function fileInspected(
  facts: Facts,
  collecting: Collecting,
  qc: readonly string[],
  nowMs: number,
): Decision<void> {
  const { request } = look(facts, collecting);
  const { scope, task } = collecting;
  const { key, fingerprint, taskId } = task;
  const inspected = newEvent({ ...scope, key, fingerprint }, nowMs, { type: 'inspected', taskId, qc });
  return { changes: [append(request, inspected)], value: undefined };
}

/** Gives a clip up that nobody saved in time. False, and nothing noted, where the file is safe. */
export function giveUpClip(
  facts: Facts,
  collecting: Collecting,
  by: string,
  nowMs: number,
): Decision<boolean> {
  const { request, known } = look(facts, collecting);
  if (known.file !== null) return { changes: [], value: false };
  const { scope, task } = collecting;
  const { key, fingerprint, taskId } = task;
  const givenUp = newEvent({ ...scope, key, fingerprint }, nowMs, { type: 'clipGivenUp', taskId, by });
  return {
    changes: [
      ...(known.isClipGivenUp === true ? [] : [append(request, givenUp)]),
      { type: 'link', request, task: taskId, url: null },
      dropped(request, taskId),
    ],
    value: true,
  };
}

function look(facts: Facts, { scope, task }: Collecting) {
  const { request, task: known } = taskOf(facts, scope, task, task.taskId);
  const found = facts.downloads.find((one) => one.request === request && one.task === task.taskId);
  return { request, known, found };
}

function noted(request: number, task: string, download: Download, holder: string | null): Change {
  const { stem, validator, size, whole } = download;
  const stored: Omit<StoredDownload, 'request' | 'task'> = { stem, validator, size, whole, holder };
  return { type: 'download', request, task, download: stored };
}

function dropped(request: number, task: string): Change {
  return { type: 'download', request, task, download: null };
}
