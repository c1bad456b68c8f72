import { UsageError } from '../core/errors.ts';

/** A parser for whole numbers from `min` to `max`. */
export function wholeNumber(min: number, max: number): (text: string) => number {
  return (text) => {
    const value = /^\d+$/.test(text) ? Number(text) : Number.NaN;
    if (value >= min && value <= max) return value;
    throw new UsageError(`'${text}' is not a whole number from ${min} to ${max}`);
  };
}

/** An amount of money: not negative, decimals with a point. */
export function amount(text: string): number {
  if (/^\d+(\.\d+)?$/.test(text)) return Number(text);
  throw new UsageError(`'${text}' is not a number such as 200 or 12.50`);
}

/** More than nothing, in seconds. */
export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 86_400) return value;
  throw new UsageError(`'${text}' is not a number of seconds above 0 and up to 86400`);
}

const unitMs: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };

/** `N/s`, `N/min` or `N/h` as milliseconds between two requests. */
export function rateInterval(text: string): number {
  const [, count, unit] = /^([1-9]\d{0,5})\/(s|min|h)$/.exec(text) ?? [];
  const perUnit = Number(count);
  const ms = unit === undefined ? undefined : unitMs[unit];
  if (ms !== undefined) return ms / perUnit;
  throw new UsageError(`'${text}' is not a rate such as 30/min, 2/s or 500/h`);
}
