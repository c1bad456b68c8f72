import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface ServedFile {
  readonly bytes: Uint8Array;
  readonly type?: string;
  readonly etag?: string;
  readonly lastModified?: string;
  /** False for a server that sends the whole file whatever range is asked for. */
  readonly ranges?: boolean;
  /** False to leave the length out of answers that hold the whole file. */
  readonly sized?: boolean;
}

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** A real server on loopback that serves files by range, and counts what it is asked for. */
export class MediaServer {
  readonly requests: IncomingMessage[] = [];
  bytesSent = 0;
  inFlight = 0;
  mostInFlight = 0;
  latencyMs = 0;
  readonly #routes = new Map<string, Handler>();
  readonly #server: Server;

  private constructor() {
    this.#server = createServer((request, response) => {
      this.requests.push(request);
      this.inFlight += 1;
      this.mostInFlight = Math.max(this.mostInFlight, this.inFlight);
      response.on('close', () => {
        this.inFlight -= 1;
      });
      const handle = this.#routes.get(new URL(request.url ?? '/', 'http://localhost').pathname);
      const answer = (): void =>
        handle === undefined ? void response.writeHead(404).end() : handle(request, response);
      if (this.latencyMs === 0) answer();
      else setTimeout(answer, this.latencyMs);
    });
  }

  static async start(): Promise<MediaServer> {
    const server = new MediaServer();
    await new Promise<void>((resolve) => server.#server.listen(0, '127.0.0.1', resolve));
    return server;
  }

  url(path: string, host = '127.0.0.1'): string {
    return `http://${host}:${(this.#server.address() as AddressInfo).port}${path}`;
  }

  on(path: string, handler: Handler): string {
    this.#routes.set(path, handler);
    return this.url(path);
  }

  /** Serves `file` as it is at the time of each request, so that a test can change it. */
  serve(path: string, file: ServedFile | (() => ServedFile)): string {
    return this.on(path, (request, response) => {
      const now = typeof file === 'function' ? file() : file;
      this.#answer(now, request, response);
    });
  }

  redirect(path: string, location: string, status = 302): string {
    return this.on(path, (_request, response) => response.writeHead(status, { location }).end('moved'));
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #answer(file: ServedFile, request: IncomingMessage, response: ServerResponse): void {
    const headers: Record<string, string> = { 'content-type': file.type ?? 'application/octet-stream' };
    if (file.etag !== undefined) headers['etag'] = file.etag;
    if (file.lastModified !== undefined) headers['last-modified'] = file.lastModified;
    const isKnown =
      (file.etag !== undefined && request.headers['if-none-match'] === file.etag) ||
      (file.lastModified !== undefined && request.headers['if-modified-since'] === file.lastModified);
    if (isKnown) {
      response.writeHead(304, headers).end();
      return;
    }
    const size = file.bytes.length;
    const range = /^bytes=(\d+)-(\d+)$/.exec(request.headers.range ?? '');
    if (range === null || file.ranges === false) {
      if (file.sized !== false) headers['content-length'] = String(size);
      response.writeHead(200, headers);
      this.#send(response, file.bytes);
      return;
    }
    const start = Number(range[1]);
    const end = Math.min(Number(range[2]) + 1, size);
    if (start >= size) {
      response.writeHead(416, { ...headers, 'content-range': `bytes */${size}` }).end();
      return;
    }
    const part = file.bytes.subarray(start, end);
    response.writeHead(206, {
      ...headers,
      'content-range': `bytes ${start}-${end - 1}/${size}`,
      'content-length': String(part.length),
    });
    this.#send(response, part);
  }

  /** In pieces, and only as fast as they are taken, so that what is counted is what went out. */
  #send(response: ServerResponse, bytes: Uint8Array): void {
    let at = 0;
    const more = (): void => {
      while (at < bytes.length && !response.destroyed) {
        const piece = bytes.subarray(at, at + 16_384);
        at += piece.length;
        this.bytesSent += piece.length;
        if (!response.write(piece)) {
          response.once('drain', more);
          return;
        }
      }
      response.end();
    };
    more();
  }
}
