import { createHash } from 'node:crypto';
import type { Clock } from '../core/clock.ts';
import type { ByteBudget } from './byte-budget.ts';
import type { CachedFile, MediaCache } from './cache.ts';
import type { ByteRange, FileVersion, MediaFacts, MediaKind, MediaReading, Piece } from './facts.ts';
import { ProbeFailure } from './failure.ts';
import { nothingRead } from './inspect.ts';
import type { Inspector } from './inspector.ts';
import type { ProbeLimits } from './limits.ts';
import type { Network } from './network.ts';
import { nextRanges } from './next-ranges.ts';
import { getRange, type RangeAnswer, type Validators } from './ranged-get.ts';

/** Shared by all files of a probe. */
export interface ProbeContext {
  readonly network: Network;
  readonly inspector: Inspector;
  readonly cache: MediaCache;
  readonly budget: ByteBudget;
  readonly limits: ProbeLimits;
  readonly clock: Clock;
}

/** Bytes of a file that are asked for at first: most headers fit in, most indexes of short clips too. */
const firstImageBytes = 16 * 1024;
const firstContainerBytes = 32 * 1024;
/** Bytes of a file's start that tell its versions apart. */
const hashedBytes = 16 * 1024;

/**
 * Everything that can be learnt of one file within the limits.
 *
 * @param url where it is, checked by `parseMediaUrl`.
 * @param expected what it should be, which decides how much is asked for at first and nothing else.
 * @throws ProbeFailure where nothing was learnt; what `signal` was aborted with.
 */
export async function probeFile(
  url: URL,
  expected: MediaKind,
  context: ProbeContext,
  signal: AbortSignal,
): Promise<MediaFacts> {
  const { cache, network, clock } = context;
  const known = cache.find(url);
  const start = { start: 0, end: expected === 'image' ? firstImageBytes : firstContainerBytes };
  const first = await getWithinBudget(url, start, { expected, unless: known }, context, signal);
  const common = { outcome: 'reached', url: url.href, addressChecked: network.checksAddress(url) } as const;
  if (known !== null && (first.kind === 'notModified' || isSameVersion(known, first))) {
    cache.keep(url, { ...known, usedAt: clock.now() });
    const { bytes, declaredType, reading } = known;
    return { ...common, ...reading, bytes, declaredType, cached: true, version: versionOf(known) };
  }
  if (first.kind === 'notModified') {
    throw new ProbeFailure('badAnswer', `${url.host} answers 304 to a request without conditions`);
  }
  const { size, declaredType, validators } = first;
  const { reading, pieces } = await readFile(first, expected, context, signal);
  const sha256 = first.packed ? null : wholeHash(pieces, size);
  const version: FileVersion = { ...validators, bytes: size, headHash: hashOf(first.bytes), sha256 };
  if (size !== null) {
    cache.keep(url, { ...version, bytes: size, declaredType, reading, usedAt: clock.now() });
  }
  return { ...common, ...reading, bytes: size, declaredType, cached: false, version };
}

function versionOf({ etag, lastModified, bytes, headHash, sha256 }: FileVersion): FileVersion {
  return { etag, lastModified, bytes, headHash, sha256 };
}

/** SHA-256 in hex of a file whose pieces are all there; null where some are missing, or where its size is not known. */
function wholeHash(pieces: readonly Piece[], size: number | null): string | null {
  if (size === null) return null;
  const hash = createHash('sha256');
  let end = 0;
  for (const { start, bytes } of pieces.toSorted((a, b) => a.start - b.start)) {
    if (start > end) return null;
    const rest = bytes.subarray(end - start);
    hash.update(rest);
    end += rest.length;
  }
  return end === size ? hash.digest('hex') : null;
}

type BytesAnswer = Extract<RangeAnswer, { kind: 'bytes' }>;

/** Reads, fetches what was missing, and reads again, until nothing is missing or a limit is met. */
async function readFile(
  first: BytesAnswer,
  expected: MediaKind,
  context: ProbeContext,
  signal: AbortSignal,
): Promise<{ readonly reading: MediaReading; readonly pieces: readonly Piece[] }> {
  const { size, url } = first;
  const pieces: Piece[] = [{ start: 0, bytes: first.bytes }];
  const done = (reading: MediaReading) => ({ reading, pieces });
  const incomplete = (reading: MediaReading, unknown: string) => done({ ...reading, unknown });
  if (first.packed) {
    return incomplete(nothingRead, `${url.host} compresses the file, so its parts cannot be read`);
  }
  let requests = 1;
  for (;;) {
    const { reading, missing } = await context.inspector.inspect({ pieces, size });
    signal.throwIfAborted();
    if (missing.length === 0) return done(reading);
    if (!first.ranged) {
      const got = inKilobytes(first.bytes.length);
      return incomplete(reading, `${url.host} ignores range requests, and was cut off after ${got}`);
    }
    const ranges = affordable(missing, { pieces, size, isImage: reading.kind === 'image' }, context.limits);
    requests += ranges.length;
    if (ranges.length === 0 || requests > context.limits.maxRequests) {
      const got = inKilobytes(lengthOf(pieces));
      return incomplete(reading, `what is missing lies beyond the ${got} that were read of the file`);
    }
    try {
      for (const range of ranges) {
        const answer = await getWithinBudget(url, range, { expected, unless: null }, context, signal);
        pieces.push(pieceOf(answer, range, first));
      }
    } catch (error) {
      if (!(error instanceof ProbeFailure)) throw error;
      return incomplete(reading, error.message);
    }
  }
}

/** Chooses what to fetch next: generously where the file's budget allows, else just what is missing, else nothing. */
function affordable(
  missing: readonly ByteRange[],
  file: { readonly pieces: readonly Piece[]; readonly size: number | null; readonly isImage: boolean },
  { maxBytes, maxImageBytes }: ProbeLimits,
): readonly ByteRange[] {
  const room = (file.isImage ? maxImageBytes : maxBytes) - lengthOf(file.pieces);
  const fits = (ranges: readonly ByteRange[]): boolean =>
    ranges.reduce((sum, range) => sum + range.end - range.start, 0) <= room;
  return [nextRanges(missing, file), missing].find(fits) ?? [];
}

async function getWithinBudget(
  url: URL,
  range: ByteRange,
  { expected, unless }: { readonly expected: MediaKind; readonly unless: Validators | null },
  { network, clock, budget, limits }: ProbeContext,
  signal: AbortSignal,
): Promise<RangeAnswer> {
  const maxUnrangedBytes = expected === 'image' ? limits.maxImageBytes : limits.maxUnrangedBytes;
  const wanted = Math.max(range.end - range.start, range.start === 0 ? maxUnrangedBytes : 0);
  const granted = budget.reserve(wanted);
  let taken = 0;
  try {
    if (granted < wanted) {
      throw new ProbeFailure(
        'unprobed',
        `the ${inKilobytes(limits.maxTotalBytes)} that one probe may read are used up`,
        'probe fewer files at a time; what was read by now is remembered',
      );
    }
    const { maxRedirects, maxPatienceMs } = limits;
    const options = { network, clock, signal, maxRedirects, maxPatienceMs, maxUnrangedBytes, unless };
    const answer = await getRange(url, range, options);
    if (answer.kind === 'bytes') taken = answer.bytes.length;
    return answer;
  } finally {
    budget.release(granted - taken);
  }
}

/** @throws ProbeFailure where the answer is not about the file that the first answer was about. */
function pieceOf(answer: RangeAnswer, range: ByteRange, first: BytesAnswer): Piece {
  if (answer.kind === 'notModified' || !answer.ranged || answer.packed || answer.bytes.length === 0) {
    throw new ProbeFailure('badAnswer', `${first.url.host} stopped answering range requests halfway`);
  }
  if (answer.size !== first.size || answer.validators.etag !== first.validators.etag) {
    throw new ProbeFailure('badAnswer', 'the file changed while it was read');
  }
  return { start: range.start, bytes: answer.bytes };
}

function isSameVersion(known: CachedFile, first: BytesAnswer): boolean {
  return (
    known.etag === first.validators.etag &&
    known.lastModified === first.validators.lastModified &&
    known.bytes === first.size &&
    known.headHash === hashOf(first.bytes)
  );
}

function hashOf(head: Uint8Array): string {
  return createHash('sha256').update(head.subarray(0, hashedBytes)).digest('base64url');
}

function lengthOf(pieces: readonly Piece[]): number {
  return pieces.reduce((sum, piece) => sum + piece.bytes.length, 0);
}

function inKilobytes(bytes: number): string {
  return `${Math.ceil(bytes / 1024).toLocaleString('en-US')} KB`;
}
