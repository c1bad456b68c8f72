import { describe, expect, it } from 'vitest';
import { retryAfterMs } from '../../src/provider/retry-after.ts';
import { fc } from '../helpers/fast-check.ts';

const now = Date.UTC(2026, 0, 1, 12, 0, 0);

describe('Retry-After', () => {
  it.each([
    ['0', 0],
    ['1', 1000],
    [' 120 ', 120_000],
    ['1.5', 1500],
    ['0.0001', 1],
    ['-5', 0],
    ['86400', 86_400_000],
    ['9'.repeat(400), Number.MAX_SAFE_INTEGER],
    // The three forms of RFC 9110.
    ['Thu, 01 Jan 2026 12:01:30 GMT', 90_000],
    ['Thursday, 01-Jan-26 12:01:30 GMT', 90_000],
    ['Thu Jan  1 12:01:30 2026', 90_000],
    // And what others make of them.
    ['Thu, 01 Jan 2026 12:01:30 UTC', 90_000],
    ['Thu, 01 Jan 2026 14:01:30 +0200', 90_000],
    ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ])('%j is %s ms', (header, expected) => {
    expect(retryAfterMs(header, now)).toBe(expected);
  });

  it.each([
    undefined,
    '',
    '  ',
    'soon',
    'soon 5',
    'NaN',
    'Infinity',
    '1e9',
    '0x10',
    '5 seconds',
    'May',
    '12:30',
    '5,6',
  ])('%j says nothing', (header) => {
    expect(retryAfterMs(header, now)).toBeNull();
  });

  it('given several times means the longest', () => {
    expect(retryAfterMs(['3', 'soon', '7', '5'], now)).toBe(7000);
    expect(retryAfterMs(['soon'], now)).toBeNull();
    expect(retryAfterMs([], now)).toBeNull();
  });

  it('is a finite wait or nothing, whatever it holds', () => {
    const headers = fc.oneof(
      fc.string(),
      fc.double().map(String),
      fc.date({ noInvalidDate: true }).map((date) => date.toUTCString()),
    );
    fc.assert(
      fc.property(headers, (header) => {
        const wait = retryAfterMs(header, now);
        expect(wait === null || (Number.isFinite(wait) && wait >= 0)).toBe(true);
      }),
    );
  });
});
