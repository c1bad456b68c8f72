import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: refused
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
`;

function project(text = storyboard): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), text);
  return cwd;
}

describe('a refusal of a call that asked for JSON', () => {
  it.each([
    ['run board.yaml --yes --max-cost 13', 3, 'overBudget', '--max-cost allows 13 CNY'],
    ['run board.yaml', 3, 'notConfirmed', 'nobody confirmed it'],
    ['plan board.yaml --only sh9', 2, 'usage', '--only sh9 selects nothing'],
    ['status nothing.yaml', 2, 'setup', 'does not exist'],
    ['report board.yaml --ledger .', 2, 'ledger', ''],
    ['plan board.yaml --limit none', 2, 'usage', 'is not a whole number'],
    ['plan board.yaml --lmit 1', 2, 'usage', "unknown option '--lmit'"],
  ])('is one document beside the message: %s', async (line, code, errorCode, message) => {
    const { env } = await emulator();
    const result = await shotlist([...line.split(' '), '--format', 'json'], { cwd: project(), env });
    expect(result.code).toBe(code);
    const refusal = JSON.parse(result.stdout) as Record<string, unknown>;
    expect(refusal).toMatchObject({ version: 1, errorCode, exitCode: code });
    expect(refusal['error']).toContain(message);
    expect(result.stderr).toContain(`error ${String(refusal['error'])}\n`);
    expect(refusal).toHaveProperty('help');
    expect(refusal).not.toHaveProperty('diagnostics');
    const words = await shotlist(line.split(' '), { cwd: project(), env });
    expect(words).toMatchObject({ code, stdout: '' });
  });

  it.each(['plan', 'run'])('holds what the lint found, as lint writes it: %s', async (command) => {
    const cwd = project(storyboard.replace('duration: 5', 'duration: 50'));
    const lint = JSON.parse((await shotlist(['lint', 'board.yaml', '--format', 'json'], { cwd })).stdout) as {
      diagnostics: unknown[];
      summary: object;
    };
    const { code, stdout } = await shotlist([command, 'board.yaml', '--format=json'], { cwd });
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ...{ errorCode: 'lint', exitCode: 1, diagnostics: lint.diagnostics, summary: lint.summary },
    });
    expect(lint.diagnostics.length).toBeGreaterThan(0);
  });

  it('tells that a saved plan is out of date', async () => {
    const cwd = project();
    const { env } = await emulator();
    await shotlist(['plan', 'board.yaml', '--out', 'plan.json'], { cwd, env });
    writeFileSync(path.join(cwd, 'board.yaml'), `${storyboard}\n# later\n`);
    const { code, stdout } = await shotlist(['run', 'plan.json', '--format', 'json'], { cwd, env });
    expect(code).toBe(3);
    expect(JSON.parse(stdout)).toMatchObject({
      errorCode: 'planOutOfDate',
      error: expect.stringContaining('board.yaml was edited'),
    });
  });

  it('never follows a document that was printed', async () => {
    const cwd = project();
    writeFileSync(path.join(cwd, 'before.yaml'), storyboard.replace('  - { id: sh2, prompt: Second }\n', ''));
    const call = [
      'plan',
      'board.yaml',
      '--against',
      'before.yaml',
      '--max-increase',
      '1',
      '--format',
      'json',
    ];
    const { code, stdout, stderr } = await shotlist(call, { cwd });
    expect(code).toBe(3);
    expect(stderr).toContain('--max-increase allows 1 CNY');
    expect(JSON.parse(stdout)).toHaveProperty('changes');
  });

  it('is no part of a text that is mended', async () => {
    const call = ['lint', '--fix', '-', 'board.yaml', '--format', 'json'];
    expect(await shotlist(call, { cwd: project() })).toMatchObject({ code: 2, stdout: '' });
  });

  it('is documented, with every kind', () => {
    const page = readFileSync(path.resolve(import.meta.dirname, '../../docs/cli.md'), 'utf8');
    for (const kind of ['lint', 'overBudget', 'planOutOfDate', 'notConfirmed', 'usage', 'ledger', 'setup']) {
      expect(page).toContain(`| \`${kind}\` |`);
    }
  });
});
