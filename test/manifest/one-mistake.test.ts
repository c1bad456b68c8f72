import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { lint } from '../../src/lint/lint.ts';
import { temporaryFolder } from '../helpers/cli.ts';

const good = `version: 1
project: p
defaults:
  model: videos
scenes:
  - id: sc010
    shots:
      - id: sh0010
        prompt: a harbour at dawn
        duration: 5
      - id: sh0020
        mode: frames
        prompt: the harbour freezes over
        duration: 5
        first_image: https://cdn.example.com/a.png
        last_image: https://cdn.example.com/b.png
`;

async function findings(text: string): Promise<readonly string[]> {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'm.yaml'), text);
  const { diagnostics } = await lint(['m.yaml'], { cwd });
  return diagnostics.map(({ rule, line, column }) => `${rule} ${line}:${column}`);
}

describe('one mistake gives one finding', () => {
  it('has none to begin with', async () => {
    expect(await findings(good)).toEqual([]);
  });

  it.each([
    ['a prompt that was mistyped', 'prompt: a harbour', 'promt: a harbour', 'unknown-key 9:9'],
    ['a frame that was mistyped', 'last_image', 'last_imge', 'unknown-key 16:9'],
    ['a default that was mistyped', '  model: videos', '  modle: videos', 'unknown-key 4:3'],
    ['a project that was mistyped', 'project: p', 'porject: p', 'unknown-key 2:1'],
    ['an id that was mistyped', '- id: sh0010', '- ids: sh0010', 'unknown-key 8:9'],
    ['a shot key on a scene', '    shots:', '    resolution: 720p\n    shots:', 'unknown-key 7:5'],
    ['a shot key on the manifest', 'defaults:\n  model: videos', 'model: videos', 'unknown-key 3:1'],
  ])('%s', async (_what, right, wrong, finding) => {
    expect(await findings(good.replace(right, wrong))).toEqual([finding]);
  });
});
