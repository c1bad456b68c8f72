import { describe, expect, it } from 'vitest';
import type { Decision, Facts, StoredRequest, Wanted } from '../../src/ledger/backend.ts';
import { adopt, factsForRenaming } from '../../src/ledger/decide/adopt.ts';
import { claim, factsForClaim } from '../../src/ledger/decide/claim.ts';
import { factsForRun, reserve } from '../../src/ledger/decide/reserve.ts';
import { factsForResolution, resolve } from '../../src/ledger/decide/resolve.ts';
import { factsForAnswer, settle } from '../../src/ledger/decide/settle.ts';
import { factsForTakeIn, takeIn } from '../../src/ledger/decide/take-in.ts';
import { factsForVerifying, verify } from '../../src/ledger/decide/verify.ts';
import { exportHistory } from '../../src/ledger/journal/export.ts';
import type { JournalEvent } from '../../src/ledger/journal/journal-event.ts';
import { MemoryTables } from '../../src/ledger/memory/tables.ts';
import { foldAttempts } from '../../src/ledger/model/attempts.ts';
import { standing } from '../../src/ledger/model/fold.ts';
import type { LedgerRequest } from '../../src/ledger/model/identity.ts';
import type { AttemptOutcome } from '../../src/ledger/model/outcome.ts';
import { fc } from '../helpers/fast-check.ts';
import { accepted, doubt, notSent, refused, request, scope, reserve as seenFirst, spec } from './samples.ts';

/** Decisions on tables in memory: facts in, changes out, and no backend, clock or lock about them. */
class Deciding {
  readonly tables = new MemoryTables();
  readonly live = new Set<string>();
  #nowMs = Date.UTC(2026, 0, 5, 9);
  #runs = 0;
  readonly #name: string;

  constructor(name = 'a') {
    this.#name = name;
  }

  get nowMs(): number {
    this.#nowMs += 1000;
    return this.#nowMs;
  }

  decide<T>(wanted: Wanted, decision: (facts: Facts) => Decision<T>): T {
    const { changes, value } = decision(this.facts(wanted));
    this.tables.append(changes);
    return value;
  }

  facts(wanted: Wanted): Facts {
    return this.tables.load(wanted, (id) => this.live.has(id));
  }

  start(list: readonly LedgerRequest[], more: Parameters<typeof spec>[1] = {}, price = 7): string {
    this.#runs += 1;
    const id = `${this.#name}${this.#runs}`;
    const run = spec(
      seenFirst(list, { price }).map((each) => ({ ...each, seen: this.seen(each.request) })),
      more,
    );
    this.decide(factsForRun(run), (facts) => reserve(facts, run, id, this.nowMs));
    this.live.add(id);
    return id;
  }

  send(sent: LedgerRequest, outcome: AttemptOutcome | null, run = this.start([sent])): void {
    const wish = {
      ...{ scope, request: sent, run: { id: run, by: 'mika@studio', plan: null }, seen: this.seen(sent) },
      ...{ renames: 0, price: 7, currency: 'CNY', nowMs: this.nowMs, elsewhere: new Set<string>() },
    };
    const { attempt } = this.decide(factsForClaim(scope, sent), (facts) => claim(facts, wish));
    if (outcome !== null) {
      const answer = { scope, identity: sent, run, attempt, outcome, nowMs: this.nowMs };
      this.decide(factsForAnswer(answer), (facts) => settle(facts, answer));
    }
    this.live.delete(run);
  }

  seen({ key, fingerprint }: LedgerRequest) {
    const { requests } = this.facts({ requests: [{ scope, keys: [key], fingerprints: [] }] });
    const there = requests.find((each) => each.key === key && each.fingerprint === fingerprint);
    const attempts = foldAttempts(there?.events ?? []);
    return { state: standing(attempts, (id) => this.live.has(id)).state, attempts: attempts.length };
  }

  history(): readonly JournalEvent[] {
    return exportHistory(this.facts({ requests: [{ project: null }], bodies: true, runs: true }));
  }

  takeIn(events: readonly JournalEvent[]) {
    return this.decide(factsForTakeIn(events), (facts) => takeIn(facts, events));
  }

  settle(word: Parameters<typeof resolve>[1]['resolution'], ...identities: readonly LedgerRequest[]): void {
    const said = { scope, identities, resolution: word, by: 'mika@studio', nowMs: this.nowMs };
    this.decide(factsForResolution(said), (facts) => resolve(facts, said));
  }

  adopt(from: string, to: string): void {
    const { project } = scope;
    const word = {
      ...{ provider: scope.provider, by: 'mika@studio', nowMs: this.nowMs },
      renaming: { from: { project, key: from }, to: { project, key: to } },
    };
    this.decide(factsForRenaming(word), (facts) => adopt(facts, word));
  }
}

const [heron, otter] = [request(1), request(2)];
const limits = (maxRequests: number) => ({ limits: { maxCost: null, maxRequests } });

describe('a reservation, without a database', () => {
  it('takes the whole plan or nothing: what was spent and what lives counts, what died does not', () => {
    const ledger = new Deciding();
    ledger.send(heron, accepted('video_1'));
    const other = ledger.start([otter], limits(2));
    expect(() => ledger.start([request(3)], limits(2))).toThrow(/budget|requests/);
    ledger.live.delete(other);
    expect(() => ledger.start([request(3)], limits(2))).not.toThrow();
  });

  it('leaves out what has moved since the plan was made', () => {
    const ledger = new Deciding();
    const run = spec(seenFirst([heron, otter]));
    ledger.send(heron, accepted('video_1'));
    const { moved } = ledger.decide(factsForRun(run), (facts) => reserve(facts, run, 'late', ledger.nowMs));
    expect([...moved.values()]).toEqual(['queued']);
    expect(() => ledger.send(otter, refused, 'late')).not.toThrow();
  });
});

describe('a rename, without a database', () => {
  it('takes along what was paid, and not what a live run has', () => {
    const ledger = new Deciding();
    ledger.send(heron, accepted('video_1'));
    ledger.adopt(heron.key, 'sc010/crane');
    expect(ledger.seen({ ...heron, key: 'sc010/crane' })).toEqual({ state: 'queued', attempts: 1 });
    expect(ledger.seen(heron).state).toBe('pending');

    const busy = new Deciding();
    const run = busy.start([heron]);
    busy.send(heron, doubt, run);
    busy.live.add(run);
    expect(() => busy.adopt(heron.key, 'sc010/crane')).toThrow(/live run/);
    busy.live.delete(run);
    expect(() => busy.adopt(heron.key, 'sc010/crane')).not.toThrow();
  });

  it('of nothing is refused', () => {
    expect(() => new Deciding().adopt(heron.key, 'sc010/crane')).toThrow(/sc010\/sh1/);
  });
});

describe('a person’s word, without a database', () => {
  it('settles a doubt, and nothing else', () => {
    const ledger = new Deciding();
    ledger.send(heron, doubt);
    ledger.settle({ kind: 'taskId', taskId: 'video_9' }, heron);
    expect(ledger.seen(heron).state).toBe('queued');
    ledger.send(otter, accepted('video_2'));
    expect(() => ledger.settle({ kind: 'notSubmitted' }, otter)).toThrow();
  });

  it('gives no task to two requests, and settles no claim of a live run', () => {
    const ledger = new Deciding();
    ledger.send(heron, accepted('video_1'));
    ledger.send(otter, doubt);
    expect(() => ledger.settle({ kind: 'taskId', taskId: 'video_1' }, otter)).toThrow(/video_1/);
    const third = request(3);
    const run = ledger.start([third]);
    ledger.send(third, null, run);
    ledger.live.add(run);
    expect(() => ledger.settle({ kind: 'abandoned' }, third)).toThrow(/live run/);
  });
});

describe('histories that are taken in, without a database', () => {
  it('are all in or not at all, and the second time nothing changes', () => {
    const [from, to] = [new Deciding('a'), new Deciding('b')];
    from.send(heron, accepted('video_1'));
    const events = from.history();
    expect(to.takeIn(events)).toMatchObject({ added: 2, known: 0 });
    expect(to.takeIn(events)).toMatchObject({ added: 0, known: 2, conflicts: [] });
    expect(to.seen(heron)).toEqual({ state: 'queued', attempts: 1 });
    const lone = events.filter(({ type }) => type === 'settled');
    expect(() => new Deciding('c').takeIn(lone)).toThrow(/hole/);
  });
});

/** What happens in a random history, one after the other; what is refused has no effect. */
const deed = fc.record({
  what: fc.constantFrom('accepted', 'doubt', 'refused', 'notSent', 'found', 'given up', 'freed', 'renamed'),
  shot: fc.integer({ min: 1, max: 3 }),
});

function happen(deeds: readonly { readonly what: string; readonly shot: number }[]): Deciding {
  const ledger = new Deciding();
  let tasks = 0;
  const outcomes: Readonly<Record<string, () => AttemptOutcome>> = {
    accepted: () => accepted(`video_${++tasks}`, 'failed'),
    doubt: () => doubt,
    refused: () => refused,
    notSent: () => notSent,
  };
  for (const { what, shot } of deeds) {
    const subject = request(shot);
    const outcome = outcomes[what];
    try {
      if (outcome !== undefined) ledger.send(subject, outcome());
      else if (what === 'found') ledger.settle({ kind: 'taskId', taskId: `video_${++tasks}` }, subject);
      else if (what === 'given up') ledger.settle({ kind: 'abandoned' }, subject);
      else if (what === 'freed') ledger.settle({ kind: 'notSubmitted' }, subject);
      else ledger.adopt(subject.key, `sc010/new${shot}`);
    } catch (error) {
      if ((error as Error).name === 'TypeError') throw error;
    }
  }
  return ledger;
}

const fingerprints = (body: object): string => {
  const [, shot, edit] = /shot (\d+), edit (\d+)/.exec(JSON.stringify(body)) ?? [];
  return `sha256:${shot}-${edit}`;
};

/** Ways in which books and ledger can part: each leaves the rest as it is. Undefined where there is nothing to part. */
const partings: Readonly<Record<string, (facts: Facts) => Facts | undefined>> = {
  'a task is held by another request': (facts) => {
    const [task] = facts.tasks;
    const owner = facts.requests.find(({ id }) => id === task?.request)?.fingerprint;
    const other = facts.requests.find(({ fingerprint }) => fingerprint !== owner);
    if (task === undefined || other === undefined) return undefined;
    return { ...facts, tasks: [{ ...task, request: other.id, key: other.key }, ...facts.tasks.slice(1)] };
  },
  'a task is held by nobody': (facts) =>
    facts.tasks.length === 0 ? undefined : { ...facts, tasks: facts.tasks.slice(1) },
  'a claim is gone, and its answer is not': (facts) =>
    edited(facts, ({ events }) => {
      const claim = events.find(
        (each) =>
          each.type === 'claimed' &&
          events.some((other) => other.type === 'settled' && other.run === each.run),
      );
      return claim === undefined ? undefined : events.filter((each) => each !== claim);
    }),
  'an answer names another task': (facts) =>
    edited(facts, ({ events }) => {
      const index = events.findIndex((each) => each.type === 'settled' && each.outcome.kind === 'accepted');
      const answer = events[index];
      if (answer?.type !== 'settled' || answer.outcome.kind !== 'accepted') return undefined;
      return events.with(index, { ...answer, outcome: { ...answer.outcome, taskId: 'video_of_somebody' } });
    }),
  'a price is another one': (facts) =>
    edited(facts, ({ events }) => {
      const index = events.findIndex(({ type }) => type === 'claimed');
      const paid = events[index];
      return paid?.type === 'claimed' ? events.with(index, { ...paid, price: 1 }) : undefined;
    }),
};

function edited(
  facts: Facts,
  edit: (request: StoredRequest) => StoredRequest['events'] | undefined,
): Facts | undefined {
  for (const [index, stored] of facts.requests.entries()) {
    const events = edit(stored);
    if (events !== undefined)
      return { ...facts, requests: facts.requests.with(index, { ...stored, events }) };
  }
  return undefined;
}

describe('verify passes exactly when the books agree', () => {
  it('whatever happened, nothing is complained of', () => {
    fc.assert(
      fc.property(fc.array(deed, { maxLength: 14 }), (deeds) => {
        expect(verify(happen(deeds).facts(factsForVerifying), fingerprints)).toEqual([]);
      }),
      { numRuns: 150 },
    );
  });

  it.each(Object.entries(partings))('%s: it is told', (_, part) => {
    let parted = 0;
    fc.assert(
      fc.property(fc.array(deed, { minLength: 3, maxLength: 14 }), (deeds) => {
        const facts = part(happen(deeds).facts(factsForVerifying));
        if (facts === undefined) return;
        parted += 1;
        expect(verify(facts, fingerprints)).not.toEqual([]);
      }),
      { numRuns: 60 },
    );
    expect(parted).toBeGreaterThan(10);
  });
});
