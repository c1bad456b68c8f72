import { writeFileSync } from 'node:fs';
import path from 'node:path';
import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: narrow
defaults: { model: videos, duration: 5 }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
`;

describe('what is said about requests in doubt', () => {
  async function run(columns?: number) {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
    const { env } = await emulator({ fail: 'lost+billed#1' });
    const terminal = columns === undefined ? {} : { answers: ['y'], columns };
    const args = ['run', 'board.yaml', '--concurrency', '1', ...(columns === undefined ? ['--yes'] : [])];
    return { cwd, env, text: (await shotlist(args, { cwd, env, ...terminal })).stderr };
  }

  it('breaks between words on a narrow terminal, and under the text that goes on', async () => {
    const { text } = await run(60);
    // What is typed ends its line.
    const lines = text.replace('[y/N] ', '[y/N]\n').split('\n');
    expect(lines.filter((line) => stringWidth(line) > 60 && !line.includes('shotlist '))).toEqual([]);
    expect(text).toContain(
      'These may have been paid for, so they are not sent again by\nthemselves. Look for them at the provider (console, bill,\nsupport), then:\n',
    );
    expect(text).toContain(
      '  !  sh1  the connection was lost before the whole answer\n          came (other side closed)\n',
    );
  });

  it('leaves each command whole, to be copied', async () => {
    const { text } = await run(40);
    const lines = text.split('\n');
    expect(lines).toContain('  shotlist resolve board.yaml sh1 --task-id ID');
    expect(lines).toContain('    where a task exists');
    expect(lines).toContain('  shotlist collect board.yaml');
  });

  it('asks a question whose answer is typed behind it', async () => {
    const { text } = await run(40);
    expect(text).toContain('\n127.0.0.1:');
    expect(text).toMatch(/^.{1,34}\[y\/N\] sh1/m);
  });

  it('stays one line each where it is no terminal', async () => {
    const { text } = await run();
    expect(text).toContain(
      '\nThese may have been paid for, so they are not sent again by themselves. Look for them at the provider (console, bill, support), then:\n',
    );
  });

  it('says why nothing was sent, also to who sees no plan', async () => {
    const { cwd, env } = await run();
    const { stderr } = await shotlist(['run', 'board.yaml', '--yes', '--quiet'], { cwd, env });
    expect(stderr).toContain('Nothing was sent: 1 request blocked (in doubt).\n');
  });
});

it('an error breaks between words, its help under itself', async () => {
  const options = { cwd: temporaryFolder(), answers: [], columns: 40 };
  const { stderr } = await shotlist(['rules', 'no-such-rule-anywhere'], options);
  const [first = '', ...rest] = stderr.trimEnd().split('\n');
  expect(first).toMatch(/^error there is no rule/);
  expect(rest.length).toBeGreaterThan(0);
  expect([first, ...rest].every((line) => stringWidth(line) <= 40)).toBe(true);
});
