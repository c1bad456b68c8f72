import { tmpdir } from 'node:os';
import { expect, it } from 'vitest';
import { yamlReader } from '../../../src/manifest/read-budget.ts';
import { expectAgreementOnMade, expectAgreementOnMutated, expectSameLint } from './agreement.ts';

// A sample of what `npm run test:generated` does at length.

it('reads texts that a grammar made as the library does', () => {
  expectAgreementOnMade({ texts: 2000 });
});

it('reads texts with mistakes as the library does, or leaves them to it', () => {
  expectAgreementOnMutated({ texts: 2000 });
});

it('finds the same in manifests with mistakes, whoever reads them', async () => {
  await expectSameLint(tmpdir(), { texts: 300 });
});

it('leaves everything to the library where the environment says so', () => {
  expect(yamlReader({ SHOTLIST_YAML: 'slow' })).toBe('library');
  expect(yamlReader({})).toBe('fast');
});
