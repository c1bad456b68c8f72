import { symlinkSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Comparison } from '../../src/plan/comparison.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { commit, git, gitEnv, writeFiles } from '../helpers/git.ts';
import { board, files, plan, repository } from '../helpers/neon-repository.ts';

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
    expect(await changesOf(top, 'main...HEAD')).toEqual(await changesOf(top, 'main...'));
    expect(await changesOf(top, 'main..HEAD')).toEqual(await changesOf(top, 'main'));
    expect((await plan(top, '--against', 'main..mine')).stderr).toContain(
      'switch to mine and compare with main',
    );
  });

  it('calls a manifest new where the ref has none', async () => {
    const top = repository();
    writeFiles(top, { 'boards/alley.yaml': board.replace('project: neon', 'project: alley') });
    const args = ['plan', 'boards/alley.yaml', '--against'];
    const fresh = await shotlist([...args, 'HEAD'], { cwd: top, env: gitEnv });
    expect(fresh.stdout).toContain('boards/alley.yaml, new since HEAD');
    expect(fresh.stdout).toContain('4 added, 0 as before');
    // Another manifest of the same project that is still there is another manifest, not this one under its old name.
    writeFiles(top, { 'boards/alley.yaml': board });
    const copy = await shotlist([...args, 'HEAD'], { cwd: top, env: gitEnv });
    expect(copy.stdout).toContain('new since HEAD');
  });

  it('knows a manifest that was moved by its project, and takes one that is named', async () => {
    const top = repository();
    git(top, 'mv', 'boards/neon.yaml', 'boards/alley.yaml');
    const args = ['plan', 'boards/alley.yaml', '--against'];
    for (const ref of ['HEAD', 'HEAD:boards/neon.yaml']) {
      const moved = await shotlist([...args, ref], { cwd: top, env: gitEnv });
      expect(moved.stdout).toBe('Nothing changes: 4 requests, as at HEAD:boards/neon.yaml.\n');
    }
    const inFolder = { cwd: path.join(top, 'boards'), env: gitEnv };
    const near = await shotlist(['plan', 'alley.yaml', '--against', 'HEAD:./neon.yaml'], inFolder);
    expect(near.stdout).toContain('Nothing changes');
    // Prompt files and fragments went along, one level up, and one shot was edited on the way.
    git(top, 'mv', 'boards/alley.yaml', 'boards/acts', 'boards/prompts', '.');
    writeFiles(top, { 'alley.yaml': board.replace('Neon skyline', 'Neon street') });
    const { stdout } = await shotlist(['plan', 'alley.yaml', '--against', 'HEAD'], { cwd: top, env: gitEnv });
    expect(stdout).toContain('alley.yaml beside HEAD:boards/neon.yaml');
    expect(stdout).toContain('1 changed, 3 as before');
  });

  it.each([
    ['HEAD:boards/nothing.yaml', 'there is no file HEAD:boards/nothing.yaml'],
    ['HEAD:boards', 'HEAD:boards is a directory, not a file'],
    [':/message', "'' is no git ref"],
  ])('refuses %s, which is no manifest', async (ref, message) => {
    const result = await plan(repository(), '--against', ref);
    expect(result).toMatchObject({ code: 2, stdout: '' });
    expect(result.stderr).toContain(message);
    expect(result.stderr).toMatch(/^ {2}help /m);
  });

  it('takes whatever names a commit, and says so where there is none yet', async () => {
    const top = repository();
    git(top, 'branch', 'mika/rain');
    git(top, 'tag', 'v1.0');
    writeFiles(top, { 'boards/acts/two.yaml': 'shots: []\n' });
    // Names with slashes, dots, braces, spaces and colons.
    for (const ref of ['mika/rain', 'v1.0', 'HEAD^{/st:?ate}', '@', git(top, 'rev-parse', 'HEAD').trim()]) {
      expect(await changesOf(top, ref), ref).toEqual([['removed', 'end', '']]);
    }
    const dated = await plan(top, '--against', 'main@{2099-01-31 12:00:00}');
    expect(dated.stdout).toContain('beside main@{2099-01-31 12:00:00}');
    const empty = temporaryFolder();
    writeFiles(empty, files);
    git(empty, 'init', '--quiet');
    const { code, stderr } = await plan(empty, '--against', 'HEAD');
    expect(code).toBe(2);
    expect(stderr).toContain('has no commit yet');
  });

  it('reads the repository that the manifest is in, whatever a hook says of its own', async () => {
    const top = repository();
    writeFiles(top, { 'boards/acts/two.yaml': 'shots: []\n' });
    const env = {
      ...gitEnv,
      GIT_DIR: path.join(top, '.git'),
      GIT_INDEX_FILE: 'index.lock',
      GIT_PREFIX: 'boards/',
    };
    const { stdout } = await shotlist(['plan', 'boards/neon.yaml', '--against', 'HEAD'], { cwd: top, env });
    expect(stdout).toContain('1 removed, 3 as before');
  });

  it('quotes names in the commands that it proposes, for a shell', async () => {
    const top = temporaryFolder();
    const name = "第一集/it's a board.yaml";
    commit(top, {
      [name]: board
        .replace('include: [acts/two.yaml]', '')
        .replace('- { id: sh2, promptFile: prompts/sh2.md, takes: 2 }', ''),
    });
    writeFiles(top, {
      [name]: board
        .replace('include: [acts/two.yaml]', '')
        .replace('- { id: sh2, promptFile: prompts/sh2.md, takes: 2 }', '')
        .replace('sh1', 'sh9'),
    });
    for (const format of ['pretty', 'markdown']) {
      const args = ['plan', name, '--against', 'HEAD', '--format', format];
      const { stdout } = await shotlist(args, { cwd: top, env: gitEnv });
      expect(stdout).toContain(String.raw`shotlist adopt '第一集/it'\''s a board.yaml' sc1/sh1 sc1/sh9`);
    }
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
    commit(top, { ...files, 'boards/neon.yaml': '\0\0' });
    writeFiles(top, { 'boards/neon.yaml': board });
    const { stdout } = await plan(top, '--against', 'HEAD');
    expect(stdout.replaceAll('\n', ' ')).toContain('so everything counts as added');
    expect(stdout).toContain('4 added');
  });

  it('says that what mistakes hide in the older revision is not compared', async () => {
    const top = temporaryFolder();
    commit(top, { ...files, 'boards/neon.yaml': 'version: [1\n' });
    writeFiles(top, { 'boards/neon.yaml': board });
    const { stdout } = await plan(top, '--against', 'HEAD');
    expect(stdout.replaceAll('\n', ' ')).toContain('so what they hide is not compared');
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
