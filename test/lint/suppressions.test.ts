import { describe, expect, it } from 'vitest';
import { knownRules } from '../../src/lint/known-rules.ts';
import { lint } from '../../src/lint/lint.ts';
import { folderWith, lintText, told } from './linting.ts';

const shot = (id: string, url: string): string =>
  `  - { id: ${id}, model: videos, duration: 5, prompt: Rain ${id}, referenceImages: [${url}] }\n`;
const insecure = 'http://cdn.example.com/a.png';
const head = 'version: 1\nproject: demo\n';

describe('a comment that suppresses', () => {
  it('is about the next line, and that alone', async () => {
    const text = `${head}shots:\n  # shotlist-disable-next-line url-insecure -- the old CDN\n${shot('one', insecure)}${shot('two', insecure)}`;
    const { diagnostics } = await lintText(text);
    expect(diagnostics.map(({ rule, line }) => [rule, line])).toEqual([['url-insecure', 6]]);
  });

  it('skips empty lines and comments on its way, and may stand behind a value', async () => {
    const text = `${head}shots: # shotlist-disable-next-line url-insecure -- the old CDN\n\n  # the first one\n${shot('one', insecure)}`;
    expect(told(await lintText(text))).toEqual([]);
  });

  it('may name several rules', async () => {
    const text = `${head}shots:\n  # shotlist-disable-next-line url-insecure, yaml-portability -- the old CDN\n${shot('one', insecure).replace('duration', 'notes: no, duration')}`;
    expect(told(await lintText(text))).toEqual([]);
  });

  it('is about its whole file, wherever it stands, and about no other', async () => {
    const files = { 'part.yaml': `shots:\n${shot('two', insecure)}` };
    const text = `${head}include: [part.yaml]\nshots:\n${shot('one', insecure)}# shotlist-disable-file url-insecure -- the old CDN\n`;
    const { diagnostics } = await lintText(text, files);
    expect(diagnostics.map(({ rule, file }) => [rule, file])).toEqual([['url-insecure', 'part.yaml']]);
  });

  it('in a manifest is about its prompt files, which have no comments', async () => {
    const text = `${head}# shotlist-disable-file prompt-placeholder -- filled in by a script\nshots:\n  - { id: one, model: videos, duration: 5, promptFile: one.md }\n`;
    expect(told(await lintText(text, { 'one.md': 'Rain on {{place}}\n' }))).toEqual([]);
  });

  it('in a fragment is used when one of the manifests that share it needs it', async () => {
    const cwd = await folderWith({
      'a.yaml': `${head}include: [part.yaml]\ndefaults: { model: videos, duration: 5 }\n`,
      'b.yaml': `${head}include: [part.yaml]\n`,
      'part.yaml': `# shotlist-disable-file prompt-placeholder -- filled in by a script\nshots:\n  - { id: one, model: videos, duration: 5, prompt: TODO }\n`,
    });
    expect((await lint(['a.yaml', 'b.yaml'], { cwd })).diagnostics).toEqual([]);
  });

  it('is none inside a text', async () => {
    const text = `${head}shots:\n  - id: one\n    model: videos\n    duration: 5\n    notes: |\n      # shotlist-disable-file url-insecure\n    prompt: "# shotlist-disable-file"\n`;
    expect(told(await lintText(text))).toEqual([]);
  });

  it('for nothing is a warning at the rule that it names', async () => {
    const text = `${head}# shotlist-disable-file url-insecure, unused-var -- the old CDN\nshots:\n${shot('one', insecure)}`;
    expect(told(await lintText(text))).toEqual(['unused-suppression: unused-var']);
  });

  it.each([
    ['without a reason', 'next-line url-insecure', 'This comment gives no reason'],
    ['with dashes and no reason', 'next-line url-insecure -- ', 'This comment gives no reason'],
    ['without a rule', 'file -- why', 'This comment names no rule'],
    ['of another kind', 'line url-insecure -- why', '`shotlist-disable-line` is not known'],
    ['of a rule that is not known', 'file url-insecur -- why', 'There is no rule `url-insecur`'],
  ])('%s is one error, whatever it suppresses', async (_, comment, message) => {
    const text = `${head}shots:\n  # shotlist-disable-${comment}\n${shot('one', insecure)}`;
    const { diagnostics } = await lintText(text);
    const found = diagnostics.filter(({ rule }) => rule !== 'url-insecure');
    expect(found).toMatchObject([{ rule: 'bad-suppression', severity: 'error', message }]);
    expect(found[0]?.help).toBeTruthy();
  });

  it('of a rule that is not known is told the nearest', async () => {
    const text = `${head}# shotlist-disable-file url-insecur -- why\nshots: []\n`;
    const { diagnostics } = await lintText(text);
    expect(diagnostics[0]?.help).toBe('Did you mean `url-insecure`?');
  });

  it.each(
    [...knownRules.values()].filter(({ severity, suppressible }) => severity === 'error' && !suppressible),
  )('cannot hide what would fail all the same, or give a secret away: $id', async ({ id }) => {
    const text = `${head}# shotlist-disable-file ${id} -- trust me\nshots: []\n`;
    expect(told(await lintText(text))).toEqual([`bad-suppression: ${id}`]);
  });

  it('leaves an error that it cannot suppress in place', async () => {
    const text = `${head}shots:\n  # shotlist-disable-next-line ratio-not-offered -- trust me\n  - { id: one, model: videos, duration: 5, prompt: Rain, ratio: "5:4" }\n`;
    expect(told(await lintText(text))).toEqual([
      'bad-suppression: ratio-not-offered',
      'ratio-not-offered: "5:4"',
    ]);
  });

  it.each(['url-not-public', 'url-expired'])(
    'can hide %s, which depends on more than the manifest',
    async (id) => {
      const url =
        id === 'url-expired'
          ? 'https://m.example.com/a.png?Key-Pair-Id=K&Signature=s&Expires=1000000000'
          : 'https://localhost:9000/a.png';
      const text = `${head}shots:\n  # shotlist-disable-next-line ${id} -- a rehearsal\n${shot('one', `"${url}"`)}`;
      expect(told(await lintText(text))).toEqual([]);
    },
  );
});
