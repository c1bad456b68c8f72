import type { CollectEvent } from '../../collect/events.ts';
import type { Clock } from '../../core/clock.ts';
import type { TaskStatus } from '../../core/task-status.ts';
import type { LedgerTask } from '../../ledger/model/clip.ts';
import { count, dataSize, duration, number } from './text.ts';

/** Milliseconds between two looks at every waiting task. */
const outlookMs = 1000;

/** Keeps count of a collect from its events, and says how it stands in one line. */
export class CollectProgress {
  readonly #clock: Clock;
  readonly #counts: Record<TaskStatus, number> = { queued: 0, processing: 0, completed: 0, failed: 0 };
  readonly #statuses = new Map<string, TaskStatus>();
  readonly #waiting = new Map<string, LedgerTask>();
  /** Durations of the project's finished tasks, in milliseconds, by model: those in the ledger, and those of now. */
  readonly #past = new Map<string, number[]>();
  #downloaded = 0;
  #bytes = 0;
  #pausedUntil = 0;
  #stopping = false;
  #outlook = { at: Number.NEGATIVE_INFINITY, text: '' };

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  observe(event: CollectEvent): void {
    switch (event.type) {
      case 'found':
        for (const task of event.tasks) {
          this.#note(task);
          if (task.file !== null) this.#downloaded += 1;
        }
        break;
      case 'polled':
        this.#note(event.task);
        break;
      case 'received':
        this.#bytes += event.bytes;
        break;
      case 'saved':
        this.#downloaded += 1;
        break;
      case 'paused':
        this.#pausedUntil = event.until;
        break;
      case 'stopping':
        this.#stopping = true;
        break;
    }
  }

  #note(task: LedgerTask): void {
    const { taskId: id, status, model, submittedAt, completedAt } = task;
    const before = this.#statuses.get(id);
    if (before === status) return;
    if (before !== undefined) this.#counts[before] -= 1;
    this.#counts[status] += 1;
    this.#statuses.set(id, status);
    if (status === 'queued' || status === 'processing') this.#waiting.set(id, task);
    else this.#waiting.delete(id);
    if (status !== 'completed' || completedAt === null) return;
    const past = this.#past.get(model) ?? [];
    past.push(Date.parse(completedAt) - Date.parse(submittedAt));
    this.#past.set(model, past);
  }

  /** `3 queued · 5 processing · 12 completed · 8 downloaded, 34.2 MB · oldest waits 4 min · about 3 min left` */
  line(): string {
    const { queued, processing, completed, failed } = this.#counts;
    const now = this.#clock.now();
    if (now - this.#outlook.at >= outlookMs) this.#outlook = { at: now, text: this.#lookAhead(now) };
    return [
      this.#stopping ? 'stopping' : '',
      queued > 0 ? `${number(queued)} queued` : '',
      processing > 0 ? `${number(processing)} processing` : '',
      `${number(completed)} completed`,
      failed > 0 ? `${number(failed)} failed` : '',
      `${number(this.#downloaded)} downloaded${this.#bytes > 0 ? `, ${dataSize(this.#bytes)}` : ''}`,
      this.#pausedUntil > now ? `paused by the provider for ${duration(this.#pausedUntil - now)}` : '',
      this.#outlook.text,
    ]
      .filter((part) => part !== '')
      .join(' · ');
  }

  #lookAhead(now: number): string {
    let oldest = 0;
    let left: number | null = null;
    for (const { submittedAt, model } of this.#waiting.values()) {
      const age = now - Date.parse(submittedAt);
      oldest = Math.max(oldest, age);
      const usual = nearlyLongest(this.#past.get(model) ?? []);
      if (usual !== null) left = Math.max(left ?? 0, usual - age);
    }
    if (this.#waiting.size === 0) return '';
    const waits = `oldest waits ${duration(oldest)}`;
    if (left === null) return waits;
    return left > 0 ? `${waits} · about ${duration(left)} left` : `${waits} · longer than usual`;
  }

  /** Sums up a finished collect in one line. */
  summary(): string {
    const { completed, queued, processing } = this.#counts;
    const running = queued + processing;
    return `Collect: ${count(completed, 'task')} completed, ${number(this.#downloaded)} downloaded${running > 0 ? `, ${number(running)} still running` : ''}`;
  }
}

/** A task that took this many times what the fastest took was done long before anybody asked, as over night. */
const unwatched = 10;

/** Finds the duration that nine of ten stay below: a collect ends with the slowest task, and the fast ones finish first. */
function nearlyLongest(values: readonly number[]): number | null {
  const fastest = Math.min(...values);
  const sorted = values.filter((value) => value <= unwatched * fastest).sort((a, b) => a - b);
  return sorted[Math.ceil(sorted.length * 0.9) - 1] ?? null;
}
