import type { FileHandle } from 'node:fs/promises';
import { open, stat } from 'node:fs/promises';
import { codePoint } from '../core/characters.ts';
import { systemCode } from '../core/errors.ts';
import type { Problem, TextProblem } from './problem.ts';

/** Bytes of a file that could be read whole, and what tells it from every other file, however it was named. */
export interface FileBytes {
  readonly bytes: Uint8Array;
  readonly identity: string;
}

/** Reads a file of at most `limit` bytes, or says why not: from the disk, or from wherever else files are kept. */
export type ReadBytes = (absolutePath: string, limit: number) => Promise<FileBytes | Problem>;

/**
 * Reads an ordinary file of at most `limit` bytes. Anything else (missing, a directory, a pipe or device, too large)
 * is a problem and is never opened, so that nothing blocks.
 */
export async function readBytes(absolutePath: string, limit: number): Promise<FileBytes | Problem> {
  let handle: FileHandle | undefined;
  try {
    const stats = await stat(absolutePath, { bigint: true });
    if (stats.isDirectory()) {
      return unreadable('is a directory, not a file', 'Name the file inside it');
    }
    if (!stats.isFile()) {
      return unreadable(
        'is a pipe, a socket or a device, not an ordinary file',
        'Save it to a file first, or give `-` to read standard input',
      );
    }
    if (stats.size > BigInt(limit)) return tooLarge(Number(stats.size), limit);
    handle = await open(absolutePath, 'r');
    const bytes = await readBounded(handle, Number(stats.size), limit);
    if (bytes === null) return tooLarge(limit + 1, limit);
    return { bytes, identity: `${stats.dev}:${stats.ino}` };
  } catch (error) {
    return unreadable(...reasonFor(error));
  } finally {
    await handle?.close();
  }
}

/** The problem of bytes that are too many, or null. */
export function checkSize(bytes: Uint8Array, limit: number): Problem | null {
  return bytes.length > limit ? tooLarge(bytes.length, limit) : null;
}

/** The text of UTF-8 bytes, without a byte-order mark, or what is wrong with it and the text to show it in. */
export function decodeText(bytes: Uint8Array): {
  readonly text: string;
  readonly problem: TextProblem | null;
} {
  const utf16 = utf16Problem(bytes);
  if (utf16 !== null) return { text: '', problem: utf16 };
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return { text, problem: controlCharacter(text) };
  } catch {
    return undecodable(bytes);
  }
}

/** Reads up to the limit. Not null when the size is right at first; the file may grow while it is read. */
async function readBounded(handle: FileHandle, expected: number, limit: number): Promise<Uint8Array | null> {
  const chunks: Uint8Array[] = [];
  let total = 0;
  for (;;) {
    const room = Math.min(limit + 1 - total, Math.max(expected + 1 - total, 64 * 1024));
    const buffer = Buffer.allocUnsafe(room);
    const { bytesRead } = await handle.read(buffer, 0, room, null);
    if (bytesRead === 0) return chunks.length === 1 && chunks[0] ? chunks[0] : Buffer.concat(chunks);
    chunks.push(buffer.subarray(0, bytesRead));
    total += bytesRead;
    if (total > limit) return null;
  }
}

/** The problem of a file that cannot be read: a sentence about it without its subject, and what to do. */
export function unreadable(reason: string, help: string): Problem {
  return { rule: 'unreadable-file', message: reason, help };
}

function reasonFor(error: unknown): [reason: string, help: string] {
  switch (systemCode(error)) {
    case 'ENOENT':
    case 'ENOTDIR':
      return ['does not exist', 'Check the path'];
    case 'EACCES':
    case 'EPERM':
      return ['may not be read', 'Give yourself permission to read it'];
    case 'ELOOP':
      return ['is a symbolic link to itself', 'Point the link at a file'];
    case 'ERR_INVALID_ARG_VALUE':
      return ['is not a possible path', 'Remove the NUL character from it'];
    case 'ENAMETOOLONG':
      return ['is not a possible path', 'Name a file: this is too long for one'];
    default:
      return [`cannot be read (${error instanceof Error ? error.message : String(error)})`, 'Check the disk'];
  }
}

/** The problem of a file with more bytes than are read. */
export function tooLarge(bytes: number, limit: number): Problem {
  const most = `${megabytes(limit)} MB`;
  return {
    rule: 'file-too-large',
    message:
      bytes > limit + 1
        ? `has ${megabytes(bytes)} MB, and at most ${most} are read`
        : `has more than ${most}`,
    help: 'Check that it is the right file; a long storyboard can be split with `include`',
  };
}

function megabytes(bytes: number): string {
  return (bytes / (1024 * 1024)).toFixed(bytes % (1024 * 1024) === 0 ? 0 : 1);
}

function utf16Problem(bytes: Uint8Array): TextProblem | null {
  const [first, second] = bytes;
  const mark = (first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff);
  const halfEmpty = bytes.length >= 2 && (first === 0) !== (second === 0);
  if (!mark && !halfEmpty) return null;
  return {
    rule: 'encoding',
    message: 'This file is UTF-16, not UTF-8',
    help: 'Save it as UTF-8 in your editor',
    start: 0,
    end: 0,
  };
}

function undecodable(bytes: Uint8Array): { text: string; problem: TextProblem } {
  const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
  const text = new TextDecoder('utf-8').decode(bytes);
  let line = 1;
  let from = 0;
  let textFrom = 0;
  for (;;) {
    // A line feed is never part of a longer UTF-8 sequence, so lines can be judged one by one.
    const feed = bytes.indexOf(0x0a, from);
    const end = feed === -1 ? bytes.length : feed;
    try {
      decoder.decode(bytes.subarray(from, end));
    } catch {
      break;
    }
    line += 1;
    from = end + 1;
    textFrom = text.indexOf('\n', textFrom) + 1;
  }
  const start = Math.max(text.indexOf('\ufffd', textFrom), textFrom);
  return {
    text,
    problem: {
      rule: 'encoding',
      message: `Line ${line} is not UTF-8`,
      help: 'Save the file as UTF-8 in your editor; this is the first place that is not',
      start,
      end: Math.min(start + 1, text.length),
    },
  };
}

/** Controls of Unicode but tab, line feed, carriage return and next line; as ranges they are found sooner. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const controlCharacters = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f]/;

function controlCharacter(text: string): TextProblem | null {
  const found = controlCharacters.exec(text);
  if (found === null) return null;
  return {
    rule: 'encoding',
    message: `The control character ${codePoint(found[0])} is not text`,
    help: 'Delete it; it is often left behind by copying from another program',
    start: found.index,
    end: found.index + 1,
  };
}
