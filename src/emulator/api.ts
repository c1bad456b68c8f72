import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { type Catalog, defaultQueryPath, type Model } from '../catalog/catalog.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import { isJsonObject, type JsonObject } from '../core/canonical-json.ts';
import type { Clock } from '../core/clock.ts';
import { json } from './answer.ts';
import { checkCreate } from './checks.ts';
import { type ClipService, clipPath } from './clip-service.ts';
import { type ErrorStyle, loginRefusal, noHandler, refusal } from './envelope.ts';
import { beginExchange, type Exchange, type RequestEvent, requestTarget } from './exchange.ts';
import { type ChooseFailure, failureChooser } from './failure-choice.ts';
import type { FailureContext } from './failure-kind.ts';
import { type FailureSpec, failureKind } from './failures.ts';
import { delayWithin, type LatencySpec } from './latency.ts';
import type { Draws } from './random.ts';
import { readBody } from './read-body.ts';
import type { Task, Tasks } from './tasks.ts';
import type { RequestKind, TrafficCounter } from './traffic.ts';

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

export interface Api {
  /** A connection was opened, nothing has been read from it. */
  connected(socket: Socket): void;
  /** Resolves once the request is answered, dropped, or left hanging. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The path under which the gateway serves its API; the base URL ends in it. */
export const servicePrefix = '/kyyReactApiServer';
export const booksPath = '/emulator/books';

/** What the emulator does about each request: routes, checks, bills, fails on demand, answers. */
export function createApi(options: ApiOptions): Api {
  const { catalog, clock, draws, errors, failures, tasks, clips, traffic, onRequest } = options;
  const createPaths = new Set([...catalog.values()].map((model) => model.createPath));
  const queryPaths = new Set([...catalog.values()].map(queryPathOf));
  const stale = new WeakSet<Socket>();
  const hooks = { traffic, onRequest, leaveStale: (socket: Socket) => void stale.add(socket) };
  let connections = 0;

  // A reset comes before the body is read, every other failure of a create call after it, so they are chosen apart.
  const chooser = (meant: (spec: FailureSpec) => boolean): ChooseFailure =>
    failureChooser(failures, meant, draws);
  const chooseConnect = chooser(({ target }) => target === 'connect');
  const chooseUnread = chooser(({ target, kind }) => target === 'create' && kind === 'reset');
  const chooseCreate = chooser(({ target, kind }) => target === 'create' && kind !== 'reset');
  const chooseQuery = chooser(({ target }) => target === 'query');
  const chooseClip = chooser(({ target }) => target === 'clip');

  async function create(exchange: Exchange, createPath: string): Promise<void> {
    exchange.failure = chooseUnread(occasion(exchange, ''));
    if (exchange.failure !== undefined) return exchange.finish({ kind: 'drop', how: 'reset' });
    const read = await readBody(exchange.request);
    if (read === 'incomplete') return exchange.finish({ kind: 'drop', how: 'close' });
    if (read === 'tooLarge') return exchange.finish(refusal(errors, 413, 'The request is too large'));

    const failure = chooseCreate(occasion(exchange, read.text));
    if (failure !== undefined && !failure.billed) {
      exchange.failure = failure;
      return answer(exchange, unbilled);
    }
    const body = parseBody(exchange.request.headers['content-type'], read.text);
    const problem = typeof body === 'string' ? body : checkCreate(body, createPath, catalog);
    if (typeof body === 'string' || problem !== null) {
      return answer(exchange, { ...unbilled, ordinary: () => refusal(errors, 400, String(problem)) });
    }
    const previousId = tasks.last()?.id ?? null;
    const task = bill(body, failure);
    exchange.task = task;
    exchange.failure = failure;
    const shown = (): JsonObject => inOwnWords(tasks.show(task), catalog);
    return answer(exchange, { ordinary: () => json(200, shown()), shown, previousId });
  }

  function bill(body: JsonObject, failure: FailureSpec | undefined): Task {
    const kind = failure && failureKind(failure.kind);
    const model = catalog.get(String(body['model']));
    return tasks.bill({
      body,
      // The parameter checks have seen to its being a number.
      seconds: Number(underOwnNames(body, model?.fields)['duration']),
      idStyle: kind?.idStyle ?? 'video',
      fate: kind?.fate ?? 'completes',
      failure: failure?.text ?? null,
    });
  }

  async function query(exchange: Exchange, queryPath: string, id: string): Promise<void> {
    const task = tasks.get(id);
    if (task === undefined || queryPathOf(catalog.get(String(task.body['model']))) !== queryPath) {
      return answer(exchange, {
        ...unbilled,
        ordinary: () => refusal(errors, 404, `Task ${id} does not exist`),
      });
    }
    task.polls += 1;
    exchange.task = task;
    exchange.failure = chooseQuery(occasion(exchange, textOf(task)));
    const shown = (): JsonObject => inOwnWords(tasks.show(task), catalog);
    return answer(exchange, { ordinary: () => json(200, shown()), shown, previousId: null });
  }

  async function clip(exchange: Exchange): Promise<void> {
    const { headers } = exchange.request;
    const task = tasks.get(exchange.path.slice(clipPath.length).replace(/\.mp4$/, ''));
    exchange.task = task;
    if (task === undefined) return exchange.finish(clips.unknown());
    const refused = clips.refuse(task, exchange.query, headers);
    if (refused !== null) return exchange.finish(refused);
    task.downloads += 1;
    exchange.failure = chooseClip(occasion(exchange, textOf(task)));
    const quirk = exchange.failure && failureKind(exchange.failure.kind)?.clipQuirk;
    return answer(exchange, { ...unbilled, ordinary: () => clips.load(task, headers, quirk) });
  }

  /** Waits as long as the latency and the failure say, then gives the failure's answer, or the ordinary one. */
  async function answer(exchange: Exchange, means: Means): Promise<void> {
    const { failure, kind: requestKind, position, method, path } = exchange;
    const kind = failure && failureKind(failure.kind);
    if (failure === undefined || kind === undefined) {
      await wait(latencyOf(exchange));
      return exchange.finish(means.ordinary());
    }
    const context: FailureContext = {
      kind: failure.kind,
      value: failure.value,
      method,
      path,
      nowMs: clock.now(),
      fraction: draws.fraction(`${requestKind} failure`, position),
      ...means,
    };
    await wait(latencyOf(exchange) + (kind.delayMs?.(context) ?? 0));
    exchange.finish(kind.answer(context));
  }

  function latencyOf({ kind, position }: Exchange): number {
    if (kind === 'clip' || options.latency.maxMs === 0) return 0;
    return delayWithin(options.latency, draws.fraction(`${kind} latency`, position));
  }

  async function wait(ms: number): Promise<void> {
    if (ms > 0) await clock.sleep(ms, options.stopping);
  }

  const occasion = ({ kind, position }: Exchange, text: string) => ({
    position,
    inFlight: traffic.inFlight(kind),
    text,
    nowMs: clock.now(),
  });

  return {
    connected: (socket) => {
      connections += 1;
      const failure = chooseConnect({ position: connections, inFlight: 0, text: '', nowMs: clock.now() });
      if (failure !== undefined) socket.resetAndDestroy();
    },
    handle: async (request, response) => {
      if (stale.has(request.socket)) return void request.socket.resetAndDestroy();
      const { method = '' } = request;
      const { path } = requestTarget(request);
      const begin = (kind: RequestKind): Exchange => beginExchange(request, response, kind, hooks);

      const reading = method === 'GET' || method === 'HEAD';
      if (reading && path === booksPath) {
        return begin('other').finish(json(200, { version: 1, billed: tasks.books(), ...traffic.read() }));
      }
      if (reading && path.startsWith(clipPath)) return clip(begin('clip'));

      const route = path.startsWith(`${servicePrefix}/`) ? path.slice(servicePrefix.length) : '';
      const creates = method === 'POST' && createPaths.has(route);
      const [queryPath, id] = parted(route);
      const queries = method === 'GET' && id !== '' && queryPaths.has(queryPath);
      if (!creates && !queries) return begin('other').finish(noHandler(errors, method, path));
      if (request.headers.authorization !== `Bearer ${options.key}`) {
        return begin('other').finish(loginRefusal(errors));
      }
      return creates ? create(begin('create'), route) : query(begin('query'), queryPath, decoded(id));
    },
  };
}

/** What an answer is made of. Where no task was made, there is nothing to show and no ordinary answer to bend. */
type Means = Pick<FailureContext, 'ordinary' | 'shown' | 'previousId'>;

const unbilled: Means = { ordinary: noTask, shown: noTask, previousId: null };

function noTask(): never {
  throw new Error('a failure that makes no task has asked for one');
}

/** A path's last part, and what is before it. */
function parted(route: string): readonly [path: string, id: string] {
  const slash = route.lastIndexOf('/');
  return slash === -1 ? [route, ''] : [route.slice(0, slash), route.slice(slash + 1)];
}

function queryPathOf(model: Model | undefined): string {
  return model?.queryPath ?? defaultQueryPath;
}

/** A task as its model's interface shows it: with that one's own word for the status, where there is one. */
function inOwnWords(task: JsonObject, catalog: Catalog): JsonObject {
  const { statuses = {} } = catalog.get(String(task['model'])) ?? {};
  const own = Object.entries(statuses).find(([, status]) => status === task['status'])?.[0];
  return own === undefined ? task : { ...task, status: own };
}

/** The body as an object, or what is wrong with it. */
function parseBody(contentType: string | undefined, text: string): JsonObject | string {
  if (!/\bjson\b/i.test(contentType ?? '')) return 'Content type is not supported, application/json is';
  try {
    const body: unknown = JSON.parse(text);
    return isJsonObject(body) ? body : 'The body must be a JSON object';
  } catch {
    return 'The body is not JSON';
  }
}

/** What `~TEXT` of a failure looks through where there is no body to read. */
function textOf(task: Task): string {
  return `${task.id} ${JSON.stringify(task.body)}`;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
