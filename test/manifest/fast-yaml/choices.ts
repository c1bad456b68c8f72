import { fc } from '../../helpers/fast-check.ts';

/** Answers to the questions that a generator asks: 0, the simplest, once there are no more of them. */
export class Choices {
  readonly #numbers: readonly number[];
  #next = 0;

  constructor(numbers: readonly number[]) {
    this.#numbers = numbers;
  }

  below(count: number): number {
    const number = this.#numbers[this.#next] ?? 0;
    this.#next += 1;
    return number % count;
  }

  of<T>(options: readonly T[]): T {
    const chosen = options[this.below(options.length)];
    if (chosen === undefined) throw new Error('there is nothing to choose from');
    return chosen;
  }

  /** True once in so many times. */
  once(times: number): boolean {
    return this.below(times) === times - 1;
  }

  many<T>(most: number, make: () => T): T[] {
    return Array.from({ length: 1 + this.below(most) }, make);
  }
}

/** Fewer choices make a simpler text, so that what fails is shown in a short one. */
export function choices(most: number): fc.Arbitrary<Choices> {
  return fc
    .array(fc.integer({ min: 0, max: 0xffff }), { maxLength: most, size: 'max' })
    .map((numbers) => new Choices(numbers));
}
