import { readFileSync } from 'node:fs';
import http from 'node:http';
import net, { type AddressInfo } from 'node:net';
import tls from 'node:tls';
import { onTestFinished } from 'vitest';
import type { Catalog, Model } from '../../src/catalog/catalog.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { Provider } from '../../src/provider/provider.ts';
import { createVideosApi, type VideosApiOptions } from '../../src/provider/videos-api.ts';
import { settle } from '../helpers/fake-clock.ts';

/** Self-signed, for localhost, 127.0.0.1 and videos.example; a key for tests and nothing else. */
export const certificate = readFileSync(new URL('certificate/cert.pem', import.meta.url), 'utf8');
export const certificateKey = readFileSync(new URL('certificate/key.pem', import.meta.url), 'utf8');

export const apiKey = 'sk-0123456789abcdef';

const model: Model = {
  id: 'videos',
  title: 'Videos',
  createPath: '/v1/videos/videos',
  modes: ['text'],
  prompt: { maxLength: null },
  duration: { min: 4, max: 15 },
  ratio: { values: ['16:9'], default: '16:9' },
  resolution: { values: ['720p'], default: '720p' },
  referenceImages: { maxItems: 9, maxBytesEach: 20_971_520 },
  referenceVideos: { maxItems: 3, maxTotalSeconds: 15, maxTotalBytes: 1, minPixels: 720, maxPixels: 2160 },
  referenceAudios: { maxItems: 3, maxTotalSeconds: 15 },
};
export const catalog: Catalog = new Map([[model.id, model]]);
export const body = { model: model.id, prompt: 'Regen über 東京', duration: 5 };

/** An API client that is closed after the test. */
export async function api(baseUrl: string, options: Partial<VideosApiOptions> = {}): Promise<Provider> {
  const provider = await createVideosApi({
    baseUrl,
    apiKey,
    catalog,
    connections: 4,
    clock: systemClock,
    ...options,
  });
  onTestFinished(() => provider.close());
  return provider;
}

/** A server on loopback that is gone, sockets included, after the test. */
export interface TestServer {
  readonly port: number;
  /** What each connection has sent so far, in the order in which they came; decrypted where it is TLS. */
  readonly received: readonly string[];
  readonly connections: number;
  /** POST heads that have arrived, all connections together. */
  readonly posts: number;
}

/** Accepts connections and does with them what the test wants. Records what arrives, unless the socket is paused. */
export async function tcpServer(
  onConnection: (socket: net.Socket, index: number) => void,
  port = 0,
): Promise<TestServer> {
  const record = recorder(onConnection);
  return listen(net.createServer(record.accept), record.received, port);
}

export async function tlsServer(
  onConnection: (socket: net.Socket, index: number) => void,
): Promise<TestServer> {
  const record = recorder(onConnection);
  return listen(tls.createServer({ cert: certificate, key: certificateKey }, record.accept), record.received);
}

function recorder(onConnection: (socket: net.Socket, index: number) => void) {
  const received: string[] = [];
  const accept = (socket: net.Socket): void => {
    const index = received.push('') - 1;
    socket.on('error', () => {});
    onConnection(socket, index);
    if (!socket.isPaused()) {
      socket.on('data', (chunk) => {
        received[index] += chunk.toString('latin1');
      });
    }
  };
  return { received, accept };
}

async function listen(server: net.Server, received: readonly string[], port = 0): Promise<TestServer> {
  const sockets = new Set<net.Socket>();
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('error', () => {});
    socket.on('close', () => sockets.delete(socket));
  });
  server.on('tlsClientError', () => {});
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return {
    port: (server.address() as AddressInfo).port,
    received,
    get connections() {
      return received.length;
    },
    get posts() {
      return received.join('\n').split('POST /').length - 1;
    },
  };
}

export interface Seen {
  readonly method: string;
  readonly url: string;
  readonly headers: http.IncomingHttpHeaders;
  readonly body: string;
}

/** An HTTP server that remembers its requests; answers with the status, headers and body that the test gives. */
export async function httpServer(
  answer: (
    seen: Seen,
    response: http.ServerResponse,
  ) => { status?: number; headers?: Record<string, string>; body: string | Buffer } | undefined,
): Promise<{ readonly baseUrl: string; readonly seen: readonly Seen[] }> {
  const seen: Seen[] = [];
  const server = http.createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const one: Seen = {
        method: request.method ?? '',
        url: request.url ?? '',
        headers: request.headers,
        body: Buffer.concat(chunks).toString('utf8'),
      };
      seen.push(one);
      const reply = answer(one, response);
      if (reply === undefined) return;
      response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers });
      response.end(reply.body);
    });
  });
  const { port } = await listen(server, []);
  return { baseUrl: `http://127.0.0.1:${port}/kyyReactApiServer`, seen };
}

export const acceptance = '{"id":"video_1","status":"queued","error":null}';
export const rawAcceptance = `HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: ${acceptance.length}\r\n\r\n${acceptance}`;

/** Cuts the connection without a goodbye. */
export function reset(socket: net.Socket): void {
  if (socket instanceof tls.TLSSocket) socket.destroy();
  else socket.resetAndDestroy();
}

/** Waits for real events without real time. */
export async function until(happened: () => boolean): Promise<void> {
  for (let turn = 0; !happened(); turn++) {
    if (turn > 1_000_000) throw new Error('it never happened');
    await settle();
  }
}

/** Long enough for a client that tries again by itself to show it. */
export async function aWhile(): Promise<void> {
  for (let turn = 0; turn < 50; turn++) await settle();
}

/** A port on which nothing listens. */
export async function deadPort(): Promise<number> {
  const server = net.createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A small CONNECT proxy. Whatever name it is asked for, the tunnel ends at `targetPort` on loopback. */
export async function connectProxy(targetPort: number): Promise<TestServer> {
  return tcpServer((socket) => {
    let head = '';
    const onData = (chunk: Buffer): void => {
      head += chunk.toString('latin1');
      if (!head.includes('\r\n\r\n')) return;
      socket.off('data', onData);
      const upstream = net.connect(targetPort, '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      upstream.once('connect', () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        socket.pipe(upstream).pipe(socket);
      });
    };
    socket.on('data', onData);
  });
}
