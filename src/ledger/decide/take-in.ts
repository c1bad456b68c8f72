import { eventsOf, lastPlace } from '../journal/export.ts';
import { byTime, type JournalEvent } from '../journal/journal-event.ts';
import type { LedgerFact } from '../model/event.ts';
import { countsAsBilled, foldAttempts } from '../model/fold.ts';
import type { Place } from '../model/identity.ts';
import type { Conflict, TakenIn } from '../model/moving.ts';
import { partsOf } from '../model/place.ts';
import type { HistoryStore, Life } from '../sqlite/history-store.ts';
import type { Store } from '../sqlite/store.ts';
import { exchange, wasPaid } from './adopt.ts';
import {
  attemptKey,
  attemptName,
  type Claim,
  hole,
  isSame,
  type Known,
  later,
  type OfAttempt,
  placeKey,
  wasAt,
} from './known-request.ts';

/** Takes events of other ledgers in, inside a transaction that the caller holds. */
export function takeInHistory(store: Store, history: HistoryStore, events: readonly JournalEvent[]): TakenIn {
  const intake = new Intake(store, history);
  const fresh = events.filter(({ id }) => !intake.holds(id)).sort(byTime);
  // A clock that was set back puts an answer before its claim, so what lacks something waits.
  let waiting = fresh.filter((event) => !intake.take(event));
  while (waiting.length > 0) {
    const still = waiting.filter((event) => !intake.take(event));
    const [first] = still;
    if (first !== undefined && still.length === waiting.length) throw hole(first);
    waiting = still;
  }
  return {
    added: intake.added,
    known: events.length - fresh.length,
    conflicts: [...intake.conflicts, ...intake.doublePayments()],
  };
}

class Intake {
  readonly #store: Store;
  readonly #history: HistoryStore;
  readonly #ids = new Set<string>();
  readonly #runs: Set<string>;
  readonly #byPlace = new Map<string, Known>();
  readonly #byAttempt = new Map<string, Known[]>();
  readonly #byTask = new Map<string, Known>();
  readonly #renumbered = new Set<Known>();
  /** What was filed under another name before, by fingerprint. */
  readonly #moved = new Map<string, Set<Known>>();
  readonly conflicts: Conflict[] = [];
  added = 0;

  constructor(store: Store, history: HistoryStore) {
    this.#store = store;
    this.#history = history;
    const runs = history.runs();
    this.#runs = new Set(runs.keys());
    const byId = new Map<number, Known>();
    for (const life of history.lives(null)) {
      const known = this.#know(life);
      byId.set(life.id, known);
      for (const { event, attempt } of eventsOf(life, runs)) {
        this.#ids.add(event.id);
        if (event.type === 'claimed' && attempt !== null) this.#rememberAttempt(known, event, attempt);
        if (event.type === 'settled' && attempt !== null) known.answered.add(attempt);
        if (event.type === 'adopted') {
          known.past.push({ place: { project: event.project, key: event.key }, until: event.at });
          this.#rememberMove(known);
          known.renamedAt = later(known.renamedAt, event);
        }
      }
    }
    for (const { provider, id, request } of history.tasks()) {
      const holder = byId.get(request);
      if (holder !== undefined) this.#byTask.set(`${provider} ${id}`, holder);
    }
  }

  holds(id: string): boolean {
    return this.#ids.has(id);
  }

  /** Takes an event in; false where something that it needs is not there yet. */
  take(event: JournalEvent): boolean {
    if (this.#ids.has(event.id)) return true;
    const taken = this.#takeFact(event);
    if (taken) this.#ids.add(event.id);
    return taken;
  }

  #takeFact(event: JournalEvent): boolean {
    switch (event.type) {
      case 'claimed':
        this.#takeClaim(event);
        return true;
      case 'settled':
      case 'resolved':
        return this.#takeDecision(event);
      case 'task': {
        const { taskId, status, error, actualDuration, providerAmount } = event;
        const owner = this.#byTask.get(`${event.provider} ${taskId}`);
        if (owner === undefined) return false;
        const amount = providerAmount === undefined ? {} : { providerAmount };
        const update = { taskId, status, error, videoUrl: null, actualDuration, ...amount };
        this.#add(owner, event, { type: 'task', update });
        return true;
      }
      case 'clipGivenUp': {
        const { taskId, by } = event;
        const owner = this.#byTask.get(`${event.provider} ${taskId}`);
        if (owner === undefined) return false;
        this.#add(owner, event, { type: 'clipGivenUp', taskId, by });
        return true;
      }
      case 'adopted':
        return this.#takeAdoption(event);
    }
  }

  /** Requests that two ledgers sent without knowing of each other. */
  doublePayments(): readonly Conflict[] {
    return [...this.#renumbered].flatMap((known) => {
      const attempts = foldAttempts(this.#store.events(known.id)).filter(countsAsBilled);
      const twice = attempts.filter(({ origin }, i) => attempts.findIndex((a) => a.origin === origin) !== i);
      if (twice.length === 0) return [];
      const ids = attempts.map(({ task }) => task?.id ?? 'an unknown task').join(', ');
      return [
        {
          key: known.place.key,
          message: `it was sent from two ledgers that did not know of each other, so it was paid twice: ${ids}`,
        },
      ];
    });
  }

  #takeClaim(event: Claim): void {
    const known = this.#requestOfClaim(event);
    const name = attemptName(event);
    if (known.attempts.has(name)) {
      this.#conflict(event, `run ${event.run} claimed it otherwise than this ledger knows`);
      return;
    }
    const numbers = [...known.attempts.values()];
    const taken = numbers.includes(event.attempt);
    const attempt = taken ? Math.max(...numbers) + 1 : event.attempt;
    if (taken) this.#renumbered.add(known);
    const { run, price, currency, by, plan } = event;
    if (!this.#runs.has(run)) this.#history.addPastRun(run, event, { by, plan }, event.at);
    this.#runs.add(run);
    const origin = taken ? { origin: event.attempt } : {};
    this.#add(known, event, { type: 'claimed', attempt, ...origin, runId: run, price, currency });
    this.#rememberAttempt(known, event, attempt);
  }

  #takeDecision(event: OfAttempt): boolean {
    const candidates = this.#byAttempt.get(attemptKey(event)) ?? [];
    const known = candidates.length === 1 ? candidates[0] : candidates.find((each) => wasAt(each, event));
    const attempt = known?.attempts.get(attemptName(event));
    if (known === undefined || attempt === undefined) return false;
    if (event.type === 'resolved') {
      const { resolution, by } = event;
      if (resolution.kind === 'taskId') this.#holdTask(known, event, resolution.taskId);
      this.#add(known, event, { type: 'resolved', attempt, resolution, by });
    } else if (known.answered.has(attempt)) {
      this.#conflict(
        event,
        `there are two different answers to attempt ${event.attempt} of run ${event.run}`,
      );
    } else {
      known.answered.add(attempt);
      if (event.outcome.kind === 'accepted') this.#holdTask(known, event, event.outcome.taskId);
      this.#add(known, event, { type: 'settled', attempt, outcome: event.outcome });
    }
    return true;
  }

  #takeAdoption(event: JournalEvent & { readonly type: 'adopted' }): boolean {
    const { to, by, provider, fingerprint } = event;
    const from = { project: event.project, key: event.key };
    const known = this.#byPlace.get(placeKey(provider, from, fingerprint)) ?? this.#formerly(event);
    if (known === undefined) return false;
    const inTheWay = this.#byPlace.get(placeKey(provider, to, fingerprint));
    const other = inTheWay === undefined || inTheWay === known ? undefined : this.#now(inTheWay);
    const latest = later(known.renamedAt, event) === event;
    if (!latest) {
      // Somebody renamed it again since then.
    } else if (other !== undefined && wasPaid(other)) {
      this.#conflict(event, `${to.key} was paid as well, so both stay as they are`);
    } else if (inTheWay !== known) {
      const before = known.place;
      exchange(this.#history, this.#now(known), to, other);
      this.#byPlace.delete(placeKey(provider, before, fingerprint));
      if (inTheWay !== undefined && other !== undefined && other.events.length > 0) {
        this.#settleAt(inTheWay, before, event);
      }
      this.#settleAt(known, to, event);
    }
    known.past.push({ place: from, until: event.at });
    known.renamedAt = later(known.renamedAt, event);
    this.#rememberMove(known);
    this.#add(known, event, { type: 'adopted', from, to, by });
    known.told = to;
    return true;
  }

  #settleAt(known: Known, place: Place, { provider, fingerprint }: JournalEvent): void {
    known.place = place;
    this.#byPlace.set(placeKey(provider, place, fingerprint), known);
  }

  /** A claim under a name that was given up since: it belongs to what had that name when it was made. */
  #formerly(event: JournalEvent): Known | undefined {
    return [...(this.#moved.get(event.fingerprint) ?? [])].find(
      ({ life, past }) =>
        life.provider === event.provider &&
        past.some(({ place, until }) => isSame(place, event) && event.at <= until),
    );
  }

  #rememberMove(known: Known): void {
    const { fingerprint } = known.life.request;
    const others = this.#moved.get(fingerprint);
    if (others === undefined) this.#moved.set(fingerprint, new Set([known]));
    else others.add(known);
  }

  #requestOfClaim(event: Claim): Known {
    const { provider, project, key, fingerprint, request } = event;
    const found = this.#formerly(event) ?? this.#byPlace.get(placeKey(provider, event, fingerprint));
    if (found !== undefined) return found;
    const full = { key, fingerprint, ...partsOf(key), ...request };
    const id = this.#store.addRequest({ provider, project }, full);
    return this.#know({ id, provider, project, request: full, events: [] });
  }

  #know(life: Life): Known {
    const place = { project: life.project, key: life.request.key };
    const known: Known = {
      ...{ id: life.id, place, told: lastPlace(life), past: [], renamedAt: undefined, life },
      ...{ attempts: new Map(), answered: new Set() },
    };
    this.#byPlace.set(placeKey(life.provider, place, life.request.fingerprint), known);
    return known;
  }

  /** A request as it is now. */
  #now({ id, life, place }: Known): Life {
    const request = { ...life.request, key: place.key };
    return { ...life, project: place.project, request, events: this.#store.events(id) };
  }

  #rememberAttempt(known: Known, event: Claim, attempt: number): void {
    known.attempts.set(attemptName(event), attempt);
    const key = attemptKey(event);
    const others = this.#byAttempt.get(key);
    if (others === undefined) this.#byAttempt.set(key, [known]);
    else others.push(known);
  }

  #holdTask(known: Known, event: JournalEvent, taskId: string): void {
    const name = `${event.provider} ${taskId}`;
    const holder = this.#byTask.get(name);
    if (holder !== undefined && holder !== known) {
      this.#conflict(event, `its task ${taskId} is that of ${holder.place.key} as well`);
      return;
    }
    this.#byTask.set(name, known);
    this.#store.holdTask(event.provider, taskId, known.id);
  }

  #add(known: Known, event: JournalEvent, fact: LedgerFact): void {
    const { project, key } = event;
    const place = isSame(known.told, event) ? {} : { place: { project, key } };
    this.#store.addEvent(known.id, Date.parse(event.at), { ...fact, ...place });
    this.added += 1;
  }

  #conflict({ key }: JournalEvent, message: string): void {
    this.conflicts.push({ key, message });
  }
}
