import { expect } from 'vitest';
import { fc } from '../../helpers/fast-check.ts';
import { compare } from './both-ways.ts';
import { projectTexts, ruleTexts, suiteTexts } from './corpus.ts';
import { linted } from './lint-both-ways.ts';
import { wrongManifests } from './manifests.ts';
import { madeTexts, mutatedTexts } from './texts.ts';

interface Count {
  /** How many texts are made. */
  readonly texts: number;
  /** Where fixed, the texts are the same in each run. */
  readonly seed?: number;
}

/** Fails where the fast reader takes a text that a grammar made, and reads it otherwise than the library. */
export function expectAgreementOnMade(count: Count): void {
  expectAgreement(madeTexts(), count);
}

/** The same for texts of the project and of the YAML test suite with mistakes in them. */
export function expectAgreementOnMutated(count: Count): void {
  const manifests = [...ruleTexts(), ...projectTexts()];
  const corpus = [...suiteTexts(), ...manifests, ...manifests].map(({ text }) => text);
  expectAgreement(mutatedTexts(corpus), count);
}

function expectAgreement(texts: fc.Arbitrary<string>, { texts: numRuns, ...seed }: Count): void {
  let taken = 0;
  const agree = fc.property(texts, (text) => {
    // What is refused before any reader gets to see it.
    if (/\r(?!\n)|[^\P{Cc}\t\n\r\u0085]|\p{Surrogate}|\ufeff/u.test(text)) return;
    const comparison = compare(text);
    if (comparison.kind === 'different') throw new Error(comparison.what);
    if (comparison.kind === 'same') taken += 1;
  });
  fc.assert(agree, { numRuns, ...seed });
  expect(taken).toBeGreaterThan(numRuns / 20);
}

/** Fails where a lint of a manifest with mistakes says or hands on anything else with the one reader than with the other. */
export async function expectSameLint(cwd: string, { texts: numRuns, ...seed }: Count): Promise<void> {
  const corpus = [...ruleTexts(), ...projectTexts()]
    .map(({ text }) => text)
    .filter((text) => text.length < 20_000 && /^version:/m.test(text));
  const same = fc.asyncProperty(wrongManifests(corpus), async (text) => {
    expect(await linted(text, cwd, 'fast')).toBe(await linted(text, cwd, 'library'));
  });
  await fc.assert(same, { numRuns, ...seed });
}
