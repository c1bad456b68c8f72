import type { Node } from 'yaml';
import { withoutBrokenItem, withoutBrokenValue } from './broken-items.ts';
import type { Explanation, SyntaxMistake } from './explanation.ts';
import type { TextProblem } from './problem.ts';
import { explainMistakes } from './yaml-mistakes.ts';

/** One reading of a text, with its mistakes. */
export interface Reading {
  readonly root: Node | null;
  readonly mistakes: readonly SyntaxMistake[];
  readonly misplaced: readonly Explanation[];
}

/** The rest of a text once its mistakes are passed by. */
export interface ReadAround {
  readonly root: Node | null;
  readonly problems: readonly TextProblem[];
  /** Something of the text is left out of `root`. */
  readonly partial?: boolean;
  /** Keys of the file whose values are left out, and null in `root`. */
  readonly lost?: readonly string[];
}

/** Characters that are read again at most to get past mistakes, and how often. */
const readAgain = 4_000_000;
const mostTries = 30;

/**
 * Reads a text around its mistakes: without the shots and scenes that they stand in, or else without the value of the
 * file's key that they stand in, and with spaces where what looks like some stands. Where a mistake stands in none of these
 * there is no document, and only the first is told.
 *
 * @param read reads a text once; undefined where it was given up.
 */
export function readAround(
  text: string,
  first: Pick<Reading, 'mistakes' | 'misplaced'>,
  read: (text: string) => Reading | undefined,
): ReadAround {
  let tries = Math.min(mostTries, Math.floor(readAgain / (text.length + 1)));
  const again = (other: string): Reading | undefined => {
    tries -= 1;
    return tries < 0 ? undefined : read(other);
  };
  const firstMistake = (other: string): number | undefined => {
    const reading = again(other);
    return reading === undefined ? 0 : earliest(reading.mistakes);
  };
  const explained = ({ mistakes, misplaced }: typeof first, of: string): readonly Explanation[] =>
    misplaced.length > 0 ? misplaced : explainMistakes(of, mistakes, firstMistake);

  let found = explained(first, text);
  const told = found.map(({ problem }) => problem);
  const problems = [...told];
  let partial = false;
  const lost: string[] = [];
  let guessed = false;
  for (let current = text; ; ) {
    // Behind a guess at what blanks stand for, what is amiss may be the guess.
    guessed ||= found.some(({ meant }) => meant !== undefined);
    const around = withoutMistakes(current, found, guessed ? null : lost);
    const reading = around === undefined || around === current ? undefined : again(around);
    if (around === undefined || reading === undefined) return { root: null, problems: told };
    partial ||= found.some(({ meant }) => meant === undefined);
    const { root, mistakes, misplaced } = reading;
    if (mistakes.length === 0 && misplaced.length === 0) {
      return { root, problems: inOrder(problems), partial, lost };
    }
    current = around;
    found = explained(reading, current);
    problems.push(...found.map(({ problem }) => problem));
  }
}

/** @param lost gets the keys whose values are left out; null where none may be. */
function withoutMistakes(
  text: string,
  found: readonly Explanation[],
  lost: string[] | null,
): string | undefined {
  let around: string | undefined = text;
  for (const { problem, brokenAt, meant } of found) {
    if (around === undefined) return undefined;
    const { start, end } = problem;
    if (meant !== undefined) around = around.slice(0, start) + meant.slice(start, end) + around.slice(end);
    // The other lines of the same item are gone with it.
    else if (around === text || !isBlankLine(around, brokenAt)) around = without(around, brokenAt, lost);
  }
  return around;
}

/** A text without the item, or else the value, that a mistake stands in. */
function without(text: string, offset: number, lost: string[] | null): string | undefined {
  const item = withoutBrokenItem(text, offset);
  if (item !== undefined || lost === null) return item;
  const value = withoutBrokenValue(text, offset);
  if (value !== undefined) lost.push(value.key);
  return value?.text;
}

function isBlankLine(text: string, offset: number): boolean {
  const end = text.indexOf('\n', offset);
  return text.slice(text.lastIndexOf('\n', offset - 1) + 1, end === -1 ? text.length : end).trim() === '';
}

function earliest(mistakes: readonly SyntaxMistake[]): number | undefined {
  return mistakes.length === 0 ? undefined : Math.min(...mistakes.map(({ start }) => start));
}

function inOrder(problems: readonly TextProblem[]): readonly TextProblem[] {
  return [...problems].sort((a, b) => a.start - b.start);
}
