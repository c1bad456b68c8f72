import { UsageError } from '../core/errors.ts';

const unitMs: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };

/** `N/s`, `N/min` or `N/h` as milliseconds between two requests. @throws UsageError for anything else. */
export function rateInterval(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})\/(s|min|h)$/.exec(text) ?? [];
  const perUnit = Number(count);
  const ms = unit === undefined ? undefined : unitMs[unit];
  if (ms !== undefined) return ms / perUnit;
  throw new UsageError(`'${text}' is not a rate such as 30/min, 2/s or 500/h`);
}
