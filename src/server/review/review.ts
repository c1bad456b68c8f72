import { timingSafeEqual } from 'node:crypto';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { SetupError, ShotlistError, systemCode } from '../../core/errors.ts';
import { parsedJson } from '../../core/untrusted-json.ts';
import { readDecision } from '../../project/decision-file.ts';
import type { Project } from '../../project/project.ts';
import { htmlReport } from '../../report/formats/html/html.ts';
import { answerWithClip } from './clip-answer.ts';
import { ReviewFeed, type ReviewUpdate } from './review-feed.ts';

export interface ReviewOptions {
  readonly project: Project;
  /** 0 takes any free port. */
  readonly port: number;
  /** Part of the URL, in characters that need no encoding: who does not know it sees nothing. */
  readonly token: string;
  /** How often the ledger is looked at for what others did, in milliseconds. */
  readonly lookMs?: number;
}

export interface Review {
  /** Where the page is, the token included. */
  readonly url: string;
  /** Ends every connection. */
  close(): Promise<void>;
}

/** A decision is a few words. In bytes. */
const longestBody = 32 * 1024;

/**
 * Serves the report page on loopback, with decisions written as they are made. It answers under its token alone, to
 * requests that name it as their host, and gives out no file but the clips of the report.
 *
 * @throws SetupError when the port can't be taken.
 */
export async function startReview(options: ReviewOptions): Promise<Review> {
  const { port, lookMs = 700 } = options;
  const service = new ReviewService(options);
  const server = createServer((request, response) => void service.answer(request, response));
  await listen(server, port);
  const { port: taken } = server.address() as AddressInfo;
  service.port = taken;
  const timer = setInterval(() => void service.look(), lookMs);
  timer.unref();
  return {
    url: `http://127.0.0.1:${taken}/${options.token}/`,
    close: async () => {
      clearInterval(timer);
      service.end();
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
      await service.idle();
    },
  };
}

class ReviewService {
  port = 0;
  readonly #project: Project;
  readonly #token: Buffer;
  readonly #feed: ReviewFeed;
  readonly #listeners = new Set<ServerResponse>();
  /** Absolute paths of the clips that pages were told of, by the names that they have there. */
  readonly #clips = new Map<string, string>();
  #looking: Promise<void> | undefined;
  #deciding: Promise<unknown> = Promise.resolve();

  constructor({ project, token }: ReviewOptions) {
    this.#project = project;
    this.#token = Buffer.from(token);
    this.#feed = new ReviewFeed(project);
  }

  async answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    response.setHeader('x-content-type-options', 'nosniff');
    response.setHeader('referrer-policy', 'no-referrer');
    response.setHeader('cross-origin-resource-policy', 'same-origin');
    try {
      await this.#route(request, response);
    } catch (error) {
      if (response.headersSent) return void response.destroy();
      const isExpected = error instanceof ShotlistError;
      const message = error instanceof Error ? error.message : String(error);
      json(response, isExpected ? 409 : 500, { error: message });
    }
  }

  async #route(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const { method = 'GET', headers } = request;
    const [given = '', ...rest] = (request.url ?? '').split('?', 1)[0]?.split('/').slice(1) ?? [];
    // A page elsewhere that had its name point here would name itself as the host.
    if (!this.#isOwnHost(headers.host)) return void response.writeHead(421).end();
    if (!this.#isToken(given)) return void response.writeHead(404).end();
    if (headers.origin !== undefined && headers.origin !== `http://${headers.host}`) {
      return void response.writeHead(403).end();
    }
    const name = rest.join('/');
    if (name === 'decide') {
      if (method !== 'POST') return void response.writeHead(405, { allow: 'POST' }).end();
      return this.#decide(request, response);
    }
    if (method !== 'GET' && method !== 'HEAD') return void response.writeHead(405, { allow: 'GET' }).end();
    if (name === 'events') return this.#listen(response);
    if (name === '' && rest.length === 1) return this.#page(response);
    const clip = this.#clips.get(name);
    if (clip === undefined) return void response.writeHead(404).end();
    return answerWithClip(response, clip, headers.range, method === 'HEAD');
  }

  #isOwnHost(host: string | undefined): boolean {
    return host === `127.0.0.1:${this.port}` || host === `localhost:${this.port}`;
  }

  #isToken(given: string): boolean {
    const bytes = Buffer.from(given);
    return bytes.length === this.#token.length && timingSafeEqual(bytes, this.#token);
  }

  async #page(response: ServerResponse): Promise<void> {
    const { report, times } = await this.#project.reports.make();
    const root = this.#project.clips.root;
    const html = htmlReport(report, { folder: root, root }, times, {
      clipUrl: ({ taskId, file }) => {
        if (taskId === null || file === null) return null;
        const absolute = path.resolve(root, file);
        const name = `clips/${encodeURIComponent(taskId)}${path.extname(file)}`;
        this.#clips.set(name, absolute);
        return name;
      },
    });
    response.writeHead(200, { 'content-type': 'text/html; charset=utf-8', 'cache-control': 'no-store' });
    response.end(html);
  }

  async #decide(request: IncomingMessage, response: ServerResponse): Promise<void> {
    if (request.headers['content-type'] !== 'application/json') return void response.writeHead(415).end();
    const wish = readDecision(parsedJson(await bodyOf(request)));
    if (wish === null) return json(response, 400, { error: 'this is no decision' });
    const decided = this.#deciding.then(() => this.#project.clips.decide([wish]));
    this.#deciding = decided.catch(() => undefined);
    const [said] = await decided;
    json(response, 200, { isNew: said?.isNew === true });
    await this.look();
  }

  #listen(response: ServerResponse): void {
    response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
    response.write(': the review is here\n\n');
    this.#listeners.add(response);
    response.on('close', () => this.#listeners.delete(response));
    void this.look();
  }

  /** Looks at the ledger, and tells every page what has changed. */
  look(): Promise<void> {
    this.#looking ??= this.#look().finally(() => {
      this.#looking = undefined;
    });
    return this.#looking;
  }

  async #look(): Promise<void> {
    if (this.#listeners.size === 0) return;
    // A ledger that is busy for a moment is looked at again.
    const update: ReviewUpdate | null = await this.#feed.changes().catch(() => null);
    if (update === null) return;
    for (const listener of this.#listeners) listener.write(`data: ${JSON.stringify(update)}\n\n`);
  }

  end(): void {
    for (const listener of this.#listeners) listener.end();
  }

  async idle(): Promise<void> {
    await this.#looking;
    await this.#deciding;
  }
}

function json(response: ServerResponse, status: number, value: object): void {
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' });
  response.end(JSON.stringify(value));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  const pieces: Buffer[] = [];
  let length = 0;
  for await (const piece of request) {
    length += (piece as Buffer).length;
    if (length > longestBody) return '';
    pieces.push(piece as Buffer);
  }
  return Buffer.concat(pieces).toString('utf8');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const why = systemCode(cause) === 'EADDRINUSE' ? 'another program listens there' : cause.message;
      reject(
        new SetupError(`the review cannot listen on port ${port}: ${why}`, {
          cause,
          help: 'name another one with --port, or leave it out',
        }),
      );
    });
    server.listen(port, '127.0.0.1', resolve);
  });
}
