import { createHash } from 'node:crypto';
import { spelledOut } from '../core/outside-text.ts';
import type { Redact } from '../core/redact.ts';
import type { Envelope } from './envelope.ts';

/** Characters of an id; those of honest providers have a tenth of that. */
const longestId = 256;

/**
 * Makes an answer fit for the ledger, reports and terminals: the one door through which ids and URLs come in. Texts for
 * people pass `spokenText` where they are put together.
 */
export function cleanEnvelope(envelope: Envelope, redact: Redact): Envelope {
  const { taskId, videoUrl } = envelope;
  return {
    ...envelope,
    taskId: taskId === null ? null : idText(taskId, redact),
    videoUrl: videoUrl === null ? null : urlText(videoUrl, redact),
  };
}

/** An id as it is, unless it holds what no id holds: then it is another text, which still tells tasks apart. */
function idText(id: string, redact: Redact): string {
  const safe = redact(spelledOut(redact(id)));
  if (safe.length <= longestId) return safe;
  // Of the text without secrets: a hash of a secret could be tried out.
  const hash = createHash('sha256').update(safe).digest('hex').slice(0, 16);
  return `${safe.slice(0, longestId - 24)}…${hash}`;
}

/** Gives a URL as it is written where that is printable, which every URL is that was made by a program. */
function urlText(url: string, redact: Redact): string {
  return redact(/^[\x21-\x7e]+$/.test(url) ? url : new URL(url).href);
}
