import { Agent, request } from 'undici';
import { onTestFinished } from 'vitest';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import type { JsonObject } from '../../src/core/canonical-json.ts';
import { type Emulator, type EmulatorOptions, startEmulator } from '../../src/emulator/emulator.ts';
import type { RequestEvent } from '../../src/emulator/exchange.ts';
import { parseFailures } from '../../src/emulator/failures.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

export const key = 'key-of-the-tests';

/** An answer, read whole. */
export interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly bytes: Buffer;
  readonly json: JsonObject;
}

export interface Rig {
  readonly emulator: Emulator;
  readonly clock: FakeClock;
  readonly events: readonly RequestEvent[];
  create(body?: object, options?: CallOptions): Promise<Answer>;
  query(id: string, options?: CallOptions): Promise<Answer>;
  get(url: string, options?: CallOptions): Promise<Answer>;
  send(
    method: 'GET' | 'POST' | 'HEAD',
    url: string,
    body: string | null,
    options?: CallOptions,
  ): Promise<Answer>;
}

export interface CallOptions {
  readonly headers?: Record<string, string>;
  readonly signal?: AbortSignal;
}

export type RigOptions = Partial<Omit<EmulatorOptions, 'fail' | 'clock'>> & {
  readonly fail?: string;
  /** Of the client, at the most. */
  readonly connections?: number;
};

/** The shortest body that the API takes. */
export const shot = { model: 'videos', prompt: 'rain on glass', duration: 5 };

/** An emulator on a fake clock, and a client that retries nothing; both end with the test. */
export async function startRig({ fail = '', connections = 64, ...options }: RigOptions = {}): Promise<Rig> {
  const clock = new FakeClock();
  const events: RequestEvent[] = [];
  const emulator = await startEmulator({
    catalog: shippedCatalog,
    key,
    seed: 7,
    taskMs: { minMs: 10_000, maxMs: 10_000 },
    ...options,
    fail: parseFailures(fail),
    clock,
    onRequest: (event) => events.push(event),
  });
  const agent = new Agent({ connections, pipelining: 1 });
  onTestFinished(async () => {
    await agent.destroy();
    await emulator.close();
  });

  const authorized = { authorization: `Bearer ${key}`, 'content-type': 'application/json' };
  const send: Rig['send'] = async (method, url, body, { headers, signal } = {}) => {
    const answer = await request(url, {
      method,
      body,
      dispatcher: agent,
      ...(headers === undefined ? {} : { headers }),
      ...(signal === undefined ? {} : { signal }),
    });
    const bytes = Buffer.from(await answer.body.arrayBuffer());
    return {
      status: answer.statusCode,
      headers: answer.headers,
      bytes,
      get json() {
        return JSON.parse(bytes.toString()) as JsonObject;
      },
    };
  };
  return {
    emulator,
    clock,
    events,
    send,
    create: (body = shot, call = {}) =>
      send('POST', `${emulator.baseUrl}/v1/videos/videos`, JSON.stringify(body), {
        ...call,
        headers: { ...authorized, ...call.headers },
      }),
    query: (id, call = {}) =>
      send('GET', `${emulator.baseUrl}/v1/result/${encodeURIComponent(id)}`, null, {
        ...call,
        headers: { ...authorized, ...call.headers },
      }),
    get: (url, call) => send('GET', url, null, call),
  };
}

/** Resolves once the condition holds: for what happens on the far side of a socket. */
export async function until(condition: () => boolean): Promise<void> {
  while (!condition()) await new Promise((resolve) => setImmediate(resolve));
}
