import { createHash } from 'node:crypto';

/**
 * Numbers that depend on nothing but the seed, what they are for, and the position of the thing that they are for: the
 * fate of the tenth task does not move when a failure is added for the ninth.
 */
export interface Draws {
  /** Draws a number in [0, 1). */
  fraction(purpose: string, position: number): number;
  /** `length` hexadecimal digits, at most 64. */
  hex(purpose: string, position: number, length: number): string;
}

export function createDraws(seed: number): Draws {
  const digest = (purpose: string, position: number): Buffer =>
    createHash('sha256').update(`${seed}/${purpose}/${position}`).digest();
  return {
    fraction: (purpose, position) => digest(purpose, position).readUInt32BE(0) / 2 ** 32,
    hex: (purpose, position, length) => digest(purpose, position).toString('hex').slice(0, length),
  };
}

/** The item of a list that a fraction in [0, 1) falls on. */
export function pick<T>(items: readonly [T, ...T[]], fraction: number): T {
  return items[Math.floor(fraction * items.length)] ?? items[0];
}
