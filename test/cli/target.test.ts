import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: aim
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: sh1, prompt: First }
`;

function project(files: Readonly<Record<string, string>> = {}): string {
  const cwd = temporaryFolder();
  for (const [name, text] of Object.entries({ 'board.yaml': storyboard, ...files })) {
    writeFileSync(path.join(cwd, name), text);
  }
  return cwd;
}

const gateway = 'zcbservice.aizfw.cn';

describe('where a plan would be sent', () => {
  it('is named by the plan, with what named it', async () => {
    const cwd = project();
    const plain = await shotlist(['plan', 'board.yaml'], { cwd });
    expect(plain.stdout).toMatch(new RegExp(`^ +provider +${gateway}$`, 'm'));
    const flag = await shotlist(['plan', 'board.yaml', '--base-url', 'https://other.example/api'], { cwd });
    expect(flag.stdout).toMatch(/^ +provider +other\.example \(--base-url\)$/m);
    const env = { SHOTLIST_BASE_URL: 'http://127.0.0.1:8787/x' };
    const rehearsal = await shotlist(['run', 'board.yaml', '--dry-run'], { cwd, env });
    expect(rehearsal.stdout).toContain('127.0.0.1:8787 (SHOTLIST_BASE_URL): a rehearsal, nothing is paid\n');
  });

  it('is named by the question, and by the plan above it', async () => {
    const { env } = await emulator();
    const { host } = new URL(env['SHOTLIST_BASE_URL'] ?? '');
    const { stderr, code } = await shotlist(['run', 'board.yaml'], { cwd: project(), env, answers: ['n'] });
    expect(code).toBe(3);
    expect(stderr).toContain(`Submit 1 request for 7 CNY to ${host}, a rehearsal? [y/N] `);
    expect(stderr).toMatch(new RegExp(`provider +${host} \\(SHOTLIST_BASE_URL\\): a rehearsal`));
  });

  it('is told to be another one than .env says, where that does not count', async () => {
    const cwd = project({ '.env': 'SHOTLIST_BASE_URL=https://other.example/api\n' });
    const { stdout, stderr } = await shotlist(['plan', 'board.yaml'], { cwd });
    expect(stdout).toContain(gateway);
    expect(stderr).toMatch(/^warning SHOTLIST_BASE_URL in \.env is not used: .*key in the same file/);
    const doctor = await shotlist(['doctor', '--offline'], { cwd, env: { SHOTLIST_API_KEY: 'k' } });
    expect(doctor.stdout).toMatch(/warning +Base URL +.*not used/s);

    writeFileSync(
      path.join(cwd, '.env'),
      'SHOTLIST_BASE_URL=https://other.example/api\nSHOTLIST_API_KEY=k\n',
    );
    const obeyed = await shotlist(['plan', 'board.yaml'], { cwd });
    expect(obeyed.stdout).toContain('other.example (SHOTLIST_BASE_URL in .env)');
    expect(obeyed.stderr).toBe('');
    const overruled = await shotlist(['plan', 'board.yaml', '--base-url', 'https://third.example'], { cwd });
    expect(overruled.stderr).toBe('');
  });

  it.each([
    [{ SHOTLIST_BASE_URL: '' }, '', 'SHOTLIST_BASE_URL is empty'],
    [{ SHOTLIST_BASE_URL: ' \n' }, '', 'SHOTLIST_BASE_URL is empty'],
    [{}, 'SHOTLIST_API_KEY=k\nSHOTLIST_BASE_URL=\n', 'SHOTLIST_BASE_URL in .env is empty'],
    [{ SHOTLIST_LEDGER: '' }, '', 'SHOTLIST_LEDGER is empty'],
  ])('is never guessed where a setting is empty: %j %s', async (env, dotEnv, message) => {
    const cwd = project({ '.env': dotEnv });
    const { code, stderr } = await shotlist(['plan', 'board.yaml'], { cwd, env });
    expect(code).toBe(2);
    expect(stderr).toContain(`error ${message}`);
    expect(stderr).toContain('help');
    const named = await shotlist(
      ['plan', 'board.yaml', '--base-url', 'https://other.example', '--ledger', 'a.db'],
      { cwd, env },
    );
    expect(named.code).toBe(0);
  });
});

describe('a ledger that was named and is not there', () => {
  it('is told before money is spent, and not once it is there', async () => {
    const cwd = project();
    const { env } = await emulator();
    const call = ['run', 'board.yaml', '--ledger', 'memroy.db'];
    const first = await shotlist(call, { cwd, env, answers: ['n'] });
    expect(first.stderr).toMatch(/^ +ledger +memroy\.db is not there: a new one will be made$/m);
    expect(first.stderr).toContain(', with a new ledger, memroy.db? [y/N]');
    expect(existsSync(path.join(cwd, 'memroy.db'))).toBe(false);
    expect((await shotlist([...call, '--yes'], { cwd, env })).code).toBe(0);
    const again = await shotlist(['plan', 'board.yaml', '--ledger', 'memroy.db'], { cwd, env });
    expect(again.stdout).not.toContain('new one');
    const byVariable = { cwd, env: { ...env, SHOTLIST_LEDGER: 'memory.db' } };
    expect((await shotlist(['plan', 'board.yaml'], byVariable)).stdout).toContain('memory.db is not there');
  });

  it('is told although its journal is taken in before', async () => {
    const cwd = project({ 'kept.jsonl': '' });
    const { env } = await emulator();
    const journal = ['--journal', 'kept.jsonl'];
    await shotlist(['run', 'board.yaml', '--yes', '--ledger', 'a.db', ...journal], { cwd, env });
    const { stdout } = await shotlist(['plan', 'board.yaml', '--ledger', 'b.db', ...journal], { cwd, env });
    expect(stdout).toContain('b.db is not there: a new one will be made');
  });

  it('is not told of the ledger beside the manifest, which every first run makes', async () => {
    const { stdout } = await shotlist(['plan', 'board.yaml'], { cwd: project() });
    expect(stdout).not.toContain('ledger');
  });
});
