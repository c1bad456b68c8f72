import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { storyboard } from '../helpers/approvers.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

// What is signed, and how, is in test/programs/approvers.test.ts: it takes OpenSSH.
it('sends nothing that nobody signed where the manifest names approvers, and still shows it', async () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
  const { env, books } = await emulator();
  const call = (words: string) => shotlist(words.split(' '), { cwd, env });
  expect(await call('plan board.yaml --out plan.json')).toMatchObject({ code: 0 });
  expect(await call('run board.yaml --dry-run')).toMatchObject({ code: 0 });
  for (const words of ['run board.yaml', 'run board.yaml --yes --only sh1', 'run plan.json --yes']) {
    const { code, stdout, stderr } = await call(`${words} --format json`);
    expect([words, code]).toEqual([words, 3]);
    expect(JSON.parse(stdout)).toMatchObject({ errorCode: 'unsigned' });
    expect(stderr).toContain('shotlist approve plan.json');
  }
  expect(books()).toHaveLength(0);
});
