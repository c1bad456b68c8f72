import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const guide = readFileSync(path.resolve(import.meta.dirname, '../../docs/spreadsheets.md'), 'utf8');

it('the guide to spreadsheets shows files and commands that work, in their order', async () => {
  const cwd = temporaryFolder();
  const files = [...guide.matchAll(/^`(\S+)`:\n\n```\w+\n([\s\S]*?)^```$/gm)];
  for (const [, name = '', text = ''] of files) writeFileSync(path.join(cwd, name), text);
  const commands = [...guide.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].flatMap(([, block = '']) =>
    block.trim().split('\n'),
  );
  expect(files.length).toBe(5);
  expect(commands.length).toBe(10);
  for (const command of commands) {
    const [call = '', output] = command.replace(/^shotlist /, '').split(' > ');
    const { code, stdout, stderr } = await shotlist(call.split(' '), { cwd });
    expect([command, code, stderr]).toEqual([command, 0, stderr]);
    if (output !== undefined) writeFileSync(path.join(cwd, output), stdout);
  }
  const begun = readFileSync(path.join(cwd, 'episode.yaml'), 'utf8');
  expect(begun).toContain('  - id: E1_S020\n');
  expect(begun).toContain(
    '          She runs through the rain\n          slow dolly forward\n        duration: 5\n',
  );
});
