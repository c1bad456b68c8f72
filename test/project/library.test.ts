import { cpSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import {
  BudgetError,
  LedgerError,
  LintFailedError,
  openProject,
  PlanOutOfDateError,
  type ProjectEvent,
  type ProjectOptions,
  refusalOf,
  UsageError,
} from '../../src/index.ts';
import { openLedger, openLedgerForReading, spoolOf } from '../../src/ledger/open-ledger.ts';
import { builtInLedgers } from '../../src/project/ledgers.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { PaidProvider, paying } from './provider.ts';

function storyboard(...shots: readonly string[]): string {
  const items = shots.map((id) => `  - { id: ${id}, prompt: The shot ${id}, duration: 5 }\n`).join('');
  return `version: 1\nproject: neon\ndefaults: { model: videos }\nbudget: { currency: CNY, prices: { videos: 7 } }\nshots:\n${items}`;
}

/** A folder with a storyboard, and a provider that bills. */
function world(...shots: readonly string[]) {
  const cwd = temporaryFolder();
  const file = path.join(cwd, 'board.yaml');
  writeFileSync(file, storyboard(...shots));
  const provider = new PaidProvider();
  const events: ProjectEvent[] = [];
  const options = (more: ProjectOptions = {}): ProjectOptions => ({
    ...paying(provider),
    cwd,
    onEvent: (event) => events.push(event),
    ...more,
  });
  /** Opens the project of a folder, works with it and closes it. */
  const within = async <T>(
    work: (project: Awaited<ReturnType<typeof openProject>>) => Promise<T>,
    more: ProjectOptions = {},
    named = 'board.yaml',
  ): Promise<T> => {
    const project = await openProject(named, options(more));
    try {
      return await work(project);
    } finally {
      await project.close();
    }
  };
  return { cwd, file, provider, events, within };
}

const submitAll = async (project: Awaited<ReturnType<typeof openProject>>) =>
  project.submit(await project.plan());

describe('a caller of the library', () => {
  it('goes from a manifest to a report', async () => {
    const { within, provider } = world('sh1', 'sh2');
    const { rows, summary } = await within(async (project) => {
      expect((await project.lint()).summary.errors).toBe(0);
      expect(await submitAll(project)).toMatchObject({ planned: 2, accepted: 2 });
      expect(await project.collect({ download: false, intervalMs: 10 })).toMatchObject({ completed: 2 });
      expect((await project.status()).summary.completed).toBe(2);
      expect((await project.history('sh1')).map(({ type }) => type)).toEqual(['claimed', 'settled', 'task']);
      return project.report();
    });
    expect(rows.map(({ key, taskId }) => [key, taskId])).toEqual([
      ['sh1', 'video_1'],
      ['sh2', 'video_2'],
    ]);
    expect(summary.cost).toBe(14);
    expect(provider.billed).toEqual(['The shot sh1', 'The shot sh2']);
  });

  it('opens the ledger once, from the plan to the report', async () => {
    const { cwd, within } = world('sh1');
    const opens: string[] = [];
    const ledgers = {
      ...builtInLedgers,
      open: (...of: Parameters<typeof openLedger>) => {
        opens.push('open');
        return openLedger(...of);
      },
      openForReading: (...of: Parameters<typeof openLedgerForReading>) => {
        opens.push('openForReading');
        return openLedgerForReading(...of);
      },
    };
    const whole = async (): Promise<void> => {
      await within(
        async (project) => {
          await submitAll(project);
          await project.collect({ download: false, intervalMs: 10 });
          await project.reports.write();
          await project.reports.renew(await project.reports.make());
        },
        { ledgers },
      );
    };
    await whole();
    expect(opens).toEqual(['open']);
    await whole();
    expect(opens).toEqual(['open', 'open']);
    await within((project) => project.status(), { ledgers, readOnly: true });
    expect(opens.slice(2)).toEqual(['openForReading']);
    rmSync(path.join(cwd, '.shotlist'), { recursive: true });
  });

  it('leaves no ledger behind where it only looks', async () => {
    const { cwd, within } = world('sh1');
    await within(async (project) => {
      expect((await project.plan()).summary.submit).toBe(1);
      await project.report();
      await project.status();
    });
    expect(existsSync(path.join(cwd, '.shotlist'))).toBe(false);
  });

  it('promise 12: does not pay again in a fresh clone with its journal', async () => {
    const { cwd, within, provider } = world('sh1', 'sh2');
    await within(submitAll);
    rmSync(path.join(cwd, '.shotlist'), { recursive: true });
    const plan = await within((project) => project.plan());
    expect(plan.summary).toMatchObject({ submit: 0, skip: 2 });
    expect(await within(submitAll)).toMatchObject({ planned: 0 });
    expect(provider.billed).toHaveLength(2);
  });

  it('promise 2: takes in an answer that an earlier run could not record', async () => {
    const { within, events } = world('sh1');
    await within(async (project) => {
      const [request] = (await project.plan()).requests;
      if (request === undefined) throw new Error('nothing is planned');
      const spool = spoolOf((await builtInLocation(project)) ?? (await Promise.reject(new Error())));
      spool?.write('run-1', {
        scope: project.scope,
        request,
        ...{ runId: 'run', by: 'tester@here', plan: null, attempt: 1, price: 7, currency: 'CNY' },
        claimedAt: systemClock.now(),
        settledAt: systemClock.now(),
        outcome: { kind: 'accepted', taskId: 'video_lost', status: 'queued', error: null },
      });
    });
    const plan = await within((project) => project.plan());
    expect(plan.requests[0]).toMatchObject({ action: 'skip', reason: 'submitted' });
    expect(events).toContainEqual(
      expect.objectContaining({
        type: 'spooled',
        report: expect.objectContaining({ result: 'recorded', taskId: 'video_lost' }),
      }),
    );
  });

  it('is stopped where the ledger has forgotten what a report says was paid', async () => {
    const { cwd, within, provider } = world('sh1');
    await within(
      async (project) => {
        await submitAll(project);
        await project.reports.write();
      },
      { journal: false },
    );
    rmSync(path.join(cwd, '.shotlist'), { recursive: true });
    const refused = within(submitAll, { journal: false });
    await expect(refused).rejects.toThrow(LedgerError);
    await expect(refused).rejects.toThrow(/does not know 1 request that board\.report\.json says were sent/);
    expect(provider.billed).toHaveLength(1);
  });

  it('is stopped at a shot that was renamed, until somebody says so', async () => {
    const { file, within, provider } = world('sh1');
    await within(submitAll);
    writeFileSync(file, readFileSync(file, 'utf8').replace('id: sh1,', 'id: opening,'));
    const plan = await within((project) => project.plan());
    expect(plan.requests[0]).toMatchObject({ action: 'blocked', reason: 'renamed' });
    expect(await within(submitAll)).toMatchObject({ planned: 0 });
    await within((project) => project.adopt('sh1', 'opening'));
    expect((await within((project) => project.plan())).requests[0]).toMatchObject({ action: 'skip' });
    expect(provider.billed).toHaveLength(1);
  });

  it('promise 7: sends nothing over a budget or a limit, and nothing with lint errors', async () => {
    const { file, within, provider } = world('sh1', 'sh2');
    await within(async (project) => {
      const plan = await project.plan();
      await expect(project.submit(plan, { maxRequests: 1 })).rejects.toThrow(BudgetError);
      await expect(project.submit(plan, { maxCost: 13 })).rejects.toThrow(BudgetError);
    });
    const text = readFileSync(file, 'utf8');
    writeFileSync(file, text.replace('currency: CNY', 'currency: CNY, maxRequests: 1'));
    await expect(within(submitAll)).rejects.toThrow(BudgetError);
    writeFileSync(file, text.replace('duration: 5', 'duration: 5000'));
    await within(async (project) => {
      expect((await project.lint()).summary.errors).toBe(1);
      const error: unknown = await project.plan().catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(LintFailedError);
      expect(refusalOf(error as LintFailedError)).toMatchObject({
        errorCode: 'lint',
        summary: { errors: 1 },
      });
      // What was planned elsewhere does not get past it either.
      const plan = await project.outlook();
      await expect(project.submit(plan)).rejects.toThrow(LintFailedError);
    });
    expect(provider.billed).toEqual([]);
  });

  it('sends an approved plan as it was approved, once, or nothing', async () => {
    const { cwd, file, within, provider } = world('sh1', 'sh2');
    await within(async (project) => {
      const plan = await project.plan({ only: ['sh2'] });
      writeFileSync(path.join(cwd, 'plan.json'), await project.planText(plan, 'plan.json'));
    });
    const text = readFileSync(file, 'utf8');
    const approved = <T>(work: Parameters<typeof within<T>>[0]): Promise<T> => within(work, {}, 'plan.json');
    writeFileSync(file, text.replace('The shot sh2', 'Another shot'));
    await expect(approved((project) => project.plan())).rejects.toThrow(PlanOutOfDateError);
    writeFileSync(file, text);
    await expect(approved((project) => project.plan({ limit: 1 }))).rejects.toThrow(UsageError);
    expect(await approved(submitAll)).toMatchObject({ planned: 1, accepted: 1 });
    expect((await approved((project) => project.plan())).summary.submit).toBe(0);
    expect(provider.billed).toEqual(['The shot sh2']);
  });

  it('settles what is in doubt by a word of a person', async () => {
    const { within, provider } = world('sh1');
    provider.fates.push({ kind: 'inDoubt', code: 'lost', error: 'the connection was lost' });
    await within(async (project) => {
      expect(await submitAll(project)).toMatchObject({ inDoubt: 1 });
      expect((await project.plan()).requests[0]).toMatchObject({ action: 'blocked', reason: 'inDoubt' });
      const { open } = await project.open();
      expect(open.map(({ key }) => key)).toEqual(['sh1']);
      await project.resolve(null, { kind: 'notSubmitted' });
      expect(await submitAll(project)).toMatchObject({ accepted: 1 });
    });
    expect(provider.billed).toHaveLength(1);
  });

  it('moves its history to another folder', async () => {
    const { cwd, within } = world('sh1');
    await within(submitAll);
    const { text, events } = await within((project) => project.exportHistory());
    expect(events).toBe(2);
    const other = path.join(cwd, 'other');
    mkdirSync(other);
    cpSync(path.join(cwd, 'board.yaml'), path.join(other, 'board.yaml'));
    await within(
      async (project) => {
        expect(await project.importHistory([{ name: 'old', text }])).toMatchObject({ added: 2 });
        expect((await project.plan()).summary.submit).toBe(0);
        expect(await project.verify()).toEqual([]);
      },
      { cwd: other },
    );
  });
});

/** Where the ledger of a project is that has none yet. */
async function builtInLocation(project: Awaited<ReturnType<typeof openProject>>) {
  const { absolutePath } = project.linted.manifest.source;
  if (absolutePath === null) return null;
  const { ledgerBeside } = await import('../../src/ledger/location.ts');
  return ledgerBeside(path.dirname(absolutePath));
}

describe('a storyboard that was moved', () => {
  it('promise 12: under another name and project in a clone, is not paid again until somebody says so', async () => {
    const { cwd, file, within, provider } = world('sh1', 'sh2');
    await within(submitAll);
    rmSync(path.join(cwd, '.shotlist'), { recursive: true });
    writeFileSync(
      path.join(cwd, 'act.yaml'),
      readFileSync(file, 'utf8').replace('project: neon', 'project: neon-2'),
    );
    rmSync(file);
    const plan = await within((project) => project.plan(), {}, 'act.yaml');
    expect(plan.requests.map(({ action, reason }) => [action, reason])).toEqual([
      ['blocked', 'renamed'],
      ['blocked', 'renamed'],
    ]);
    expect(await within(submitAll, {}, 'act.yaml')).toMatchObject({ planned: 0 });
    await within((project) => project.adopt('neon', 'neon-2'), {}, 'act.yaml');
    expect((await within((project) => project.plan(), {}, 'act.yaml')).summary).toMatchObject({ skip: 2 });
    expect(provider.billed).toHaveLength(2);
  });

  it('leaves the journal of a project alone whose manifest is still there', async () => {
    const { cwd, file, within, provider } = world('sh1');
    await within(submitAll);
    rmSync(path.join(cwd, '.shotlist'), { recursive: true });
    const copy = readFileSync(file, 'utf8').replace('project: neon', 'project: copy');
    writeFileSync(path.join(cwd, 'copy.yaml'), copy);
    expect((await within((project) => project.plan(), {}, 'copy.yaml')).summary.submit).toBe(1);
    expect(provider.billed).toHaveLength(1);
  });

  it.each([
    ['a folder below', 'boards/act-1'],
    ['the folder above', '..'],
  ])('promise 12: into %s, is not paid again until somebody says so', async (_name, to) => {
    const { cwd: top, provider } = world();
    const from = path.join(top, 'project');
    mkdirSync(path.join(top, '.git'));
    mkdirSync(from);
    writeFileSync(path.join(from, 'board.yaml'), storyboard('sh1', 'sh2'));
    const events: ProjectEvent[] = [];
    const options = (cwd: string): ProjectOptions => ({
      ...paying(provider),
      cwd,
      onEvent: (event) => events.push(event),
    });
    const work = async <T>(
      cwd: string,
      task: (project: Awaited<ReturnType<typeof openProject>>) => Promise<T>,
      more: ProjectOptions = {},
    ): Promise<T> => {
      const project = await openProject('board.yaml', { ...options(cwd), ...more });
      return task(project).finally(() => project.close());
    };
    await work(from, submitAll);
    const folder = path.resolve(from, to);
    mkdirSync(folder, { recursive: true });
    cpSync(path.join(from, 'board.yaml'), path.join(folder, 'board.yaml'));
    rmSync(path.join(from, 'board.yaml'));

    expect((await work(folder, (project) => project.plan(), { readOnly: true })).summary.submit).toBe(2);
    expect(events).toContainEqual(expect.objectContaining({ type: 'warning', code: 'leftBehind' }));
    const left = path.relative(folder, path.join(from, 'board.ledger.jsonl'));
    await expect(work(folder, submitAll)).rejects.toThrow(
      `does not know 2 requests that ${left} says were sent`,
    );
    // Without its journal, the ledger itself tells.
    const journal = readFileSync(path.join(from, 'board.ledger.jsonl'), 'utf8');
    rmSync(path.join(from, 'board.ledger.jsonl'));
    await expect(work(folder, submitAll)).rejects.toThrow(/ledger\.db says were sent/);
    await work(folder, (project) => project.importHistory([{ name: left, text: journal }]));
    expect(await work(folder, submitAll)).toMatchObject({ planned: 0 });
    expect(provider.billed).toHaveLength(2);
  });
});
