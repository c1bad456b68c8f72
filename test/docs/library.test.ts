import { execFile } from 'node:child_process';
import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { temporaryFolder } from '../helpers/cli.ts';

const root = path.resolve(import.meta.dirname, '../..');
const example = path.join(root, 'examples/library/rehearse.mjs');

describe('the library guide', () => {
  it('shows the example that is shipped', () => {
    const guide = readFileSync(path.join(root, 'docs/library.md'), 'utf8');
    expect(guide).toContain(readFileSync(example, 'utf8').trim());
  });

  it('has an example that works with the built package', async () => {
    const cwd = temporaryFolder();
    copyFileSync(path.join(root, 'examples/manifests/smallest.yaml'), path.join(cwd, 'smallest.yaml'));
    const { stdout, stderr } = await promisify(execFile)(process.execPath, [example, 'smallest.yaml'], {
      cwd,
    });
    expect(stderr).toContain('1 of 1 submitted');
    expect(JSON.parse(stdout)).toMatchObject([
      {
        key: 'sh0010',
        taskId: expect.any(String),
        status: 'completed',
        file: 'renders/rehearsal/sh0010_v001.mp4',
      },
    ]);
  });
});
