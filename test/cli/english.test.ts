import { execFileSync } from 'node:child_process';
import { cpSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
import { builtMain } from '../helpers/built.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const loaded = vi.hoisted(() => ({ times: 0 }));
vi.mock('../../src/language/zh/index.ts', async (original) => {
  loaded.times += 1;
  return original();
});

it('loads the messages of another language for its readers alone', async () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rain.yaml'), 'version: 1\nproject: rain\nshots: []\n');
  await shotlist(['lint', 'rain.yaml'], { cwd });
  await shotlist(['--help'], { cwd, env: { LANG: 'en_US.UTF-8' } });
  expect(loaded.times).toBe(0);
  const { stdout } = await shotlist(['lint', 'rain.yaml'], { cwd, env: { LANG: 'zh_CN.UTF-8' } });
  expect(stdout).toBe('1 个文件，0 个镜头，0 个请求，没有问题\n');
  expect(loaded.times).toBe(1);
});

it('opens no file of the other language in the built program', () => {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'rain.yaml'), 'version: 1\nproject: rain\nshots: []\n');
  cpSync(path.dirname(builtMain), path.join(cwd, 'dist'), {
    recursive: true,
    filter: (file) => path.basename(file) !== 'zh.js',
  });
  const call = (word: string, env: Readonly<Record<string, string>>) =>
    execFileSync(process.execPath, [path.join(cwd, 'dist/main.js'), ...word.split(' ')], {
      cwd,
      env: { PATH: process.env['PATH'], ...env },
      stdio: ['ignore', 'pipe', 'ignore'],
      encoding: 'utf8',
    });
  expect(call('lint rain.yaml', {})).toBe('No problems in 1 file, 0 shots, 0 requests\n');
  expect(call('--version', { SHOTLIST_LANG: 'zh' })).toMatch(/^\d/);
  expect(() => call('lint rain.yaml', { SHOTLIST_LANG: 'zh' })).toThrow();
});
