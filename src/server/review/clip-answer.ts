import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import type { ServerResponse } from 'node:http';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';

/** What browsers are told of a clip, by its extension. */
const types: Readonly<Record<string, string>> = {
  '.mp4': 'video/mp4',
  '.m4v': 'video/mp4',
  '.mov': 'video/quicktime',
  '.webm': 'video/webm',
};

/** Sends a clip, or the range of it that was asked for (RFC 9110, one range). */
export async function answerWithClip(
  response: ServerResponse,
  file: string,
  range: string | undefined,
  isHead: boolean,
): Promise<void> {
  const handle = await open(file, 'r').catch(() => null);
  if (handle === null) return void response.writeHead(404).end();
  let size: number;
  try {
    const found = await handle.stat();
    if (!found.isFile()) return void response.writeHead(404).end();
    size = found.size;
  } finally {
    await handle.close();
  }
  const headers = {
    'accept-ranges': 'bytes',
    'content-type': types[path.extname(file).toLowerCase()] ?? 'application/octet-stream',
    'cache-control': 'private, max-age=3600',
  };
  const part = range === undefined ? { start: 0, end: size - 1 } : rangeIn(range, size);
  if (part === null) return void response.writeHead(416, { 'content-range': `bytes */${size}` }).end();
  const length = Math.max(0, part.end - part.start + 1);
  response.writeHead(range === undefined ? 200 : 206, {
    ...headers,
    'content-length': length,
    ...(range === undefined ? {} : { 'content-range': `bytes ${part.start}-${part.end}/${size}` }),
  });
  if (isHead || length === 0) return void response.end();
  // A browser that has seen enough hangs up.
  await pipeline(createReadStream(file, part), response).catch(() => undefined);
}

/** The bytes that a `Range` header asks for, both ends included; null for what no file of that size has. */
export function rangeIn(
  header: string,
  size: number,
): { readonly start: number; readonly end: number } | null {
  const [, from = '', to = ''] = /^bytes=(\d*)-(\d*)$/.exec(header.trim()) ?? [];
  if (from === '' && to === '') return null;
  const start = from === '' ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === '' || to === '' ? size - 1 : Math.min(Number(to), size - 1);
  return start > end || start >= size ? null : { start, end };
}
