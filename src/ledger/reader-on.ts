import { addMoney } from '../core/money.ts';
import { type Backend, type Facts, identityKey, type StoredRequest, type Wanted } from './backend.ts';
import { wasPaid } from './decide/adopt.ts';
import { type FingerprintOf, factsForVerifying, verify } from './decide/verify.ts';
import { historyOf } from './history.ts';
import { exportHistory } from './journal/export.ts';
import type { JournalEvent } from './journal/journal-event.ts';
import type { Claims, HistoryTail, LedgerChanges, LedgerReader, LedgerTotals, Paging } from './ledger.ts';
import type { Attempt } from './model/attempt.ts';
import { foldAttempts } from './model/attempts.ts';
import type { LedgerTask, TasksSeen } from './model/clip.ts';
import { type LedgerEntry, type RequestState, requestStates } from './model/entry.ts';
import type { LedgerEvent } from './model/event.ts';
import { fold, standing, stateOf } from './model/fold.ts';
import type { LedgerScope, RequestIdentity } from './model/identity.ts';
import type { LedgerAttempt } from './model/ledger-attempt.ts';
import type { PaidElsewhere, PlanAttempt, Violation } from './model/moving.ts';

/** Requests that are loaded at a time. */
const pageSize = 500;

/** Answers questions to a ledger, on any backend. */
export class LedgerReaderOn implements LedgerReader {
  readonly #backend: Backend;

  constructor(backend: Backend) {
    this.#backend = backend;
  }

  async read(scope: LedgerScope): Promise<readonly LedgerEntry[]> {
    return entriesOf(await this.#backend.load(whole({ scope })));
  }

  async *entries(scope: LedgerScope, { after, limit = Number.POSITIVE_INFINITY }: Paging = {}) {
    let [from, left] = [after, limit];
    while (left > 0) {
      const page = Math.min(left, pageSize);
      const facts = await this.#backend.load(whole({ scope, after: from, limit: page }));
      for (const entry of entriesOf(facts)) {
        yield entry;
        left -= 1;
      }
      from = facts.requests.at(-1);
      if (facts.requests.length < page) return;
    }
  }

  async totals(scope: LedgerScope): Promise<LedgerTotals> {
    const states = Object.fromEntries(requestStates.map((state) => [state, 0])) as Record<
      RequestState,
      number
    >;
    const costs = new Map<string | null, { prices: number[]; unpriced: number }>();
    let [requests, billed, seq] = [0, 0, 0];
    let from: RequestIdentity | undefined;
    for (;;) {
      const page: Facts = await this.#backend.load({
        requests: [{ scope, after: from, limit: pageSize }],
        renames: true,
      });
      for (const request of shown(page)) {
        const { state, charges } = fold(request.events, page.isLive);
        states[state] += 1;
        requests += 1;
        billed += charges.length;
        for (const { price, currency } of charges) {
          const sum = costs.get(currency) ?? { prices: [], unpriced: 0 };
          costs.set(currency, sum);
          if (price === null) sum.unpriced += 1;
          else sum.prices = [addMoney([...sum.prices, price])];
        }
      }
      seq = page.seq;
      from = page.requests.at(-1);
      if (page.requests.length < pageSize) break;
    }
    return {
      ...{ requests, states, billed, seq },
      costs: [...costs].map(([currency, { prices, unpriced }]) => ({
        ...{ currency, cost: addMoney(prices), unpriced },
      })),
    };
  }

  async changesSince(scope: LedgerScope, seq: number): Promise<LedgerChanges> {
    const facts = await this.#backend.load(whole({ scope, since: seq }));
    return { seq: facts.seq, entries: entriesOf(facts), tasks: tasksOf(facts) };
  }

  async knows({ events = [], taskIds = [], fingerprints = [] }: Claims) {
    const facts = await this.#backend.load({
      known: events,
      claimed: fingerprints,
      tasks: { provider: null, ids: taskIds },
    });
    return {
      events: facts.known,
      taskIds: new Set(facts.tasks.map(({ id }) => id)),
      fingerprints: facts.claimed,
    };
  }

  async tasks(scope: LedgerScope): Promise<readonly LedgerTask[]> {
    return tasksOf(await this.#backend.load(whole({ scope })));
  }

  async attempts(provider: string): Promise<readonly LedgerAttempt[]> {
    const facts = await this.#backend.load({ requests: [{ project: null }], bodies: true });
    return facts.requests
      .filter((request) => request.provider === provider)
      .flatMap((request) =>
        foldAttempts(request.events).map((attempt) => attemptOf(attempt, request, facts)),
      );
  }

  async tasksSince(scope: LedgerScope, since: number): Promise<TasksSeen> {
    const facts = await this.#backend.load(whole(since === 0 ? { scope } : { scope, since }));
    return { tasks: tasksOf(facts), next: facts.seq };
  }

  async isSending(scope: LedgerScope): Promise<boolean> {
    const { runs, isLive } = await this.#backend.load({ runs: true });
    if (![...runs.values()].some(({ id, ended }) => !ended && isLive(id))) return false;
    const facts = await this.#backend.load({ requests: [{ scope }] });
    return facts.requests.some(
      ({ events }) => standing(foldAttempts(events), facts.isLive).state === 'sending',
    );
  }

  async history(scope: LedgerScope, key: string): Promise<readonly LedgerEvent[]> {
    const { requests } = await this.#backend.load({ requests: [{ scope, keys: [key], fingerprints: [] }] });
    const fingerprints = requests.map(({ fingerprint }) => fingerprint);
    const { provider } = scope;
    const facts = await this.#backend.load({ requests: [{ provider, fingerprints }], runs: true });
    return historyOf(facts, scope, key);
  }

  async exportHistory(project: string | null): Promise<readonly JournalEvent[]> {
    return exportHistory(await this.#backend.load({ requests: [{ project }], bodies: true, runs: true }));
  }

  async exportSince(project: string, seq: number): Promise<HistoryTail> {
    const requests = [{ project, since: seq }];
    const facts = await this.#backend.load({ requests, bodies: true, runs: true });
    return { seq: facts.seq, events: exportHistory(facts, seq) };
  }

  async paidElsewhere(
    { provider, project }: LedgerScope,
    fingerprints: Pick<ReadonlySet<string>, 'has'>,
  ): Promise<readonly PaidElsewhere[]> {
    const { claimed } = await this.#backend.load({ claimed: { provider, notIn: project } });
    const wanted = { provider, fingerprints: [...claimed].filter((each) => fingerprints.has(each)) };
    const { requests } = await this.#backend.load({ requests: [wanted] });
    return requests
      .filter((request) => request.project !== project && wasPaid(request))
      .map(({ project: other, key, fingerprint }) => ({ project: other, key, fingerprint }));
  }

  async attemptsOfPlan(scope: LedgerScope, plan: string): Promise<readonly PlanAttempt[]> {
    const { requests, runs, isLive } = await this.#backend.load({ requests: [{ scope }], runs: true });
    return requests
      .flatMap(({ key, fingerprint, events }) =>
        foldAttempts(events)
          .filter(({ runId }) => runs.get(runId)?.plan === plan)
          .map((made) => ({
            ...{ key, fingerprint, attempt: made.number, at: made.at },
            sent: stateOf(made, isLive) !== 'pending',
          })),
      )
      .sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0))
      .map(({ at: _, ...attempt }) => attempt);
  }

  async holdsJournal(digest: string): Promise<boolean> {
    return (await this.#backend.load({ journal: digest })).holdsJournal;
  }

  async verify(fingerprintOf: FingerprintOf): Promise<readonly Violation[]> {
    const damage = await this.#backend.damage();
    const facts = await this.#backend.load(factsForVerifying);
    return [
      ...damage.map((message) => ({ subject: 'the ledger', message })),
      ...verify(facts, fingerprintOf),
    ];
  }

  async entry(scope: LedgerScope, { key, fingerprint }: RequestIdentity): Promise<LedgerEntry> {
    const facts = await this.#backend.load(whole({ scope, keys: [key], fingerprints: [] }));
    const entry = entriesOf(facts).find((each) => each.fingerprint === fingerprint);
    if (entry === undefined) throw new Error(`the ledger holds no request ${key} like this one`);
    return entry;
  }

  close(): Promise<void> {
    return this.#backend.close();
  }
}

function whole(requests: NonNullable<Wanted['requests']>[number]): Wanted {
  return { requests: [requests], bodies: true, clips: true, renames: true };
}

/** Leaves out the names that are left over from a rename. */
function shown({ requests, renamed }: Facts): readonly StoredRequest[] {
  return requests.filter((request) => request.events.length > 0 || !renamed.has(identityKey(request)));
}

function entriesOf(facts: Facts): readonly LedgerEntry[] {
  const links = linksOf(facts);
  return shown(facts).map((request) => {
    const { id, events } = request;
    const fields = fold(events, facts.isLive);
    const videoUrl = fields.taskId === null ? null : (links.get(`${id} ${fields.taskId}`) ?? null);
    const formerly = events.flatMap((event) => (event.type === 'adopted' ? [event.place] : []));
    return {
      ...sentBy(facts, id),
      ...fields,
      videoUrl,
      ...(formerly.length > 0 ? { formerly } : {}),
    };
  });
}

/** Every task, in the order of reservation and attempt. */
function tasksOf(facts: Facts): readonly LedgerTask[] {
  const links = linksOf(facts);
  return facts.requests.flatMap(({ id, events }) =>
    foldAttempts(events).flatMap(({ task, at }) => {
      if (task === null) return [];
      const { id: taskId, error: _, ...known } = task;
      const videoUrl = links.get(`${id} ${taskId}`) ?? null;
      return [{ ...sentBy(facts, id), ...known, taskId, submittedAt: at, videoUrl }];
    }),
  );
}

function attemptOf(attempt: Attempt, { id, project }: StoredRequest, facts: Facts): LedgerAttempt {
  const { number, runId, at, outcome, task, decision, price, currency } = attempt;
  return {
    ...sentBy(facts, id),
    ...{ project, attempt: number, runId, submittedAt: at, price, currency, decision },
    state: stateOf(attempt, facts.isLive),
    taskId: task?.id ?? null,
    status: task?.status ?? null,
    error: outcome === null || outcome.kind === 'accepted' ? null : outcome.error,
    providerAmount: task?.providerAmount ?? null,
  };
}

function linksOf({ links }: Facts): ReadonlyMap<string, string> {
  return new Map(links.map(({ request, task, url }) => [`${request} ${task}`, url]));
}

function sentBy({ bodies }: Facts, id: number) {
  const sent = bodies.get(id);
  if (sent === undefined) throw new Error(`the backend did not load request ${id}`);
  return sent;
}
