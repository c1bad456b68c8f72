import { copyFileSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SavedPlan } from '../../src/plan/saved-plan.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { faultsOf } from '../helpers/schemas.ts';

const storyboard = `version: 1
project: approved
vars: { look: rain }
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 }, maxCost: 100 }
include: [act-2.yaml]
shots:
  - { id: sh1, prompt: "Neon, \${vars.look}" }
  - { id: sh2, promptFile: sh2.md }
  - { id: sh3, prompt: Third }
`;

interface Desk {
  readonly cwd: string;
  write(file: string, text: string): void;
  read(file: string): string;
  call(args: readonly string[], env?: Readonly<Record<string, string>>): Promise<CliResult>;
}

/** A folder with a storyboard in three files. */
function desk(): Desk {
  const cwd = temporaryFolder();
  const write = (file: string, text: string): void => writeFileSync(path.join(cwd, file), text);
  write('board.yaml', storyboard);
  write('act-2.yaml', 'shots:\n  - { id: sh4, prompt: Fourth }\n');
  write('sh2.md', 'The second, from a file\n');
  return {
    cwd,
    write,
    read: (file) => readFileSync(path.join(cwd, file), 'utf8'),
    call: (args, env = {}) => shotlist(args, { cwd, env }),
  };
}

const save = async (at: Desk, env: Readonly<Record<string, string>>, ...more: string[]): Promise<void> => {
  const saved = await at.call(['plan', 'board.yaml', '--out', 'plan.json', ...more], env);
  expect(saved.code).toBe(0);
};

describe('an approved plan', () => {
  it('is sent as it was approved, without a terminal, and sends nothing more once it is spent', async () => {
    const at = desk();
    const { env, books, key } = await emulator();
    await save(at, env);
    expect(at.read('plan.json')).not.toContain(key);
    const { requests } = JSON.parse(at.read('plan.json')) as SavedPlan;

    const sent = await at.call(['run', 'plan.json'], env);
    expect(sent.code).toBe(0);
    expect(sent.stderr).toContain('4 of 4 requests submitted');
    const bodies = books().map(({ body }) => JSON.stringify(body));
    expect(bodies.sort()).toEqual(requests.map(({ body }) => JSON.stringify(body)).sort());

    const again = await at.call(['run', 'plan.json'], env);
    expect(again.code).toBe(0);
    expect(again.stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(4);
  });

  it.each<[string, (at: Desk) => void, string]>([
    [
      'the manifest',
      (at) => at.write('board.yaml', storyboard.replace('Third', '3rd')),
      'board.yaml was edited; sh3 is another request',
    ],
    ['a comment of it', (at) => at.write('board.yaml', `${storyboard}# later\n`), 'board.yaml was edited'],
    [
      'a fragment',
      (at) => at.write('act-2.yaml', 'shots: []\n'),
      'act-2.yaml was edited; sh4 is not in the manifest any more',
    ],
    [
      'a prompt file',
      (at) => at.write('sh2.md', 'Another second'),
      'sh2.md was edited; sh2 is another request',
    ],
    [
      'a price',
      (at) => at.write('board.yaml', storyboard.replace('videos: 7', 'videos: 8')),
      'the price of videos is 8, and was 7',
    ],
    [
      'the ceiling',
      (at) => at.write('board.yaml', storyboard.replace('maxCost: 100', 'maxCost: 900')),
      'budget.maxCost is 900, and was 100',
    ],
  ])('is refused once %s has changed, and says what', async (_, edit, message) => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, env);
    edit(at);
    const result = await at.call(['run', 'plan.json'], env);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('the plan is out of date, so nothing was sent');
    expect(result.stderr).toContain(message);
    expect(books()).toHaveLength(0);
  });

  it('does not mind line ends, nor where it lies', async () => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, env);
    at.write('board.yaml', storyboard.replaceAll('\n', '\r\n'));
    at.write('plan.json', JSON.stringify(JSON.parse(at.read('plan.json'))));
    const elsewhere = temporaryFolder();
    const named = path.relative(elsewhere, path.join(at.cwd, 'plan.json'));
    const result = await shotlist(['run', named], { cwd: elsewhere, env });
    expect(result).toMatchObject({ code: 0 });
    expect(books()).toHaveLength(4);
  });

  it('is refused when some of it was sent meanwhile', async () => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, env);
    await at.call(['run', 'board.yaml', '--yes', '--only', 'sh3'], env);
    const result = await at.call(['run', 'plan.json'], env);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('sh3 was sent meanwhile');
    expect(books()).toHaveLength(1);
  });

  it('is refused for another provider than it was approved for', async () => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, {});
    const result = await at.call(['run', 'plan.json'], env);
    expect(result.code).toBe(3);
    expect(result.stderr).toContain('the provider is loopback, and was https://');
    expect(books()).toHaveLength(0);
  });

  it('sends its unsent rest after an interruption', async () => {
    const at = desk();
    const { env, books } = await emulator({ fail: '401#3' });
    await save(at, env);
    const stopped = await at.call(['run', 'plan.json', '--concurrency', '1'], env);
    expect(stopped.code).toBe(2);
    expect(books()).toHaveLength(2);
    const rest = await at.call(['run', 'plan.json'], env);
    expect(rest.stderr).toContain('2 of 2 requests submitted');
    expect(rest.code).toBe(0);
    expect(new Set(books().map(({ body }) => body['prompt'])).size).toBe(4);
  });

  it('needs another ledger to know what its own one knew, which the journal tells it', async () => {
    const at = desk();
    const { env, books } = await emulator();
    const journal = ['--journal', 'board.ledger.jsonl'];
    await at.call(['run', 'board.yaml', '--yes', '--only', 'sh1', ...journal], env);
    await save(at, env);

    const ci = desk();
    copyFileSync(path.join(at.cwd, 'plan.json'), path.join(ci.cwd, 'plan.json'));
    const ignorant = await ci.call(['run', 'plan.json'], env);
    expect(ignorant.code).toBe(3);
    expect(ignorant.stderr).toContain(
      'does not know of 1 request that was sent before the plan was made, sh1',
    );
    expect(books()).toHaveLength(1);

    copyFileSync(path.join(at.cwd, 'board.ledger.jsonl'), path.join(ci.cwd, 'board.ledger.jsonl'));
    expect((await ci.call(['run', 'plan.json', ...journal], env)).code).toBe(0);
    expect(books()).toHaveLength(4);

    // And back: whoever planned learns from the journal that the plan is spent.
    renameSync(path.join(ci.cwd, 'board.ledger.jsonl'), path.join(at.cwd, 'board.ledger.jsonl'));
    const back = await at.call(['run', 'plan.json', ...journal], env);
    expect(back.stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(4);
  });

  it('keeps to the ceiling of the run', async () => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, env);
    expect((await at.call(['run', 'plan.json', '--max-requests', '3'], env)).code).toBe(3);
    expect(books()).toHaveLength(0);
  });

  it.each<[string, (plan: SavedPlan) => unknown, string]>([
    [
      'another body',
      (plan) => change(plan, { body: { model: 'videos', prompt: 'Free', duration: 15 } }),
      'has a body that is not its own',
    ],
    ['another price', (plan) => change(plan, { cost: 1 }), 'has another price'],
    ['a newer release', (plan) => ({ ...plan, version: 2 }), 'was written by a newer release'],
    [
      'nothing that it was approved against',
      ({ approvedAgainst: _, ...plan }) => plan,
      'is a plan to look at',
    ],
    ['a price in words', (plan) => change(plan, { cost: 'seven' }), 'requests[0].cost is no number or null'],
    ['an unknown action', (plan) => change(plan, { action: 'send' }), 'requests[0].action is none of submit'],
    ['no word on what was seen', (plan) => change(plan, { seen: undefined }), 'requests[0] lacks seen'],
    [
      'no price list',
      (plan) => ({ ...plan, approvedAgainst: { ...plan.approvedAgainst, budget: {} } }),
      'approvedAgainst.budget lacks currency',
    ],
    [
      'a request twice',
      (plan) => ({ ...plan, requests: [...plan.requests, ...plan.requests] }),
      'is in it twice',
    ],
  ])('is refused with %s', async (_, edit, message) => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, env);
    at.write('plan.json', JSON.stringify(edit(JSON.parse(at.read('plan.json')) as SavedPlan)));
    const result = await at.call(['run', 'plan.json'], env);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain(message);
    expect(books()).toHaveLength(0);
  });

  it('is refused where it was cut off', async () => {
    const at = desk();
    const { env, books } = await emulator();
    await save(at, env);
    at.write('plan.json', at.read('plan.json').slice(0, -20));
    const result = await at.call(['run', 'plan.json'], env);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('plan.json is a saved plan that is cut off');
    expect(books()).toHaveLength(0);
  });

  it('is what its published schema says, saved and printed, at every stage', async () => {
    const at = desk();
    const { env } = await emulator({ fail: 'lost#2' });
    const check = async (): Promise<void> => {
      const plan = await at.call(['plan', 'board.yaml', '--format', 'json', '--out', 'plan.json'], env);
      for (const text of [plan.stdout, at.read('plan.json')]) {
        expect(faultsOf('plan', JSON.parse(text))).toEqual([]);
      }
    };
    await check();
    await at.call(['run', 'board.yaml', '--yes', '--concurrency', '1'], env);
    at.write('board.yaml', storyboard.replace('Third', '3rd').replace('id: sh1', 'id: sh9'));
    await check();
    const reasons = (JSON.parse(at.read('plan.json')) as SavedPlan).requests.map(({ reason }) => reason);
    expect(new Set(reasons)).toEqual(new Set(['renamed', 'inDoubt', 'changed', 'submitted']));
  });

  it('takes no flag that would make another plan of it', async () => {
    const at = desk();
    const { env } = await emulator();
    await save(at, env);
    const result = await at.call(['run', 'plan.json', '--retry-failed'], env);
    expect(result.code).toBe(2);
    expect(result.stderr).toContain('--retry-failed would make another plan');
  });
});

function change(plan: SavedPlan, first: Readonly<Record<string, unknown>>): unknown {
  return { ...plan, requests: plan.requests.map((each, i) => (i === 0 ? { ...each, ...first } : each)) };
}
