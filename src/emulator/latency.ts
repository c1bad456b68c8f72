import { UsageError } from '../core/errors.ts';

/** A span of time to draw a delay from, in milliseconds, both ends included. */
export interface LatencySpec {
  readonly minMs: number;
  readonly maxMs: number;
}

const unitMs = { ms: 1, s: 1000, min: 60_000 } as const;
const longestMs = 24 * 60 * 60_000;

/**
 * Reads a delay as people write it: `200` and `200ms`, `1s`, `1.5s`, `2min`, or a range, `50-400ms`, `500ms-2s`. A
 * number without a unit takes the unit of the other end, and is in milliseconds where there is none.
 *
 * @throws UsageError when the text is no such delay, when a range runs backwards, or for more than a day.
 */
export function parseLatency(text: string): LatencySpec {
  const match =
    /^(?<from>\d+(?:\.\d+)?)(?<fromUnit>ms|s|min)?(?:-(?<to>\d+(?:\.\d+)?)(?<toUnit>ms|s|min)?)?$/.exec(
      text.replaceAll(' ', '').toLowerCase(),
    )?.groups;
  if (match === undefined) {
    throw new UsageError(`“${text}” is not a delay`, {
      help: 'Write 200, 200ms, 1s or a range such as 50-400ms.',
    });
  }
  const fromMs = milliseconds(match['from'], match['fromUnit'] ?? match['toUnit']);
  const toMs =
    match['to'] === undefined ? fromMs : milliseconds(match['to'], match['toUnit'] ?? match['fromUnit']);
  if (toMs < fromMs) {
    throw new UsageError(`The range “${text}” runs backwards`, { help: 'Write the shorter delay first.' });
  }
  if (toMs > longestMs) throw new UsageError(`“${text}” is longer than a day`);
  return { minMs: fromMs, maxMs: toMs };
}

function milliseconds(amount: string | undefined, unit: string | undefined): number {
  return Math.round(Number(amount) * unitMs[(unit ?? 'ms') as keyof typeof unitMs]);
}

/** The delay, in whole milliseconds, that a fraction in [0, 1) falls on. */
export function delayWithin(spec: LatencySpec, fraction: number): number {
  return spec.minMs + Math.floor(fraction * (spec.maxMs - spec.minMs + 1));
}
