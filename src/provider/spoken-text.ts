import type { Redact } from '../core/redact.ts';

/** Code points; more than anyone reads in a table, and enough for every message that a person wrote. */
const longest = 500;

/** Characters of an answer that are looked at; it bounds the work on a hostile one. */
const longestRead = 16_384;

/**
 * Makes words of the other side fit for terminals, tables and the ledger: on one line, without control and direction
 * characters, without secrets, and not longer than people read. A page of HTML is reduced to its words.
 */
export function spokenText(text: string, redact: Redact): string {
  // Secrets go before each cut, which could leave half of one, and again once nothing splits them any more.
  const start = redact(withoutSignatures(text)).slice(0, longestRead);
  const oneLine = (isMarkup(start) ? withoutMarkup(start) : start)
    .replace(/[\s\p{Zl}\p{Zp}]+/gu, ' ')
    .replace(/[\p{Cc}\p{Bidi_Control}\p{Surrogate}\u200b\u2060\ufeff]+/gu, '')
    .trim();
  const safe = redact(oneLine);
  if (safe.length <= longest) return safe;
  const points = Array.from(safe);
  return points.length <= longest ? safe : `${points.slice(0, longest - 1).join('')}…`;
}

/** An answer that repeats a presigned URL would carry its signature, and a key's id, into ledger and reports. */
function withoutSignatures(text: string): string {
  return text.replace(
    /\b(X-Amz-(?:Signature|Credential|Security-Token)(?:=|%3D))[\w%/+.~-]+/gi,
    '$1[redacted]',
  );
}

function isMarkup(text: string): boolean {
  return /^\s*<(!doctype|html|head|body|\?xml)/i.test(text);
}

function withoutMarkup(html: string): string {
  return html
    .replace(/<(script|style)\b[^<>]*>[\s\S]*?<\/\1>/gi, ' ')
    .replace(/<[^<>]*>/g, ' ')
    .replace(/&nbsp;/g, ' ');
}

/** Pages of gateways say status and reason in their title, and once more in their heading. */
export function withoutStatus(said: string, status: number): string {
  const once = said.replace(/^(.{3,120}?)(?: \1)+(?= |$)/u, '$1');
  const words = once.replace(
    new RegExp(`^(?:HTTP(?:/[\\d.]+)? ?)?(?:Error |Status |Code )?${status}\\b[\\s:.-]*`, 'i'),
    '',
  );
  return words === '' ? once : words;
}
