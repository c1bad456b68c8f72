import { setMaxListeners } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Catalog } from '../catalog/catalog.ts';
import { shippedCatalog } from '../catalog/shipped.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { SetupError } from '../core/errors.ts';
import { booksPath, createApi, servicePrefix } from './api.ts';
import { createClipService } from './clip-service.ts';
import type { ErrorStyle } from './envelope.ts';
import type { RequestEvent } from './exchange.ts';
import type { FailureSpec } from './failures.ts';
import type { LatencySpec } from './latency.ts';
import { createDraws } from './random.ts';
import { type BilledTask, createTasks } from './tasks.ts';
import { createTrafficCounter, type Traffic } from './traffic.ts';

export interface EmulatorOptions {
  /** The models that it serves, with the limits that it checks; those that are shipped by default. */
  readonly catalog?: Catalog;
  readonly host?: '127.0.0.1';
  /** 0, the default, takes any free port. */
  readonly port?: number;
  /** The one key that it accepts. */
  readonly key: string;
  /** Same seed and same order of requests: same ids, same delays, same fates. By default, the time of the start. */
  readonly seed?: number;
  /** Before each answer of the API, in milliseconds; none by default. */
  readonly latencyMs?: LatencySpec;
  /** From billing to the end of a task, in milliseconds; 2 to 5 seconds by default. */
  readonly taskMs?: LatencySpec;
  /** Time that the link to a clip works, in milliseconds; a day by default, as in the provider's documents. */
  readonly clipLinkMs?: number;
  readonly fail?: readonly FailureSpec[];
  /** The style of its errors; `envelope` by default, as the gateway mostly does. */
  readonly errors?: ErrorStyle;
  /** The system's by default. */
  readonly clock?: Clock;
  readonly onRequest?: (event: RequestEvent) => void;
}

export interface Emulator {
  /** The base URL to give to a client: `http://127.0.0.1:PORT/kyyReactApiServer`. */
  readonly baseUrl: string;
  /** The URL at which any process can read the books as JSON; no key needed. */
  readonly booksUrl: string;
  readonly key: string;
  readonly seed: number;
  /** Every task that was billed, in the order of billing. */
  books(): readonly BilledTask[];
  traffic(): Traffic;
  /** Ends every connection and every wait; resolves once nothing is left. */
  close(): Promise<void>;
}

/**
 * Starts a local stand-in for the provider: the API with its checks, tasks that take their time, clips to load, and
 * failures on demand. It listens on loopback only and bills in its books alone.
 *
 * @throws SetupError when the port can't be taken.
 */
export async function startEmulator(options: EmulatorOptions): Promise<Emulator> {
  const { catalog = shippedCatalog, clock = systemClock, host = '127.0.0.1' } = options;
  const { key, seed = clock.now() } = options;
  const draws = createDraws(seed);
  const traffic = createTrafficCounter();
  const stopping = new AbortController();
  // Every request that waits listens for the stop, and there are as many as clients care to send.
  setMaxListeners(0, stopping.signal);

  const server = createServer();
  const origin = await listen(server, host, options.port ?? 0);
  const clips = createClipService(clock, draws.hex('link', 0, 32), options.clipLinkMs ?? 24 * 3_600_000);
  const tasks = createTasks({
    clock,
    draws,
    taskMs: options.taskMs ?? { minMs: 2000, maxMs: 5000 },
    clipUrl: (task) => origin + clips.link(task),
  });
  const api = createApi({
    catalog,
    clock,
    draws,
    key,
    latency: options.latencyMs ?? { minMs: 0, maxMs: 0 },
    failures: options.fail ?? [],
    errors: options.errors ?? 'envelope',
    tasks,
    clips,
    traffic,
    stopping: stopping.signal,
    onRequest: options.onRequest ?? (() => {}),
  });
  server.on('connection', api.connected);
  server.on('request', api.handle);

  let closed: Promise<void> | undefined;
  return {
    baseUrl: origin + servicePrefix,
    booksUrl: origin + booksPath,
    key,
    seed,
    books: () => tasks.books(),
    traffic: () => traffic.read(),
    close: () => {
      closed ??= new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
        stopping.abort();
      });
      return closed;
    },
  };
}

function listen(server: Server, host: string, port: number): Promise<string> {
  // Longer than any client keeps a connection: what is to go stale does so by `--fail`, not by chance.
  server.keepAliveTimeout = 65_000;
  server.requestTimeout = 0;
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      reject(
        new SetupError(`The emulator cannot listen on ${host}:${port}: ${cause.message}`, {
          help: 'Name another port with --port, or 0 for any that is free.',
          cause,
        }),
      );
    });
    server.listen(port, host, () => resolve(`http://${host}:${(server.address() as AddressInfo).port}`));
  });
}
