import { UsageError } from '../../core/errors.ts';

const units: Readonly<Record<string, number>> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
const longestDays = 90;

/**
 * Reads the life of an approval, in milliseconds, from text such as `30m`, `48h` or `7d`.
 *
 * @throws UsageError for other text, for no time at all and for more than 90 days.
 */
export function parseLifetime(text: string): number {
  const [, amount = '', unit = ''] = /^(\d+)\s*([smhd])$/.exec(text.trim()) ?? [];
  const time = Number(amount) * (units[unit] ?? 0);
  if (time > 0 && time <= longestDays * 86_400_000) return time;
  throw new UsageError(`'${text}' is no time such as 30m, 48h or 7d, up to ${longestDays}d`);
}
