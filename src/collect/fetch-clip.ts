import type { FileHandle } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { systemCode } from '../core/errors.ts';
import { magicLength } from '../media/magic.ts';
import { retryAfterMs } from '../provider/retry-after.ts';
import { type AskOptions, askForClip, broken, type Found, gone, type Unanswered } from './ask-for-clip.ts';
import { clipExtension, UnfitClipError } from './check-clip.ts';
import { type ClipAnswer, readClipAnswer } from './clip-answer.ts';
import { onDisk } from './disk.ts';
import { unpack } from './unpack.ts';

export interface FetchOptions extends AskOptions {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A host that sends fewer bytes in so many milliseconds is left: it keeps other clips waiting. */
  readonly slowest: { readonly bytes: number; readonly ms: number };
}

/** The unfinished file, and what is known of what it holds the beginning of. */
export interface Unfinished {
  readonly file: FileHandle;
  readonly path: string;
  /** Bytes that are there already. */
  readonly length: number;
  readonly validator: string | null;
  readonly size: number | null;
}

export interface FetchEvents {
  /** Called before the first byte is written; durable once it resolves. */
  begin(begun: {
    readonly from: number;
    readonly size: number | null;
    readonly validator: string | null;
  }): Promise<void>;
  received(bytes: number): void;
  /** The clip comes over plain http, because the URL says so and its host gives nothing over https. */
  plain(host: string): void;
}

export type FetchResult =
  /** All of it is in the file; `size` in bytes. */
  | { readonly kind: 'whole'; readonly size: number }
  | Unanswered
  /** The answer is no clip; what is in the file is worth nothing. */
  | { readonly kind: 'unfit'; readonly error: string };

/** Bytes of the largest clip. Clips last for seconds: a larger file is no clip, and must not fill the disk. */
const largestClip = 8 * 1024 ** 3;

/**
 * Fetches a clip into a file, going on where the file ends if the validator proves that it is the same clip. The
 * download host is not the provider: no key is sent there, and no cookie.
 *
 * @throws SetupError when the disk takes no more. Everything that the network does is a result.
 */
export async function fetchClip(
  url: string,
  unfinished: Unfinished,
  events: FetchEvents,
  options: FetchOptions,
): Promise<FetchResult> {
  const asked = unfinished.length > 0 && unfinished.validator !== null;
  const headers: Record<string, string> = { accept: 'video/*, */*;q=0.1', 'accept-encoding': 'identity' };
  if (asked) {
    headers['range'] = `bytes=${unfinished.length}-`;
    headers['if-range'] = unfinished.validator ?? '';
  }
  const found = await askForClip(url, headers, options);
  if (found.kind !== 'answered') return found;
  try {
    const result = await take(found, asked, unfinished, events, options);
    // Whatever answers there over https, it is not what the URL leads to.
    if (result.kind === 'unfit' && found.isUpgraded) options.plainHosts.add(found.url.host);
    return result;
  } finally {
    found.answer.body.destroy();
  }
}

/** The answers of a host that has the clip not yet, or no more. */
const mayComeStatuses = [201, 202, 204, 205, 400, 401, 403, 404, 409, 423, 425];

async function take(
  { answer, url, isPlain }: Found,
  asked: boolean,
  unfinished: Unfinished,
  events: FetchEvents,
  options: FetchOptions,
): Promise<FetchResult> {
  const told = readClipAnswer(answer);
  const { status } = told;
  if (status === 200 || status === 203 || status === 206) {
    if (isPlain) events.plain(url.host);
    const isPart = status === 206 && (asked || (told.range?.start ?? 0) > 0);
    const receiving = { answer, told, unfinished, events, options };
    return isPart ? takeRest(receiving) : takeWhole(receiving);
  }
  if (status === 416) {
    await onDisk(unfinished.path, () => unfinished.file.truncate(0));
    return broken('the server has no more of the file than is here');
  }
  const error = `the host of the clip answers ${status}`;
  if (status === 429 || status === 408 || status >= 500) {
    const header = answer.headers['retry-after'];
    return broken(error, retryAfterMs(header, options.now()));
  }
  return gone(error, mayComeStatuses.includes(status));
}

interface Receiving {
  readonly answer: Dispatcher.ResponseData;
  readonly told: ClipAnswer;
  readonly unfinished: Unfinished;
  readonly events: FetchEvents;
  readonly options: FetchOptions;
}

/** The whole file: also where a host calls it a part that begins with the first byte, which nobody asked for. */
async function takeWhole(receiving: Receiving): Promise<FetchResult> {
  const { answer, told, unfinished, events } = receiving;
  await onDisk(unfinished.path, () => unfinished.file.truncate(0));
  let pieces: AsyncIterable<Buffer> = answer.body;
  let size = told.range === null ? told.length : told.range.size;
  try {
    if (told.codings.length > 0) {
      const unpacked = await unpack(answer.body, told.codings);
      pieces = unpacked.pieces;
      if (!unpacked.asSent) size = null;
    }
  } catch (error) {
    return failed(error, receiving);
  }
  if (size !== null && size > largestClip) return tooLarge();
  const validator = size === null || told.status === 203 ? null : told.validator;
  await events.begin({ from: 0, size, validator });
  return receive(pieces, { from: 0, size }, receiving);
}

/** Bytes of a block, which storage is made of. */
const block = 512;

/** Takes the missing rest of a file, if the answer is that rest. */
async function takeRest(receiving: Receiving): Promise<FetchResult> {
  const { answer, told, unfinished, events } = receiving;
  const { range, etag } = told;
  const { length, size, validator } = unfinished;
  // Some hosts begin where a block of theirs does: what is here already comes again.
  const begins =
    range !== null && (range.start === length || (range.start < length && range.start % block === 0));
  const fits = begins && range.size === size;
  const same = etag === null || !validator?.startsWith('"') || etag === validator;
  if (fits && same && told.codings.length === 0) {
    await events.begin({ from: range.start, size, validator });
    return receive(answer.body, { from: range.start, size }, receiving);
  }
  // Another file, in spite of the condition, or a part that is packed: nothing of what is here can be used.
  await onDisk(unfinished.path, () => unfinished.file.truncate(0));
  return broken('the server answered with a part of another file');
}

/** Writes what comes, one piece after the other, so that no more than a piece is ever held. */
async function receive(
  pieces: AsyncIterable<Buffer>,
  { from, size }: { readonly from: number; readonly size: number | null },
  receiving: Receiving,
): Promise<FetchResult> {
  const { unfinished, events, options } = receiving;
  const { file, path } = unfinished;
  const { slowest } = options;
  let position = from;
  let head = Buffer.alloc(0);
  let isKnown = from > 0;
  // Real time, as the timeouts of the connection are.
  let watched = { since: performance.now(), from };
  try {
    for await (const piece of pieces) {
      if (!isKnown) {
        head = Buffer.concat([head, piece.subarray(0, magicLength)]);
        isKnown = head.length >= magicLength;
        // A page that says "error" is not worth loading to its end.
        if (isKnown) clipExtension(head);
      }
      if (size !== null && position + piece.length > size) {
        return { kind: 'unfit', error: 'the server sent more than it had announced' };
      }
      if (position + piece.length > largestClip) return tooLarge();
      await onDisk(path, () => writeAll(file, piece, position));
      position += piece.length;
      events.received(piece.length);
      if (performance.now() - watched.since < slowest.ms) continue;
      if (position - watched.from < slowest.bytes) return broken('the server sends too slowly');
      watched = { since: performance.now(), from: position };
    }
  } catch (error) {
    return failed(error, receiving);
  }
  if (size !== null && position < size) {
    return broken(`the connection ended after ${position} of ${size} bytes`);
  }
  return { kind: 'whole', size: position };
}

/** Reads an error amid the bytes as a result; the disk's own errors pass. */
function failed(error: unknown, { options: { signal } }: Receiving): FetchResult {
  if (error instanceof UnfitClipError) return { kind: 'unfit', error: error.message };
  if (isDiskFailure(error)) throw error;
  return broken(signal.aborted ? 'broken off' : `the connection was lost (${wordsOf(error)})`);
}

async function writeAll(file: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    done += (await file.write(piece, done, piece.length - done, position + done)).bytesWritten;
  }
}

function tooLarge(): FetchResult {
  return { kind: 'unfit', error: `the file is larger than ${largestClip / 1024 ** 3} GB, which no clip is` };
}

function isDiskFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'SetupError';
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? (systemCode(error) ?? error.name) : error.message;
}
