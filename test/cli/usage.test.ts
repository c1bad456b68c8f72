import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { loadCommands } from '../../src/cli/commands/index.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { commit, gitEnv, writeFiles } from '../helpers/git.ts';

const commands = await loadCommands();

async function call(...args: readonly string[]): Promise<{ code: number; stdout: string; stderr: string }> {
  return shotlist(args, { cwd: temporaryFolder() });
}

describe('a mistake in a call', () => {
  it.each([
    [['lnit'], "there is no command 'lnit'", 'did you mean lint?'],
    [['paln', 'x.yaml'], "there is no command 'paln'", 'did you mean plan?'],
    [['validate', 'x.yaml'], "there is no command 'validate'", 'did you mean lint?'],
    [['Retry'], "there is no command 'Retry'", 'did you mean run --retry-failed?'],
    [['xyzzy'], "there is no command 'xyzzy'", '`shotlist help` lists them'],
    [
      ['my board.yaml', '--strict'],
      'a command is missing before my board.yaml',
      "shotlist lint 'my board.yaml' --strict",
    ],
    [['help', 'plna'], "there is no command 'plna'", 'did you mean plan?'],
    [['--versoin'], "unknown option '--versoin'", 'did you mean --version?'],
    [['lint', '--fromat', 'json', 'x.yaml'], "unknown option '--fromat'", 'did you mean --format?'],
    [['lint', '--fromat=json', 'x.yaml'], "unknown option '--fromat'", 'did you mean --format?'],
    [
      ['lint', '--concurency', '3', 'x.yaml'],
      "unknown option '--concurency'",
      '--concurrency is an option of run;',
    ],
    [
      ['status', '--yes', 'x.yaml'],
      "unknown option '--yes'",
      /--yes is an option of .*\brun\b.*; `shotlist help status`/,
    ],
    [['run', '--xyzzy', 'x.yaml'], "unknown option '--xyzzy'", '`shotlist help run` shows'],
    [
      ['lint', '--format', 'jsn', 'x.yaml'],
      "--format cannot be 'jsn'",
      'did you mean json? There are pretty, json',
    ],
    [['lint', '--format', 'pdf', 'x.yaml'], "--format cannot be 'pdf'", 'choose one of pretty, json'],
    [['plan', '--limit', 'zero', 'x.yaml'], "--limit: 'zero' is not a whole number", '`shotlist help plan`'],
    [['run', 'x.yaml', '--rate'], '--rate needs a value', '`shotlist help run`'],
    [['report', 'x.yaml', '-o'], '--output needs a value', '`shotlist help report`'],
    [['plan', 'my', 'board.yaml'], 'plan takes one argument, and got 2', 'in quotes'],
    [['plan'], "missing required argument 'manifest'", '`shotlist help plan`'],
  ])('%j says what is wrong and what to do', async (args, message, help) => {
    const { code, stdout, stderr } = await call(...args);
    expect(code).toBe(2);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^error [^\n]+\n {2}help [^\n]+\n$/);
    expect(stderr).toContain(message);
    expect(stderr).toMatch(help);
  });

  it('suggests the file that was probably meant', async () => {
    const cwd = temporaryFolder();
    writeFiles(cwd, { 'boards/neon.yaml': 'version: 1\n', 'boards/notes.txt': '' });
    for (const [named, meant] of [
      ['boards/noen.yaml', 'did you mean boards/neon.yaml?'],
      ['boards/neon.yml', 'did you mean boards/neon.yaml?'],
      ['boards/alley.yaml', 'Check the path'],
    ] as const) {
      const { code, stderr } = await shotlist(['plan', named], { cwd });
      expect(code).toBe(2);
      expect(stderr).toContain(`\`${named}\` does not exist`);
      expect(stderr).toContain(meant);
      const linted = await shotlist(['lint', named], { cwd });
      expect(linted.code).toBe(2);
      expect(linted.stdout.toLowerCase()).toContain(meant.toLowerCase());
    }
  });
});

describe('help', () => {
  it.each(commands)('of $name has examples, and is at home at 80 columns', async ({ name, examples }) => {
    const { code, stdout, stderr } = await call(name, '--help');
    expect(code).toBe(0);
    expect(stderr).toBe('');
    expect(examples.length).toBeGreaterThan(0);
    for (const { command, summary } of examples) {
      expect(command).toContain('shotlist ');
      expect(stdout).toContain(command);
      expect(stdout.replace(/\s+/g, ' ')).toContain(summary);
    }
    // A command is never broken: it is there to be copied.
    const lines = stdout
      .split('\n')
      .filter((line) => !examples.some(({ command }) => line.trim() === command));
    for (const line of lines) expect(line.length, line).toBeLessThanOrEqual(80);
    expect((await call('help', name)).stdout).toBe(stdout);
  });

  it('lists every command with what it does, at 80 columns', async () => {
    const { stdout } = await call('--help');
    for (const { name, summary } of commands)
      expect(stdout).toMatch(new RegExp(`^  ${name} +${summary[0]}`, 'm'));
    for (const line of stdout.split('\n')) expect(line.length, line).toBeLessThanOrEqual(80);
  });
});

describe('a comparison with wide characters', () => {
  it('stays within 80 columns, and has no color where none belongs', async () => {
    const cwd = temporaryFolder();
    const board = (prompt: string): string =>
      `version: 1\nproject: p\nshots:\n  - { id: sh1, model: videos, duration: 5, prompt: "${prompt}" }\n`;
    const prompt =
      '雨夜，一块缺了笔画的霓虹招牌忽明忽暗，米卡从积水的倒影中走入画面，停下脚步，抬头望向招牌。'.repeat(2);
    commit(cwd, { 'a.yaml': board(prompt) });
    writeFiles(cwd, { 'a.yaml': board(prompt.replace('停下脚步', '转身离去')) });
    const options = { cwd, env: gitEnv };
    const { stdout } = await shotlist(['plan', 'a.yaml', '--against', 'HEAD'], options);
    for (const line of stdout.split('\n')) expect(stringWidth(line), line).toBeLessThanOrEqual(80);
    expect(stdout).not.toContain('\u001b[');
    const color = { cwd, env: { ...gitEnv, NO_COLOR: '', FORCE_COLOR: '1' } };
    const colored = (await shotlist(['plan', 'a.yaml', '--against', 'HEAD'], color)).stdout;
    expect(colored).toContain('\u001b[32m');
    expect(colored).not.toContain('{+');
    for (const format of ['json', 'markdown']) {
      const result = await shotlist(['plan', 'a.yaml', '--against', 'HEAD', '--format', format], color);
      expect(result.stdout).not.toContain('\u001b');
    }
  });
});
