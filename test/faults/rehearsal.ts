import { readFileSync } from 'node:fs';
import http from 'node:http';
import https from 'node:https';
import type { AddressInfo, Socket } from 'node:net';
import { onTestFinished } from 'vitest';
import type { Report, ReportRow } from '../../src/report/model.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { type Ended, type ProgramOptions, type Provider, start, startProvider } from './program.ts';
import { keyOfPrompt, makeScene, readReport, type Scene } from './scene.ts';

/** What a server does with one create call. */
export type Reply =
  | { readonly status: number; readonly body?: string; readonly headers?: Readonly<Record<string, string>> }
  /** Bytes as they are, after which the connection is closed or reset. */
  | { readonly raw: string; readonly end: 'close' | 'reset' }
  | 'silence';

export function accepted(id: string): Reply {
  return { status: 200, body: `{"id":"${id}","status":"queued","error":null}` };
}

export function json(status: number, body: string): Reply {
  return { status, body };
}

/** The head of a raw answer whose body has so many bytes. */
export function head(status: string, length: number): string {
  return `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
}

export interface Odd {
  readonly port: number;
  /** Keys of the requests that arrived whole, in their order. */
  readonly arrived: readonly string[];
  /** When each arrived, in milliseconds. */
  readonly times: readonly number[];
  /** Sockets that were opened. */
  readonly connections: () => number;
}

/** A provider whose answers are a test's own, request by request: `reply` gets the key and how often it was asked. */
export async function oddProvider(
  reply: (key: string, times: number) => Reply | Promise<Reply>,
  tls?: { readonly cert: string; readonly key: string },
): Promise<Odd> {
  const arrived: string[] = [];
  const times: number[] = [];
  const sockets = new Set<Socket>();
  let connections = 0;
  const answer = async (request: http.IncomingMessage, response: http.ServerResponse): Promise<void> => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { prompt } = JSON.parse(Buffer.concat(chunks).toString('utf8')) as { prompt: string };
    const key = keyOfPrompt(prompt);
    arrived.push(key);
    times.push(Date.now());
    const given = await reply(key, arrived.filter((one) => one === key).length);
    if (given === 'silence') return;
    if ('raw' in given) {
      const { socket } = response;
      if (given.end === 'close' || socket === null) return void socket?.end(given.raw);
      socket.write(given.raw, () => (tls === undefined ? socket.resetAndDestroy() : socket.destroy()));
      return;
    }
    response.writeHead(given.status, { 'content-type': 'application/json', ...given.headers });
    response.end(given.body ?? '');
  };
  const listener = (request: http.IncomingMessage, response: http.ServerResponse): void => {
    answer(request, response).catch(() => response.destroy());
  };
  const server = tls === undefined ? http.createServer(listener) : https.createServer(tls, listener);
  server.on('connection', (socket) => {
    connections += 1;
    sockets.add(socket);
    socket.on('error', () => {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
  });
  return { port: (server.address() as AddressInfo).port, arrived, times, connections: () => connections };
}

/** The emulator in a process of its own, which ends with the test. */
export async function provider(...args: readonly string[]): Promise<Provider> {
  const started = await startProvider(args, temporaryFolder());
  onTestFinished(() => started.stop());
  return started;
}

export interface Played extends Ended {
  readonly scene: Scene;
  readonly row: (key: string) => ReportRow;
  readonly report: Report;
}

export interface PlayOptions extends Omit<ProgramOptions, 'cwd'> {
  readonly requests: number;
  readonly args?: readonly string[];
  /** Goes on where an earlier call ended. */
  readonly scene?: Scene;
}

/** Runs the built program once on a scene of so many requests, and reads its report. */
export async function play(baseUrl: string, options: PlayOptions): Promise<Played> {
  const { requests, args = [], env, ...others } = options;
  const scene = options.scene ?? (await makeScene(temporaryFolder(), 'odd', requests));
  const ended = await start(['run', 'm.yaml', '--yes', '--report', 'r.json', ...args], {
    cwd: scene.folder,
    ...others,
    env: { SHOTLIST_BASE_URL: baseUrl, SHOTLIST_API_KEY: 'sk-of-the-test', ...env },
  }).ended;
  const report = await readReport(scene, 'r.json').catch(() => {
    throw new Error(`there is no report: exit ${ended.code}\n${ended.stderr}`);
  });
  const row = (key: string): ReportRow => {
    const found = report.rows.find((one) => one.key === key);
    if (found === undefined) throw new Error(`the report has no ${key}`);
    return found;
  };
  return { ...ended, scene, report, row };
}

export function local(port: number): string {
  return `http://127.0.0.1:${port}/kyyReactApiServer`;
}

/** Self-signed, for localhost, 127.0.0.1 and videos.example. */
export const certificateFile = new URL('../provider/certificate/cert.pem', import.meta.url).pathname;
export const certificate = {
  cert: readFileSync(certificateFile, 'utf8'),
  key: readFileSync(new URL('../provider/certificate/key.pem', import.meta.url), 'utf8'),
};
