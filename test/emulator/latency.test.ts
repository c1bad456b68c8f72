import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { delayWithin, parseLatency } from '../../src/emulator/latency.ts';
import { fc } from '../helpers/fast-check.ts';

describe('a delay', () => {
  it.each([
    ['200', 200, 200],
    ['200ms', 200, 200],
    ['1s', 1000, 1000],
    ['1.5s', 1500, 1500],
    ['2min', 120_000, 120_000],
    ['50-400ms', 50, 400],
    ['50-400', 50, 400],
    ['500ms-2s', 500, 2000],
    ['1 s - 2 s', 1000, 2000],
    ['0', 0, 0],
  ])('is read from %s', (text, minMs, maxMs) => {
    expect(parseLatency(text)).toEqual({ minMs, maxMs });
  });

  it.each(['', 'fast', '-5', '5-', '5h', '1s2', '400-50ms', '2s-500ms', '25000min', '1e3'])(
    'is not read from “%s”',
    (text) => {
      expect(() => parseLatency(text)).toThrow(UsageError);
    },
  );

  it('never leaves its range, and reaches both ends', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 5000 }),
        fc.integer({ min: 0, max: 5000 }),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        (minMs, width, fraction) => {
          const delay = delayWithin({ minMs, maxMs: minMs + width }, fraction);
          expect(Number.isInteger(delay) && delay >= minMs && delay <= minMs + width).toBe(true);
        },
      ),
    );
    expect(delayWithin({ minMs: 5, maxMs: 7 }, 0)).toBe(5);
    expect(delayWithin({ minMs: 5, maxMs: 7 }, 0.999)).toBe(7);
  });
});
