import type { TextProblem } from './problem.ts';

/** A mistake as the YAML library names it. */
export interface SyntaxMistake {
  readonly start: number;
  readonly end: number;
  readonly code: string;
  readonly message: string;
}

/** A mistake in plain words, and where the reader could go on. */
export interface Explanation {
  readonly problem: TextProblem;
  /** An offset inside the item that is broken, which may stand above the place where it shows. */
  readonly brokenAt: number;
  /** The text as it was meant, of the same length, where there is one way to read it. */
  readonly meant?: string | undefined;
}

/** Finds the first mistake of another text and gives its offset, in UTF-16 units; undefined where it has none. */
export type FirstMistake = (text: string) => number | undefined;
