import type { FileHandle } from 'node:fs/promises';
import type { Dispatcher } from 'undici';
import { systemCode } from '../core/errors.ts';
import { spelledOut } from '../core/outside-text.ts';
import { failureOf } from '../media/failure.ts';
import { magicLength } from '../media/magic.ts';
import type { Network } from '../media/network.ts';
import { isLoopback } from '../provider/base-url.ts';
import { retryAfterMs } from '../provider/retry-after.ts';
import { clipExtension, UnfitClipError } from './check-clip.ts';
import { onDisk } from './disk.ts';

export interface FetchOptions {
  readonly network: Network;
  /** Whether a plain http URL of this machine is followed: only a provider on this machine gives such URLs. */
  readonly allowLoopback: boolean;
  readonly signal: AbortSignal;
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
}

export type FetchResult =
  /** All of it is in the file; `size` in bytes. */
  | { readonly kind: 'whole'; readonly size: number }
  /** The URL gives no file (any more); another one may. */
  | { readonly kind: 'gone'; readonly error: string }
  /** Worth another try with the same URL; what is in the file is worth going on with. */
  | { readonly kind: 'broken'; readonly error: string; readonly retryAfterMs: number | null }
  /** What came is no clip; what is in the file is worth nothing. */
  | { readonly kind: 'unfit'; readonly error: string };

const mostRedirects = 5;

/** In bytes. Clips last for seconds: what is larger is no clip, and must not fill the disk. */
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
  const answer = await ask(url, headers, options);
  if ('kind' in answer) return answer;
  try {
    return await take(answer, unfinished, events, options);
  } finally {
    answer.body.destroy();
  }
}

async function ask(
  start: string,
  headers: Readonly<Record<string, string>>,
  { network, allowLoopback, signal }: FetchOptions,
): Promise<Dispatcher.ResponseData | FetchResult> {
  let url = clipUrl(start, undefined, allowLoopback);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    if (typeof url === 'string') return { kind: 'gone', error: url };
    let answer: Dispatcher.ResponseData;
    try {
      answer = await network.get(url, { 'user-agent': 'shotlist', ...headers }, signal);
    } catch (error) {
      return broken(signal.aborted ? 'broken off' : failureOf(error, url.host).message);
    }
    const location = headerOf(answer, 'location');
    if (![301, 302, 303, 307, 308].includes(answer.statusCode) || location === null) return answer;
    answer.body.destroy();
    url = clipUrl(location, url, allowLoopback);
  }
  return { kind: 'gone', error: `the URL redirects more than ${mostRedirects} times` };
}

/** A URL to load from, or why it is none. The URL itself is never repeated: it can carry a key id. */
function clipUrl(text: string, base: URL | undefined, allowLoopback: boolean): URL | string {
  if (!URL.canParse(text, base?.href)) return 'what the provider gave is no URL';
  const url = new URL(text, base);
  if (url.username !== '' || url.password !== '') return 'the URL holds a user name or password';
  if (url.protocol === 'https:' || (url.protocol === 'http:' && allowLoopback && isLoopback(url))) return url;
  return `the URL is not https (${url.protocol}//${url.host})`;
}

async function take(
  answer: Dispatcher.ResponseData,
  unfinished: Unfinished,
  events: FetchEvents,
  options: FetchOptions,
): Promise<FetchResult> {
  const { statusCode: status } = answer;
  const range = contentRange(answer);
  if (status === 206) {
    const fits = range !== null && range.start === unfinished.length && range.size === unfinished.size;
    const etag = headerOf(answer, 'etag');
    const same = etag === null || !unfinished.validator?.startsWith('"') || etag === unfinished.validator;
    if (fits && same) return receive(answer, unfinished, unfinished.length, unfinished.size, events, options);
    // Another file, in spite of the condition: nothing of what is here can be used.
    await onDisk(unfinished.path, () => unfinished.file.truncate(0));
    return broken('the server answered with a part of another file');
  }
  if (status === 416) {
    await onDisk(unfinished.path, () => unfinished.file.truncate(0));
    return broken('the server has no more of the file than is here');
  }
  if (status === 200) {
    const coding = headerOf(answer, 'content-encoding') ?? 'identity';
    if (coding !== 'identity') return broken(`the server packed the file (${spelledOut(coding)})`);
    await onDisk(unfinished.path, () => unfinished.file.truncate(0));
    const size = lengthOf(answer);
    if (size !== null && size > largestClip) return tooLarge();
    const validator = size === null ? null : strongValidator(answer);
    await events.begin({ from: 0, size, validator });
    return receive(answer, unfinished, 0, size, events, options);
  }
  const error = `the host of the clip answers ${status}`;
  if (status === 429 || status === 408 || status >= 500) {
    const header = answer.headers['retry-after'];
    return broken(error, retryAfterMs(header, options.now()));
  }
  return { kind: 'gone', error };
}

/** Writes what comes, one piece after the other, so that no more than a piece is ever held. */
async function receive(
  answer: Dispatcher.ResponseData,
  { file, path, length, validator }: Unfinished,
  from: number,
  size: number | null,
  events: FetchEvents,
  { signal, slowest }: FetchOptions,
): Promise<FetchResult> {
  if (from > 0) await events.begin({ from: length, size, validator });
  let position = from;
  let head = Buffer.alloc(0);
  let isKnown = from >= magicLength;
  // Real time, as the timeouts of the connection are.
  let watched = { since: performance.now(), from };
  try {
    for await (const piece of answer.body as AsyncIterable<Buffer>) {
      if (!isKnown) {
        head = Buffer.concat([head, piece.subarray(0, magicLength)]);
        isKnown = from > 0 || head.length >= magicLength;
        // A page that says "error" is not worth loading to its end.
        if (from === 0 && isKnown) clipExtension(head);
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
    if (error instanceof UnfitClipError) return { kind: 'unfit', error: error.message };
    if (isDiskFailure(error)) throw error;
    return broken(signal.aborted ? 'broken off' : `the connection was lost (${wordsOf(error)})`);
  }
  if (size !== null && position < size) {
    return broken(`the connection ended after ${position} of ${size} bytes`);
  }
  return { kind: 'whole', size: position };
}

async function writeAll(file: FileHandle, piece: Buffer, position: number): Promise<void> {
  for (let done = 0; done < piece.length; ) {
    done += (await file.write(piece, done, piece.length - done, position + done)).bytesWritten;
  }
}

function broken(error: string, retryAfter: number | null = null): FetchResult {
  return { kind: 'broken', error, retryAfterMs: retryAfter };
}

function tooLarge(): FetchResult {
  return { kind: 'unfit', error: `the file is larger than ${largestClip / 1024 ** 3} GB, which no clip is` };
}

function isDiskFailure(error: unknown): boolean {
  return error instanceof Error && error.name === 'SetupError';
}

/** A Last-Modified this much older than the answer cannot be that of a file that changed again since (RFC 9110). */
const settledAfterMs = 60_000;

/** What proves that a part and the rest are of one file: a strong ETag, or a Last-Modified that is as good. */
function strongValidator(answer: Dispatcher.ResponseData): string | null {
  const etag = headerOf(answer, 'etag');
  if (etag !== null && /^"[\x21\x23-\x7e]*"$/.test(etag)) return etag;
  const modified = headerOf(answer, 'last-modified');
  const date = headerOf(answer, 'date');
  if (modified === null || date === null) return null;
  return Date.parse(date) - Date.parse(modified) >= settledAfterMs ? modified : null;
}

function lengthOf(answer: Dispatcher.ResponseData): number | null {
  const text = headerOf(answer, 'content-length') ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function contentRange(
  answer: Dispatcher.ResponseData,
): { readonly start: number; readonly size: number } | null {
  const [, start, size] =
    /^bytes (\d{1,15})-\d{1,15}\/(\d{1,15})$/i.exec(headerOf(answer, 'content-range') ?? '') ?? [];
  return start === undefined || size === undefined ? null : { start: Number(start), size: Number(size) };
}

function headerOf({ headers }: Dispatcher.ResponseData, name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.message === '' ? (systemCode(error) ?? error.name) : error.message;
}
