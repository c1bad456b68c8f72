import type { ByteRange, Piece } from './facts.ts';

/** Bytes that are fetched beyond what a reader asked for, so that it need not ask for the next ones one by one. */
const maxAhead = 512 * 1024;
const containerAhead = 64 * 1024;
const imageAhead = 1024;
/** An index at the end of a file is fetched with everything after it. */
const tail = 192 * 1024;

/**
 * The ranges to fetch for what a reader missed, near ones as one. Images are read in small steps: a reader skips from
 * header to header and wants little of each. In sound and moving pictures a reader that goes on where it stopped is likely
 * to go on further, so it gets twice as much each time.
 */
export function nextRanges(
  missing: readonly ByteRange[],
  file: { readonly pieces: readonly Piece[]; readonly size: number | null; readonly isImage: boolean },
): readonly ByteRange[] {
  const { pieces, isImage } = file;
  const size = file.size ?? Number.MAX_SAFE_INTEGER;
  const wanted = missing.map(({ start, end }) => {
    const before = pieces.find((piece) => piece.start + piece.bytes.length === start);
    const doubled = before === undefined ? 0 : Math.min(maxAhead, before.bytes.length * 2);
    const ahead = isImage ? imageAhead : Math.max(containerAhead, doubled);
    const least = !isImage && size - start <= tail ? size : end;
    const next = pieces.map((piece) => piece.start).filter((begin) => begin >= least);
    return { start, end: Math.min(size, Math.max(least, start + ahead), ...next) };
  });
  const merged: ByteRange[] = [];
  for (const range of [...wanted].sort((a, b) => a.start - b.start)) {
    const last = merged.at(-1);
    if (last === undefined || range.start > last.end) merged.push(range);
    else merged[merged.length - 1] = { start: last.start, end: Math.max(last.end, range.end) };
  }
  return merged;
}
