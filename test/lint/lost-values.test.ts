import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

async function found(text: string): Promise<readonly (readonly [rule: string, line: number])[]> {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'm.yaml'), text);
  const { stdout } = await shotlist(['lint', 'm.yaml', '--format', 'json'], { cwd });
  const { diagnostics } = JSON.parse(stdout) as { diagnostics: { rule: string; line: number }[] };
  return diagnostics.map(({ rule, line }) => [rule, line] as const);
}

const shot = '  - { id: a, prompt: "Rain falls on glass", ratio: "17:9" }\n';

describe('the rest of a file is linted around a mistake in the value of one of its keys', () => {
  it.each([
    ['title: Neon: the film\ndefaults: { model: videos, duration: 5 }\n', 3, 6],
    ['budget: { currency: CNY, prices: { videos: 7 }\ndefaults: { model: videos, duration: 5 }\n', 4, 6],
    ['budget:\n  currency: CNY\n   maxCost: 5\ndefaults: { model: videos, duration: 5 }\n', 4, 8],
    ['run: [\ndefaults: { model: videos, duration: 5 }\n', 4, 6],
  ])('%j', async (head, mistake, line) => {
    expect(await found(`version: 1\nproject: t\n${head}shots:\n${shot}`)).toEqual([
      ['yaml-syntax', mistake],
      ['ratio-not-offered', line],
    ]);
  });

  it('and nothing is said of what that value may have stated', async () => {
    const vars = 'vars:\n  look: cinematic: 35mm\n';
    const named = '  - { id: a, model: videos, duration: 5, prompt: "Rain ${vars.look}", ratio: "17:9" }\n';
    expect(await found(`version: 1\nproject: t\n${vars}shots:\n${named}`)).toEqual([
      ['yaml-syntax', 4],
      ['ratio-not-offered', 6],
    ]);
    const defaults = 'defaults:\n  model: videos\n   duration: 5\n';
    const two = '  - { id: a, prompt: Rain on glass }\n  - { id: a, prompt: Fog on hills }\n';
    expect(await found(`version: 1\nproject: t\n${defaults}shots:\n${two}`)).toEqual([
      ['yaml-syntax', 4],
      ['duplicate-shot', 8],
    ]);
  });

  it('but a file whose key is not to be made out is not', async () => {
    expect(await found(`version: 1\nproject t\nshots:\n${shot}`)).toHaveLength(1);
  });
});
