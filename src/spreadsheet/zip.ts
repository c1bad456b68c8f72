import { crc32, inflateRawSync } from 'node:zlib';

/** A file that is no archive, or none that can be read; the message is the rest of a sentence about it. */
export class ArchiveError extends Error {}

/** Bytes that all parts which are read may come to. XML of 10,000 rows has a few. */
const mostBytes = 160 * 1024 * 1024;
/** Parts that an archive may have; workbooks have a part for each sheet and picture. */
const mostParts = 10_000;

interface Part {
  readonly method: number;
  readonly packed: number;
  readonly size: number;
  readonly offset: number;
}

/**
 * Takes parts out of an archive, however hostile it is: what they say of their size is held against what they come to,
 * and all of them together may not come to more than a workbook needs.
 */
export class Archive {
  readonly #data: Buffer;
  readonly #parts: ReadonlyMap<string, Part>;
  #left = mostBytes;

  /** @throws ArchiveError for bytes that are no archive. */
  constructor(bytes: Uint8Array) {
    this.#data = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#parts = readDirectory(this.#data);
  }

  get names(): readonly string[] {
    return [...this.#parts.keys()];
  }

  /**
   * The bytes of a part; undefined where there is none of that name.
   *
   * @throws ArchiveError for a part that is damaged, or too large.
   */
  read(name: string): Buffer | undefined {
    const part = this.#parts.get(name);
    if (part === undefined) return undefined;
    const { method, packed, size, offset } = part;
    if (size > this.#left) throw tooLarge();
    if (offset + 30 > this.#data.length || this.#data.readUInt32LE(offset) !== 0x04034b50) throw damaged();
    const start = offset + 30 + this.#data.readUInt16LE(offset + 26) + this.#data.readUInt16LE(offset + 28);
    if (start + packed > this.#data.length) throw damaged();
    const data = this.#data.subarray(start, start + packed);
    const bytes = method === 0 ? data : inflated(data, size);
    if (bytes.length !== size) throw damaged();
    this.#left -= size;
    return bytes;
  }
}

function inflated(data: Buffer, size: number): Buffer {
  try {
    return inflateRawSync(data, { maxOutputLength: Math.max(size, 1) });
  } catch (error) {
    const isMore = error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE';
    throw isMore ? tooLarge() : damaged();
  }
}

function readDirectory(data: Buffer): ReadonlyMap<string, Part> {
  const end = data.lastIndexOf(Buffer.from([0x50, 0x4b, 0x05, 0x06]));
  if (end === -1 || end + 22 > data.length) throw damaged();
  const count = data.readUInt16LE(end + 10);
  if (count > mostParts) throw tooLarge();
  const parts = new Map<string, Part>();
  let at = data.readUInt32LE(end + 16);
  for (let index = 0; index < count; index += 1) {
    if (at + 46 > data.length || data.readUInt32LE(at) !== 0x02014b50) throw damaged();
    const [nameLength, extra, comment] = [28, 30, 32].map((place) => data.readUInt16LE(at + place));
    const flags = data.readUInt16LE(at + 8);
    const method = data.readUInt16LE(at + 10);
    if ((flags & 1) === 1) throw new ArchiveError('is protected by a password');
    if (method !== 0 && method !== 8) throw damaged();
    const name = data.toString('utf8', at + 46, at + 46 + (nameLength ?? 0));
    parts.set(name, {
      method,
      packed: data.readUInt32LE(at + 20),
      size: data.readUInt32LE(at + 24),
      offset: data.readUInt32LE(at + 42),
    });
    at += 46 + (nameLength ?? 0) + (extra ?? 0) + (comment ?? 0);
  }
  return parts;
}

function damaged(): ArchiveError {
  return new ArchiveError('is damaged: it was cut off on its way, or is no workbook');
}

function tooLarge(): ArchiveError {
  return new ArchiveError('comes to far more than a table can hold once it is unpacked');
}

/** An archive of parts as they are, for a library that has to be given one. */
export function storedArchive(parts: ReadonlyMap<string, Buffer>): Buffer {
  const pieces: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const [name, data] of parts) {
    const label = Buffer.from(name);
    const sum = crc32(data);
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(20, 4);
    local.writeUInt32LE(sum, 14);
    local.writeUInt32LE(data.length, 18);
    local.writeUInt32LE(data.length, 22);
    local.writeUInt16LE(label.length, 26);
    pieces.push(local, label, data);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(20, 4);
    entry.writeUInt16LE(20, 6);
    entry.writeUInt32LE(sum, 16);
    entry.writeUInt32LE(data.length, 20);
    entry.writeUInt32LE(data.length, 24);
    entry.writeUInt16LE(label.length, 28);
    entry.writeUInt32LE(offset, 42);
    directory.push(entry, label);
    offset += local.length + label.length + data.length;
  }
  const size = directory.reduce((sum, { length }) => sum + length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(parts.size, 8);
  end.writeUInt16LE(parts.size, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...pieces, ...directory, end]);
}
