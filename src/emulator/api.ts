import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { json } from './answer.ts';
import { clipPath } from './clip-service.ts';
import { type ApiOptions, Desk } from './desk.ts';
import { loginRefusal, noHandler } from './envelope.ts';
import { beginExchange, type Exchange, requestTarget } from './exchange.ts';
import { queryPathOf } from './own-ways.ts';
import { clip } from './routes/clip.ts';
import { create } from './routes/create.ts';
import { query } from './routes/query.ts';
import type { RequestKind } from './traffic.ts';

export interface Api {
  /** A connection was opened, nothing has been read from it. */
  connected(socket: Socket): void;
  /** Resolves once the request is answered, dropped, or left hanging. */
  handle(request: IncomingMessage, response: ServerResponse): Promise<void>;
}

/** The path under which the gateway serves its API; the base URL ends in it. */
export const servicePrefix = '/kyyReactApiServer';
export const booksPath = '/emulator/books';

/** Makes the function that serves requests: it finds the route, which checks, bills, fails on demand and answers. */
export function createApi(options: ApiOptions): Api {
  const { catalog, errors, tasks, traffic, onRequest } = options;
  const desk = new Desk(options);
  const createPaths = new Set([...catalog.values()].map((model) => model.createPath));
  const queryPaths = new Set([...catalog.values()].map(queryPathOf));
  const stale = new WeakSet<Socket>();
  const hooks = { traffic, onRequest, leaveStale: (socket: Socket) => void stale.add(socket) };
  return {
    connected: (socket) => desk.connected(socket),
    handle: async (request, response) => {
      if (stale.has(request.socket)) return void request.socket.resetAndDestroy();
      const { method = '' } = request;
      const { path } = requestTarget(request);
      const begin = (kind: RequestKind): Exchange => beginExchange(request, response, kind, hooks);

      const reading = method === 'GET' || method === 'HEAD';
      if (reading && path === booksPath) {
        return begin('other').finish(json(200, { version: 1, billed: tasks.books(), ...traffic.read() }));
      }
      if (reading && path.startsWith(clipPath)) return clip(desk, begin('clip'));

      const route = path.startsWith(`${servicePrefix}/`) ? path.slice(servicePrefix.length) : '';
      const creates = method === 'POST' && createPaths.has(route);
      const [queryPath, id] = parted(route);
      const queries = method === 'GET' && id !== '' && queryPaths.has(queryPath);
      if (!creates && !queries) return begin('other').finish(noHandler(errors, method, path));
      if (request.headers.authorization !== `Bearer ${options.key}`) {
        return begin('other').finish(loginRefusal(errors));
      }
      return creates
        ? create(desk, begin('create'), route)
        : query(desk, begin('query'), queryPath, decoded(id));
    },
  };
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** A path's last part, and what is before it. */
function parted(route: string): readonly [path: string, id: string] {
  const slash = route.lastIndexOf('/');
  return slash === -1 ? [route, ''] : [route.slice(0, slash), route.slice(slash + 1)];
}
