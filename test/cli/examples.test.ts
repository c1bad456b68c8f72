import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { loadCommands } from '../../src/cli/commands/index.ts';
import { makeKey } from '../helpers/approvers.ts';
import { type CliOptions, type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { commit, git, gitEnv, writeFiles } from '../helpers/git.ts';

// What `--help` shows as an example is what people type first: each is called here, as it stands there.

const board = (scene: string, shot: string, project = 'neon-alley-2'): string => `version: 1
project: ${project}
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 } }
scenes:
  - id: ${scene}
    shots:
      - { id: sh0010, prompt: Neon skyline at night }
      - { id: ${shot}, prompt: Rain on glass, takes: 2 }
`;
const storyboard = board('sc010', 'sh0030');

const files = {
  'storyboard.yaml': storyboard,
  'acts/one.yaml': board('sc020', 'sh0010b', 'act-one'),
  'boards/neon.yaml': storyboard,
  'models.local.json': '{ "version": 1, "models": {} }',
  'mapping.yaml': 'columns: {}\n',
  'shots.csv': 'scene,shot,description,duration\nsc010,sh0010,Neon skyline at night,5\n',
  'act-2.csv': 'scene,shot,description,duration\nsc020,sh0010,Rain,5\n',
  'kitsu.csv': 'Sequence,Name,Description\nsc010,sh0010,Neon skyline at night\n',
};

interface Place {
  readonly cwd: string;
  readonly env: Readonly<Record<string, string>>;
  /** The id of the task of a request, as the provider knows it. */
  taskOf(prompt: string): string;
  readonly books: Awaited<ReturnType<typeof emulator>>['books'];
  call(...args: readonly string[]): Promise<CliResult>;
}

/** A folder with a storyboard, and an emulator for a provider. */
async function place(fail?: string): Promise<Place> {
  const cwd = temporaryFolder();
  writeFiles(cwd, files);
  const provider = await emulator({
    taskMs: { minMs: 0, maxMs: 1 },
    ...(fail === undefined ? {} : { fail }),
  });
  const env = { ...gitEnv, ...provider.env };
  return {
    cwd,
    env,
    books: provider.books,
    taskOf: (prompt) => provider.books().find(({ body }) => body['prompt'] === prompt)?.id ?? '',
    call: (...args) => shotlist(args, { cwd, env }),
  };
}

const fresh = (): Promise<Place> => place();

/** One commit ahead of the branch that it began with. */
async function inGit(): Promise<Place> {
  const found = await place();
  commit(found.cwd, { 'storyboard.yaml': storyboard.replace('Neon skyline', 'Skyline') });
  git(found.cwd, 'update-ref', 'refs/remotes/origin/main', 'HEAD');
  commit(found.cwd, { 'storyboard.yaml': storyboard });
  return found;
}

/** Everything was submitted under these names. */
async function sentAs(...names: Parameters<typeof board>): Promise<Place> {
  const found = await place();
  writeFiles(found.cwd, { 'storyboard.yaml': board(...names) });
  expect((await found.call('run', 'storyboard.yaml', '--yes', '--concurrency', '1')).code).toBe(0);
  writeFiles(found.cwd, { 'storyboard.yaml': storyboard });
  return found;
}

const sent = (): Promise<Place> => sentAs('sc010', 'sh0030');

/** Every answer was lost. */
async function inDoubt(): Promise<Place> {
  const found = await place('lost:100%');
  expect((await found.call('run', 'storyboard.yaml', '--yes', '--concurrency', '1')).code).toBe(1);
  return found;
}

interface Case {
  readonly begin?: () => Promise<Place>;
  /** The words where they cannot be the example's own: a port, an id that the provider made up. */
  readonly words?: (words: readonly string[], place: Place) => readonly string[];
  readonly options?: Partial<CliOptions>;
  readonly code?: number;
  /** In what the call says. */
  readonly says?: string | RegExp;
  /** A file that is there afterwards. */
  readonly writes?: string;
}

const renamed = (scene: string, shot: string): (() => Promise<Place>) => {
  return async () => {
    const found = await sent();
    writeFiles(found.cwd, { 'storyboard.yaml': board(scene, shot) });
    return found;
  };
};

/** A test does not wait as long between two questions as is polite to a provider. */
const soon = (words: readonly string[]): readonly string[] => [...words, '--interval', '0.1'];

/** What an example needs and does, by its beginning; without a word here it only has to run. */
const cases: Readonly<Record<string, Case>> = {
  'shotlist init': { options: { answers: ['', '', '', '', ''] }, writes: '.gitattributes' },
  'shotlist init neon-alley': { writes: 'neon-alley/storyboard.yaml' },
  'shotlist lint --strict --format sarif': { says: '"2.1.0"', writes: 'lint.sarif' },
  "shotlist plan storyboard.yaml --only 'sc010/*'": { says: '"submit": 3' },
  'shotlist plan storyboard.yaml --against origin/main': { begin: inGit, says: '1 changed, 2 as before' },
  'shotlist plan storyboard.yaml --against HEAD~1': { begin: inGit, says: 'Cost: the same' },
  'shotlist run storyboard.yaml': { options: { answers: ['y'] }, says: '3 submitted' },
  'shotlist run storyboard.yaml --yes': { says: '3 submitted', writes: 'out.csv' },
  'shotlist run plan.json': {
    begin: async () => {
      const found = await place();
      await found.call('plan', 'storyboard.yaml', '--out', 'plan.json');
      return found;
    },
    says: '3 submitted',
  },
  'shotlist approve plan.json': {
    begin: withPlanAndKey,
    options: { answers: ['y'] },
    says: /signed|approved/,
    writes: 'plan.json.sig',
  },
  'shotlist run storyboard.yaml --only': { options: { answers: ['y'] }, says: '1 submitted' },
  'shotlist collect storyboard.yaml': {
    begin: sent,
    words: soon,
    writes: 'renders/rehearsal/sc010_sh0010_v001.mp4',
  },
  'shotlist collect storyboard.yaml --download': {
    begin: sent,
    words: soon,
    writes: 'home/cut/sc010/sh0010_v001.mp4',
  },
  'shotlist status storyboard.yaml --scene': { begin: sent, says: '0 requests' },
  'shotlist pick storyboard.yaml': { begin: collected, says: 'picked' },
  'shotlist pick storyboard.yaml sc010/sh0030@2 --clear': { begin: picked },
  'shotlist pick storyboard.yaml --from': {
    begin: async () => {
      const found = await collected();
      const decisions = [
        { key: 'sc010/sh0030@2', taskId: found.taskOf('Rain on glass'), type: 'rejected', reason: 'face' },
      ];
      const text = JSON.stringify({ version: 1, project: 'neon-alley-2', decisions });
      writeFiles(found.cwd, { 'decisions.json': text });
      return found;
    },
    says: 'is rejected: face',
  },
  'shotlist reject storyboard.yaml': {
    begin: collected,
    words: (words) => words.map((word) => word.replace('sh0040', 'sh0010')),
  },
  'shotlist note storyboard.yaml': { begin: collected },
  'shotlist review storyboard.yaml': {
    // Runs until Ctrl-C, and opens no browser here.
    begin: collected,
    words: (words) => words.filter((word) => word !== '--open'),
    options: { onInterruptible: (press) => setImmediate(press) },
    says: 'http://127.0.0.1:',
  },
  'shotlist resolve storyboard.yaml --from': {
    begin: () => withBill('calls.csv'),
    options: { answers: ['y', 'y', 'y'] },
  },
  'shotlist resolve storyboard.yaml sc010/sh0030@2 --reopen': {
    begin: async () => {
      const found = await inDoubt();
      await found.call('resolve', 'storyboard.yaml', 'sc010/sh0030@2', '--not-submitted');
      return found;
    },
  },
  'shotlist reconcile storyboard.yaml': {
    begin: () => withBill('march.csv'),
    words: (words) => words.map((word) => word.replace('.xlsx', '.csv')),
  },
  'shotlist status': { begin: sent, says: '3 requests, 21 CNY spent' },
  'shotlist report storyboard.yaml >': { begin: sent, says: /^\ufeffkey,/, writes: 'tasks.csv' },
  'shotlist report storyboard.yaml -o tasks.json': { begin: sent, writes: 'tasks.json' },
  'shotlist report storyboard.yaml -o clips.html': { begin: sent, writes: 'clips.html' },
  'shotlist report storyboard.yaml -o junit.xml': { begin: sent, writes: 'junit.xml' },
  'shotlist resolve storyboard.yaml': { begin: inDoubt, says: '3 requests in doubt' },
  'shotlist resolve storyboard.yaml sc010/sh0030@2': {
    begin: inDoubt,
    words: (words, { taskOf }) =>
      words.map((word) => (word === 'video_123' ? taskOf('Rain on glass') : word)),
    says: 'sc010/sh0030@2',
  },
  'shotlist resolve storyboard.yaml --all': { begin: inDoubt, says: 'sc010/sh0030@2: pending' },
  'shotlist adopt storyboard.yaml sc010/sh0030': {
    begin: renamed('sc010', 'sh0035'),
    says: '2 requests adopted',
  },
  'shotlist adopt storyboard.yaml sc010/sh0030 sc010/sh0030:wide': {
    begin: async () => {
      const found = await sent();
      const variants = 'takes: 2, variants: { wide: {}, tall: { ratio: "9:16" } }';
      writeFiles(found.cwd, { 'storyboard.yaml': storyboard.replace('takes: 2', variants) });
      return found;
    },
    says: '2 requests adopted',
  },
  'shotlist adopt storyboard.yaml sc010/ ': { begin: renamed('sc015', 'sh0030'), says: '3 requests adopted' },
  'shotlist adopt storyboard.yaml neon-alley': {
    begin: () => sentAs('sc010', 'sh0030', 'neon-alley'),
    says: '3 requests adopted',
  },
  'shotlist history': { begin: sent, says: 'sc010/sh0030@2' },
  'shotlist ledger export': { begin: sent, writes: 'history.jsonl' },
  'shotlist ledger import': { begin: withHistory },
  'shotlist ledger verify': { begin: sent },
  'shotlist ledger verify storyboard.yaml history.jsonl': { begin: withHistory },
  'shotlist import shots.xlsx': {
    begin: async () => {
      const found = await sent();
      await found.call('export', 'storyboard.yaml', '-o', 'shots.xlsx');
      return found;
    },
  },
  'shotlist import shots.csv --into': { options: { answers: ['y'] }, says: '1 not in the table: skipped' },
  'shotlist completion fish': {
    says: 'complete -c shotlist',
    writes: 'home/.config/fish/completions/shotlist.fish',
  },
  'shotlist emulator': {
    // Runs until Ctrl-C; the port of the example may be taken.
    words: (words) => words.map((word) => (word === '8787' ? '0' : word)),
    options: { onInterruptible: (press) => setImmediate(press) },
    says: 'export SHOTLIST_BASE_URL=http://127.0.0.1:',
  },
};

/** Everything was sent, and its clips saved. */
async function collected(): Promise<Place> {
  const found = await sent();
  await found.call('collect', 'storyboard.yaml', '--interval', '0.1');
  return found;
}

async function picked(): Promise<Place> {
  const found = await collected();
  await found.call('pick', 'storyboard.yaml', 'sc010/sh0030@2');
  return found;
}

/** Requests were billed and their answers lost, and a file has what the provider knows of them. */
async function withBill(name: string): Promise<Place> {
  const found = await place('lost+billed:100%');
  await found.call('run', 'storyboard.yaml', '--yes', '--concurrency', '1');
  const tasks = found.books().map(({ id, billedAt, body }) => [id, billedAt, 'videos', body['prompt'], 7]);
  const lines = [['Task ID', 'Created', 'Model', 'Prompt', 'Amount'], ...tasks];
  writeFiles(found.cwd, { [name]: lines.map((each) => each.join(',')).join('\n') });
  return found;
}

/** A plan to be signed, and the key of a person in the home folder. */
async function withPlanAndKey(): Promise<Place> {
  const found = await place();
  mkdirSync(path.join(found.cwd, 'home/.ssh'), { recursive: true });
  makeKey(path.join(found.cwd, 'home/.ssh'), 'id_ed25519');
  await found.call('plan', 'storyboard.yaml', '--out', 'plan.json');
  return { ...found, env: { ...found.env, HOME: path.join(found.cwd, 'home') } };
}

async function withHistory(): ReturnType<typeof sent> {
  const found = await sent();
  await found.call('ledger', 'export', 'storyboard.yaml', '-o', 'history.jsonl');
  return found;
}

function caseFor(command: string): Case {
  const [name] = Object.keys(cases)
    .filter((start) => command === start || command.startsWith(/\s$/.test(start) ? start : `${start} `))
    .sort((a, b) => b.length - a.length);
  return cases[name ?? ''] ?? {};
}

/** The words of a call and the file that its output goes to, as a shell would take them. */
function parsed(command: string, home: string): { words: readonly string[]; output: string | undefined } {
  const inner = /^eval "\$\((.*)\)"$/.exec(command)?.[1] ?? command;
  const words = (inner.match(/'[^']*'|"[^"]*"|\S+/g) ?? []).map((word) =>
    /^['"]/.test(word) ? word.slice(1, -1) : word.replace(/^~/, home),
  );
  const arrow = words.indexOf('>');
  return arrow === -1
    ? { words: words.slice(1), output: undefined }
    : { words: words.slice(1, arrow), output: words[arrow + 1] };
}

describe('an example of --help does what it says', async () => {
  const examples = (await loadCommands()).flatMap(({ examples }) => examples.map(({ command }) => command));

  const hasOpenSsh = spawnSync('ssh-keygen', ['-?']).error === undefined;
  if (!hasOpenSsh)
    console.warn('left out: the examples of approve, for want of ssh-keygen (Debian: openssh-client)');
  // What needs a server of PostgreSQL is tried by test/servers.
  const possible = examples.filter(
    (command) => !command.includes('postgres://') && (hasOpenSsh || !command.startsWith('shotlist approve')),
  );

  it.each(possible)('%s', async (command) => {
    const { begin = fresh, words: own, options, code = 0, says = '', writes } = caseFor(command);
    const found = await begin();
    const { words, output } = parsed(command, path.join(found.cwd, 'home'));
    const args = own?.(words, found) ?? words;
    const result = await shotlist(args, { cwd: found.cwd, env: found.env, ...options });
    expect(result.code, result.stdout + result.stderr).toBe(code);
    if (output !== undefined) writeFiles('/', { [path.resolve(found.cwd, output)]: result.stdout });
    expect(result.stdout + result.stderr).toMatch(says);
    if (writes !== undefined) expect(existsSync(path.join(found.cwd, writes))).toBe(true);
    if (output !== undefined) expect(readFileSync(path.resolve(found.cwd, output), 'utf8')).not.toBe('');
  });

  it('has a case here for nothing that help does not show', () => {
    const used = new Set(examples.map(caseFor));
    for (const [start, each] of Object.entries(cases)) expect(used.has(each), start).toBe(true);
  });
});
