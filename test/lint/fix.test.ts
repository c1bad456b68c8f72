import { execFileSync } from 'node:child_process';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseDocument } from 'yaml';
import { writeFixed } from '../../src/cli/fixing.ts';
import { SetupError } from '../../src/core/errors.ts';
import { writeFilesAtomically } from '../../src/core/write-file.ts';
import { fix } from '../../src/lint/fix.ts';
import { lint } from '../../src/lint/lint.ts';
import { olderReading } from '../../src/lint/older-yaml.ts';
import { shotlist } from '../helpers/cli.ts';
import { fc } from '../helpers/fast-check.ts';
import { folderWith } from './linting.ts';

const stdin = (text: string) => async () => new TextEncoder().encode(text);

/** A text, mended. */
async function fixed(text: string): Promise<string> {
  const { files } = await fix(['-'], { cwd: '/nowhere', stdin: stdin(text) });
  return files[0]?.after ?? text;
}

const head = 'version: 1\nproject: demo\n';
const url = (name: string): string => `https://cdn.example.com/${name}.png`;

describe('fixing', () => {
  it.each<[what: string, before: string, after: string]>([
    ['a legacy spelling', `image: ${url('a')}  # the first`, `first_image: ${url('a')}  # the first`],
    ['a quoted one', `'lastFrameImage' :   "${url('a')}"`, `'last_image' :   "${url('a')}"`],
    ['a ratio without quotes', 'ratio:   16:9   # wide', 'ratio:   "16:9"   # wide'],
    ['a leading zero', 'takes: 010', 'takes: 10'],
    ['a word that is a truth value elsewhere', 'notes: no', 'notes: "no"'],
    ['a number in quotes', 'duration: "5" # s', 'duration: 5 # s'],
    ['no number of another kind', 'duration: "5.5"', 'duration: "5.5"'],
    ['a mistyped key', 'duratoin: 5', 'duration: 5'],
    ['a mistyped legacy spelling, not at all: what was meant is not sure', 'imge: x', 'imge: x'],
  ])('mends %s and nothing beside it', async (_, before, after) => {
    const text = (line: string): string =>
      `# one\r\n\r\n${head.replaceAll('\n', '\r\n')}shots:\r\n  -   id:  s1\r\n      ${line}\r\n      prompt:  'it''s'\r\n  # end`;
    expect(await fixed(text(before))).toBe(text(after));
  });

  it('takes out a legacy spelling that says the same as the new one, where its line is its own', async () => {
    const shot = (extra: string): string =>
      `${head}shots:\n  - id: s1\n    first_image: ${url('a')}\n${extra}    last_image: ${url('b')}\n`;
    expect(await fixed(shot(`    image: ${url('a')}\n`))).toBe(shot(''));
    const commented = shot(`    image: ${url('a')} # why\n`);
    expect(await fixed(commented)).toBe(commented);
    const different = shot(`    image: ${url('c')}\n`);
    expect(await fixed(different)).toBe(different);
  });

  it('never makes a key that is there already', async () => {
    for (const shot of [
      'prompt: a, promt: b',
      'promt: a, prmpt: b',
      `image: ${url('a')}, first_image: null`,
    ]) {
      const text = `${head}shots:\n  - { id: s1, ${shot} }\n`;
      expect(await fixed(text)).toBe(text);
    }
  });

  it('mends what comes to light under a mended key, too', async () => {
    const text = `${head}scens:\n  - id: sc1\n    shtos:\n      - { id: s1, duratoin: 5, model: videos, promt: Rain, ratio: 9:16 }\n`;
    expect(await fixed(text)).toBe(
      `${head}scenes:\n  - id: sc1\n    shots:\n      - { id: s1, duration: 5, model: videos, prompt: Rain, ratio: "9:16" }\n`,
    );
  });

  it('leaves suppressed findings as they are', async () => {
    const text = `${head}# shotlist-disable-file yaml-portability -- read by nothing else\ndefaults: { ratio: 16:9 }\n`;
    expect(await fixed(text)).toBe(text);
  });

  it('says in JSON what it can mend', async () => {
    const { diagnostics } = await lint(['-'], {
      cwd: '/nowhere',
      stdin: stdin(`${head}defaults: { ratio: 16:9 }\nshots: [{ id: s1, xyz: 1 }]\n`),
    });
    expect(diagnostics.map(({ rule, fixable }) => [rule, fixable])).toContainEqual([
      'yaml-portability',
      true,
    ]);
    expect(diagnostics.map(({ rule, fixable }) => [rule, fixable])).toContainEqual(['unknown-key', false]);
  });
});

/** Storyboards with things to mend, in many styles. */
const storyboard = fc
  .record({
    eol: fc.constantFrom('\n', '\r\n'),
    quote: fc.constantFrom('', '"', "'"),
    ratio: fc.constantFrom('16:9', '"16:9"', "'9:16'", '1:1', '!!str 16:9'),
    notes: fc.constantFrom(
      'no',
      '0777',
      '1_000',
      '2026-01-02',
      '雨 # no comment',
      '"yes"',
      '|\n      16:9\n      no',
      '1e3',
    ),
    frame: fc.constantFrom('image', 'first_image', 'frist_image'),
    prompt: fc.constantFrom('prompt', 'promt', 'prompt '),
    comment: fc.constantFrom('', '  # 16:9', '   '),
    flow: fc.boolean(),
    takes: fc.constantFrom('1', '02', '0o3'),
  })
  .map(({ eol, quote, ratio, notes, frame, prompt, comment, flow, takes }) => {
    const key = (name: string): string => `${quote}${name}${quote}`;
    const block = notes.includes('|');
    const pairs = [
      `${key('id')}: s1`,
      `${key('model')}: videos`,
      'duration: 5',
      `${prompt}: Rain on "glass", 16:9`.replace(/: (.*), /, flow ? ': $1 and ' : ': $1, '),
      `ratio: ${ratio}`,
      `takes: ${takes}`,
      `${key(frame)}: ${url('a')}`,
      `last_image: ${url('b')}`,
      ...(flow && block ? [] : [`notes: ${notes}`]),
    ];
    const shot = flow
      ? `  - { ${pairs.map((pair) => pair.replace(' # no comment', '')).join(', ')} }${comment}`
      : pairs
          .map(
            (pair, index) =>
              `${index === 0 ? '  - ' : '    '}${pair}${block && pair.includes('|') ? '' : comment}`,
          )
          .join('\n');
    return `${head}shots:\n${shot}\n`.replaceAll('\n', eol);
  });

describe('whatever is fixed', () => {
  it('stays fixed: a second time changes nothing more', async () => {
    await fc.assert(
      fc.asyncProperty(storyboard, async (text) => {
        const once = await fixed(text);
        expect(await fixed(once)).toBe(once);
      }),
      { numRuns: 150 },
    );
  });

  it('sends what was sent before, and only what was told is touched', async () => {
    await fc.assert(
      fc.asyncProperty(storyboard, async (text) => {
        const { files, result } = await fix(['-'], { cwd: '/nowhere', stdin: stdin(text) });
        const before = await lint(['-'], { cwd: '/nowhere', stdin: stdin(text) });
        const prints = ({ manifests }: typeof before): unknown =>
          manifests.map(({ requests }) => requests.map(({ fingerprint }) => fingerprint));
        if (before.summary.errors === 0) expect(prints(result)).toEqual(prints(before));
        expect(result.diagnostics.filter(({ fixable }) => fixable)).toEqual([]);
        const after = (files[0]?.after ?? text).split('\n');
        const lines = new Set(files[0]?.fixed.map(({ diagnostic }) => diagnostic.line));
        for (const [index, line] of text.split('\n').entries()) {
          if (!lines.has(index + 1)) expect(after[index]).toBe(line);
        }
      }),
      { numRuns: 150 },
    );
  });
});

describe('a value that YAML 1.1 reads otherwise', () => {
  it.each([
    ['16:9', '"16:9"', 'the number 969'],
    ['-1:30', '"-1:30"', 'the number -90'],
    ['yes', '"yes"', 'true'],
    ['OFF', '"OFF"', 'false'],
    ['n', '"n"', 'false'],
    ['0777', '777', 'the number 511'],
    ['08', '8', 'text'],
    ['0o17', '15', 'text'],
    ['0b11', '"0b11"', 'a binary number'],
    ['1_000', '"1_000"', 'the number 1000'],
    ['2026-01-02', '"2026-01-02"', 'a date'],
    ['1e3', '1000', 'text'],
  ])('%s is written %s', (source, portable, readAs) => {
    const scalar = parseDocument(`a: ${source}`, { version: '1.2' }).get('a', true);
    expect(olderReading(scalar as Parameters<typeof olderReading>[0])).toEqual({ readAs, portable });
    const again = parseDocument(`a: ${portable}`).get('a', true);
    expect(again).toMatchObject({ value: (scalar as { value: unknown }).value });
    expect(olderReading(again as Parameters<typeof olderReading>[0])).toBeUndefined();
  });

  it.each([
    '16',
    '-5',
    '0',
    '0.5',
    '1.5',
    'true',
    'null',
    '~',
    '0x1F',
    'note',
    'Nothing',
    'on the way',
    '16:90 pm',
    'a:b',
    '10.0.0.1',
  ])('%s is not one', (source) => {
    const scalar = parseDocument(`a: ${source}`).get('a', true);
    expect(olderReading(scalar as Parameters<typeof olderReading>[0])).toBeUndefined();
  });
});

describe('lint --fix', () => {
  const manifest = `${head}include: [part.yaml]\nshots:\n  - { id: one, model: videos, duration: 5, prompt: Rain, ratio: 16:9 }\n`;
  const part = 'shots:\r\n  - { id: two, model: videos, duration: 5, prompt: Snow, ratio: 9:16 }\r\n';

  it('writes every file of a manifest, keeps what marks their encoding, and shows what it touched', async () => {
    const cwd = await folderWith({ 'a.yaml': manifest, 'part.yaml': `\ufeff${part}` });
    const { code, stdout, stderr } = await shotlist(['lint', '--fix', 'a.yaml'], { cwd });
    expect(code).toBe(0);
    expect(await readFile(path.join(cwd, 'a.yaml'), 'utf8')).toBe(manifest.replace('16:9', '"16:9"'));
    expect(await readFile(path.join(cwd, 'part.yaml'), 'utf8')).toBe(
      `\ufeff${part.replace('9:16', '"9:16"')}`,
    );
    expect(stdout).toBe('No problems in 1 file, 2 shots, 2 requests\n');
    expect(stderr).toBe(
      'fixed a.yaml\n  5:65  yaml-portability  Write "16:9"\nfixed part.yaml\n  2:65  yaml-portability  Write "9:16"\n',
    );
  });

  it('writes whole files or none', async () => {
    const cwd = await folderWith({ 'a.yaml': manifest, 'part.yaml': part });
    const broken = path.join(cwd, 'part.yaml');
    const { files } = await fix(['a.yaml'], { cwd });
    await writeFile(broken, `${part}# somebody else was here\r\n`);
    await expect(writeFixed(files)).rejects.toThrow('has changed while it was being mended');
    expect(await readFile(path.join(cwd, 'a.yaml'), 'utf8')).toBe(manifest);
    await rm(broken);
    await expect(writeFixed(files)).rejects.toThrow('has changed while it was being mended');
  });

  it('leaves all as it was where one of several cannot be written', async () => {
    const cwd = await folderWith({ 'a.yaml': manifest });
    const writing = writeFilesAtomically([
      { path: path.join(cwd, 'a.yaml'), data: 'new' },
      { path: path.join(cwd, 'gone', 'b.yaml'), data: 'new' },
    ]);
    await expect(writing).rejects.toThrow(SetupError);
    expect(await readFile(path.join(cwd, 'a.yaml'), 'utf8')).toBe(manifest);
    expect(await readdir(cwd)).toEqual(['a.yaml']);
  });

  it('prints a diff that patch takes, and writes nothing, with --dry-run', async () => {
    const cwd = await folderWith({ 'a.yaml': manifest, 'part.yaml': part });
    const { stdout, stderr } = await shotlist(['lint', '--fix', '--dry-run', 'a.yaml'], { cwd });
    expect(stdout).toContain(
      '--- a/a.yaml\n+++ b/a.yaml\n@@ -2,4 +2,4 @@\n project: demo\n include: [part.yaml]\n shots:\n-  - { id: one,',
    );
    expect(stderr).toMatch(/^would fix a\.yaml\n {2}5:65 {2}yaml-portability/);
    expect(await readFile(path.join(cwd, 'a.yaml'), 'utf8')).toBe(manifest);
    execFileSync('git', ['apply', '--unsafe-paths', '-'], { cwd, input: stdout });
    expect(await readFile(path.join(cwd, 'a.yaml'), 'utf8')).toBe(manifest.replace('16:9', '"16:9"'));
    expect(await readFile(path.join(cwd, 'part.yaml'), 'utf8')).toBe(part.replace('9:16', '"9:16"'));
  });

  it('prints a diff that fits a file with a byte-order mark and CRLF', async () => {
    const marked = (text: string): string => `\ufeff${text.replaceAll('\n', '\r\n')}`;
    const before = `${head}defaults: { ratio: 16:9 } # 宽\n`;
    const cwd = await folderWith({ 'a.yaml': marked(before) });
    const after = marked(before.replace('16:9', '"16:9"'));
    const { stdout } = await shotlist(['lint', '--fix', '--dry-run', 'a.yaml'], { cwd });
    execFileSync('git', ['apply', '--unsafe-paths', '-'], { cwd, input: stdout });
    expect(await readFile(path.join(cwd, 'a.yaml'), 'utf8')).toBe(after);
    const again = await shotlist(['lint', '--fix', '--dry-run', 'a.yaml'], { cwd });
    expect(again.stdout).toBe('');
  });

  it('blacks out secrets in the diff', async () => {
    const cwd = await folderWith({
      'a.yaml': `${head}defaults: { ratio: 16:9 }\nx-key: sk-proj-4f9d2c7b81e6a05398\n`,
    });
    const { stdout } = await shotlist(['lint', '--fix', '--dry-run', 'a.yaml'], { cwd });
    expect(stdout).toContain('+defaults: { ratio: "16:9" }');
    expect(stdout).not.toContain('4f9d2c7b81e6a05398');
  });

  it('gives standard input back, mended, and its findings on standard error', async () => {
    const cwd = await folderWith({ 'part.yaml': part });
    const { code, stdout, stderr } = await shotlist(['lint', '--fix', '-'], { cwd, stdin: manifest });
    expect(code).toBe(0);
    expect(stdout).toBe(manifest.replace('16:9', '"16:9"'));
    expect(stderr).toContain('fixed -\n');
    expect(stderr).toContain('1 warning in 1 file');
    expect(await readFile(path.join(cwd, 'part.yaml'), 'utf8')).toBe(part);
    const clean = await shotlist(['lint', '--fix', '-'], { cwd, stdin: 'a: [' });
    expect(clean).toMatchObject({ code: 1, stdout: 'a: [' });
  });

  it.each([
    [['--dry-run', 'a.yaml'], '--dry-run goes with --fix'],
    [['--fix', '-', 'a.yaml'], '--fix takes standard input alone'],
    [['--stdin-filename', 'b.yaml', 'a.yaml'], '--stdin-filename is for standard input'],
    [['*.yml'], "no file matches '*.yml'"],
  ])('refuses a call that makes no sense: %s', async (args, message) => {
    const cwd = await folderWith({ 'a.yaml': manifest });
    const { code, stderr } = await shotlist(['lint', ...args], { cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
  });
});

describe('lint of several manifests', () => {
  const text = (id: string): string => `version: 1\nproject: ${id}\nshots: []\n`;

  it('expands patterns itself, in alphabetical order, and looks into no dependencies', async () => {
    const cwd = await folderWith({
      'b.yaml': text('b').replace('shots', 'shts'),
      'a.yaml': text('a').replace('shots', 'shts'),
      'acts/1/c.yaml': text('c').replace('shots', 'shts'),
      'acts/d.yml': text('d'),
      'node_modules/x/e.yaml': 'a: [',
      '[x].yaml': text('x').replace('shots', 'shts'),
    });
    const files = async (...words: string[]): Promise<readonly string[]> => {
      const { stdout } = await shotlist(['lint', '--format', 'json', ...words], { cwd });
      return (JSON.parse(stdout) as { diagnostics: { file: string }[] }).diagnostics.map(({ file }) => file);
    };
    expect(await files('**/*.yaml')).toEqual(['[x].yaml', 'a.yaml', 'acts/1/c.yaml', 'b.yaml']);
    expect(await files('./{b,a}.yaml')).toEqual(['a.yaml', 'b.yaml']);
    expect(await files('acts/**')).toEqual(['acts/1/c.yaml']);
    expect(await files('[x].yaml')).toEqual(['[x].yaml']);
  });

  it('takes standard input for the file that it is told', async () => {
    const cwd = await folderWith({ 'acts/part.yaml': 'shots: [{ id: one }]\n' });
    const { stdout } = await shotlist(['lint', '--format', 'json', '--stdin-filename', 'acts/a.yaml', '-'], {
      cwd,
      stdin: `${head}include: [part.yaml]\nshts: []\n`,
    });
    const { diagnostics } = JSON.parse(stdout) as { diagnostics: { rule: string; file: string }[] };
    expect(diagnostics.map(({ rule, file }) => [rule, file])).toEqual([
      ['unknown-key', 'acts/a.yaml'],
      ['required-parameter', path.join('acts', 'part.yaml')],
    ]);
  });
});
