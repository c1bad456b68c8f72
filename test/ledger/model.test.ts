import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, Ledger, LedgerRun, requestStates } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { fc } from '../helpers/fast-check.ts';
import { doubt, notSent, refused, request, reserve, scope, spec, TestClock, throttled } from './samples.ts';

/** What a simple mind expects of one request. */
interface Expected {
  state: (typeof requestStates)[number];
  attempts: number;
  billed: number;
  taskId: string | null;
  /** Index of the run that has an open claim. */
  sender: number | null;
  /** What the request was before its last claim: what it is again when that comes to nothing. */
  before: Known;
  /** A later attempt was given up; it does not hide the task of an earlier one. */
  gaveUp: boolean;
}

type Known = Pick<Expected, 'state' | 'taskId' | 'gaveUp'> & { readonly before?: Known };

interface Model {
  readonly requests: Expected[];
  readonly runs: ('none' | 'live')[];
  tasks: number;
}

interface Real {
  readonly handles: readonly Ledger[];
  readonly runs: (LedgerRun | undefined)[];
}

type Command = fc.AsyncCommand<Model, Real>;

/** Two versions of each of three shots. */
const shots = [0, 1, 2].flatMap((n) => [request(n, 0), request(n, 1)]);
const unsettled = (expected: Expected | undefined): boolean =>
  expected?.state === 'sending' || expected?.state === 'inDoubt';

function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  if (item === undefined) throw new Error(`nothing at ${index}`);
  return item;
}

/** The version of the same shot that is not this one. */
const rival = (index: number): number => index ^ 1;

async function check(model: Model, real: Real): Promise<void> {
  for (const handle of real.handles) {
    const entries = await handle.read(scope);
    const found = shots.map((shot) => entries.find(({ fingerprint }) => fingerprint === shot.fingerprint));
    expect(found.map((entry) => entry?.state ?? 'pending')).toEqual(model.requests.map(({ state }) => state));
    expect(found.map((entry) => entry?.attempts ?? 0)).toEqual(
      model.requests.map(({ attempts }) => attempts),
    );
    expect(found.map((entry) => entry?.billed ?? 0)).toEqual(model.requests.map(({ billed }) => billed));
    expect(found.map((entry) => entry?.cost ?? 0)).toEqual(model.requests.map(({ billed }) => billed * 7));
    expect(found.map((entry) => entry?.taskId ?? null)).toEqual(model.requests.map(({ taskId }) => taskId));
  }
}

/** Starts a run that plans every request nobody waits for. */
function startRun(index: number): Command {
  return {
    check: (model) => model.runs[index] === 'none',
    run: async (model, real) => {
      const ledger = at(real.handles, index % real.handles.length);
      const free = shots.filter(
        (_, n) => !unsettled(model.requests[n]) && !unsettled(model.requests[rival(n)]),
      );
      real.runs[index] = await ledger.startRun(spec(reserve(free, { entries: await ledger.read(scope) })));
      model.runs[index] = 'live';
    },
    toString: () => `startRun(${index})`,
  };
}

function claim(index: number, n: number, stale: boolean): Command {
  return {
    check: (model) => model.runs[index] === 'live',
    run: async (model, real) => {
      const expected = at(model.requests, n);
      const seen = { state: expected.state, attempts: expected.attempts + (stale ? 1 : 0) };
      const claimed = await real.runs[index]?.claim(at(shots, n), seen).catch((error: Error) => error);
      const reserved = !(claimed instanceof Error && /has not reserved/.test(claimed.message));
      const free = !stale && reserved && !unsettled(expected) && !unsettled(model.requests[rival(n)]);
      if (!free) expect(claimed).toBeInstanceOf(Error);
      else {
        expect(claimed).toEqual({ attempt: expected.attempts + 1, sendBefore: null });
        Object.assign(expected, {
          state: 'sending',
          attempts: expected.attempts + 1,
          taskId: null,
          sender: index,
          before: {
            state: expected.state,
            taskId: expected.taskId,
            gaveUp: expected.gaveUp,
            before: expected.before,
          },
          gaveUp: false,
        });
        expected.billed += 1;
      }
      await check(model, real);
    },
    toString: () => `claim(run ${index}, ${at(shots, n).fingerprint}${stale ? ', stale' : ''})`,
  };
}

function settle(n: number, kind: AttemptOutcome['kind'], status: 'queued' | 'failed'): Command {
  return {
    check: (model) => model.requests[n]?.sender !== null,
    run: async (model, real) => {
      const expected = at(model.requests, n);
      const taskId = `video_${++model.tasks}`;
      const outcome = at(
        [
          { kind: 'accepted', taskId, status, error: null } as const,
          notSent,
          throttled,
          refused,
          doubt,
        ].filter((candidate) => candidate.kind === kind),
        0,
      );
      await real.runs[expected.sender ?? 0]?.settle(at(shots, n), expected.attempts, outcome);
      if (kind === 'accepted') Object.assign(expected, { state: status, taskId });
      else if (kind === 'inDoubt' || (kind === 'refused' && expected.before.taskId === null))
        Object.assign(expected, { state: kind, taskId: null });
      else if (kind === 'refused')
        Object.assign(expected, { ...expected.before, before: expected.before, gaveUp: false });
      else Object.assign(expected, expected.before);
      if (kind !== 'accepted' && kind !== 'inDoubt') expected.billed -= 1;
      expected.sender = null;
      await check(model, real);
    },
    toString: () => `settle(${at(shots, n).fingerprint}, ${kind} ${status})`,
  };
}

function die(index: number): Command {
  return {
    check: (model) => model.runs[index] === 'live',
    run: async (model, real) => {
      await real.runs[index]?.close();
      model.runs[index] = 'none';
      for (const expected of model.requests) {
        if (expected.sender === index) Object.assign(expected, { state: 'inDoubt', sender: null });
      }
      await check(model, real);
    },
    toString: () => `die(${index})`,
  };
}

function resolve(n: number, kind: 'taskId' | 'notSubmitted' | 'abandoned' | 'reopened'): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const expected = at(model.requests, n);
      const taskId = `video_${++model.tasks}`;
      const resolution = kind === 'taskId' ? { kind, taskId } : { kind };
      const done = await at(real.handles, 0)
        .resolve(scope, at(shots, n), resolution, 'mika@studio')
        .catch((error: Error) => error);
      const isMeant =
        kind === 'reopened'
          ? expected.state === 'abandoned' || expected.gaveUp
          : expected.state === 'inDoubt';
      if (!isMeant) expect(done).toBeInstanceOf(Error);
      else {
        if (kind === 'taskId') Object.assign(expected, { state: 'queued', taskId });
        if (kind === 'reopened') Object.assign(expected, { state: 'inDoubt', taskId: null, gaveUp: false });
        if (kind === 'abandoned') {
          const { state, taskId } = expected.before;
          if (taskId === null) expected.state = 'abandoned';
          else Object.assign(expected, { state, taskId, gaveUp: true });
        }
        if (kind === 'notSubmitted')
          Object.assign(expected, expected.before, { billed: expected.billed - 1 });
      }
      await check(model, real);
    },
    toString: () => `resolve(${at(shots, n).fingerprint}, ${kind})`,
  };
}

const anyRun = fc.nat({ max: 2 });
const anyShot = fc.nat({ max: shots.length - 1 });
const kinds = fc.constantFrom('accepted', 'notSent', 'throttled', 'refused', 'inDoubt') as fc.Arbitrary<
  AttemptOutcome['kind']
>;
const commands = fc.commands(
  [
    anyRun.map(startRun),
    fc.tuple(anyRun, anyShot, fc.boolean()).map(([run, n, stale]) => claim(run, n, stale)),
    fc.tuple(anyRun, anyShot).map(([run, n]) => claim(run, n, false)),
    fc.tuple(anyRun, anyShot).map(([run, n]) => claim(run, n, false)),
    fc
      .tuple(anyShot, kinds, fc.constantFrom('queued', 'failed'))
      .map(([n, kind, status]) => settle(n, kind, status)),
    fc
      .tuple(anyShot, kinds, fc.constantFrom('queued', 'failed'))
      .map(([n, kind, status]) => settle(n, kind, status)),
    anyRun.map(die),
    fc
      .tuple(anyShot, fc.constantFrom('taskId', 'notSubmitted', 'abandoned', 'reopened'))
      .map(([n, kind]) => resolve(n, kind)),
  ],
  { maxCommands: 60, size: 'max' },
);

async function holds(open: () => Promise<readonly Ledger[]>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const handles = await open();
      const model: Model = {
        requests: shots.map(() => ({
          ...{ state: 'pending', attempts: 0, billed: 0, taskId: null, sender: null },
          before: { state: 'pending', taskId: null, gaveUp: false },
          gaveUp: false,
        })),
        runs: ['none', 'none', 'none'],
        tasks: 0,
      };
      try {
        await fc.asyncModelRun(() => ({ model, real: { handles, runs: [] } }), sequence);
      } finally {
        for (const handle of handles) await handle.close();
      }
    }),
    { numRuns },
  );
}

describe('the ledger agrees with a simple model through any sequence of claims, answers, deaths and decisions', () => {
  it('in memory', async () => {
    const clock = new TestClock();
    await holds(async () => [await openLedger(':memory:', { clock })], 150);
  });

  it('in a file that two have open', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'shotlist-model-'));
    const clock = new TestClock();
    let count = 0;
    await holds(async () => {
      const file = join(folder, `${++count}`, 'ledger.db');
      return [await openLedger(file, { clock }), await openLedger(file, { clock })];
    }, 25);
    await rm(folder, { recursive: true });
  });
});
