import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const storyboard = `version: 1
project: next
defaults: { model: videos, duration: 5 }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
`;

/** The words of a printed command, as a shell hands them to the program. */
function wordsOf(text: string, beginning: string): readonly string[] {
  const line = text.split('\n').find((each) => each.includes(beginning)) ?? '';
  const command = line.slice(line.indexOf(beginning)).replace(/ {2,}.*$/, '');
  return execFileSync('sh', ['-c', `printf '%s\\n' ${command}`], { encoding: 'utf8' })
    .trimEnd()
    .split('\n');
}

describe('a command that is printed to be typed next', () => {
  it('goes on with the ledger, the provider and the catalog of the call, and quotes what a shell would part', async () => {
    const cwd = temporaryFolder();
    const folder = "Ann's boards $HOME";
    mkdirSync(path.join(cwd, folder));
    const file = path.join(folder, 'teaser (1).yaml');
    writeFileSync(path.join(cwd, file), storyboard);
    writeFileSync(path.join(cwd, 'models here.json'), '{ "version": 1, "models": {} }');
    const { env, baseUrl } = await emulator({ fail: 'lost+billed#1', taskMs: { minMs: 0, maxMs: 0 } });
    const flags = ['--ledger', 'my ledger.db', '--base-url', baseUrl, '--models', 'models here.json'];
    const { SHOTLIST_API_KEY } = env;
    const call = (...words: readonly string[]) =>
      shotlist(words, { cwd, env: { SHOTLIST_API_KEY: SHOTLIST_API_KEY ?? '' } });

    const ran = await call('run', file, '--yes', '--concurrency', '1', ...flags);
    expect(ran.code).toBe(1);
    const resolve = wordsOf(ran.stderr, 'shotlist resolve');
    expect(resolve).toEqual(['shotlist', 'resolve', file, 'sh1', '--task-id', 'ID', ...flags]);
    const collect = wordsOf(ran.stderr, 'shotlist collect');
    expect(collect).toEqual(['shotlist', 'collect', file, ...flags]);

    const planned = await call('plan', file, '--out', 'the plan.json', ...flags);
    expect(wordsOf(planned.stdout, 'shotlist resolve')).toEqual(['shotlist', 'resolve', file, ...flags]);
    const sent = wordsOf(planned.stderr, 'shotlist run');
    expect(sent).toEqual(['shotlist', 'run', 'the plan.json', ...flags]);
    expect(wordsOf((await call('status', file, ...flags)).stdout, 'shotlist resolve').slice(2)).toEqual([
      file,
      ...flags,
    ]);
    const listed = await call('resolve', file, ...flags);
    expect(wordsOf(listed.stdout, 'shotlist resolve')).toEqual(resolve);

    const collected = await call(...collect.slice(1), '--no-download', '--once');
    expect(collected.stderr).toContain('1 of 1 task completed');
    const { stdout: page } = await call('report', file, '--format', 'html', ...flags);
    const data: unknown = JSON.parse(/<script [^>]*id="data">(.*?)<\/script>/s.exec(page)?.[1] ?? '{}');
    expect(data).toMatchObject({ manifest: file, flags });
    expect((await call(...resolve.slice(1, 4), '--not-submitted', ...flags)).code).toBe(0);
  });

  it('keeps where clips go, and takes a file with a dash in front for no flag', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, '-a.yaml'), storyboard);
    const { env } = await emulator();
    const { stderr } = await shotlist(['run', './-a.yaml', '--yes', '--no-journal'], { cwd, env });
    expect(wordsOf(stderr, 'shotlist collect')).toEqual(['shotlist', 'collect', './-a.yaml', '--no-journal']);
    const once = ['collect', './-a.yaml', '--once', '--download', 'the clips'];
    const collected = await shotlist(once, { cwd, env });
    expect(wordsOf(collected.stderr, 'shotlist collect')).toEqual([
      ...['shotlist', 'collect', './-a.yaml', '--download', 'the clips'],
    ]);
  });
});
