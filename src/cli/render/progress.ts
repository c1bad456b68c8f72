import type { Clock } from '../../core/clock.ts';
import type { RunEvent } from '../../run/events.ts';
import { count, duration, number } from './text.ts';

/** Keeps count of a run from its events, and says how it stands in one line. */
export class RunProgress {
  readonly #clock: Clock;
  #startedAt: number;
  #planned = 0;
  #waiting = 0;
  #accepted = 0;
  #refused = 0;
  #inDoubt = 0;
  #done = 0;
  #pausedUntil = 0;
  #limit = 0;
  #stopping = false;
  /** Keys of what was not sent, and is going to be tried again. */
  readonly #again = new Set<string>();
  #why = '';

  constructor(clock: Clock) {
    this.#clock = clock;
    this.#startedAt = clock.now();
  }

  observe(event: RunEvent): void {
    switch (event.type) {
      case 'started':
        this.#startedAt = this.#clock.now();
        this.#planned = event.requests;
        this.#limit = event.concurrency;
        break;
      case 'sending':
        this.#waiting += 1;
        this.#again.delete(event.key);
        break;
      case 'settled':
        this.#settled(event);
        break;
      case 'lost':
        this.#done += 1;
        break;
      case 'paused':
        this.#pausedUntil = event.until;
        break;
      case 'concurrency':
        this.#limit = event.limit;
        break;
      case 'stopping':
        this.#stopping = true;
        break;
    }
  }

  #settled({ key, outcome, again }: Extract<RunEvent, { type: 'settled' }>): void {
    this.#waiting = Math.max(0, this.#waiting - 1);
    if (again) {
      // A request that was asked to wait is told by the pause.
      if (outcome.kind === 'notSent') {
        this.#again.add(key);
        this.#why = outcome.error;
      }
      return;
    }
    this.#again.delete(key);
    this.#done += 1;
    if (outcome.kind === 'accepted') this.#accepted += 1;
    if (outcome.kind === 'refused') this.#refused += 1;
    if (outcome.kind === 'inDoubt') this.#inDoubt += 1;
  }

  /** True where nothing is on its way, and the line says why: it must not look like a program that hangs. */
  get isHeldUp(): boolean {
    return this.#waiting === 0 && (this.#again.size > 0 || this.#pausedUntil > this.#clock.now());
  }

  /** `412 of 1,013 submitted · 64 waiting for an answer · 2 refused · 38/s · 16 s left` */
  line(): string {
    const now = this.#clock.now();
    if (this.#stopping) {
      return `stopping: ${count(this.#waiting, 'answer')} under way, then it ends · Ctrl-C again leaves at once`;
    }
    const elapsed = now - this.#startedAt;
    const perMs = elapsed > 0 ? this.#done / elapsed : 0;
    const paused = this.#pausedUntil > now;
    return [
      `${number(this.#accepted)} of ${number(this.#planned)} submitted`,
      this.#waiting > 0 ? `${this.#waiting} waiting for an answer` : '',
      this.#again.size > 0 ? `${number(this.#again.size)} to be tried again: ${this.#why}` : '',
      this.#refused > 0 ? `${number(this.#refused)} refused` : '',
      this.#inDoubt > 0 ? `${number(this.#inDoubt)} in doubt` : '',
      paused
        ? `paused by the provider for ${duration(this.#pausedUntil - now)}, then ${this.#limit} at a time`
        : '',
      this.#accepted > 0 ? pace(perMs) : '',
      this.#done > 0 && !paused && this.#again.size === 0
        ? `${duration((this.#planned - this.#done) / perMs)} left`
        : '',
    ]
      .filter((part) => part !== '')
      .join(' · ');
  }
}

function pace(perMs: number): string {
  const perSecond = perMs * 1000;
  if (perSecond >= 10) return `${Math.round(perSecond)}/s`;
  if (perSecond >= 1) return `${perSecond.toFixed(1)}/s`;
  return `${(perSecond * 60).toFixed(1)}/min`;
}
