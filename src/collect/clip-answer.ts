import type { Dispatcher } from 'undici';

/** A host's words about a clip, beside the bytes. */
export interface ClipAnswer {
  readonly status: number;
  /** Bytes of the body as they are sent; null where the host does not say. */
  readonly length: number | null;
  /** The part that a 206 holds; null where that is not told. `end` is inclusive, `size` null where it is not known. */
  readonly range: { readonly start: number; readonly end: number; readonly size: number | null } | null;
  /** Codings that pack the bytes, in the order of applying them; lower case, and without those that change no byte. */
  readonly codings: readonly string[];
  readonly etag: string | null;
  /** Proof that a part and the rest are of one file: a strong ETag, or a Last-Modified that is as good. */
  readonly validator: string | null;
}

/** Reads an answer's head; whatever is not as it should be counts as not said. */
export function readClipAnswer({ statusCode, headers }: Dispatcher.ResponseData): ClipAnswer {
  const headerOf = (name: string): string | null => {
    const value = headers[name];
    return (Array.isArray(value) ? value[0] : value) ?? null;
  };
  const etag = headerOf('etag');
  return {
    status: statusCode,
    length: lengthOf(headerOf('content-length')),
    range: rangeOf(headerOf('content-range')),
    codings: codingsOf([headers['content-encoding'] ?? ''].flat().join(',')),
    etag,
    validator: strongValidator(etag, headerOf('last-modified'), headerOf('date')),
  };
}

/**
 * `identity` is no coding. `aws-chunked` frames an upload to S3 and stays behind in what the store says of the file,
 * whose bytes are as they were.
 */
const unchanged = new Set(['', 'identity', 'aws-chunked']);

function codingsOf(header: string): readonly string[] {
  return header
    .split(',')
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => !unchanged.has(coding));
}

function lengthOf(header: string | null): number | null {
  const text = header?.trim() ?? '';
  return /^\d{1,15}$/.test(text) ? Number(text) : null;
}

function rangeOf(header: string | null): ClipAnswer['range'] {
  const [, start, end, size] =
    /^\s*bytes\s+(\d{1,15})-(\d{1,15})\/(\d{1,15}|\*)\s*$/i.exec(header ?? '') ?? [];
  if (start === undefined || end === undefined || size === undefined) return null;
  return { start: Number(start), end: Number(end), size: size === '*' ? null : Number(size) };
}

/** A Last-Modified this much older than the answer cannot be that of a file that changed again since (RFC 9110). */
const settledAfterMs = 60_000;

function strongValidator(etag: string | null, modified: string | null, date: string | null): string | null {
  if (etag !== null && /^"[\x21\x23-\x7e]*"$/.test(etag)) return etag;
  if (modified === null || date === null) return null;
  return Date.parse(date) - Date.parse(modified) >= settledAfterMs ? modified : null;
}
