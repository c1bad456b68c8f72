import { open, readFile, stat } from 'node:fs/promises';
import { systemCode } from './errors.ts';

export type OrdinaryText =
  /** From UTF-8 or UTF-16, without a byte-order mark. */
  | { readonly kind: 'text'; readonly text: string }
  | { readonly kind: 'missing' }
  /** A folder, a pipe, a socket, a device, or too large: a sentence about it without its subject. */
  | { readonly kind: 'unfit'; readonly why: string; readonly isFolder: boolean }
  | { readonly kind: 'unreadable'; readonly code: string; readonly error: unknown };

/**
 * The text of an ordinary file of at most `limit` bytes. Anything else is never opened: a pipe that nobody writes to would
 * keep the program waiting for ever.
 */
export async function readOrdinary(file: string, limit: number): Promise<OrdinaryText> {
  try {
    const stats = await stat(file);
    if (stats.isDirectory()) return { kind: 'unfit', why: 'is a folder', isFolder: true };
    const unfit = (why: string): OrdinaryText => ({ kind: 'unfit', why, isFolder: false });
    if (!stats.isFile()) return unfit('is no ordinary file, but a pipe, a socket or a device');
    if (stats.size > limit) return unfit(`has more than ${Math.floor(limit / 1024)} KiB`);
    return { kind: 'text', text: decoded(await readFile(file)) };
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return { kind: 'missing' };
    return { kind: 'unreadable', code: String(code), error };
  }
}

/** PowerShell 5 writes UTF-16 with `>`; everything else is UTF-8. */
export function decoded(bytes: Uint8Array): string {
  const [first, second] = bytes;
  const isLittle = (first === 0xff && second === 0xfe) || (bytes.length > 1 && first !== 0 && second === 0);
  const isBig = (first === 0xfe && second === 0xff) || (bytes.length > 1 && first === 0 && second !== 0);
  const encoding = isLittle ? 'utf-16le' : isBig ? 'utf-16be' : 'utf-8';
  // The decoder drops the byte-order mark.
  return new TextDecoder(encoding).decode(bytes);
}

/** The first bytes of an ordinary file, as UTF-8; empty for anything else. */
export async function headOf(file: string, bytes: number): Promise<string> {
  try {
    if (!(await stat(file)).isFile()) return '';
    const handle = await open(file, 'r');
    try {
      const { buffer, bytesRead } = await handle.read({ buffer: Buffer.alloc(bytes) });
      return buffer.toString('utf8', 0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return '';
  }
}
