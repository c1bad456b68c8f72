import { execFileSync } from 'node:child_process';
import { chmodSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtMain } from '../helpers/built.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { commit, gitEnv, writeFiles } from '../helpers/git.ts';

const board = `version: 1
project: neon
defaults: { model: videos, duration: 5 }
scenes:
  - id: sc010
    shots:
      - { id: sh0010, prompt: 雨夜霓虹, tags: [hero, hero shot] }
      - { id: sh0030, prompt: Rain, takes: 2, variants: { tall: { ratio: "9:16" }, wide: {} } }
shots:
  - { id: card, prompt: Title }
`;

function workspace(): string {
  const cwd = temporaryFolder();
  writeFiles(cwd, { 'board.yaml': board });
  return cwd;
}

/** What is offered after these words, the last of which is unfinished. */
async function offered(cwd: string, ...words: readonly string[]): Promise<readonly string[]> {
  const { stdout, stderr, code } = await shotlist(['__complete', ...words], { cwd, env: gitEnv });
  expect(stderr).toBe('');
  expect(code).toBe(0);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => line.split('\t')[0] ?? '');
}

describe('completion', () => {
  it('offers commands with what they do', async () => {
    const { stdout } = await shotlist(['__complete', 'pl'], { cwd: workspace() });
    expect(stdout).toBe('plan\tshow what run would send, why, and what it would cost\n');
    expect(await offered(workspace(), 'help', 'rep')).toEqual(['report']);
    expect(await offered(workspace(), 'help', 're')).toContain('resolve');
  });

  it('offers flags and the values that a flag takes', async () => {
    const cwd = workspace();
    expect(await offered(cwd, 'plan', 'board.yaml', '--aga')).toEqual(['--against']);
    expect(await offered(cwd, 'plan', 'board.yaml', '--format', '')).toEqual(['pretty', 'json', 'markdown']);
    expect(await offered(cwd, 'plan', 'board.yaml', '--scene', '')).toEqual(['sc010']);
    expect(await offered(cwd, 'plan', 'board.yaml', '--tag', 'h')).toEqual(['hero', 'hero shot']);
  });

  it('offers the keys of shots and of requests', async () => {
    const cwd = workspace();
    expect(await offered(cwd, 'run', 'board.yaml', '--only', 'sc010/sh003')).toEqual([
      'sc010/sh0030',
      'sc010/sh0030:tall',
      'sc010/sh0030:tall@2',
      'sc010/sh0030:wide',
      'sc010/sh0030:wide@2',
    ]);
    expect(await offered(cwd, 'resolve', '--verbose', 'board.yaml', 'card', 'c')).toEqual(['card']);
    expect(await offered(cwd, 'history', 'board.yaml', 'sc010/sh0010')).toEqual(['sc010/sh0010']);
  });

  it('offers rules, models, schemas, shells and git refs', async () => {
    const cwd = workspace();
    commit(cwd, {});
    expect(await offered(cwd, 'rules', 'frame-p')).toEqual(['frame-pair']);
    expect(await offered(cwd, 'models', '')).toEqual(['videos', 'videos_stable', 'videos_stable_fast']);
    expect(await offered(cwd, 'schema', 'mani')).toEqual(['manifest']);
    expect(await offered(cwd, 'completion', '')).toEqual(['bash', 'zsh', 'fish']);
    expect(await offered(cwd, 'plan', 'board.yaml', '--against', 'm')).toEqual(['main']);
  });

  it('leaves files to the shell, and offers nothing for what it does not know', async () => {
    const cwd = workspace();
    expect(await offered(cwd, 'lint', 'a.yaml', '')).toEqual([':files']);
    expect(await offered(cwd, 'run', 'board.yaml', '--report', '')).toEqual([':files']);
    expect(await offered(cwd, 'lnit', '')).toEqual(['']);
    expect(await offered(cwd, 'run', 'nothing.yaml', '--only', '')).toEqual(['']);
    expect(await offered(cwd, 'run', 'board.yaml', 'another')).toEqual(['']);
  });

  it('offers the values of a flag that is joined to them', async () => {
    const cwd = workspace();
    expect(await offered(cwd, 'plan', 'board.yaml', '--format=j')).toEqual(['--format=json']);
    expect(await offered(cwd, 'run', 'board.yaml', '--only=sc010/sh0030:w')).toEqual([
      '--only=sc010/sh0030:wide',
      '--only=sc010/sh0030:wide@2',
    ]);
    expect(await offered(cwd, 'run', 'board.yaml', '--report=out')).toEqual([':files']);
    expect(await offered(cwd, 'run', 'board.yaml', '--nonsense=')).toEqual(['']);
  });

  it('takes the usual manifest before one is named', async () => {
    const cwd = workspace();
    expect(await offered(cwd, 'run', '--only', 'c')).toEqual(['']);
    writeFiles(cwd, { 'storyboard.yaml': board });
    expect(await offered(cwd, 'run', '--only', 'c')).toEqual(['card']);
  });

  it('suggests a shell, and is not listed in help', async () => {
    const wrong = await shotlist(['completion', 'bsh'], { cwd: workspace() });
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('did you mean bash?');
    expect((await shotlist(['--help'], { cwd: workspace() })).stdout).not.toContain('__complete');
  });
});

/** A folder with the built program on the path, as `shotlist`. */
function installed(): { cwd: string; env: Record<string, string> } {
  const cwd = workspace();
  writeFiles(cwd, { 'my board.yaml': board });
  writeFiles(cwd, { 'bin/shotlist': `#!/bin/sh\nexec "${process.execPath}" "${builtMain}" "$@"\n` });
  chmodSync(path.join(cwd, 'bin/shotlist'), 0o755);
  const PATH = `${path.join(cwd, 'bin')}:${process.env['PATH']}`;
  return { cwd, env: { PATH, HOME: cwd, TERM: 'dumb', LC_ALL: 'C.UTF-8' } };
}

function has(shell: string): boolean {
  try {
    execFileSync(shell, ['-c', 'true']);
    return true;
  } catch {
    return false;
  }
}

describe('completion in bash itself', () => {
  /** What is offered for lines, one shell for all of them. */
  function inBash(lines: readonly string[]): readonly (readonly string[])[] {
    const { cwd, env } = installed();
    const script = `
      eval "$(shotlist completion bash)"
      COMP_WORDBREAKS=$' \\t\\n"\\'@><=;|&(:'
      for COMP_LINE; do
        COMP_POINT=\${#COMP_LINE}
        _shotlist
        printf '%s\\n' "\${COMPREPLY[@]}" --
      done`;
    const out = execFileSync('bash', ['-c', script, 'bash', ...lines], { cwd, env, encoding: 'utf8' });
    return out
      .split('--\n')
      .slice(0, -1)
      .map((part) => part.trimEnd().split('\n'));
  }

  it.each([
    [
      'words, files and rules',
      [
        ['shotlist pl', ['plan']],
        ['shotlist rules frame-p', ['frame-pair']],
        ['shotlist lint boar', ['board.yaml']],
        ['shotlist run board.yaml --only ca', ['card']],
      ],
    ],
    [
      // What comes after a colon is all that bash replaces.
      'keys, whose signs bash breaks words at',
      [
        ['shotlist run board.yaml --only sc010/sh0030:t', ['tall', 'tall@2']],
        ['shotlist run board.yaml --only sc010/sh0030:', ['tall', 'tall@2', 'wide', 'wide@2']],
        ['shotlist run board.yaml --only sc010/sh0030:wide@', ['2']],
        ['shotlist plan board.yaml --format=js', ['json']],
        ['shotlist run board.yaml --only=sc010/sh0030:wide@', ['2']],
      ],
    ],
    [
      'what is quoted, and quotes what must be',
      [
        [String.raw`shotlist run my\ board.yaml --only ca`, ['card']],
        [`shotlist run 'my board.yaml' --only "sc010/sh0030:w`, ['sc010/sh0030:wide', 'sc010/sh0030:wide@2']],
        ['shotlist run board.yaml --tag h', ['hero', String.raw`hero\ shot`]],
        [`shotlist run ~/board.yaml --only ca`, ['card']],
      ],
    ],
  ] as const)('completes %s', (_, cases) => {
    expect(inBash(cases.map(([line]) => line))).toEqual(cases.map(([, expected]) => expected));
  });
});

for (const shell of ['zsh', 'fish']) {
  if (!has(shell)) console.warn(`left out: completion in ${shell} itself. Debian: apt-get install ${shell}`);
}

describe.skipIf(!has('zsh'))('completion in zsh itself', () => {
  it('loads, and hands keys with colons over whole', () => {
    const { cwd, env } = installed();
    const script = `
      autoload -Uz compinit && compinit -u -d "$PWD/dump"
      eval "$(shotlist completion zsh)"
      compadd() { print -rl -- "\${values[@]}" }
      words=(shotlist run 'my\\ board.yaml' --only "'sc010/sh0030:") CURRENT=5 PREFIX=sc010/sh0030:
      _shotlist
      print -r -- "registered: \${_comps[shotlist]}"`;
    const out = execFileSync('zsh', ['-f', '-c', script], { cwd, env, encoding: 'utf8' });
    expect(out.trimEnd().split('\n')).toEqual([
      'sc010/sh0030:tall',
      'sc010/sh0030:tall@2',
      'sc010/sh0030:wide',
      'sc010/sh0030:wide@2',
      'registered: _shotlist',
    ]);
  });
});

describe.skipIf(!has('fish'))('completion in fish itself', () => {
  const inFish = (line: string): readonly string[] => {
    const { cwd, env } = installed();
    const script = `shotlist completion fish | source; complete -C '${line}'`;
    const out = execFileSync('fish', ['--no-config', '-c', script], { cwd, env, encoding: 'utf8' });
    return out.trimEnd().split('\n');
  };

  it('offers rules with their summaries, keys and files', () => {
    expect(inFish('shotlist rules frame-p')[0]).toMatch(/^frame-pair\t\S+/);
    expect(inFish('shotlist run board.yaml --only sc010/sh0030:w')[0]).toMatch(/^sc010\/sh0030:wide\tRain/);
    expect(inFish('shotlist lint boa')[0]).toMatch(/^board\.yaml/);
  });
});
