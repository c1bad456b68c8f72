import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { version } from '../../src/core/version.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { commit, git, gitEnv, writeFiles } from '../helpers/git.ts';
import { bash, machine, type Ran, root } from './workflow.ts';

const guide = readFileSync(path.join(root, 'docs/ci.md'), 'utf8');

/** A YAML block of the guide, by its first line. */
function snippet(firstLine: string): unknown {
  const [, text] = new RegExp(`\`\`\`yaml\\n# ${firstLine}\\n([\\s\\S]*?)\`\`\``).exec(guide) ?? [];
  return parse(text ?? '');
}

const board = `version: 1
project: neon
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: sh1, prompt: Neon skyline }
`;

describe('the guide', () => {
  it('pins every use to this release', () => {
    expect(guide.match(/shotlist@v?\d[\d.]*/g)).toEqual([`shotlist@v${version}`, `shotlist@${version}`]);
    expect(guide).toContain(`rev: v${version}`);
  });
});

describe('the GitLab snippet', () => {
  const job = (snippet('\\.gitlab-ci\\.yml') as { storyboards: GitLabJob }).storyboards;

  interface GitLabJob {
    readonly variables: Readonly<Record<string, string>>;
    readonly script: readonly string[];
    readonly artifacts: { readonly paths: readonly string[]; readonly reports: { readonly junit: string } };
  }

  async function runJob(changed: string): Promise<Ran & { readonly clone: string }> {
    const top = temporaryFolder();
    commit(top, { 'storyboard.yaml': board });
    const base = git(top, 'rev-parse', 'HEAD').trim();
    git(top, 'config', 'uploadpack.allowAnySHA1InWant', 'true');
    git(top, 'checkout', '--quiet', '-b', 'mine');
    commit(top, { 'storyboard.yaml': changed });
    const folder = temporaryFolder();
    const clone = path.join(folder, 'clone');
    git(folder, 'clone', '--quiet', '--depth=1', '--branch=mine', `file://${top}`, clone);
    const env = { ...machine(folder, version), ...job.variables, CI_MERGE_REQUEST_DIFF_BASE_SHA: base };
    return { ...(await bash(job.script.join('\n'), { cwd: clone, env })), clone };
  }

  it('leaves a JUnit report and the plan', async () => {
    const { code, output, clone } = await runJob(`${board}  - { id: sh2, prompt: More }\n`);
    expect(code, output).toBe(0);
    expect(output).toContain('costs 7 CNY more');
    expect(readFileSync(path.join(clone, job.artifacts.reports.junit), 'utf8')).toContain('<testsuite');
    for (const file of job.artifacts.paths) expect(readFileSync(path.join(clone, file), 'utf8')).not.toBe('');
  });

  it('fails for a mistake, and for too much', async () => {
    expect((await runJob(board.replace('duration: 5', 'duration: 50'))).code).not.toBe(0);
    const more = Array.from({ length: 15 }, (_, n) => `  - { id: more${n}, prompt: More ${n} }\n`).join('');
    expect((await runJob(board + more)).code).not.toBe(0);
  });
});

interface Hook {
  readonly id: string;
  readonly entry: string;
  readonly language: string;
  readonly types: readonly string[];
  readonly files: string;
}

describe('the pre-commit hook', () => {
  const hooks = parse(readFileSync(path.join(root, '.pre-commit-hooks.yaml'), 'utf8')) as readonly Hook[];
  const [hook] = hooks;

  /** As pre-commit runs it: what is staged and fits, as arguments of the entry. */
  async function preCommit(
    staged: Readonly<Record<string, string>>,
  ): Promise<Ran & { readonly names: string[] }> {
    const folder = temporaryFolder();
    commit(folder, staged);
    const names = git(folder, 'ls-files')
      .split('\n')
      .filter((name) => new RegExp(hook?.files ?? '').test(name));
    const script = `${hook?.entry} ${names.map((name) => `'${name}'`).join(' ')}`;
    return { ...(await bash(script, { cwd: folder, env: machine(folder, version) })), names };
  }

  it('is the one that the guide names, and its command is the one that the package installs', () => {
    const config = snippet('\\.pre-commit-config\\.yaml') as { repos: { hooks: { id: string }[] }[] };
    expect(config.repos[0]?.hooks).toEqual([{ id: hook?.id }]);
    const { bin, scripts } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8')) as {
      bin: Record<string, string>;
      scripts: Record<string, string>;
    };
    // pre-commit installs what `npm pack` makes of the repository, which must build it first.
    expect(Object.keys(bin)).toContain(hook?.entry.split(' ')[0]);
    expect(scripts['prepack']).toBe('npm run build');
    expect(hook).toMatchObject({ language: 'node', types: ['yaml'] });
  });

  it('finds the package, whose name is all that packing may print', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, {
      'package.json': JSON.stringify({ name: 'x', version: '1.0.0', scripts: { prepack: 'echo building' } }),
      '.npmrc': readFileSync(path.join(root, '.npmrc'), 'utf8'),
    });
    const { code, output } = await bash('npm pack 2> errors', {
      cwd: folder,
      env: { ...gitEnv, HOME: folder },
    });
    expect({ code, output }).toEqual({ code: 0, output: 'x-1.0.0.tgz\n' });
  });

  it('checks the storyboards that are committed, and leaves fragments to them', async () => {
    const { code, output, names } = await preCommit({
      'storyboard.yaml': `${board}include: [scenes/two.yaml]\n`,
      'film.storyboard.yaml': board,
      'scenes/two.yaml': 'shots:\n  - { id: sh2, prompt: Rain }\n',
      'notastoryboard.yaml': 'anything: else\n',
    });
    expect(names).toEqual(['film.storyboard.yaml', 'storyboard.yaml']);
    expect(code, output).toBe(0);
  });

  it('stops a commit with a mistake in it', async () => {
    const { code, output } = await preCommit({ 'a/storyboard.yaml': board.replace('prompt:', 'promt:') });
    expect(code).toBe(1);
    expect(output).toContain('promt');
  });

  it('fits what init writes', async () => {
    const cwd = temporaryFolder();
    const { stdout } = await shotlist(['init', '--yes'], { cwd });
    const names = stdout.split('\n').map((line) => line.replace(/^\S+\s+/, ''));
    expect(names.filter((name) => new RegExp(hook?.files ?? '').test(name))).toEqual(['storyboard.yaml']);
  });
});
