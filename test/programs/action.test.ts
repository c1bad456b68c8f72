import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../src/core/version.ts';
import { type FakeGitHub, fakeGitHub } from '../ci/github.ts';
import { bash, type Context, evaluate, expand, machine, outputsIn, root, type Step } from '../ci/workflow.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { commit, git } from '../helpers/git.ts';

const action = parse(readFileSync(path.join(root, 'action.yml'), 'utf8')) as {
  inputs: Record<string, { default?: string }>;
  outputs: Record<string, { value: string }>;
  runs: { using: string; steps: Step[] };
};
const { steps } = action.runs;

const board = `version: 1
project: neon
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: sh1, prompt: Neon skyline }
  - { id: sh2, promptFile: prompts/sh2.md }
`;
const files = {
  'boards/storyboard.yaml': board,
  'boards/prompts/sh2.md': 'Rain\n',
  'boards/my film.storyboard.yaml': board.replaceAll('neon', 'film'),
  'src/program.c': 'int main;\n',
};

interface Ran {
  readonly failed: boolean;
  readonly log: string;
  readonly summary: string;
  /** Names of the steps that ran, those of others by what they use. */
  readonly ran: readonly string[];
  readonly context: Context;
}

/** Runs the action's own steps, in order, as a runner does, in the clone of a pull request. */
async function runAction(
  clone: string,
  base: string,
  options: { inputs?: Record<string, string>; github?: FakeGitHub; env?: Record<string, string> } = {},
): Promise<Ran> {
  const temp = temporaryFolder();
  const files = { output: path.join(temp, 'output'), summary: path.join(temp, 'summary.md') };
  mkdirSync(path.join(temp, 'runner'));
  const context: Context = new Map([
    ['github.token', 'the-token'],
    ['github.event.pull_request.base.sha', base],
    ['github.event.pull_request.number', options.github === undefined ? '' : '12'],
  ]);
  for (const [name, { default: otherwise = '' }] of Object.entries(action.inputs)) {
    context.set(`inputs.${name}`, options.inputs?.[name] ?? expand(otherwise, context));
  }
  const env = {
    ...machine(temp, version),
    RUNNER_TEMP: path.join(temp, 'runner'),
    GITHUB_ACTION_PATH: root,
    GITHUB_OUTPUT: files.output,
    GITHUB_STEP_SUMMARY: files.summary,
    GITHUB_API_URL: options.github?.url ?? '',
    GITHUB_REPOSITORY: 'o/r',
    GITHUB_EVENT_NAME: 'pull_request',
    ...options.env,
  };
  writeFileSync(files.summary, '');
  let log = '';
  const ran: string[] = [];
  for (const step of steps) {
    if (step.if !== undefined && evaluate(step.if, context) === '') continue;
    ran.push(step.name ?? step.uses ?? '');
    if (step.run === undefined) continue;
    writeFileSync(files.output, '');
    const own = Object.entries(step.env ?? {}).map(([name, text]) => [name, expand(text, context)]);
    const result = await bash(step.run, { cwd: clone, env: { ...env, ...Object.fromEntries(own) } });
    log += result.output;
    for (const [name, value] of outputsIn(files.output))
      context.set(`steps.${step.id}.outputs.${name}`, value);
    if (result.code !== 0) {
      return { failed: true, log, summary: readFileSync(files.summary, 'utf8'), ran, context };
    }
  }
  return { failed: false, log, summary: readFileSync(files.summary, 'utf8'), ran, context };
}

/** A repository, and the commit that it begins with. */
function repository(more: Readonly<Record<string, string>> = {}): { top: string; base: string } {
  const top = temporaryFolder();
  commit(top, { ...files, ...more });
  git(top, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
  return { top, base: git(top, 'rev-parse', 'HEAD').trim() };
}

/** As a job gets it. */
function shallowClone(top: string, branch: string): string {
  const clone = path.join(temporaryFolder(), 'clone');
  git(path.dirname(clone), 'clone', '--quiet', '--depth=1', `--branch=${branch}`, `file://${top}`, clone);
  return clone;
}

/** A clone of a branch with other files, and what it began with. */
function pullRequest(changed: Readonly<Record<string, string>>): { clone: string; base: string } {
  const { top, base } = repository();
  git(top, 'checkout', '--quiet', '-b', 'mine');
  commit(top, changed);
  return { clone: shallowClone(top, 'mine'), base };
}

describe('the GitHub action', () => {
  it('is pinned to this release', () => {
    expect(action.runs.using).toBe('composite');
    expect(action.inputs['version']?.default).toBe(version);
    // A tag can be moved to other code; a commit cannot.
    for (const { uses } of steps) if (uses !== undefined) expect(uses).toMatch(/@[0-9a-f]{40}$/);
  });

  it('never puts what others may write into a script', () => {
    for (const { run } of steps) expect(run ?? '').not.toContain('${{');
  });

  it('needs no key', () => {
    expect(readFileSync(path.join(root, 'action.yml'), 'utf8')).not.toContain('SHOTLIST_API_KEY');
  });

  describe('on a pull request', () => {
    it('shows what it costs, fetching the base that a shallow clone lacks', async () => {
      const github = await fakeGitHub();
      const { clone, base } = pullRequest({
        'boards/storyboard.yaml': `${board}  - { id: sh3, prompt: More }\n`,
      });
      const { failed, log, summary, ran } = await runAction(clone, base, { github });
      expect(failed, log).toBe(false);
      expect(ran).toEqual([
        'Set up Node.js',
        'Find storyboards',
        'Lint',
        'Upload findings',
        'Plan',
        'Comment',
        'Judge',
      ]);
      expect(summary).toContain('`boards/storyboard.yaml`: costs 7 CNY more');
      expect(summary).not.toContain('film');
      expect(github.comments).toHaveLength(1);
      expect(github.comments[0]?.body).toBe(`<!-- shotlist plans -->\n${summary.trim()}\n`);
    });

    it('keeps one comment up to date, and says when nothing changes any more', async () => {
      const github = await fakeGitHub();
      const { clone, base } = pullRequest({ 'boards/prompts/sh2.md': 'Snow\n' });
      for (let n = 0; n < 120; n += 1) {
        github.comments.push({
          id: n + 1,
          body: `talk ${n}`,
          url: `${github.url}/repos/o/r/issues/comments/${n + 1}`,
        });
      }
      await runAction(clone, base, { github });
      await runAction(clone, base, { github });
      expect(github.calls.filter((call) => !call.startsWith('GET'))).toEqual([
        'POST /repos/o/r/issues/12/comments',
      ]);
      expect(github.comments[120]?.body).toContain('<del>Rain</del><ins><b>Snow</b></ins>');
      commit(clone, { 'boards/prompts/sh2.md': 'Rain\n' });
      await runAction(clone, base, { github });
      expect(github.comments).toHaveLength(121);
      expect(github.comments[120]?.body).toBe(
        '<!-- shotlist plans -->\nNothing changes in what would be sent.\n',
      );
    });

    it('says nothing where nothing changes', async () => {
      const github = await fakeGitHub();
      const { clone, base } = pullRequest({ 'src/program.c': 'int main(void);\n' });
      const { failed, ran, summary } = await runAction(clone, base, { github });
      expect(failed).toBe(false);
      expect(ran).not.toContain('Lint');
      expect(summary).toBe('');
      expect(github.comments).toEqual([]);
    });

    it('annotates the line of a mistake, writes SARIF, and fails at the end', async () => {
      const { clone, base } = pullRequest({
        'boards/my film.storyboard.yaml': board.replace('duration: 5', 'duration: 50'),
      });
      const { failed, log, context } = await runAction(clone, base);
      expect(failed).toBe(true);
      expect(log).toMatch(/^::error [^\n]*file=boards\/my film\.storyboard\.yaml,[^\n]*line=3/m);
      expect(log).toContain('::error::shotlist lint found mistakes');
      const sarif = JSON.parse(readFileSync(context.get('steps.lint.outputs.sarif') ?? '', 'utf8')) as {
        version: string;
        runs: { results: { ruleId: string }[] }[];
      };
      expect(sarif.version).toBe('2.1.0');
      expect(sarif.runs[0]?.results.map(({ ruleId }) => ruleId)).toContain('duration-out-of-range');
      const upload = steps.find(({ uses }) => uses?.includes('upload-sarif'));
      expect(expand(upload?.with?.['sarif_file'] ?? '', context)).toBe(
        context.get('steps.lint.outputs.sarif'),
      );
    });

    it('fails over max-increase, with the plan shown all the same', async () => {
      const github = await fakeGitHub();
      const { clone, base } = pullRequest({
        'boards/storyboard.yaml': `${board}  - { id: sh3, prompt: More }\n`,
      });
      const over = await runAction(clone, base, { github, inputs: { 'max-increase': '6' } });
      expect(over.failed).toBe(true);
      expect(over.log).toContain('costs more than max-increase allows');
      expect(github.comments).toHaveLength(1);
      expect((await runAction(clone, base, { inputs: { 'max-increase': '7' } })).failed).toBe(false);
    });

    it('goes on without the right to comment, as in a fork', async () => {
      const github = await fakeGitHub();
      github.refuse(403);
      const { clone, base } = pullRequest({ 'boards/prompts/sh2.md': 'Snow\n' });
      const { failed, log, summary } = await runAction(clone, base, { github });
      expect(failed).toBe(false);
      expect(log).toContain('::warning::The plan was not put into a comment');
      expect(summary).toContain('<ins><b>Snow</b></ins>');
    });

    it('compares with what a pull request is merged into, which may be ahead of the event', async () => {
      const { top, base } = repository();
      git(top, 'checkout', '--quiet', '-b', 'mine');
      commit(top, { 'boards/storyboard.yaml': board.replace('Neon', 'My') });
      git(top, 'checkout', '--quiet', 'main');
      commit(top, { 'boards/my film.storyboard.yaml': board.replace('duration: 5', 'duration: 6') });
      git(top, 'merge', '--quiet', '--no-ff', '--no-edit', 'mine');
      const clone = shallowClone(top, 'main');
      const GITHUB_SHA = git(clone, 'rev-parse', 'HEAD').trim();
      const { failed, summary, log } = await runAction(clone, base, { env: { GITHUB_SHA } });
      expect(failed, log).toBe(false);
      expect(summary).toContain('<del>Neon</del><ins><b>My</b></ins>');
      expect(summary).not.toContain('film');
    });

    it('takes a branch as the base, and says what to do where it cannot be fetched', async () => {
      const { clone, base } = pullRequest({ 'boards/prompts/sh2.md': 'Snow\n' });
      const named = await runAction(clone, '', { inputs: { base: 'origin/main' } });
      expect(named.summary).toContain('<ins><b>Snow</b></ins>');
      const { clone: other } = pullRequest({});
      git(other, 'remote', 'set-url', 'origin', 'nowhere');
      const { failed, log, ran } = await runAction(other, base);
      expect(failed).toBe(true);
      expect(ran).not.toContain('Lint');
      expect(log).toContain(`::error::the commit to compare with, ${base}, is not in this clone`);
    });

    it('follows a storyboard that was moved, and tells of one that was removed', async () => {
      const { top, base } = repository();
      git(top, 'mv', 'boards/storyboard.yaml', 'boards/neon.storyboard.yaml');
      git(top, 'rm', '--quiet', 'boards/my film.storyboard.yaml');
      commit(top, { 'boards/prompts/sh2.md': 'Snow\n' });
      const { failed, summary, log } = await runAction(top, base);
      expect(failed, log).toBe(false);
      expect(summary).toContain('**`boards/neon.storyboard.yaml`: costs the same**');
      expect(summary).toContain('1 changed, 1 as before');
      expect(summary).toContain('**`boards/my film.storyboard.yaml` is removed**');
    });

    it('leaves out of the comment what is too much for one, and says so', async () => {
      const github = await fakeGitHub();
      const many = (name: string): string =>
        `version: 1\nproject: ${name}\nshots:\n${Array.from(
          { length: 100 },
          (_, n) =>
            `  - { id: s${n}, model: videos, duration: 5, prompt: "${`${name} ${n} `.repeat(90)}" }\n`,
        ).join('')}`;
      const { top, base } = repository({
        'a.storyboard.yaml': many('snow'),
        'b.storyboard.yaml': many('rain'),
      });
      commit(top, {
        'a.storyboard.yaml': many('snow').replaceAll('"snow', '"ice'),
        'b.storyboard.yaml': many('rain').replaceAll('"rain', '"hail'),
      });
      const { summary } = await runAction(top, base, { github });
      expect(summary).toContain('b.storyboard.yaml');
      const [comment] = github.comments;
      expect(comment?.body).toContain('**`a.storyboard.yaml`');
      expect(comment?.body).not.toContain('b.storyboard.yaml');
      expect(comment?.body).toMatch(/<\/details>\s+… and 1 more: see the job's summary\.\n$/);
      expect(comment?.body.length).toBeLessThan(65_536);
    });

    it('looks at every storyboard where there is nothing to compare with', async () => {
      const { clone } = pullRequest({});
      const { failed, ran } = await runAction(clone, '0000000000000000000000000000000000000000');
      expect(failed).toBe(false);
      expect(ran).toEqual(['Set up Node.js', 'Find storyboards', 'Lint', 'Upload findings', 'Judge']);
    });
  });
});
