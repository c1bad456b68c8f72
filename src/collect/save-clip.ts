import { constants } from 'node:fs';
import { mkdir, open, readdir } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { count } from '../core/count.ts';
import type { LedgerCollector } from '../ledger/ledger.ts';
import type { Download, LedgerTask, SavedFile } from '../ledger/model/clip.ts';
import type { Inspector } from '../media/inspector.ts';
import { type ClipFacts, checkClip, UnfitClipError } from './check-clip.ts';
import { describeFile } from './describe-file.ts';
import { giveName, onDisk, refuseElsewhere, removeIfAny, sha256Of, statIfAny, usableLength } from './disk.ts';
import { isPast } from './expiry.ts';
import { type FetchOptions, type FetchResult, fetchClip } from './fetch-clip.ts';
import type { NameClip } from './file-names.ts';
import { Retrying, type RetryOptions } from './retrying.ts';

/** The provider's answer to the question for another URL of a clip. */
export type NewUrl = { readonly url: string } | { readonly error: string };

export interface SaveOptions extends FetchOptions, RetryOptions {
  readonly collector: LedgerCollector;
  /** Reads what a clip is. */
  readonly inspector: Inspector;
  readonly clock: Clock;
  /** Absolute folder of the clips. */
  readonly folder: string;
  /** Absolute folder that noted paths are relative to, where the clip is inside. */
  readonly root: string;
  readonly nameOf: NameClip;
  readonly project: string;
  /** Number of clips of this key that are safe already. */
  readonly versionsOf: (key: string) => number;
  /** Asks the provider for a URL that works. */
  readonly newUrl: (task: LedgerTask) => Promise<NewUrl>;
  readonly onBegin: (from: number, size: number | null) => void;
  readonly onReceived: (bytes: number) => void;
  readonly onFailed: (error: string) => void;
  /** The clip is taken, and a person should know something of it. */
  readonly onWarning: (message: string) => void;
  /** Lets others at the downloads while this one waits. */
  readonly atRest: (wait: () => Promise<void>) => Promise<void>;
  /** Bounds how many files are loaded at once. */
  readonly whenFree: <T>(load: () => Promise<T>) => Promise<T>;
}

export type SaveResult =
  | { readonly kind: 'saved'; readonly file: SavedFile }
  /** Another live collector has it, or it is safe already. */
  | { readonly kind: 'elsewhere' }
  | { readonly kind: 'interrupted' }
  | { readonly kind: 'failed'; readonly problem: 'download' | 'expired'; readonly error: string };

/** Bytes beyond the farthest that the file ever reached: loading the same beginning again and again is no progress. */
const leastProgress = 64 * 1024;

/**
 * Makes the clip of a finished task safe, from wherever an earlier collect stopped. The order of writes is what keeps a
 * clip from being lost or loaded twice: where it goes and what proves it is noted before the first byte is written; that
 * it is whole, before it gets its name; its name, before the download is forgotten.
 *
 * @throws SetupError when the disk takes no more.
 */
export async function saveClip(task: LedgerTask, options: SaveOptions): Promise<SaveResult> {
  const download = await options.collector.takeDownload(task);
  if (download === null) return { kind: 'elsewhere' };
  try {
    const saving = new Saving(task, download, options);
    return await onDisk(options.folder, () => saving.finish()).catch(async (error: unknown) => {
      // The disk refused something: an error while tidying up would only hide why.
      await saving.tidy().catch(() => undefined);
      throw error;
    });
  } finally {
    await options.collector.leaveDownload(task);
  }
}

class Saving {
  readonly #task: LedgerTask;
  readonly #options: SaveOptions;
  #download: Download;
  /** The farthest that the file ever reached, in bytes. */
  #reached = 0;
  #isPlain = false;

  constructor(task: LedgerTask, download: Download, options: SaveOptions) {
    this.#task = task;
    this.#download = download;
    this.#options = options;
  }

  async finish(): Promise<SaveResult> {
    const { signal } = this.#options;
    if (this.#download.whole !== null) {
      const file = await this.#name();
      if (file !== null) return { kind: 'saved', file };
    }
    await this.#settlePlace();
    let { videoUrl: url } = this.#task;
    const retrying = new Retrying(this.#task, this.#options);
    for (;;) {
      if (signal.aborted) return this.#leave({ kind: 'interrupted' });
      if (url === null) {
        const found = await this.#options.newUrl(this.#task);
        if (signal.aborted) return this.#leave({ kind: 'interrupted' });
        if ('error' in found) return this.#leave({ kind: 'failed', problem: 'expired', error: found.error });
        url = found.url;
      }
      const from = url;
      const result = await this.#options.whenFree(() => this.#fetch(from));
      if (result.kind === 'whole') {
        const file = await this.#name();
        if (file !== null) return { kind: 'saved', file };
        continue;
      }
      if (signal.aborted) continue;
      this.#options.onFailed(result.error);
      const next = retrying.after(result, await this.#hasProgressed());
      if (next.kind === 'leave') {
        return this.#leave({ kind: 'failed', problem: next.problem, error: result.error });
      }
      if (next.withNewUrl) url = null;
      if (next.waitMs > 0) await this.#options.atRest(() => this.#options.clock.sleep(next.waitMs, signal));
    }
  }

  async #hasProgressed(): Promise<boolean> {
    const { size = 0n } = (await statIfAny(this.#part())) ?? {};
    if (Number(size) < this.#reached + leastProgress) return false;
    this.#reached = Number(size);
    return true;
  }

  /** Keeps what is worth going on with, and nothing else. */
  async #leave(result: SaveResult): Promise<SaveResult> {
    const hasExpired = result.kind === 'failed' && result.problem === 'expired';
    const isOver = hasExpired && isPast(this.#task, this.#options.now());
    await this.tidy(isOver);
    return isOver ? { ...result, error: `${result.error}, more than a day after it was finished` } : result;
  }

  /** @param isOver whether the clip can never be had any more, so that no part of it is of use. */
  async tidy(isOver = false): Promise<void> {
    const { stem, validator, whole } = this.#download;
    if (stem === null || whole !== null) return;
    const there = await statIfAny(this.#part());
    if (there === undefined) return;
    if (isOver || there.size === 0n || validator === null) await removeIfAny(this.#part());
  }

  #stem(): string {
    if (this.#download.stem === null) throw new TypeError('a download without a place');
    return this.#download.stem;
  }

  #part(): string {
    return `${this.#stem()}.part`;
  }

  /** Chooses the name, unless an earlier collect chose one in this folder. */
  async #settlePlace(): Promise<void> {
    const { folder } = this.#options;
    const { stem } = this.#download;
    if (stem?.startsWith(folder + path.sep)) {
      await refuseElsewhere(folder, path.dirname(stem));
      await onDisk(stem, () => mkdir(path.dirname(stem), { recursive: true }));
      return;
    }
    // Begun in another folder: what is there is given up, before the note that leads to it.
    if (stem !== null) await onDisk(stem, () => removeIfAny(`${stem}.part`));
    await this.#choosePlace();
  }

  async #choosePlace(): Promise<void> {
    const { folder, nameOf, project, versionsOf, collector } = this.#options;
    for (let version = versionsOf(this.#task.key) + 1; ; version += 1) {
      const stem = path.join(folder, ...nameOf({ ...this.#task, project }, version).split('/'));
      const parent = path.dirname(stem);
      await refuseElsewhere(folder, parent);
      await onDisk(parent, () => mkdir(parent, { recursive: true }));
      const prefix = `${path.basename(stem)}.`.toLowerCase();
      const names = await onDisk(parent, () => readdir(parent));
      if (names.some((name) => name.toLowerCase().startsWith(prefix))) continue;
      const download: Download = { stem, validator: null, size: null, whole: null };
      if (!(await collector.noteDownload(this.#task, download))) continue;
      this.#download = download;
      return;
    }
  }

  async #note(change: Partial<Download>): Promise<void> {
    this.#download = { ...this.#download, ...change };
    await this.#options.collector.noteDownload(this.#task, this.#download);
  }

  /** Loads what is missing; on `whole`, the file is checked, on the disk, and noted to be. */
  async #fetch(url: string): Promise<FetchResult> {
    const part = this.#part();
    const flags = constants.O_RDWR | constants.O_CREAT | (constants.O_NOFOLLOW ?? 0);
    const file = await onDisk(part, () => open(part, flags, 0o666));
    try {
      const { validator, size } = this.#download;
      const length = validator === null ? 0 : await usableLength(file, size);
      await onDisk(part, () => file.truncate(length));
      this.#reached = Math.max(this.#reached, length);
      const isWhole = size !== null && length === size;
      const events = {
        begin: async (begun: { from: number; size: number | null; validator: string | null }) => {
          if (begun.from === 0) await this.#note({ validator: begun.validator, size: begun.size });
          this.#options.onBegin(begun.from, begun.size);
        },
        received: this.#options.onReceived,
        plain: (host: string) => {
          if (!this.#isPlain) {
            this.#options.onWarning(
              `the clip comes over plain http, since ${host} gives it in no other way: whoever is on the way can have changed it`,
            );
          }
          this.#isPlain = true;
        },
      };
      const result: FetchResult = isWhole
        ? { kind: 'whole', size }
        : await fetchClip(url, { file, path: part, length, validator, size }, events, this.#options);
      if (result.kind === 'unfit') return await this.#discard(file, result);
      if (result.kind !== 'whole') return result;
      let facts: ClipFacts;
      try {
        facts = await checkClip(file, result.size);
      } catch (error) {
        if (!(error instanceof UnfitClipError)) throw error;
        return await this.#discard(file, { kind: 'unfit', error: error.message });
      }
      if (facts.trailing > 0) {
        this.#options.onWarning(
          `${count(facts.trailing, 'byte')} behind the end of the clip belong to no part of it; the file is saved as it came`,
        );
      }
      await onDisk(part, () => file.sync());
      const whole = { extension: facts.extension, sha256: await sha256Of(part) };
      await this.#note({ size: result.size, whole });
      return result;
    } finally {
      await file.close();
    }
  }

  async #discard(
    file: { truncate(length: number): Promise<void> },
    result: FetchResult,
  ): Promise<FetchResult> {
    await onDisk(this.#part(), () => file.truncate(0));
    await this.#note({ validator: null, size: null, whole: null });
    return result;
  }

  /** Gives the whole file its name, and tells the ledger. Null where it is not there any more: it has to be loaded again. */
  async #name(): Promise<SavedFile | null> {
    const { whole, size } = this.#download;
    if (whole === null || size === null) return null;
    const part = this.#part();
    const final = `${this.#stem()}.${whole.extension}`;
    return onDisk(final, async () => {
      const [unnamed, named] = [await statIfAny(part), await statIfAny(final)];
      if (unnamed === undefined) {
        // The end of an earlier collect came between the name and the ledger.
        const isOurs =
          named?.isFile() && named.size === BigInt(size) && (await sha256Of(final)) === whole.sha256;
        if (isOurs) return this.#remember(final, size, whole.sha256);
        await this.#choosePlace();
        return null;
      }
      if (named !== undefined && named.ino === unnamed.ino && named.dev === unnamed.dev && named.ino !== 0n) {
        await removeIfAny(part);
        return this.#remember(final, size, whole.sha256);
      }
      if (unnamed.size !== BigInt(size)) {
        await this.#note({ whole: null });
        return null;
      }
      if (named === undefined && (await giveName(part, final)))
        return this.#remember(final, size, whole.sha256);
      return this.#nameAnew(part, { size, whole });
    });
  }

  /** Somebody put another file under the name that was meant for this one: it stays, and this one gets the next. */
  async #nameAnew(part: string, known: Pick<Download, 'size' | 'whole'>): Promise<SavedFile | null> {
    const { validator } = this.#download;
    await this.#choosePlace();
    // A crash here leaves the ledger with a name and no file, so the file is loaded again: never is one lost.
    await giveName(part, this.#part());
    await this.#note({ ...known, validator });
    return this.#name();
  }

  async #remember(final: string, bytes: number, sha256: string): Promise<SavedFile> {
    const { root, inspector } = this.#options;
    const file = await describeFile(final, { bytes, sha256 }, root, inspector);
    await this.#options.collector.fileSaved(this.#task, file);
    return file;
  }
}
