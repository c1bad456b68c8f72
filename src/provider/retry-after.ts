/**
 * Reads a `Retry-After` header (RFC 9110): whole seconds or an HTTP date. Some servers send fractions of seconds;
 * they are read as well. A date that has passed and a negative number mean 0.
 *
 * @param now milliseconds since the epoch.
 * @returns milliseconds to wait, finite and at least 0; null where the header is missing or says nothing usable. Long
 *   waits are returned as they are: what is too long is for the caller to judge.
 */
export function retryAfterMs(header: string | readonly string[] | undefined, now: number): number | null {
  // Of several headers the longest wait is the one that all of them allow.
  if (typeof header === 'object') {
    const waits = header.map((one) => retryAfterMs(one, now)).filter((wait) => wait !== null);
    return waits.length === 0 ? null : Math.max(...waits);
  }
  const text = header?.trim() ?? '';
  if (/^[+-]?(\d+\.?\d*|\.\d+)$/.test(text)) {
    return Math.min(Math.max(0, Math.ceil(Number(text) * 1000)), Number.MAX_SAFE_INTEGER);
  }
  // Every form of an HTTP date names a month; without this, Date.parse takes stray text such as "soon 5" for a date.
  if (!/\b(jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)/i.test(text) || !/\d:\d\d/.test(text))
    return null;
  // Dates without a zone are in GMT by the RFC, whatever the zone of this machine.
  const zoned = /\b(gmt|utc|z)$|[+-]\d{4}$/i.test(text) ? text : `${text} GMT`;
  const date = Date.parse(zoned);
  return Number.isNaN(date) ? null : Math.max(0, date - now);
}
