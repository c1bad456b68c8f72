import type { Dispatcher } from 'undici';
import type { Clock } from '../core/clock.ts';
import { spelledOut } from '../core/outside-text.ts';
import type { ByteRange } from './facts.ts';
import { failureOf, isLostConnection, ProbeFailure } from './failure.ts';
import { parseMediaUrl } from './media-url.ts';
import type { Network } from './network.ts';

/** Tells one version of a file from another, in the server's words. */
export interface Validators {
  readonly etag: string | null;
  readonly lastModified: string | null;
}

export type RangeAnswer =
  | { readonly kind: 'notModified' }
  | {
      readonly kind: 'bytes';
      /** The URL that the redirects led to. */
      readonly url: URL;
      /** The bytes from the start of the range on; fewer than asked for where the file or the budget ends. */
      readonly bytes: Uint8Array;
      /** Size of the whole file; null where the server does not tell. */
      readonly size: number | null;
      /** False where the server sent the file from its start whatever was asked for. */
      readonly ranged: boolean;
      readonly declaredType: string | null;
      /** The server packed the file (gzip and the like), so its bytes are not the file's. */
      readonly packed: boolean;
      readonly validators: Validators;
    };

export interface GetOptions {
  readonly network: Network;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  readonly maxRedirects: number;
  /** Time that a server that asks for patience (429, 503) is given, once. In milliseconds. */
  readonly maxPatienceMs: number;
  /** Bytes taken in from a server that sends the whole file whatever range is asked for. */
  readonly maxUnrangedBytes: number;
  /** Asks only for another version than this. */
  readonly unless: Validators | null;
}

/**
 * Fetches a range of a remote file: one GET, and one more for each redirect. Never takes in more than the range, or than
 * `maxUnrangedBytes` from a server that knows no ranges.
 *
 * @throws ProbeFailure for everything that the network or the server does wrong; what `signal` was aborted with.
 */
export async function getRange(start: URL, range: ByteRange, options: GetOptions): Promise<RangeAnswer> {
  let url = start;
  let patience = 1;
  for (let redirects = 0; ; ) {
    const response = await ask(url, range, options);
    const { statusCode: status, headers, body } = response;
    const location = headerOf(headers, 'location');
    if (isRedirect(status) && location !== null) {
      await discard(response, options.signal);
      redirects += 1;
      if (redirects > options.maxRedirects) {
        throw new ProbeFailure(
          'tooManyRedirects',
          `${start.host} redirects more than ${options.maxRedirects} times`,
        );
      }
      url = parseMediaUrl(location, url);
    } else if ((status === 429 || status === 503) && patience > 0) {
      patience -= 1;
      await discard(response, options.signal);
      await options.clock.sleep(patienceFor(headers, options), options.signal);
      options.signal.throwIfAborted();
    } else if (status === 200 || status === 206 || status === 304 || status === 416) {
      return await accept(response, url, range, options);
    } else {
      body.destroy();
      throw statusFailure(status, url.host);
    }
  }
}

async function ask(
  url: URL,
  range: ByteRange,
  { network, signal, unless }: GetOptions,
): Promise<Dispatcher.ResponseData> {
  const headers: Record<string, string> = {
    accept: 'image/*, video/*, audio/*, */*;q=0.1',
    'accept-encoding': 'identity',
    range: `bytes=${range.start}-${range.end - 1}`,
  };
  if (unless?.etag != null) headers['if-none-match'] = unless.etag;
  else if (unless?.lastModified != null) headers['if-modified-since'] = unless.lastModified;
  for (let lost = 0; ; lost++) {
    try {
      return await network.get(url, headers, signal);
    } catch (error) {
      signal.throwIfAborted();
      if (lost > 0 || !isLostConnection(error)) throw failureOf(error, url.host);
    }
  }
}

async function accept(
  response: Dispatcher.ResponseData,
  url: URL,
  range: ByteRange,
  { signal, maxUnrangedBytes }: GetOptions,
): Promise<RangeAnswer> {
  const { statusCode: status, headers, body } = response;
  if (status === 304) {
    await discard(response, signal);
    return { kind: 'notModified' };
  }
  const packing = headerOf(headers, 'content-encoding')?.trim().toLowerCase() ?? 'identity';
  const about = {
    kind: 'bytes',
    url,
    declaredType: printable(headerOf(headers, 'content-type')),
    packed: packing !== '' && packing !== 'identity',
    validators: { etag: headerOf(headers, 'etag'), lastModified: headerOf(headers, 'last-modified') },
  } as const;
  const given = contentRange(headerOf(headers, 'content-range'));
  if (status === 416) {
    await discard(response, signal);
    if (given?.size === 0) return { ...about, bytes: new Uint8Array(0), size: 0, ranged: true };
    throw new ProbeFailure('badAnswer', `${url.host} refuses a range that lies within the file (416)`);
  }
  if (status === 206) {
    if (given === null || given.start !== range.start || given.end <= range.start) {
      body.destroy();
      throw new ProbeFailure('badAnswer', `${url.host} answers with another range than the one asked for`);
    }
    const bytes = await take(body, Math.min(range.end, given.end) - range.start, url, signal);
    return { ...about, bytes, size: given.size, ranged: true };
  }
  const declared = headerOf(headers, 'content-length');
  const bytes = await take(body, maxUnrangedBytes, url, signal);
  const ended = bytes.length < maxUnrangedBytes ? bytes.length : null;
  const size = (declared === null ? null : sizeOf(declared)) ?? ended;
  return { ...about, bytes, size, ranged: false };
}

/** Reads at most `max` bytes of a body; leaving the loop closes the connection on a server that has more to send. */
async function take(
  body: Dispatcher.ResponseData['body'],
  max: number,
  url: URL,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let held = 0;
  try {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      chunks.push(chunk.length > max - held ? chunk.subarray(0, max - held) : chunk);
      held += chunk.length;
      if (held >= max) break;
    }
  } catch (error) {
    signal.throwIfAborted();
    throw failureOf(error, url.host);
  }
  return Buffer.concat(chunks);
}

/** Reads a short body that nobody wants, so that the connection can be used again; a long one is cut off. */
async function discard({ body }: Dispatcher.ResponseData, signal: AbortSignal): Promise<void> {
  await body.dump({ limit: 16_384, signal }).catch(() => undefined);
  signal.throwIfAborted();
}

function contentRange(text: string | null): { start: number; end: number; size: number | null } | null {
  const [, first, last, size] = /^bytes (?:(\d{1,16})-(\d{1,16})|\*)\/(\d{1,16}|\*)$/i.exec(text ?? '') ?? [];
  if (size === undefined) return null;
  return { start: Number(first ?? 0), end: last === undefined ? 0 : Number(last) + 1, size: sizeOf(size) };
}

/** null for `*`, and for what is no size at all. */
function sizeOf(text: string): number | null {
  return /^\d+$/.test(text) && Number.isSafeInteger(Number(text)) ? Number(text) : null;
}

function patienceFor(
  headers: Dispatcher.ResponseData['headers'],
  { clock, maxPatienceMs }: GetOptions,
): number {
  const text = headerOf(headers, 'retry-after') ?? '1';
  const ms = /^\d+$/.test(text) ? Number(text) * 1000 : Date.parse(text) - clock.now();
  return Number.isFinite(ms) ? Math.min(Math.max(ms, 0), maxPatienceMs) : maxPatienceMs;
}

function statusFailure(status: number, host: string): ProbeFailure {
  const answered = `${host} answers ${status}`;
  if (status === 429 || status === 503) {
    return new ProbeFailure('unprobed', `${answered}: it asks for patience`, 'try again later');
  }
  if (status === 407) {
    return new ProbeFailure('unprobed', 'the proxy asks for credentials (407)', 'check the proxy settings');
  }
  if (status === 401 || status === 403) {
    return new ProbeFailure(
      'status',
      `${answered}: the file cannot be read without credentials`,
      'the provider has none: publish the file, or sign its URL again if the signature has expired',
    );
  }
  if (status === 404 || status === 410) {
    return new ProbeFailure(
      'status',
      `${answered}: there is no such file`,
      'check the URL, and that the file was uploaded',
    );
  }
  return new ProbeFailure(
    'status',
    `${answered} in place of the file`,
    'open the URL in a private browser window to see why',
  );
}

function isRedirect(status: number): boolean {
  return [301, 302, 303, 307, 308].includes(status);
}

function headerOf(headers: Dispatcher.ResponseData['headers'], name: string): string | null {
  const value = headers[name];
  return (Array.isArray(value) ? value[0] : value) ?? null;
}

/** A header may hold what moves a terminal's cursor. */
function printable(text: string | null): string | null {
  return text === null ? null : spelledOut(text);
}
