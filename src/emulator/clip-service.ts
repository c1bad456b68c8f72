import { createHash } from 'node:crypto';
import type { IncomingHttpHeaders } from 'node:http';
import type { Clock } from '../core/clock.ts';
import { type Reply, reply } from './answer.ts';
import { clipOf } from './clip.ts';
import { secondsOf, type Task } from './tasks.ts';

/** Ways in which a store answers a range request other than by the book. */
export type ClipQuirk = 'noRange' | 'otherEtag';

/** Finished clips behind presigned links, in the manner of an object store. */
export interface ClipService {
  /** The path and query of a link that works from now until its time is up. */
  link(task: Task): string;
  /** The answer to a link to no clip. */
  unknown(): Reply;
  /** Refuses a link with a wrong signature, whose time is up, or with which a key was sent; null where it opens. */
  refuse(task: Task, query: string, headers: IncomingHttpHeaders): Reply | null;
  load(task: Task, headers: IncomingHttpHeaders, quirk: ClipQuirk | undefined): Reply;
}

interface Clip {
  readonly file: Buffer;
  readonly etag: string;
}

export const clipPath = '/emulator/clips/';

/**
 * @param secret what the links are signed with.
 * @param lifetimeMs how long a link works after it was given out.
 */
export function createClipService(clock: Clock, secret: string, lifetimeMs: number): ClipService {
  const clips = new Map<number, Clip>();
  const clipFor = (task: Task): Clip => {
    const seconds = secondsOf(task);
    const known = clips.get(seconds);
    if (known !== undefined) return known;
    const file = clipOf(seconds);
    const clip = { file, etag: `"${createHash('sha256').update(file).digest('hex').slice(0, 32)}"` };
    clips.set(seconds, clip);
    return clip;
  };
  const signature = (id: string, expires: string): string =>
    createHash('sha256').update(`${secret}\n${id}\n${expires}`).digest('base64').slice(0, 28);

  return {
    link: (task) => {
      const expires = String(Math.ceil((clock.now() + lifetimeMs) / 1000));
      const query = new URLSearchParams({
        Expires: expires,
        OSSAccessKeyId: 'EMULATOR',
        Signature: signature(task.id, expires),
      });
      return `${clipPath}${task.id}.mp4?${query}`;
    },
    unknown: () => storeError(404, 'NoSuchKey', 'The specified key does not exist.'),
    refuse: (task, query, headers) => {
      const parameters = new URLSearchParams(query);
      const expires = parameters.get('Expires') ?? '';
      if (headers.authorization !== undefined) {
        return storeError(
          400,
          'InvalidArgument',
          'Only one auth mechanism is allowed: the link is signed already.',
        );
      }
      if (parameters.get('Signature') !== signature(task.id, expires)) {
        return storeError(403, 'SignatureDoesNotMatch', 'The signature does not match.');
      }
      return clock.now() >= Number(expires) * 1000
        ? storeError(403, 'AccessDenied', 'Request has expired.')
        : null;
    },
    load: (task, headers, quirk) => {
      const { file, etag: realEtag } = clipFor(task);
      const etag = quirk === 'otherEtag' ? `"${task.downloads}${realEtag.slice(1)}` : realEtag;
      const lastModified = new Date(task.billedAtMs + task.totalMs).toUTCString();
      const whole = { etag, 'last-modified': lastModified, 'accept-ranges': 'bytes' };
      const condition = headers['if-range'];
      const ranged =
        quirk !== 'noRange' && (condition === undefined || condition === etag || condition === lastModified);
      const range = ranged ? parseRange(headers.range, file.length) : null;
      if (range === null) return reply(200, 'video/mp4', file, whole);
      if (range === 'unsatisfiable') {
        return reply(416, 'video/mp4', '', { ...whole, 'content-range': `bytes */${file.length}` });
      }
      return reply(206, 'video/mp4', file.subarray(range.start, range.end), {
        ...whole,
        'content-range': `bytes ${range.start}-${range.end - 1}/${file.length}`,
      });
    },
  };
}

// One range of bytes, its end exclusive. Several ranges, or what is no range, are answered with the whole, which RFC 9110
// allows.
function parseRange(
  header: string | undefined,
  size: number,
): { start: number; end: number } | 'unsatisfiable' | null {
  const match = /^bytes=(\d*)-(\d*)$/.exec(header ?? '');
  const [first = '', last = ''] = match?.slice(1) ?? [];
  if (first === '' && last === '') return null;
  const start = first === '' ? Math.max(0, size - Number(last)) : Number(first);
  const end = first === '' || last === '' ? size : Math.min(size, Number(last) + 1);
  if (first !== '' && last !== '' && Number(last) < Number(first)) return null;
  return start < end ? { start, end } : 'unsatisfiable';
}

function storeError(status: number, code: string, message: string): Reply {
  const text = `<?xml version="1.0" encoding="UTF-8"?>\n<Error><Code>${code}</Code><Message>${message}</Message></Error>\n`;
  return reply(status, 'application/xml', text);
}
