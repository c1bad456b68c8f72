import type { Socket } from 'node:net';
import type { Catalog } from '../catalog/catalog.ts';
import type { Clock } from '../core/clock.ts';
import type { ClipService } from './clip-service.ts';
import type { ErrorStyle } from './envelope.ts';
import type { Exchange, RequestEvent } from './exchange.ts';
import { type ChooseFailure, failureChooser } from './failure-choice.ts';
import type { FailureContext } from './failure-kind.ts';
import { type FailureSpec, failureKind } from './failures.ts';
import { delayWithin, type LatencySpec } from './latency.ts';
import type { Draws } from './random.ts';
import type { Task, Tasks } from './tasks.ts';
import type { TrafficCounter } from './traffic.ts';

export interface ApiOptions {
  readonly catalog: Catalog;
  readonly clock: Clock;
  readonly draws: Draws;
  readonly key: string;
  readonly latency: LatencySpec;
  readonly failures: readonly FailureSpec[];
  readonly errors: ErrorStyle;
  readonly tasks: Tasks;
  readonly clips: ClipService;
  readonly traffic: TrafficCounter;
  /** Aborts when the emulator stops: nothing waits any longer. */
  readonly stopping: AbortSignal;
  readonly onRequest: (event: RequestEvent) => void;
}

/** The parts of an answer. Where no task was made, there is nothing to show and no ordinary answer to bend. */
export type Means = Pick<FailureContext, 'ordinary' | 'shown' | 'previousId'>;

export const unbilled: Means = { ordinary: noTask, shown: noTask, previousId: null };

function noTask(): never {
  throw new Error('a failure that makes no task has asked for one');
}

/** Serves every route: chooses the failures that were asked for, and gives answers that take their time. */
export class Desk {
  readonly options: ApiOptions;
  // A reset comes before the body is read, every other failure of a create call after it, so they are chosen apart.
  readonly #chooseConnect: ChooseFailure;
  readonly #chooseUnread: ChooseFailure;
  readonly #chooseCreate: ChooseFailure;
  readonly #chooseQuery: ChooseFailure;
  readonly #chooseClip: ChooseFailure;
  #connections = 0;

  constructor(options: ApiOptions) {
    this.options = options;
    const chooser = (meant: (spec: FailureSpec) => boolean): ChooseFailure =>
      failureChooser(options.failures, meant, options.draws);
    this.#chooseConnect = chooser(({ target }) => target === 'connect');
    this.#chooseUnread = chooser(({ target, kind }) => target === 'create' && kind === 'reset');
    this.#chooseCreate = chooser(({ target, kind }) => target === 'create' && kind !== 'reset');
    this.#chooseQuery = chooser(({ target }) => target === 'query');
    this.#chooseClip = chooser(({ target }) => target === 'clip');
  }

  /** A connection was opened, nothing has been read from it. */
  connected(socket: Socket): void {
    this.#connections += 1;
    const nowMs = this.options.clock.now();
    const failure = this.#chooseConnect({ position: this.#connections, inFlight: 0, text: '', nowMs });
    if (failure !== undefined) socket.resetAndDestroy();
  }

  failureBeforeBody(exchange: Exchange): FailureSpec | undefined {
    return this.#chooseUnread(this.#occasion(exchange, ''));
  }

  /** @param text what `~TEXT` of a failure looks through. */
  failureOf(exchange: Exchange, text: string): FailureSpec | undefined {
    const choose = { create: this.#chooseCreate, query: this.#chooseQuery, clip: this.#chooseClip } as const;
    const { kind } = exchange;
    return kind === 'other' ? undefined : choose[kind](this.#occasion(exchange, text));
  }

  #occasion({ kind, position }: Exchange, text: string) {
    const { traffic, clock } = this.options;
    return { position, inFlight: traffic.inFlight(kind), text, nowMs: clock.now() };
  }

  /** Waits as long as the latency and the failure say, then gives the failure's answer, or the ordinary one. */
  async answer(exchange: Exchange, means: Means): Promise<void> {
    const { failure, kind: requestKind, position, method, path } = exchange;
    const kind = failure && failureKind(failure.kind);
    if (failure === undefined || kind === undefined) {
      await this.#wait(this.#latencyOf(exchange));
      return exchange.finish(means.ordinary());
    }
    const { clock, draws } = this.options;
    const context: FailureContext = {
      kind: failure.kind,
      value: failure.value,
      method,
      path,
      nowMs: clock.now(),
      fraction: draws.fraction(`${requestKind} failure`, position),
      ...means,
    };
    await this.#wait(this.#latencyOf(exchange) + (kind.delayMs?.(context) ?? 0));
    exchange.finish(kind.answer(context));
  }

  #latencyOf({ kind, position }: Exchange): number {
    const { latency, draws } = this.options;
    if (kind === 'clip' || latency.maxMs === 0) return 0;
    return delayWithin(latency, draws.fraction(`${kind} latency`, position));
  }

  async #wait(ms: number): Promise<void> {
    if (ms > 0) await this.options.clock.sleep(ms, this.options.stopping);
  }
}

/** The text that `~TEXT` of a failure searches where there is no body to read. */
export function textOf(task: Task): string {
  return `${task.id} ${JSON.stringify(task.body)}`;
}
