import { existsSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

describe('ledger init, status, migrate and copy', () => {
  it('make a ledger, tell of it and copy it', async () => {
    const cwd = temporaryFolder();
    const nothing = await shotlist(['ledger', 'status'], { cwd });
    expect(nothing).toMatchObject({ code: 0, stdout: expect.stringContaining('there is no ledger yet') });
    expect((await shotlist(['ledger', 'migrate'], { cwd })).code).toBe(2);
    const made = await shotlist(['ledger', 'init'], { cwd });
    expect(made.stderr).toContain('.shotlist/ledger.db is made: SQLite');
    expect((await shotlist(['ledger', 'init'], { cwd })).stderr).toContain('is there already');
    expect((await shotlist(['ledger', 'migrate'], { cwd })).stderr).toContain(
      'the newest that this release knows',
    );
    const told = await shotlist(['ledger', 'status', '--format', 'json'], { cwd });
    expect(JSON.parse(told.stdout)).toMatchObject({ version: 1, exists: true, schema: 4, runs: [] });
    const copied = await shotlist(['ledger', 'copy', '.shotlist/ledger.db', 'other.db'], { cwd });
    expect(copied).toMatchObject({ code: 0, stderr: expect.stringContaining('copied from') });
    expect(existsSync(path.join(cwd, 'other.db'))).toBe(true);
  });

  it('say what they need', async () => {
    const cwd = temporaryFolder();
    expect(await shotlist(['ledger', 'copy', 'a.db'], { cwd })).toMatchObject({ code: 2 });
    expect((await shotlist(['ledger', 'copy', 'a.db', 'b.db'], { cwd })).stderr).toContain(
      'there is no ledger at',
    );
    expect((await shotlist(['ledger', 'export'], { cwd })).stderr).toContain('of which manifest?');
    expect((await shotlist(['ledger', 'inti'], { cwd })).stderr).toContain('init');
  });

  it('name a server that is not there without its password, and send nothing', async () => {
    const cwd = temporaryFolder();
    const env = { SHOTLIST_LEDGER: 'postgres://mika:h0rse-battery@127.0.0.1:1/studio' };
    for (const words of [
      ['ledger', 'init'],
      ['ledger', 'status'],
      ['doctor', '--offline'],
    ]) {
      const { code, stdout, stderr } = await shotlist(words, { cwd, env });
      expect(code, words.join(' ')).toBe(2);
      expect(`${stdout}${stderr}`).toContain('postgres://mika@127.0.0.1:1/studio');
      expect(`${stdout}${stderr}`).not.toContain('battery');
    }
  });
});
