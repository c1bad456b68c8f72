/**
 * The sum of amounts, free of the dust that binary fractions leave (0.1 + 0.2): rounded to a millionth, which is finer
 * than any price.
 */
export function addMoney(amounts: Iterable<number>): number {
  let sum = 0;
  for (const amount of amounts) sum += amount;
  return Math.round(sum * 1e6) / 1e6;
}

/** An amount with its currency: `84 CNY`; numbers as they are, so that 7.5 stays 7.5. */
export function money(amount: number, currency: string | null): string {
  const text = amount.toLocaleString('en', { maximumFractionDigits: 6 });
  return currency === null ? text : `${text} ${currency}`;
}
