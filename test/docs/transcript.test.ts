import { describe, expect, it } from 'vitest';
import { isShown, updated } from './transcript.ts';

describe('an output in a document', () => {
  const printed = ['3 sent', '', 'at 2026-01-02T03:04:05.678Z', '', 'report: a.csv, b.json'];

  it('may leave lines out and ends of lines, and show another time', () => {
    expect(isShown(printed, printed)).toBe(true);
    expect(isShown(['3 sent', '…', 'report: a.csv…'], printed)).toBe(true);
    expect(isShown(['…', 'at 2020-01-01T00:00:00.000Z', '…'], printed)).toBe(true);
  });

  it('is wrong with a word that was not printed, and where something is missing without saying so', () => {
    expect(isShown(['4 sent', '…'], printed)).toBe(false);
    expect(isShown(['3 sent', 'report: a.csv, b.json'], printed)).toBe(false);
    expect(isShown(['3 sent', '…', 'report: a.csv, b.json', 'more'], printed)).toBe(false);
    expect(isShown(['shot@2'], ['shot@3'])).toBe(false);
  });

  it('is brought up to date with what it leaves out left out', () => {
    expect(updated(['2 sent', '…', 'report: a.csv…'], printed)).toEqual(['…', 'report: a.csv…']);
    expect(updated(['3 sent', '', 'at 2020-01-01T00:00:00.000Z', 'gone'], printed)).toEqual([
      '3 sent',
      '',
      'at 2020-01-01T00:00:00.000Z',
      '',
      'report: a.csv, b.json',
    ]);
  });
});
