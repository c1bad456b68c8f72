import { describe, expect, it } from 'vitest';
import { addMoney } from '../../src/core/money.ts';

describe('adding money', () => {
  it('is free of the dust of binary fractions', () => {
    expect(addMoney([0.1, 0.2])).toBe(0.3);
    expect(addMoney(Array.from({ length: 10_000 }, () => 0.35))).toBe(3500);
  });

  it('of nothing is nothing', () => {
    expect(addMoney([])).toBe(0);
  });

  it('keeps the smallest price', () => {
    expect(addMoney([1_000_000, 0.000001])).toBe(1_000_000.000001);
  });
});
