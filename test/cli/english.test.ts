import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it, vi } from 'vitest';
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
