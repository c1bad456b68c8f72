import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { alone, examplePaid, exampleProbe, exampleReader, exampleTime } from '../../src/lint/example.ts';
import { fileExamples } from '../../src/lint/file-examples.ts';
import { fileRules } from '../../src/lint/known-rules.ts';
import type { LintResult } from '../../src/lint/lint.ts';
import { lint } from '../../src/lint/lint.ts';
import { modelsFileRule } from '../../src/lint/models-file.ts';
import { rules } from '../../src/lint/rules/index.ts';
import { documentedRules, ruleSection, rulesPage } from '../../src/lint/rules-doc.ts';
import { folderWith, lintText, marked } from './linting.ts';
import { seededPaid, seededProbe } from './media-facts.ts';

/** What the finding of each bad example of a rule of files marks. */
const marks: Readonly<Record<string, string>> = {
  'models-file': '"duratoin"',
  'lone-fragment': 'shots:',
  'bad-suppression': '# shotlist-disable-next-line yaml-portability',
  'unused-suppression': 'yaml-portability',
  'unreadable-file': 'scenes/act-2.yml',
  'file-too-large': '[',
  encoding: '"Rain \\ud83c, static camera"',
  'yaml-syntax': 'Rain on glass: a study in red',
  'unsupported-yaml': '<<',
  'duplicate-key': 'duration',
  'empty-file': '',
  schema: 'five',
  'unknown-key': 'promt',
  'include-cycle': 'scenes/act-2.yaml',
  'duplicate-name': 'sc010',
  'duplicate-shot': 'sh0010',
  'unknown-reference': '${vars.lok}',
  'list-reference': '${vars.look}',
  'nested-reference': '${vars.film}',
  'text-too-long': `"${'${vars.rain}, '.repeat(500)}"`,
  'missing-prompt-file': 'prompts/sh0010.txt',
  'outside-work-tree': '../../prompts/sh0010.md',
  'prompt-file-outside': '../prompts/sh0010.md',
  'prompt-twice': 'promptFile',
  'extra-parameter': 'ratio',
  'too-many-requests': '{ duration: 10, ratio: "4:3" }',
};

/** Lints every example, so it is made once. */
const page = rulesPage();

describe('every rule', () => {
  it('has an id of its own', () => {
    const ids = documentedRules.map(({ id }) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const id of ids) expect(id).toMatch(/^[a-z]+(-[a-z0-9]+)*$/);
  });

  describe.each(rules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    const files = rule.models === undefined ? {} : { 'models.json': JSON.stringify(rule.models) };
    const options = {
      media: exampleProbe(rule),
      paidMedia: examplePaid(rule),
      localMedia: exampleReader(rule),
      now: exampleTime,
    };

    it('finds exactly itself in its bad example', async () => {
      const { diagnostics } = await lintText(rule.bad, files, options);
      expect(diagnostics.map((each) => [each.rule, each.severity])).toEqual([[id, rule.severity]]);
    });

    it('tells someone who has never seen the API what to do', async () => {
      const { diagnostics } = await lintText(rule.bad, files, options);
      expect(diagnostics[0]?.help ?? '').not.toBe('');
      expect(diagnostics[0]?.message).not.toMatch(/\.$/);
    });

    it('finds nothing in its good example', async () => {
      const { diagnostics, summary } = await lintText(rule.good, files, options);
      expect(diagnostics).toEqual([]);
      expect(summary.requests).toBeGreaterThan(0);
    });

    it('is documented with its examples and what they give', async () => {
      const section = (await ruleSection(id)) ?? '';
      for (const text of [rule.summary, rule.why, rule.provider, rule.bad, rule.good]) {
        expect(section).toContain(text);
      }
      expect(section).toContain(`${rule.severity} ${id}  `);
      expect(await page).toContain(section);
    });
  });

  describe.each(fileRules.map((rule) => [rule.id, rule] as const))('%s', (id, rule) => {
    const { bad = '', good = '', files = {}, ...kind } = fileExamples[id] ?? {};
    /** In a folder inside another, since some files lie outside the manifest's. */
    const lintExample = async (which: 'bad' | 'good'): Promise<LintResult> => {
      const text = which === 'bad' ? bad : good;
      const inFilm = Object.entries({ 'a.yaml': text, ...files }).map(([name, each]) => [
        `film/${name}`,
        each,
      ]);
      const folder = await folderWith({ ...Object.fromEntries(inFilm), '.git/HEAD': '' });
      return lint(['a.yaml'], { cwd: path.join(folder, 'film'), fragments: alone(kind, which, 'a.yaml') });
    };

    it('finds exactly itself in its bad example, at the exact place', async () => {
      const { diagnostics, sources } = await lintExample('bad');
      expect(diagnostics.map((each) => [each.rule, each.severity])).toEqual([[id, rule.severity]]);
      const [found] = diagnostics;
      expect(found && marked(found, sources.get(found.file) ?? '')).toBe(marks[id]);
      expect(found?.help).toBeTruthy();
    });

    it('finds nothing in its good example', async () => {
      const { diagnostics, summary } = await lintExample('good');
      expect(diagnostics).toEqual([]);
      expect(summary.requests).toBeGreaterThan(0);
    });

    it('is documented with its example', async () => {
      const section = (await ruleSection(id)) ?? '';
      expect(section).toContain(rule.why);
      expect(section).toMatch(/\n\*\*The provider:\*\* (?:Never sees it|Gets the )/);
      expect(section).toContain('Bad:\n\n```yaml\n');
      expect(await page).toContain(section);
    });
  });

  it('of reading is documented too, and an unknown one is not', async () => {
    expect(await ruleSection('unknown-key')).toContain('misspelt');
    expect(await ruleSection('no-such-rule')).toBeUndefined();
  });
});

describe('a storyboard with one mistake seeded', () => {
  const folder = fileURLToPath(new URL('../fixtures/lint', import.meta.url));
  const fixtures = readdirSync(folder).filter((name) => name.endsWith('.yaml'));

  it('is there for every rule, and none without one', () => {
    const ids = [...rules, modelsFileRule].map(({ id }) => `${id}.yaml`);
    expect(fixtures.sort()).toEqual([...ids, 'clean.yaml'].sort());
  });

  it.each(fixtures)('yields what its first line says, at the exact token: %s', async (name) => {
    const text = readFileSync(path.join(folder, name), 'utf8');
    const header = /^# finds (?<rule>\S+?)(?: in (?<file>\S+))?(?:: (?<token>.*))?\n/.exec(text)?.groups;
    // What was looked at is judged by what it holds, no more by how its URL ends.
    const media =
      header?.['rule'] === 'url-extension' ? {} : { media: seededProbe(text), paidMedia: seededPaid(text) };
    const { diagnostics } = await lint([name], { cwd: folder, now: exampleTime, ...media });
    if (header?.['rule'] === 'nothing') return expect(diagnostics).toEqual([]);
    expect(diagnostics).toHaveLength(1);
    const [found] = diagnostics;
    if (found === undefined) throw new Error('nothing was found');
    const token = marked(found, readFileSync(path.join(folder, found.file), 'utf8'));
    expect({ rule: found.rule, file: found.file }).toEqual({
      rule: header?.['rule'],
      file: header?.['file'] ?? name,
    });
    if (header?.['token'] === 'the whole prompt')
      expect(token).toMatch(/^"(?:fog mist fog .* fog|🌊+\$\{vars\.look\})"$/u);
    else if (header?.['token'] === 'the key in its comment') expect(token).toMatch(/^sk-proj-[\da-f]+$/);
    else expect(token).toBe(header?.['token']);
  });
});

describe('the limits', () => {
  it('come from the catalog alone: a file that moves them all moves every finding', async () => {
    const manifest = `version: 1
project: demo
models: m.json
shots:
  - id: a
    model: videos
    duration: 5
    ratio: "16:9"
    resolution: 720p
    prompt: twelve chars
    referenceImages: [https://cdn.example.com/1.png]
    referenceVideos: [https://cdn.example.com/1.mp4]
    referenceAudios: [https://cdn.example.com/1.mp3]
`;
    const strict = {
      prompt: { maxLength: 11 },
      duration: { min: 6, max: 7 },
      ratio: { values: ['2:1'], default: '2:1' },
      resolution: { values: ['480p'], default: '480p' },
      modes: ['text', 'references'],
      referenceImages: { maxItems: 0 },
      referenceVideos: { maxItems: 0 },
      referenceAudios: { maxItems: 0 },
    };
    const folder = await folderWith({
      'a.yaml': manifest,
      'm.json': JSON.stringify({ version: 1, models: { videos: strict } }),
    });
    const { diagnostics } = await lint(['a.yaml'], { cwd: folder });
    expect(diagnostics.map(({ rule }) => rule)).toEqual([
      'duration-out-of-range',
      'ratio-not-offered',
      'resolution-not-offered',
      'prompt-too-long',
      'too-many-images',
      'too-many-videos',
      'too-many-audios',
    ]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'A duration of 5 s is 1 s too short for `videos`, which makes 6 to 7 s',
      '`videos` does not offer the ratio `16:9`',
      '`videos` does not offer the resolution `720p`',
      'The prompt has 12 characters; `videos` takes at most 11',
      '1 reference image, and `videos` takes none',
      '1 reference video, and `videos` takes none',
      '1 reference audio, and `videos` takes none',
    ]);
  });
});
