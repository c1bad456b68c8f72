import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { type CollectOptions, collect } from '../../src/collect/collect.ts';
import type { CollectEvent, CollectResult } from '../../src/collect/events.ts';
import type { Clock } from '../../src/core/clock.ts';
import type { Ledger, LedgerRequest } from '../../src/ledger/ledger.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Provider, QueryOutcome } from '../../src/provider/provider.ts';
import { FakeClock, settle } from '../helpers/fake-clock.ts';
import { request } from '../helpers/requests.ts';

export const scope = { provider: 'loopback', project: 'p' };

/** What a scripted provider says of a task when it is asked for the `nth` time, from 1. */
export type Script = (taskId: string, nth: number) => QueryOutcome | Promise<QueryOutcome>;

/** A provider that answers questions by a script, and counts them. */
export class ScriptedProvider implements Provider {
  readonly scope = 'loopback';
  readonly asked = new Map<string, number>();
  /** When each question came. */
  readonly times: number[] = [];
  mostAtOnce = 0;
  #atOnce = 0;
  readonly #script: Script;
  readonly #clock: Clock;

  constructor(script: Script, clock: Clock) {
    this.#script = script;
    this.#clock = clock;
  }

  create(): never {
    throw new TypeError('collecting creates no task');
  }

  async query(taskId: string): Promise<QueryOutcome> {
    const nth = (this.asked.get(taskId) ?? 0) + 1;
    this.asked.set(taskId, nth);
    this.times.push(this.#clock.now());
    this.#atOnce += 1;
    this.mostAtOnce = Math.max(this.mostAtOnce, this.#atOnce);
    await Promise.resolve();
    const outcome = await this.#script(taskId, nth);
    this.#atOnce -= 1;
    return outcome;
  }

  async close(): Promise<void> {}
}

export function task(taskId: string, more: Partial<QueryOutcome & { kind: 'task' }> = {}): QueryOutcome {
  return {
    ...{ kind: 'task', taskId, status: 'processing', unknownStatus: null, error: null },
    ...{ videoUrl: null, actualDuration: null },
    ...more,
  };
}

export const completed = (taskId: string, videoUrl: string | null): QueryOutcome =>
  task(taskId, { status: 'completed', videoUrl, actualDuration: 5 });

export function temporaryFolder(): string {
  const folder = mkdtempSync(path.join(tmpdir(), 'shotlist-collect-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** Every file below a folder, relative and sorted. */
export function filesIn(folder: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(folder, path.join(entry.parentPath, entry.name)))
    .sort();
}

/** Puts accepted tasks into a ledger: `video_<key>` for each. */
export async function submitted(ledger: Ledger, keys: readonly string[]): Promise<readonly LedgerRequest[]> {
  const requests = keys.map((key) => request(key));
  await accept(ledger, requests, (key) => `video_${key}`);
  return requests;
}

export async function accept(
  ledger: Ledger,
  requests: readonly LedgerRequest[],
  idOf: (key: string) => string,
): Promise<void> {
  const entries = await ledger.read(scope);
  const seenOf = (of: LedgerRequest) => {
    const entry = entries.find(({ key, fingerprint }) => key === of.key && fingerprint === of.fingerprint);
    return { state: entry?.state ?? 'pending', attempts: entry?.attempts ?? 0 } as const;
  };
  const run = await ledger.startRun({
    scope,
    requests: requests.map((of) => ({ request: of, seen: seenOf(of), price: 7 })),
    currency: 'CNY',
    limits: { maxCost: null, maxRequests: null },
    intervalMs: null,
    by: 'tester@here',
  });
  for (const of of requests) {
    const { attempt } = await run.claim(of, seenOf(of));
    const outcome = { kind: 'accepted', taskId: idOf(of.key), status: 'queued', error: null } as const;
    await run.settle(of, attempt, outcome);
  }
  await run.close();
}

export interface Rig {
  readonly clock: FakeClock;
  readonly ledger: Ledger;
  readonly folder: string;
  readonly events: CollectEvent[];
  collect(provider: Provider, more?: Partial<CollectOptions>): Promise<CollectResult>;
}

/** A ledger in memory with tasks, on a clock that moves from sleeper to sleeper while something is collected. */
export async function rig(keys: readonly string[]): Promise<Rig> {
  const clock = new FakeClock();
  const ledger = await openLedger(':memory:', { clock });
  onTestFinished(() => ledger.close());
  await submitted(ledger, keys);
  const folder = temporaryFolder();
  const events: CollectEvent[] = [];
  return {
    clock,
    ledger,
    folder,
    events,
    collect: (provider, more = {}) =>
      letTimePass(
        clock,
        collect({
          ...{ scope, ledger, provider, clock, random: () => 0.5, download: null },
          onEvent: (event) => events.push(event),
          ...more,
        }),
      ),
  };
}

/** Moves the clock from sleeper to sleeper until `running` is over; real work gets its time in between. */
export async function letTimePass<T>(clock: FakeClock, running: Promise<T>): Promise<T> {
  let over = false;
  const end = (): void => {
    over = true;
  };
  running.then(end, end);
  while (!over) {
    for (let turn = 0; turn < 3 && !over; turn += 1) await settle();
    if (!over && !(await clock.advanceToNext())) await new Promise((resolve) => setTimeout(resolve, 1));
  }
  return running;
}
