/** A count with its thousands apart: `1,013`. */
export function number(n: number): string {
  // Number formats of a language take as long to load as a small lint.
  return Number.isSafeInteger(n) ? String(n).replace(/\B(?=(?:\d{3})+$)/g, ',') : n.toLocaleString('en');
}

/** `1 request`, `1,013 requests`: English needs no more than an s here. */
export function count(n: number, noun: string): string {
  return `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
}
