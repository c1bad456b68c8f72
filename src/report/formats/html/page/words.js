const timeFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
});
const exactTimeFormat = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  second: '2-digit',
});

/** @param {string | number} time ISO 8601, or milliseconds since the epoch */
export function dayAndTime(time) {
  return timeFormat.format(new Date(time));
}

/** @param {string | number} time ISO 8601, or milliseconds since the epoch */
export function exactTime(time) {
  return exactTimeFormat.format(new Date(time));
}

/** `Europe/Berlin`: times are shown in the reader's zone. */
export function timeZone() {
  return timeFormat.resolvedOptions().timeZone;
}

/**
 * `1 request`, `2,000 requests`.
 *
 * @param {number} n
 * @param {string} noun
 */
export function count(n, noun) {
  return `${number(n)} ${noun}${n === 1 ? '' : 's'}`;
}

/** @param {number} n */
export function number(n) {
  return n.toLocaleString('en', { maximumFractionDigits: 6 });
}

/**
 * `84 CNY`.
 *
 * @param {number} amount
 * @param {string | null} currency
 */
export function money(amount, currency) {
  return currency === null ? number(amount) : `${number(amount)} ${currency}`;
}

/**
 * Sums by currency, which cannot be added to each other: `84 CNY + 3 USD`. What has no known price is counted beside.
 *
 * @param {readonly { readonly cost: number | null, readonly currency: string | null }[]} rows
 */
export function totalCost(rows) {
  /** @type {Map<string | null, number>} */
  const sums = new Map();
  let unpriced = 0;
  for (const { cost, currency } of rows) {
    if (cost === null) unpriced += 1;
    else if (cost > 0) sums.set(currency, (sums.get(currency) ?? 0) + cost);
  }
  const parts = [...sums].map(([currency, sum]) => money(Math.round(sum * 1e6) / 1e6, currency));
  if (unpriced > 0) parts.push(`${number(unpriced)} unpriced`);
  return parts.length > 0
    ? parts.join(' + ')
    : money(0, rows.find(({ currency }) => currency !== null)?.currency ?? null);
}

/**
 * `8 s`, `2 min 10 s`, `1 h 5 min`, `2 d 3 h`.
 *
 * @param {number} ms
 */
export function span(ms) {
  const seconds = Math.max(0, Math.round(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  return hours < 24
    ? two(hours, 'h', minutes % 60, 'min')
    : two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

/**
 * @param {number} a
 * @param {string} unitOfA
 * @param {number} b
 * @param {string} unitOfB
 */
function two(a, unitOfA, b, unitOfB) {
  return b === 0 ? `${a} ${unitOfA}` : `${a} ${unitOfA} ${b} ${unitOfB}`;
}
