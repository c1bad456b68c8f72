import { setMaxListeners } from 'node:events';
import type { IncomingHttpHeaders } from 'node:http';
import type { Dispatcher } from 'undici';

/** One HTTP request. */
export interface Call {
  readonly method: 'GET' | 'POST';
  readonly path: string;
  /** Names and values in turn. */
  readonly headers: string[];
  readonly body: string | null;
  /** From the first byte of the request to the last of the answer, in milliseconds. */
  readonly answerTimeoutMs: number;
  readonly signal: AbortSignal | undefined;
  /** Asked right before the head is written. */
  readonly mayBegin?: (() => boolean) | undefined;
}

/** The end of a call. */
export type Exchange =
  /** A whole answer. */
  | {
      readonly kind: 'answered';
      readonly status: number;
      readonly headers: IncomingHttpHeaders;
      readonly body: Buffer;
    }
  /** Nothing was written, and nothing will be. */
  | { readonly kind: 'unsent'; readonly error: Error }
  /** Some or all of it may have been written, and no whole answer came. */
  | {
      readonly kind: 'lost';
      readonly code: LostCode;
      readonly error: Error;
      /** Bytes of the answer's body that came. */
      readonly received: Buffer;
    };

export type LostCode =
  | 'answerTimeout'
  | 'answerTooLarge'
  | 'cancelled'
  | 'connectionLost'
  | 'unreadableAnswer';

/** Turns of the event loop in which nothing comes, after which there is nothing left to read; TLS takes more than one. */
const quietTurns = 3;

/** However much comes: a server that sends without end must not outlast its time. */
const mostTurns = 500;

/** The caller's signal ended a call that was not sent yet. */
export class CancelledError extends Error {}

/** The claim for a call lapsed before it was sent. */
export class LapsedError extends Error {}

/** In bytes. An answer that is larger says nothing that this client could use. */
export const largestAnswer = 1024 * 1024;

/**
 * Sends one request and reads the whole answer. Never rejects.
 *
 * Whether anything was sent is decided by one event: undici calls `onRequestStart` on a connected socket (TCP, tunnel
 * and TLS done) in the same turn of the event loop in which it then writes the head. Before it nothing can have been
 * written, and a handler that aborts within it keeps it so; after it, everything may have been.
 */
export function exchange(dispatcher: Dispatcher, call: Call): Promise<Exchange> {
  return new Promise((resolve) => {
    const handler = new ExchangeHandler(call, resolve);
    if (!handler.watch(call.signal)) return;
    try {
      dispatcher.dispatch(
        {
          path: call.path,
          method: call.method,
          headers: call.headers,
          body: call.body,
          // One time limit for the whole answer, kept below: a server that drips bytes must not outlast it.
          headersTimeout: 0,
          bodyTimeout: 0,
        },
        handler,
      );
    } catch (error) {
      handler.onResponseError(null, error instanceof Error ? error : new Error(String(error)));
    }
  });
}

class ExchangeHandler implements Dispatcher.DispatchHandler {
  readonly #call: Call;
  readonly #resolve: (exchange: Exchange) => void;
  #over = false;
  /** Set from the moment that the head begins to go out. */
  #controller: Dispatcher.DispatchController | undefined;
  #timer: NodeJS.Timeout | undefined;
  #status = 0;
  #headers: IncomingHttpHeaders = {};
  readonly #chunks: Buffer[] = [];
  #size = 0;
  /** Number of times that anything of the answer came. */
  #heard = 0;

  constructor(call: Call, resolve: (exchange: Exchange) => void) {
    this.#call = call;
    this.#resolve = resolve;
  }

  /** False where the signal has aborted already: the call is over before it began. */
  watch(signal: AbortSignal | undefined): boolean {
    if (signal?.aborted) {
      this.#cancel();
      return false;
    }
    if (signal !== undefined) {
      // Each call under way listens; Node.js takes more than ten for a leak and says so on the terminal.
      setMaxListeners(0, signal);
      signal.addEventListener('abort', this.#cancel, { once: true });
    }
    return true;
  }

  onRequestStart(controller: Dispatcher.DispatchController): void {
    if (this.#over) {
      controller.abort(new CancelledError('given up before it was sent'));
      return;
    }
    if (this.#controller !== undefined) {
      // A client that wants to send it again gets it stopped before a byte of the second time is written.
      this.#lose('connectionLost', new Error('the connection was lost'));
      controller.abort(new CancelledError('sent before'));
      return;
    }
    if (this.#call.mayBegin?.() === false) {
      const error = new LapsedError('the claim lapsed before it was sent');
      this.#settle({ kind: 'unsent', error });
      controller.abort(error);
      return;
    }
    this.#controller = controller;
    this.#timer = setTimeout(() => this.#expire(0, 0, this.#heard), this.#call.answerTimeoutMs);
  }

  /**
   * Gives up on the answer, but reads what is there first: timers come before sockets, and a process that was stopped, or
   * busy, for longer than the time finds answers in its sockets that came long ago.
   */
  #expire(turn: number, quiet: number, heard: number): void {
    if (this.#over) return;
    if (quiet === quietTurns || turn === mostTurns) {
      const { answerTimeoutMs } = this.#call;
      this.#lose('answerTimeout', new Error(`no whole answer within ${answerTimeoutMs / 1000} s`));
      return;
    }
    setImmediate(() => this.#expire(turn + 1, this.#heard === heard ? quiet + 1 : 0, this.#heard));
  }

  onResponseStart(
    _controller: Dispatcher.DispatchController,
    status: number,
    headers: IncomingHttpHeaders,
  ): void {
    this.#heard += 1;
    // Interim answers (1xx) come before the one that counts.
    this.#status = status;
    this.#headers = headers;
  }

  onResponseData(_controller: Dispatcher.DispatchController, chunk: Buffer): void {
    if (this.#over) return;
    this.#heard += 1;
    this.#size += chunk.length;
    this.#chunks.push(chunk);
    if (this.#size > largestAnswer) {
      this.#lose(
        'answerTooLarge',
        new Error('the answer is longer than any answer of this API (over 1 MiB)'),
      );
    }
  }

  onResponseEnd(): void {
    this.#settle({
      kind: 'answered',
      status: this.#status,
      headers: this.#headers,
      body: this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks),
    });
  }

  onResponseError(_controller: Dispatcher.DispatchController | null, error: Error): void {
    if (this.#controller === undefined) this.#settle({ kind: 'unsent', error });
    else this.#lose(isUnreadable(error) ? 'unreadableAnswer' : 'connectionLost', error);
  }

  readonly #cancel = (): void => {
    if (this.#controller === undefined)
      this.#settle({ kind: 'unsent', error: new CancelledError('given up') });
    else this.#lose('cancelled', new Error('given up before an answer came'));
  };

  #lose(code: LostCode, error: Error): void {
    this.#settle({ kind: 'lost', code, error, received: Buffer.concat(this.#chunks) });
    this.#controller?.abort(error);
  }

  #settle(exchange: Exchange): void {
    if (this.#over) return;
    this.#over = true;
    clearTimeout(this.#timer);
    this.#call.signal?.removeEventListener('abort', this.#cancel);
    this.#resolve(exchange);
  }
}

/** The bytes came, and are not HTTP. */
function isUnreadable(error: Error): boolean {
  return error.name === 'HTTPParserError' || error.name === 'HeadersOverflowError';
}
