import { copyFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { fixtures, flagsFor, programs, rowsOf } from './other-programs.ts';

/** Keys of the shots of a manifest, and what each says. */
async function shotsOf(cwd: string): Promise<readonly { key: string; prompt: string; duration: number }[]> {
  const { stdout } = await shotlist(['plan', 'film.yaml', '--format', 'json', '--no-journal'], { cwd });
  const plan = JSON.parse(stdout) as {
    requests: { key: string; body: { prompt: string; duration: number } }[];
  };
  return plan.requests.map(({ key, body: { prompt, duration } }) => ({ key, prompt, duration }));
}

describe('tables of other programs', () => {
  it('are all tried', () => {
    expect(programs.map(({ name }) => `${name}.csv`).sort()).toEqual(readdirSync(fixtures).sort());
  });

  it.each(programs)('$name goes in without a mapping, or with the line that is proposed', async (program) => {
    const cwd = temporaryFolder();
    const { name, prompt, delimiter, mapping, shots } = program;
    copyFileSync(path.join(fixtures, `${name}.csv`), path.join(cwd, 'shots.csv'));
    if (mapping !== undefined) {
      const refused = await shotlist(['import', 'shots.csv'], { cwd });
      expect(refused.stderr).toContain(mapping);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
    }
    const { code, stderr } = await shotlist(
      ['import', 'shots.csv', ...flagsFor(program, cwd), '--into', 'film.yaml', '--yes'],
      { cwd },
    );
    expect(stderr).toContain('written: film.yaml');
    expect(code).toBe(0);
    const [header = [], ...rows] = rowsOf(name, delimiter);
    const column = header.indexOf(prompt);
    const words = new Set(rows.map((cells) => cells[column]).filter((cell) => cell !== ''));
    const requests = (await shotsOf(cwd)).filter(({ key }) => !key.includes('@'));
    expect(requests.map(({ key }) => key)).toEqual(shots);
    expect(new Set(requests.map((request) => request.prompt))).toEqual(words);
    const again = await shotlist(
      ['import', 'shots.csv', ...flagsFor(program, cwd), '--into', 'film.yaml', '--quiet'],
      { cwd },
    );
    expect(again).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});
