import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/plan/comparison.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { commit, git, gitEnv, writeFiles } from '../helpers/git.ts';

const board = `version: 1
project: neon
vars: { look: cinematic }
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7, videos_stable: 5 } }
include: [acts/two.yaml]
scenes:
  - id: sc1
    shots:
      - { id: sh1, prompt: "Neon skyline, \${vars.look}" }
      - { id: sh2, promptFile: prompts/sh2.md, takes: 2 }
`;
const files = {
  'boards/neon.yaml': board,
  'boards/acts/two.yaml': 'shots:\n  - { id: end, prompt: The end }\n',
  'boards/prompts/sh2.md': '雨夜，一块缺了笔画的霓虹招牌\n',
};

/** A repository with a storyboard in a folder of its own. */
function repository(): string {
  const top = temporaryFolder();
  commit(top, files);
  return top;
}

function plan(cwd: string, ...args: readonly string[]): Promise<CliResult> {
  return shotlist(['plan', 'boards/neon.yaml', ...args], { cwd, env: gitEnv });
}

async function changesOf(cwd: string, against: string): Promise<readonly unknown[]> {
  const { stdout, code, stderr } = await plan(cwd, '--against', against, '--format', 'json');
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return (JSON.parse(stdout) as Comparison).changes.map(({ change, key, from, parameters }) => [
    change,
    from === null ? key : `${from} → ${key}`,
    parameters.map(({ name }) => name).join(),
  ]);
}

describe('plan --against a git ref', () => {
  it('says that nothing changes, and is quiet in a comment', async () => {
    const top = repository();
    expect((await plan(top, '--against', 'HEAD')).stdout).toBe('Nothing changes: 4 requests, as at HEAD.\n');
    expect((await plan(top, '--against', 'HEAD', '--format', 'markdown')).stdout).toBe('');
  });

  it('reads manifest, fragments and prompt files as they were at the ref', async () => {
    const top = repository();
    writeFiles(top, {
      'boards/neon.yaml': board.replace('cinematic', 'hand-drawn'),
      'boards/acts/two.yaml':
        'shots:\n  - { id: fin, prompt: The end }\n  - { id: after, prompt: Credits }\n',
      'boards/prompts/sh2.md': '雨夜，一块完整的霓虹招牌\n',
    });
    expect(await changesOf(top, 'main')).toEqual([
      ['changed', 'sc1/sh1', 'prompt'],
      ['changed', 'sc1/sh2', 'prompt'],
      ['changed', 'sc1/sh2@2', 'prompt'],
      ['renamed', 'end → fin', ''],
      ['added', 'after', ''],
    ]);
    const { stdout } = await plan(top, '--against', 'main');
    expect(stdout).toContain('雨夜，一块[-缺了笔画-]{+完整+}的霓虹招牌');
    expect(stdout).toContain('shotlist adopt boards/neon.yaml end fin');
    expect(stdout).toContain('Cost: 7 CNY more');
  });

  it('changes neither the work tree nor the index', async () => {
    const top = repository();
    writeFiles(top, { 'boards/prompts/sh2.md': 'another\n' });
    git(top, 'add', '--all');
    writeFiles(top, { 'boards/prompts/sh2.md': 'and another\n' });
    const before = git(top, 'status', '--porcelain=v2', '--branch');
    await plan(top, '--against', 'HEAD');
    expect(git(top, 'status', '--porcelain=v2', '--branch')).toBe(before);
  });

  it('finds the manifest wherever the command is called from', async () => {
    const top = repository();
    writeFiles(top, { 'boards/prompts/sh2.md': 'another\n', 'elsewhere/note': '' });
    for (const [cwd, file] of [
      [path.join(top, 'boards'), 'neon.yaml'],
      [path.join(top, 'elsewhere'), '../boards/neon.yaml'],
      [path.dirname(top), path.join(top, 'boards/neon.yaml')],
    ] as const) {
      const { stdout } = await shotlist(['plan', file, '--against', 'HEAD'], { cwd, env: gitEnv });
      expect(stdout, cwd).toContain('2 changed, 2 as before');
    }
  });

  it('follows a link that is kept in the repository', async () => {
    const top = temporaryFolder();
    writeFiles(top, { ...files, 'shared/sh2.md': 'The old words\n' });
    symlinkSync('../../shared/sh2.md', path.join(top, 'boards/prompts/linked.md'));
    commit(top, { 'boards/neon.yaml': board.replace('sh2.md', 'linked.md') });
    expect(await changesOf(top, 'HEAD')).toEqual([]);
    writeFiles(top, { 'shared/sh2.md': 'The new words\n' });
    expect(await changesOf(top, 'HEAD')).toHaveLength(2);
  });

  it('compares with where the branch began, not with what happened since', async () => {
    const top = repository();
    git(top, 'checkout', '--quiet', '-b', 'mine');
    commit(top, { 'boards/acts/two.yaml': 'shots:\n  - { id: end, prompt: The very end }\n' });
    git(top, 'checkout', '--quiet', 'main');
    commit(top, { 'boards/prompts/sh2.md': 'Theirs\n' });
    git(top, 'checkout', '--quiet', 'mine');
    expect(await changesOf(top, 'main...')).toEqual([['changed', 'end', 'prompt']]);
    expect(await changesOf(top, 'main')).toHaveLength(3);
  });

  it('calls a manifest new where the ref has none, and takes one of another name', async () => {
    const top = repository();
    git(top, 'mv', 'boards/neon.yaml', 'boards/alley.yaml');
    const args = ['plan', 'boards/alley.yaml', '--against'];
    const fresh = await shotlist([...args, 'HEAD'], { cwd: top, env: gitEnv });
    expect(fresh.stdout).toContain('boards/alley.yaml, new since HEAD');
    expect(fresh.stdout).toContain('4 added, 0 as before');
    const moved = await shotlist([...args, 'HEAD:boards/neon.yaml'], { cwd: top, env: gitEnv });
    expect(moved.stdout).toBe('Nothing changes: 4 requests, as at HEAD:boards/neon.yaml.\n');
    const inFolder = { cwd: path.join(top, 'boards'), env: gitEnv };
    const near = await shotlist(['plan', 'alley.yaml', '--against', 'HEAD:./neon.yaml'], inFolder);
    expect(near.stdout).toContain('Nothing changes');
    const none = await shotlist([...args, 'HEAD:boards/nothing.yaml'], { cwd: top, env: gitEnv });
    expect(none).toMatchObject({ code: 2, stdout: '' });
    expect(none.stderr).toContain('there is no file HEAD:boards/nothing.yaml');
  });

  it('compares a manifest from standard input with one that is named', async () => {
    const top = repository();
    const options = {
      cwd: path.join(top, 'boards'),
      env: gitEnv,
      stdin: board.replace('duration: 5', 'duration: 6'),
    };
    const named = await shotlist(['plan', '-', '--against', 'HEAD:./neon.yaml'], options);
    expect(named.stdout).toContain('4 changed');
    const unnamed = await shotlist(['plan', '-', '--against', 'HEAD'], options);
    expect(unnamed.code).toBe(2);
    expect(unnamed.stderr).toContain('--against HEAD:path/to/storyboard.yaml');
  });

  it('says where the older revision has errors, and compares the rest', async () => {
    const top = temporaryFolder();
    commit(top, { ...files, 'boards/neon.yaml': board.replace('id: sh1,', 'id: sh1, duration: 99,') });
    writeFiles(top, { 'boards/neon.yaml': board });
    const { stdout, code } = await plan(top, '--against', 'HEAD');
    expect(code).toBe(0);
    expect(stdout).toContain('At HEAD the manifest has 1 error (the first: boards/neon.yaml:10');
    expect(stdout).toContain('duration  99 → 5');
  });

  it('counts everything as added where the older revision cannot be read', async () => {
    const top = temporaryFolder();
    commit(top, { ...files, 'boards/neon.yaml': 'version: [1\n' });
    writeFiles(top, { 'boards/neon.yaml': board });
    const { stdout } = await plan(top, '--against', 'HEAD');
    expect(stdout).toContain('so everything counts as added');
    expect(stdout).toContain('4 added');
  });

  it('keeps to the selection on both sides', async () => {
    const top = repository();
    writeFiles(top, { 'boards/neon.yaml': board.replace('duration: 5', 'duration: 6') });
    const { stdout } = await plan(top, '--against', 'HEAD', '--only', 'sc1/sh2');
    expect(stdout).toContain('2 changed, 0 as before');
    writeFiles(top, { 'boards/acts/two.yaml': 'shots: []\n', 'boards/neon.yaml': board });
    expect((await plan(top, '--against', 'HEAD', '--only', 'end')).stdout).toContain('1 removed');
    const both = await plan(top, '--against', 'HEAD', '--limit', '1');
    expect(both).toMatchObject({ code: 2, stdout: '' });
    expect(both.stderr).toContain('--limit and --against');
  });

  it('suggests a ref for a typo, and the remote branch for one that is not checked out', async () => {
    const top = repository();
    expect((await plan(top, '--against', 'mian')).stderr).toContain('did you mean --against main?');
    git(top, 'update-ref', 'refs/remotes/origin/release', 'HEAD');
    expect((await plan(top, '--against', 'release')).stderr).toContain('--against origin/release');
    expect(await plan(top, '--against=--output=stolen')).toMatchObject({ code: 2, stdout: '' });
  });

  it('says what to do where there is no repository, and where there is no git', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, files);
    const none = await plan(folder, '--against', 'main');
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('is in no git repository');
    const { stderr, code } = await shotlist(['plan', 'boards/neon.yaml', '--against', 'main'], {
      cwd: folder,
      env: { PATH: folder },
    });
    expect(code).toBe(2);
    expect(stderr).toContain('git was not found');
  });
});

describe('plan --against in a shallow clone', () => {
  function shallowClone(): string {
    const top = repository();
    git(top, 'checkout', '--quiet', '-b', 'mine');
    commit(top, { 'boards/prompts/sh2.md': 'Mine\n' });
    commit(top, { 'boards/acts/two.yaml': 'shots: []\n' });
    const clone = path.join(temporaryFolder(), 'clone');
    git(path.dirname(clone), 'clone', '--quiet', '--depth=1', '--branch=mine', `file://${top}`, clone);
    return clone;
  }

  it.each(['main', 'origin/main', 'HEAD~1', 'HEAD...'])('says what is missing for %s', async (ref) => {
    const clone = shallowClone();
    const { code, stderr } = await plan(clone, '--against', ref);
    if (ref === 'HEAD...') return expect(code).toBe(0);
    expect(code).toBe(2);
    expect(stderr).toContain('in this clone, which is shallow');
    expect(stderr).toContain('git fetch --depth=1 origin');
    expect(stderr).toContain('fetch-depth: 0');
  });

  it('works once the one commit is fetched', async () => {
    const clone = shallowClone();
    git(clone, 'fetch', '--quiet', '--depth=1', 'origin', 'main');
    expect(await changesOf(clone, 'FETCH_HEAD')).toEqual([
      ['changed', 'sc1/sh2', 'prompt'],
      ['changed', 'sc1/sh2@2', 'prompt'],
      ['removed', 'end', ''],
    ]);
    expect((await plan(clone, '--against', 'FETCH_HEAD...')).stderr).toContain('which is shallow');
  });
});

describe('plan --against a file', () => {
  it('compares two manifests, in no repository at all', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...files, 'boards/old.yaml': board.replace('duration: 5', 'duration: 4') });
    const { stdout } = await plan(folder, '--against', 'boards/old.yaml');
    expect(stdout).toContain('neon  boards/neon.yaml beside boards/old.yaml');
    expect(stdout).toContain('duration  4 → 5');
  });
});

describe('--max-increase', () => {
  const longer = (top: string): void =>
    writeFiles(top, { 'boards/neon.yaml': board.replace('takes: 2', 'takes: 4') });

  it('shows the comparison and exits with 3 beyond it; equal is allowed', async () => {
    const top = repository();
    longer(top);
    const over = await plan(top, '--against', 'HEAD', '--max-increase', '13.99');
    expect(over.code).toBe(3);
    expect(over.stdout).toContain('Cost: 14 CNY more');
    expect(over.stderr).toContain(
      'a run costs 14 CNY more than at HEAD, and --max-increase allows 13.99 CNY',
    );
    expect((await plan(top, '--against', 'HEAD', '--max-increase', '14')).code).toBe(0);
  });

  it('counts what was paid before only where it is paid again', async () => {
    const top = repository();
    const { env } = await emulator();
    const real = { cwd: top, env: { ...gitEnv, ...env } };
    expect((await shotlist(['run', 'boards/neon.yaml', '--yes', '--no-report'], real)).code).toBe(0);
    writeFiles(top, { 'boards/prompts/sh2.md': 'other words\n', 'boards/acts/two.yaml': 'shots: []\n' });
    const args = ['plan', 'boards/neon.yaml', '--against', 'HEAD', '--max-increase', '13'];
    const { stdout, code } = await shotlist(args, real);
    expect(stdout).toContain('Cost: 14 CNY more');
    expect(stdout).toMatch(/-\s+end\s+videos\s+text\s+paid/);
    expect(code).toBe(3);
  });

  it('needs something to compare with, and prices to count in', async () => {
    const top = repository();
    expect((await plan(top, '--max-increase', '5')).stderr).toContain('--max-increase needs --against');
    writeFiles(top, { 'boards/neon.yaml': board.replace('videos: 7, ', '') });
    const unpriced = await plan(top, '--against', 'HEAD', '--max-increase', '5');
    expect(unpriced.code).toBe(1);
    expect(unpriced.stderr).toContain('unpriced-model');
    writeFiles(top, { 'boards/neon.yaml': board.replace('CNY', 'USD') });
    expect((await plan(top, '--against', 'HEAD', '--max-increase', '5')).code).toBe(3);
  });
});

describe('the comment for a pull request', () => {
  it('is one table with the details folded, and the same text each time', async () => {
    const top = repository();
    writeFiles(top, {
      'boards/neon.yaml': board
        .replace('Neon skyline', 'Ping @octocat about #12, <img src=x>, | and `code`')
        .replace('videos: 7', 'videos: 8'),
      'boards/prompts/sh2.md': '雨夜，一块完整的霓虹招牌\n',
      'boards/acts/two.yaml': 'shots:\n  - { id: fin, prompt: The end }\n',
    });
    const { stdout } = await plan(top, '--against', 'HEAD', '--format', 'markdown');
    expect((await plan(top, '--against', 'HEAD', '--format', 'markdown')).stdout).toBe(stdout);
    expect(stdout).toMatchInlineSnapshot(`
      "<!-- shotlist plan: boards/neon.yaml -->

      **\`boards/neon.yaml\`: costs 4 CNY more** (beside \`HEAD\`)

      A run now submits 4 requests for 32 CNY; as it was it submits 4 requests for 28 CNY. 3 changed, 1 renamed, 0 as before.

      |  | request | what | cost |
      | --- | --- | --- | --- |
      | changed | \`sc1/sh1\` | \`prompt\` | +1 CNY |
      | changed | \`sc1/sh2\` × 2 | \`prompt\` \`雨夜，一块缺了笔画的霓虹招牌\` → \`雨夜，一块完整的霓虹招牌\` | +2 CNY |
      | renamed | \`fin\` | was \`end\` | +1 CNY |
      | terms | \`budget.prices.videos\` | \`7\` → \`8\` |  |

      Renamed. So that what was paid counts, and is not paid again:

      \`\`\`sh
      shotlist adopt boards/neon.yaml end fin
      \`\`\`

      <details>
      <summary>What changed, parameter by parameter</summary>

      \`sc1/sh1\`

      <blockquote><b>prompt</b><br><del>Neon skyline</del><ins><b>Ping @<!-- -->octocat about #<!-- -->12, &lt;img src=x&gt;, | and \`code\`</b></ins>, cinematic</blockquote>

      \`sc1/sh2\`

      <blockquote><b>prompt</b><br>雨夜，一块<del>缺了笔画</del><ins><b>完整</b></ins>的霓虹招牌</blockquote>

      </details>
      "
    `);
    // Nobody is mentioned, no issue linked and no markup taken from a prompt.
    expect(stdout).not.toMatch(/@octocat|#12|<img/);
  });

  it('stays below what GitHub takes, however much changed', async () => {
    const top = temporaryFolder();
    const many = (word: string): string =>
      `version: 1\nproject: many\ndefaults: { model: videos, duration: 5 }\nshots:\n${Array.from(
        { length: 400 },
        (_, n) => `  - { id: shot-${n}, prompt: "${`${word} ${n} `.repeat(60)}" }\n`,
      ).join('')}`;
    commit(top, { 'boards/neon.yaml': many('rain') });
    writeFiles(top, { 'boards/neon.yaml': many('snow') });
    const { stdout } = await plan(top, '--against', 'HEAD', '--format', 'markdown');
    expect(stdout.length).toBeLessThan(65_000);
    expect(stdout).toMatch(/… and \d+ more: too long for a comment/);
  });

  it('shows a plan without --against too', async () => {
    const top = repository();
    const { stdout } = await plan(top, '--format', 'markdown');
    expect(stdout).toContain('**`boards/neon.yaml`: 4 requests to submit for 28 CNY**');
    expect(stdout).toContain('| `videos` | 4 | 7 CNY | 28 CNY |');
  });
});
