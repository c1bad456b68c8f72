import type { ByteRange, Piece } from './facts.ts';

/** Thrown by `HeldBytes.read` for bytes that are not held yet. */
export class MissingBytes extends Error {
  constructor() {
    super('bytes of the file that are not held');
    this.name = 'MissingBytes';
  }
}

/** Size of a file whose server does not tell it: farther than any read can reach. */
const unknownSize = 2 ** 50;

/**
 * The parts of a remote file that were fetched so far. A reader asks for what it needs; what is not held is written down
 * in `missing`, to be fetched before the file is read anew from the start.
 */
export class HeldBytes {
  readonly size: number;
  readonly #pieces: readonly Piece[];
  #missing: ByteRange[] = [];

  /** @param size in bytes; null where it is not known. */
  constructor(pieces: readonly Piece[], size: number | null) {
    this.size = size ?? unknownSize;
    this.#pieces = joined(pieces);
  }

  get missing(): readonly ByteRange[] {
    return this.#missing;
  }

  /**
   * The bytes of a range; `end` past the end of the file is cut to it.
   *
   * @throws MissingBytes where a byte of the range is not held.
   */
  read(start: number, end: number): Uint8Array {
    const stop = Math.min(end, this.size);
    if (start >= stop) return new Uint8Array(0);
    const piece = this.#pieces.find((held) => held.start <= start && stop <= held.start + held.bytes.length);
    if (piece !== undefined) return piece.bytes.subarray(start - piece.start, stop - piece.start);
    this.#missing.push(this.#hole(start, stop));
    throw new MissingBytes();
  }

  /** The bytes that are held from the start of the file on, at most `max` of them. */
  head(max: number): Uint8Array {
    const first = this.#pieces[0];
    return first?.start === 0 ? first.bytes.subarray(0, max) : new Uint8Array(0);
  }

  /** Runs a reader whose result is welcome but not worth a request: what it misses is forgotten, and gives null. */
  async ifHeld<T>(read: () => Promise<T>): Promise<T | null> {
    const before = [...this.#missing];
    try {
      return await read();
    } catch {
      return null;
    } finally {
      this.#missing = before;
    }
  }

  #hole(start: number, end: number): ByteRange {
    const holding = (at: number): Piece | undefined =>
      this.#pieces.find((held) => held.start <= at && at < held.start + held.bytes.length);
    const before = holding(start);
    const after = holding(end - 1);
    return {
      start: before === undefined ? start : before.start + before.bytes.length,
      end: after === undefined ? end : after.start,
    };
  }
}

/** Pieces in order, those that touch or overlap made one. */
function joined(pieces: readonly Piece[]): readonly Piece[] {
  const result: Piece[] = [];
  for (const piece of [...pieces].sort((a, b) => a.start - b.start)) {
    const last = result.at(-1);
    const lastEnd = last === undefined ? -1 : last.start + last.bytes.length;
    if (last === undefined || piece.start > lastEnd) {
      result.push(piece);
    } else if (piece.start + piece.bytes.length > lastEnd) {
      const bytes = new Uint8Array(piece.start - last.start + piece.bytes.length);
      bytes.set(last.bytes);
      bytes.set(piece.bytes, piece.start - last.start);
      result[result.length - 1] = { start: last.start, bytes };
    }
  }
  return result;
}
