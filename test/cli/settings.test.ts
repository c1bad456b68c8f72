import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: settings
defaults: { model: videos, duration: 5 }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
`;

function project(): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
  return cwd;
}

describe('a key that was copied in a hurry', () => {
  it.each([
    ['"KEY"', 'is in quotes'],
    ["'KEY'", 'is in quotes'],
    ['“KEY”', 'is in quotes'],
    ['Bearer KEY', 'begins with the word Bearer'],
    ['Authorization: Bearer KEY', 'begins with the word Bearer'],
    ['KEY KEY', 'has a space or a line break in it'],
    ['KEY\nKEY', 'has a space or a line break in it'],
    ['KEYé', 'holds characters other than ASCII'],
  ])('is refused before anything is sent, and never shown: %j', async (written, message) => {
    const cwd = project();
    const { env, books } = await emulator();
    const key = written.replaceAll('KEY', env['SHOTLIST_API_KEY'] ?? '');
    writeFileSync(path.join(cwd, 'key.txt'), `${key}\n`);
    const { SHOTLIST_API_KEY: _, ...others } = env;
    for (const keyed of [{ SHOTLIST_API_KEY: key }, { SHOTLIST_API_KEY_FILE: 'key.txt' }]) {
      const { code, stderr } = await shotlist(['run', 'board.yaml', '--yes'], {
        cwd,
        env: { ...others, ...keyed },
      });
      expect(code).toBe(2);
      expect(stderr).toContain(`error the API key ${message}\n`);
      expect(stderr).toContain(
        `put into ${'SHOTLIST_API_KEY' in keyed ? '' : 'the file that '}SHOTLIST_API_KEY`,
      );
      expect(stderr).not.toContain('secret-key-of-the-test');
    }
    expect(books()).toHaveLength(0);
  });

  it('may have white space around it, as files and variables have', async () => {
    const cwd = project();
    const { env } = await emulator();
    const key = env['SHOTLIST_API_KEY'] ?? '';
    writeFileSync(path.join(cwd, 'key.txt'), `\ufeff${key}\r\n`);
    const { SHOTLIST_API_KEY: _, ...others } = env;
    const byFile = { ...others, SHOTLIST_API_KEY_FILE: 'key.txt' };
    expect((await shotlist(['run', 'board.yaml', '--yes', '--limit', '1'], { cwd, env: byFile })).code).toBe(
      0,
    );
    const padded = { ...others, SHOTLIST_API_KEY: ` ${key}\n` };
    expect((await shotlist(['run', 'board.yaml', '--yes'], { cwd, env: padded })).code).toBe(0);
  });
});

describe('a setting', () => {
  it('that was misspelt is told, with the one that was meant', async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, '.env'), 'SHOTLIST_LEGDER=a.db\n');
    const env = { SHOTLIST_BASEURL: 'https://other.example', shotlist_api_key: 'k', SHOTLIST_TEAM: 'blue' };
    const { stderr, code } = await shotlist(['plan', 'board.yaml'], { cwd, env });
    expect(code).toBe(0);
    expect(stderr.split('\n').sort()).toEqual([
      '',
      'warning SHOTLIST_BASEURL is no setting: did you mean SHOTLIST_BASE_URL?',
      'warning SHOTLIST_LEGDER in .env is no setting: did you mean SHOTLIST_LEDGER?',
      'warning shotlist_api_key is no setting: did you mean SHOTLIST_API_KEY?',
    ]);
    const doctor = await shotlist(['doctor', '--offline'], { cwd, env });
    expect(doctor.stdout.replaceAll(/\s+/g, ' ')).toContain('did you mean SHOTLIST_LEDGER?');
  });

  it('of a key file in the environment wins over a key in .env', async () => {
    const cwd = project();
    const { env } = await emulator();
    const { SHOTLIST_API_KEY = '', ...others } = env;
    writeFileSync(path.join(cwd, 'key.txt'), SHOTLIST_API_KEY);
    writeFileSync(path.join(cwd, '.env'), 'SHOTLIST_API_KEY=of-a-stranger\n');
    const keyed = { ...others, SHOTLIST_API_KEY_FILE: 'key.txt' };
    expect((await shotlist(['run', 'board.yaml', '--yes'], { cwd, env: keyed })).code).toBe(0);
  });

  it.each([
    [{ NO_COLOR: '1', FORCE_COLOR: '1' }, false],
    [{ NO_COLOR: '', FORCE_COLOR: '1' }, true],
    [{ NO_COLOR: '', FORCE_COLOR: 'true', CI: '1' }, true],
    [{ NO_COLOR: '', FORCE_COLOR: '0' }, false],
    [{ NO_COLOR: '', FORCE_COLOR: 'false' }, false],
    [{ NO_COLOR: '' }, false],
  ])('of color is obeyed: %j', async (env, isColored) => {
    const { stdout } = await shotlist(['plan', 'board.yaml'], { cwd: project(), env });
    expect(stdout.includes('\u001b[')).toBe(isColored);
  });
});

describe('a task id that two requests got', () => {
  it('is told at the end of the run, with both keys and what to do', async () => {
    const cwd = project();
    const { env } = await emulator({ fail: 'same-id#2' });
    const { stderr } = await shotlist(['run', 'board.yaml', '--yes', '--concurrency', '1'], { cwd, env });
    expect(stderr).toMatch(
      /^warning sh1 and sh2 got the same task id, \S+: there is one clip for 2 requests$/m,
    );
    expect(stderr).toContain('shotlist run board.yaml --resend KEY');
    const usual = await shotlist(['run', 'board.yaml', '--yes', '--resend', 'sh2'], { cwd, env });
    expect(usual.stderr).not.toContain('same task id');
  });
});

describe('a .env as other tools write it', () => {
  const text = 'SHOTLIST_API_KEY=<key>\r\nSHOTLIST_BASE_URL=<url>\r\n';
  const bigEndian = (bytes: Buffer): Buffer => bytes.swap16();

  it.each([
    ['UTF-16 of PowerShell', (words: string) => Buffer.from(`\ufeff${words}`, 'utf16le')],
    ['UTF-16 the other way round', (words: string) => bigEndian(Buffer.from(`\ufeff${words}`, 'utf16le'))],
    ['UTF-8 with a byte-order mark', (words: string) => Buffer.from(`\ufeff${words}`)],
  ])('is read: %s', async (_, encode) => {
    const cwd = project();
    const { key, baseUrl, books } = await emulator();
    writeFileSync(path.join(cwd, '.env'), encode(text.replace('<key>', key).replace('<url>', baseUrl)));
    const { code } = await shotlist(['run', 'board.yaml', '--yes'], { cwd });
    expect(code).toBe(0);
    expect(books()).toHaveLength(2);
  });

  it.each([
    'SHOTLIST_API_KEY=<key>',
    'export SHOTLIST_API_KEY = <key>  # the studio account',
    'SHOTLIST_API_KEY="<key>" # in quotes',
  ])('leaves a key with a # in it whole: %s', async (line) => {
    const cwd = project();
    const { baseUrl, key, books } = await emulator({ key: 'sk-abc#def' });
    writeFileSync(path.join(cwd, '.env'), `${line.replace('<key>', key)}\nSHOTLIST_BASE_URL=${baseUrl}\n`);
    const { code, stderr } = await shotlist(['run', 'board.yaml', '--yes'], { cwd });
    expect(stderr).toContain('2 of 2 requests submitted');
    expect(code).toBe(0);
    expect(books()).toHaveLength(2);
  });
});
