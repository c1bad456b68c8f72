import { describe, expect, it } from 'vitest';
import { shotlist } from '../helpers/cli.ts';
import { folderWith } from '../lint/linting.ts';

const fragment = 'shots:\n  - { id: a, prompt: Rain }\n';
const film = 'version: 1\nproject: film\ndefaults: { model: videos, duration: 5 }\ninclude: [acts/one.yml]\n';

describe('a fragment in place of its manifest', () => {
  it.each([['plan'], ['run', '--yes'], ['status']])(
    'is told by %s, with the manifest to name',
    async (...command) => {
      const cwd = await folderWith({ 'film.yml': film, 'acts/one.yml': fragment });
      const { code, stdout, stderr } = await shotlist([...command, 'acts/one.yml'], { cwd });
      expect({ code, stdout, stderr }).toEqual({
        code: 2,
        stdout: '',
        stderr: 'error acts/one.yml is a fragment of film.yml\n  help name the manifest: film.yml\n',
      });
    },
  );

  it('that no manifest includes is told as one', async () => {
    const cwd = await folderWith({ 'one.yaml': fragment });
    const { code, stderr } = await shotlist(['plan', 'one.yaml'], { cwd });
    expect(code).toBe(2);
    expect(stderr).toMatch(/^error one\.yaml is a fragment, and no manifest includes it\n/);
  });
});
