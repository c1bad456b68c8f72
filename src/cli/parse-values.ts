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

/** Reads a number of seconds, more than nothing. */
export function seconds(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0 && value <= 86_400) return value;
  throw new UsageError(`'${text}' is not a number of seconds above 0 and up to 86400`);
}
