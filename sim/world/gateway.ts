import type { JsonObject } from '../../src/core/canonical-json.ts';
import type { CallOptions, CreateOutcome, Provider, QueryOutcome } from '../../src/provider/provider.ts';
import type { SeededRandom } from '../random.ts';
import type { Scheduler } from './scheduler.ts';

/** One billed call, in the provider's own books. Nothing of the program's can change or read them. */
export interface Bill {
  readonly number: number;
  readonly taskId: string;
  readonly at: number;
  /** The process that sent it. */
  readonly process: string;
  /** Under which key that process says it sent it. */
  readonly key: string;
  readonly prompt: string;
  readonly model: string;
  /** True where the task ends as failed: billed all the same. */
  readonly fails: boolean;
  /** The time at which the task ends. */
  readonly endsAt: number;
  /** True where the sender got an answer that tells. */
  told: boolean;
}

/** A process that sends, and what it says that it is about to send. */
interface Sender {
  readonly name: string;
  readonly sendingKey: string | null;
}

/** The behaviour of the network and the provider towards this seed's world: chances, of 1. */
export interface Weather {
  readonly lostAnswer: number;
  readonly notSent: number;
  readonly refused: number;
  readonly throttled: number;
  readonly serverError: number;
  readonly taskFails: number;
  readonly retryAfterMs: number | null;
}

/** The paid provider: it bills what reaches it, and its answers get lost, as answers do. */
export class Gateway {
  readonly books: Bill[] = [];
  readonly #scheduler: Scheduler;
  readonly #random: SeededRandom;
  readonly #weather: Weather;
  readonly #onBill: (bill: Bill) => void;

  constructor(options: {
    readonly scheduler: Scheduler;
    readonly random: SeededRandom;
    readonly weather: Weather;
    readonly onBill: (bill: Bill) => void;
  }) {
    this.#scheduler = options.scheduler;
    this.#random = options.random;
    this.#weather = options.weather;
    this.#onBill = options.onBill;
  }

  /** The way to the provider of one process. */
  connect(process: Sender, scope: string): Provider {
    return {
      scope,
      create: (body, options) => this.#create(process, body, options),
      query: (taskId) => this.#query(taskId),
      close: async () => {},
    };
  }

  async #create(
    process: Sender,
    body: JsonObject & { readonly model: string },
    { signal }: CallOptions = {},
  ): Promise<CreateOutcome> {
    // A process says what it sends right before.
    const sender = { name: process.name, key: process.sendingKey ?? '' };
    const random = this.#random;
    const { notSent, refused, throttled, serverError, lostAnswer, retryAfterMs } = this.#weather;
    const way = random.between(1, 300);
    const fate = random.next();
    if (fate < notSent) {
      return this.#scheduler.after(way, () => ({
        kind: 'notSent',
        code: 'ECONNREFUSED',
        error: 'connection refused',
      }));
    }
    if (signal?.aborted === true)
      return { kind: 'notSent', code: 'stopped', error: 'stopped before it was sent' };
    const isRefused = fate < notSent + refused;
    const isThrottled = !isRefused && fate < notSent + refused + throttled;
    // From here on the head is written: what arrives is billed, whoever still waits for the answer.
    const arrived = this.#arrive(way, () => (isRefused || isThrottled ? null : this.#bill(sender, body)));
    const bill = await this.#unlessAborted(arrived, signal);
    if (bill === undefined) return { kind: 'inDoubt', code: 'aborted', error: 'left before an answer came' };
    if (random.chance(serverError)) {
      return this.#answer({ kind: 'inDoubt', code: 'http503', error: 'HTTP 503' });
    }
    if (random.chance(lostAnswer)) {
      return this.#answer({ kind: 'inDoubt', code: 'ECONNRESET', error: 'the connection was lost' }, 5000);
    }
    if (isRefused) return this.#answer({ kind: 'refused', code: 'http400', error: 'no such thing' });
    if (bill === null) {
      return this.#answer({ kind: 'throttled', code: 'http429', error: 'too many requests', retryAfterMs });
    }
    const answered = this.#answer<CreateOutcome>({
      kind: 'accepted',
      taskId: bill.taskId,
      status: 'queued',
      error: null,
    });
    const outcome = await this.#unlessAborted(answered, signal);
    if (outcome === undefined)
      return { kind: 'inDoubt', code: 'aborted', error: 'left before an answer came' };
    bill.told = true;
    return outcome;
  }

  /** Lets a message on its way arrive, whatever becomes of its sender meanwhile. */
  #arrive<T>(way: number, happen: () => T): Promise<T> {
    const sender = this.#scheduler.current;
    return new Promise((resolve) => {
      this.#scheduler.schedule(
        way,
        () => {
          const result = happen();
          this.#scheduler.schedule(0, () => resolve(result), sender);
        },
        null,
      );
    });
  }

  #bill(
    sender: { readonly name: string; readonly key: string },
    body: JsonObject & { readonly model: string },
  ): Bill {
    const number = this.books.length + 1;
    const { now } = this.#scheduler;
    const bill: Bill = {
      number,
      taskId: `video_${number}_${this.#random.hex(3)}`,
      at: now,
      process: sender.name,
      key: sender.key,
      prompt: String(body['prompt']),
      model: body.model,
      fails: this.#random.chance(this.#weather.taskFails),
      endsAt: now + this.#random.between(30_000, 400_000),
      told: false,
    };
    this.books.push(bill);
    this.#onBill(bill);
    return bill;
  }

  #answer<T extends CreateOutcome>(outcome: T, longest = 400): Promise<T> {
    return this.#scheduler.after(this.#random.between(1, longest), () => outcome);
  }

  #unlessAborted<T>(promise: Promise<T>, signal: AbortSignal | undefined): Promise<T | undefined> {
    if (signal === undefined) return promise;
    return new Promise((resolve, reject) => {
      const leave = (): void => resolve(undefined);
      signal.addEventListener('abort', leave, { once: true });
      promise.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave));
    });
  }

  #query(taskId: string): Promise<QueryOutcome> {
    return this.#scheduler.after(this.#random.between(1, 200), () => this.look(taskId));
  }

  /** Answers about a task, also to a person who asks. */
  look(taskId: string): QueryOutcome {
    const bill = this.books.find((candidate) => candidate.taskId === taskId);
    if (bill === undefined) return { kind: 'notFound', code: 'http404', error: 'no such task' };
    const isOver = this.#scheduler.now >= bill.endsAt;
    const status = !isOver ? 'processing' : bill.fails ? 'failed' : 'completed';
    return {
      kind: 'task',
      taskId,
      status,
      unknownStatus: null,
      error: status === 'failed' ? 'the model gave up' : null,
      videoUrl: status === 'completed' ? `https://clips.example.com/${taskId}.mp4` : null,
      actualDuration: status === 'completed' ? 5 : null,
    };
  }
}
