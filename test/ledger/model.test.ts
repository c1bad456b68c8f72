import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { AttemptOutcome, Ledger, LedgerRun, requestStates } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { fc } from '../helpers/fast-check.ts';
import { doubt, notSent, refused, request, reserve, scope, spec, TestClock, throttled } from './samples.ts';

/** What a simple mind expects of one attempt. */
interface Try {
  /** Index of the run that has its open claim; null once it is answered, or that run is dead. */
  sender: number | null;
  answer: AttemptOutcome['kind'] | null;
  /** The task of the answer, or that a person found. */
  taskId: string | null;
  status: 'queued' | 'failed';
  decision: 'taskId' | 'notSubmitted' | 'abandoned' | null;
}

type State = (typeof requestStates)[number];
type Kind = NonNullable<Try['decision']> | 'reopened';

interface Expected {
  readonly tries: Try[];
}

function stateOf({ sender, answer, taskId, status, decision }: Try): State {
  if (taskId !== null) return status;
  if (decision !== null) return decision === 'abandoned' ? 'abandoned' : 'pending';
  if (sender !== null) return 'sending';
  if (answer === 'refused') return 'refused';
  return answer === 'notSent' || answer === 'throttled' ? 'pending' : 'inDoubt';
}

/** A doubt comes before all, then a task, then what reached the provider. */
function decisive({ tries }: Expected): Try | undefined {
  const last = (is: (each: Try) => boolean) => tries.findLast(is);
  return (
    last((each) => stateOf(each) === 'sending') ??
    last((each) => stateOf(each) === 'inDoubt') ??
    last(({ taskId }) => taskId !== null) ??
    last((each) => stateOf(each) !== 'pending') ??
    tries.at(-1)
  );
}

function state(expected: Expected): State {
  const attempt = decisive(expected);
  return attempt === undefined ? 'pending' : stateOf(attempt);
}

function billed({ tries }: Expected): number {
  return tries.filter(
    (each) =>
      each.taskId !== null ||
      (each.decision !== 'notSubmitted' && (each.answer === null || each.answer === 'inDoubt')),
  ).length;
}

/** The attempt that a person's word is about, where it can be taken. */
function meant(expected: Expected, kind: Kind): Try | undefined {
  const { tries } = expected;
  const decided = tries.findLast(({ decision }) => decision !== null);
  const deciding = decisive(expected);
  const isOpen = state(expected) === 'inDoubt' || state(expected) === 'sending';
  const target = isOpen && !(kind === 'reopened' && decided !== undefined) ? deciding : decided;
  if (target === undefined || stateOf(target) === 'sending') return undefined;
  const { decision } = target;
  if (decision === null) return kind === 'reopened' ? undefined : target;
  if (decision === kind && kind !== 'taskId') return undefined;
  const isUsed = tries.slice(tries.indexOf(target) + 1).some((later) => stateOf(later) !== 'pending');
  const isTrueAnyway =
    (kind === 'taskId' && decision !== 'taskId') || (kind === 'reopened' && decision === 'abandoned');
  return isUsed && !isTrueAnyway ? undefined : target;
}

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
  expected !== undefined && (state(expected) === 'sending' || state(expected) === 'inDoubt');

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
    const { requests } = model;
    expect(found.map((entry) => entry?.state ?? 'pending')).toEqual(requests.map(state));
    expect(found.map((entry) => entry?.attempts ?? 0)).toEqual(requests.map(({ tries }) => tries.length));
    expect(found.map((entry) => entry?.billed ?? 0)).toEqual(requests.map(billed));
    expect(found.map((entry) => entry?.cost ?? 0)).toEqual(requests.map((each) => billed(each) * 7));
    expect(found.map((entry) => entry?.taskId ?? null)).toEqual(
      requests.map((each) => decisive(each)?.taskId ?? null),
    );
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
      const attempts = expected.tries.length;
      const seen = { state: state(expected), attempts: attempts + (stale ? 1 : 0) };
      const claimed = await real.runs[index]?.claim(at(shots, n), seen).catch((error: Error) => error);
      const reserved = !(claimed instanceof Error && /has not reserved/.test(claimed.message));
      const free = !stale && reserved && !unsettled(expected) && !unsettled(model.requests[rival(n)]);
      if (!free) expect(claimed).toBeInstanceOf(Error);
      else {
        expect(claimed).toEqual({ attempt: attempts + 1, sendBefore: null });
        expected.tries.push({
          ...{ sender: index, answer: null, taskId: null, status: 'queued', decision: null },
        });
      }
      await check(model, real);
    },
    toString: () => `claim(run ${index}, ${at(shots, n).fingerprint}${stale ? ', stale' : ''})`,
  };
}

function settle(n: number, kind: AttemptOutcome['kind'], status: 'queued' | 'failed'): Command {
  const open = (model: Model): Try | undefined =>
    model.requests[n]?.tries.findLast(({ sender }) => sender !== null);
  return {
    check: (model) => open(model) !== undefined,
    run: async (model, real) => {
      const attempt = open(model);
      if (attempt === undefined) return;
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
      const number = at(model.requests, n).tries.indexOf(attempt) + 1;
      await real.runs[attempt.sender ?? 0]?.settle(at(shots, n), number, outcome);
      Object.assign(attempt, { answer: kind, sender: null });
      if (kind === 'accepted') Object.assign(attempt, { taskId, status });
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
      for (const attempt of model.requests.flatMap(({ tries }) => tries)) {
        if (attempt.sender === index) attempt.sender = null;
      }
      await check(model, real);
    },
    toString: () => `die(${index})`,
  };
}

function resolve(n: number, kind: Kind): Command {
  return {
    check: () => true,
    run: async (model, real) => {
      const taskId = `video_${++model.tasks}`;
      const resolution = kind === 'taskId' ? { kind, taskId } : { kind };
      const done = await at(real.handles, 0)
        .resolve(scope, at(shots, n), resolution, 'mika@studio')
        .catch((error: Error) => error);
      const attempt = meant(at(model.requests, n), kind);
      if (attempt === undefined) expect(done).toBeInstanceOf(Error);
      else {
        expect(done).not.toBeInstanceOf(Error);
        attempt.decision = kind === 'reopened' ? null : kind;
        attempt.taskId = kind === 'taskId' ? taskId : null;
        attempt.status = 'queued';
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
const decisions = fc.constantFrom<Kind>('taskId', 'notSubmitted', 'abandoned', 'reopened');
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
    fc.tuple(anyShot, decisions).map(([n, kind]) => resolve(n, kind)),
    fc.tuple(anyShot, decisions).map(([n, kind]) => resolve(n, kind)),
  ],
  { maxCommands: 60, size: 'max' },
);

async function holds(open: () => Promise<readonly Ledger[]>, numRuns: number): Promise<void> {
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      const handles = await open();
      const model: Model = {
        requests: shots.map(() => ({ tries: [] })),
        runs: ['none', 'none', 'none'],
        tasks: 0,
      };
      try {
        await fc.asyncModelRun(() => ({ model, real: { handles, runs: [] } }), sequence);
        const all = shots.map(({ fingerprint }) => fingerprint);
        expect(await handles[0]?.verify(() => all)).toEqual([]);
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
