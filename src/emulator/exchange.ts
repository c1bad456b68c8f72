import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Answer, deliver } from './answer.ts';
import type { FailureSpec } from './failures.ts';
import type { Task } from './tasks.ts';
import type { RequestKind, TrafficCounter } from './traffic.ts';

/** One request as the emulator saw it, told when its answer has gone out or its connection has ended. */
export interface RequestEvent {
  readonly kind: RequestKind;
  /** Among its kind, from 1. */
  readonly position: number;
  readonly method: string;
  /** Without the query, which can carry a signature. */
  readonly path: string;
  /** Null where no answer went out, or only a part of one. */
  readonly status: number | null;
  /** The task that it made or asked for; null where there is none. */
  readonly taskId: string | null;
  /** The failure that was injected, as it was written; null where there was none. */
  readonly failure: string | null;
}

/** A request on its way through the emulator. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly kind: RequestKind;
  /** Among its kind, from 1. */
  readonly position: number;
  readonly method: string;
  readonly path: string;
  readonly query: string;
  /** The task that it made or asks for, and the failure that it meets, as soon as they are known. */
  task: Task | undefined;
  failure: FailureSpec | undefined;
  /** Carries out the answer, unless the client or the emulator has left; then there is nobody to answer. */
  finish(answer: Answer): void;
}

export interface ExchangeHooks {
  readonly traffic: TrafficCounter;
  readonly onRequest: (event: RequestEvent) => void;
  /** Told before an answer goes out whose connection must not be used again. */
  readonly leaveStale: (socket: Socket) => void;
}

/** Path and query as they were sent: nothing is normalised, so that a wrong base URL is seen as it is. */
export function requestTarget(request: IncomingMessage): { readonly path: string; readonly query: string } {
  const target = request.url ?? '';
  const mark = target.indexOf('?');
  return mark < 0
    ? { path: target, query: '' }
    : { path: target.slice(0, mark), query: target.slice(mark + 1) };
}

/** Counts the request as begun, and sees to it that it ends once: with its answer, or with its connection. */
export function beginExchange(
  request: IncomingMessage,
  response: ServerResponse,
  kind: RequestKind,
  { traffic, onRequest, leaveStale }: ExchangeHooks,
): Exchange {
  const { position, end } = traffic.begin(kind);
  const method = request.method ?? '';
  let open = true;
  const close = (status: number | null): void => {
    if (!open) return;
    open = false;
    end();
    const { task, failure } = exchange;
    if (kind === 'create' && task !== undefined) task.answer = status === null ? 'lost' : 'sent';
    onRequest({
      kind,
      position,
      method,
      path: exchange.path,
      status,
      taskId: task?.id ?? null,
      failure: failure?.text ?? null,
    });
  };
  const exchange: Exchange = {
    request,
    kind,
    position,
    method,
    ...requestTarget(request),
    task: undefined,
    failure: undefined,
    finish: (answer) => {
      if (!open || request.socket.destroyed) return close(null);
      if (answer.kind === 'reply' && answer.leavesStale) leaveStale(request.socket);
      const whole = answer.kind === 'reply' && answer.extent === 'whole';
      deliver(response, answer, () => close(whole ? answer.status : null));
    },
  };
  response.once('close', () => close(null));
  return exchange;
}
