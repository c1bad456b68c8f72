import { extendCatalog } from '../catalog/extend.ts';
import { shippedCatalog } from '../catalog/shipped.ts';
import type { LocalMediaReader, LocalMedium } from '../media/local-medium.ts';
import { localImage } from './example-media.ts';
import type { FileExample } from './file-examples.ts';
import type { LintOptions, LintResult } from './lint.ts';
import { lintWith } from './lint.ts';
import type { PaidMedia } from './paid-media.ts';
import type { Rule } from './rule.ts';
import type { MediaProbe } from './used-media.ts';

/** A manifest with a mistake, and the same one, mended. */
export type Example = Pick<Rule, 'bad' | 'good' | 'models' | 'media' | 'local' | 'paid'> &
  Pick<FileExample, 'alone'>;

/** The name of examples where their findings are shown. */
const exampleFile = 'storyboard.yaml';

/** The time of linting examples: a day of its own, in ms since the Unix epoch, so that their signed URLs never age. */
export const exampleTime = Date.UTC(2026, 0, 1);

/** Lints an example of a rule as if it were a file, without touching the disk. */
export async function lintExample(rule: Example, example: 'bad' | 'good'): Promise<LintResult> {
  const { catalog, uncertain } = extendCatalog(shippedCatalog, rule.models ?? { version: 1, models: {} });
  const inForce = { catalog, uncertain, findings: [], source: undefined };
  const result = await lintWith(
    ['-'],
    {
      cwd: '/',
      stdin: async () => new TextEncoder().encode(rule[example]),
      now: exampleTime,
      fragments: alone(rule, example, '-'),
      media: exampleProbe(rule),
      paidMedia: examplePaid(rule),
      localMedia: exampleReader(rule),
    },
    async () => inForce,
  );
  return {
    ...result,
    diagnostics: result.diagnostics.map((diagnostic) => ({ ...diagnostic, file: exampleFile })),
    sources: new Map([[exampleFile, result.sources.get('-') ?? '']]),
  };
}

/** Makes the `LintOptions.fragments` of an example under a name. */
export function alone(
  { alone }: Pick<FileExample, 'alone'>,
  example: 'bad' | 'good',
  file: string,
): LintOptions['fragments'] {
  return alone === true && example === 'bad' ? new Map([[file, 'alone']]) : undefined;
}

/** Answers with what a rule says is on the disk of its examples; a file of which it says nothing is there, and right. */
export function exampleReader({ local = {} }: Pick<Rule, 'local'>): LocalMediaReader {
  return async (files) =>
    new Map(
      files.map(({ file, absolutePath }): [string, LocalMedium] => [
        absolutePath,
        local[file] ?? localImage(file),
      ]),
    );
}

/** Answers with what a rule says of its examples' media; undefined where it says nothing. */
export function exampleProbe({ media }: Pick<Rule, 'media'>): MediaProbe | undefined {
  return media && (async () => new Map(media.map((facts) => [facts.url, facts])));
}

/** Every request of an example was paid with what its rule says. */
export function examplePaid({ paid }: Pick<Rule, 'paid'>): PaidMedia | undefined {
  return paid && { versionOf: (_request, url) => paid.get(url) };
}
