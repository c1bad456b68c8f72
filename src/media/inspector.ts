import { Worker } from 'node:worker_threads';
import pLimit from 'p-limit';
import { HeldBytes } from './held-bytes.ts';
import { type Inspection, type InspectionRequest, nothingRead } from './inspect.ts';
import { formatOf, magicLength } from './magic.ts';
import type { WorkerMessage } from './worker.ts';

export interface InspectorOptions {
  /** Time that reading one file may take, in milliseconds; honest files take a few. */
  readonly fileTimeoutMs: number;
  /** Memory that reading may take, in MiB. */
  readonly memoryMiB: number;
  /** Files that may be given up on before no more are read at all. */
  readonly maxGivenUp: number;
}

/**
 * Reads files in a thread of its own, one at a time, so that a file made to send its reader into an endless loop or to eat
 * the memory costs a bounded time and never the process. The thread gets no environment, starts with the first file and
 * is replaced when it had to be stopped.
 */
export class Inspector {
  readonly #options: InspectorOptions;
  readonly #oneAtATime = pLimit(1);
  #worker: Worker | undefined;
  #givenUp = 0;
  #closed = false;

  constructor(options: InspectorOptions) {
    this.#options = options;
  }

  /** Reads the parts of a file. Never throws for what is in it: what cannot be read says so in `unknown`. */
  inspect(request: InspectionRequest): Promise<Inspection> {
    return this.#oneAtATime(() => this.#inspectNow(request));
  }

  /** Stops the thread. Files under way and yet to come are given up on. */
  async close(): Promise<void> {
    this.#closed = true;
    await this.#worker?.terminate();
  }

  async #inspectNow(request: InspectionRequest): Promise<Inspection> {
    if (this.#givenUp >= this.#options.maxGivenUp) {
      return unread(request, `${this.#givenUp} other files had to be given up on, so no more were read`);
    }
    const isFresh = this.#worker === undefined;
    const first = await this.#ask(request);
    // An error that an earlier file left behind in the thread is not this file's fault: it gets a fresh one.
    const outcome = first.kind === 'failed' && !isFresh ? await this.#ask(request) : first;
    if (outcome.kind === 'read') return outcome.inspection;
    this.#givenUp += 1;
    return unread(request, outcome.why);
  }

  async #ask(request: InspectionRequest): Promise<Outcome> {
    if (this.#closed) return { kind: 'failed', why: 'the probe was stopped' };
    this.#worker ??= this.#start();
    const worker = this.#worker;
    const outcome = await ask(worker, request, this.#options.fileTimeoutMs);
    if (outcome.kind !== 'read') {
      this.#worker = undefined;
      await worker.terminate();
    }
    return outcome;
  }

  #start(): Worker {
    const worker = startWorker(this.#options.memoryMiB);
    worker.once('exit', () => {
      if (this.#worker === worker) this.#worker = undefined;
    });
    return worker;
  }
}

type Outcome =
  | { readonly kind: 'read'; readonly inspection: Inspection }
  | { readonly kind: 'failed' | 'tookTooLong'; readonly why: string };

function ask(worker: Worker, request: InspectionRequest, timeoutMs: number): Promise<Outcome> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined;
    const settle = (outcome: Outcome): void => {
      clearTimeout(timer);
      worker.off('message', onMessage).off('error', onError).off('exit', onExit);
      resolve(outcome);
    };
    const giveUpAfter = (ms: number, why: string): void => {
      clearTimeout(timer);
      timer = setTimeout(() => settle({ kind: 'tookTooLong', why }), ms);
    };
    const onMessage = (message: WorkerMessage): void => {
      if (message.type === 'read') settle({ kind: 'read', inspection: message.inspection });
      else giveUpAfter(timeoutMs, `reading it took longer than ${timeoutMs / 1000} s, so it was given up on`);
    };
    const onError = (error: Error): void => settle({ kind: 'failed', why: whyStopped(error) });
    const onExit = (): void => settle({ kind: 'failed', why: 'its reader stopped' });
    worker.on('message', onMessage).on('error', onError).on('exit', onExit);
    giveUpAfter(startTimeoutMs, 'its reader did not start');
    worker.postMessage(request);
  });
}

/** Starting the thread and loading the library takes a tenth of a second; a busy machine may take much longer. */
const startTimeoutMs = 30_000;

function whyStopped(error: Error & { code?: unknown }): string {
  return error.code === 'ERR_WORKER_OUT_OF_MEMORY'
    ? 'reading it took too much memory, so it was given up on'
    : 'its reader failed';
}

function startWorker(memoryMiB: number): Worker {
  const file = import.meta.url.endsWith('.ts') ? './worker-in-checkout.mjs' : './media-worker.js';
  const worker = new Worker(new URL(file, import.meta.url), {
    name: 'shotlist media reader',
    // The thread handles what strangers wrote: it gets no secrets, and nothing it prints reaches the terminal.
    env: {},
    stdout: true,
    stderr: true,
    resourceLimits: { maxOldGenerationSizeMb: memoryMiB, maxYoungGenerationSizeMb: 32 },
  });
  worker.stdout.resume();
  worker.stderr.resume();
  // An error while nobody waits for an answer has nobody to tell; the next file finds out that the thread is gone.
  worker.on('error', () => undefined);
  worker.unref();
  return worker;
}

function unread({ pieces, size }: InspectionRequest, why: string): Inspection {
  const format = formatOf(new HeldBytes(pieces, size).head(magicLength));
  const reading = { ...nothingRead, kind: format?.kind ?? null, format: format?.name ?? null, unknown: why };
  return { reading, missing: [] };
}
