import { createHash } from 'node:crypto';
import { open } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import type { AwsV4Signer } from 'aws4fetch';
import type { Dispatcher } from 'undici';
import type { Clock, Random } from '../core/clock.ts';
import { version } from '../core/version.ts';
import { objectUrl, type Store } from '../manifest/store-settings.ts';
import { failureOfAnswer, failureOfConnection, StoreFailure } from './store-failure.ts';

/** The keys of a store. */
export interface StoreKeys {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken: string | undefined;
}

export interface StoreServiceOptions {
  readonly store: Store;
  readonly keys: StoreKeys;
  readonly clock: Clock;
  readonly random: Random;
  /** Objects that are under way at the same time. */
  readonly connections: number;
  /** The proxy for a target; null for none. */
  readonly proxyFor: (target: URL) => URL | null;
  /** Number of times that a passing failure is tried again; 4 by default. */
  readonly retries?: number | undefined;
}

/** The store's word on an object. `unknown` where the keys may not ask. */
export type ObjectState = 'whole' | 'missing' | 'damaged' | 'unknown';

/** An object as it should be. */
export interface ObjectSpec {
  /** `<sha256>.<extension>`. */
  readonly name: string;
  /** Of its content, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  readonly contentType: string;
}

const chunkBytes = 256 * 1024;
const silenceMs = 60_000;
const backOffMs = 500;

/** Makes a client; the libraries under it are loaded with the first one. */
export async function openStoreService(options: StoreServiceOptions): Promise<StoreService> {
  const [{ AwsV4Signer: Signer }, undici] = await Promise.all([import('aws4fetch'), import('undici')]);
  const proxy = options.proxyFor(new URL(objectUrl(options.store, '')));
  const common = {
    connections: options.connections,
    pipelining: 1,
    headersTimeout: silenceMs,
    bodyTimeout: silenceMs,
  };
  const dispatcher =
    proxy === null
      ? new undici.Agent(common)
      : new undici.ProxyAgent({ ...common, uri: proxy.href, proxyTunnel: false });
  return new StoreService(options, Signer, dispatcher);
}

/** One bucket of an S3-compatible service: asks for objects, puts them, signs their addresses. */
export class StoreService {
  readonly #options: StoreServiceOptions;
  readonly #signer: typeof AwsV4Signer;
  readonly #dispatcher: Dispatcher;
  /** Keys that were derived from the secret, so that a signature costs one hash and not five. */
  readonly #derived = new Map<string, ArrayBuffer>();
  readonly #host: string;

  /** Made by `openStoreService`. */
  constructor(options: StoreServiceOptions, signer: typeof AwsV4Signer, dispatcher: Dispatcher) {
    this.#options = options;
    this.#signer = signer;
    this.#dispatcher = dispatcher;
    this.#host = new URL(objectUrl(options.store, '')).host;
  }

  /**
   * Whether an object is there as a whole.
   *
   * @throws StoreFailure where the store cannot be asked.
   */
  async look({ name, sha256, bytes }: ObjectSpec): Promise<ObjectState> {
    const headers = { 'x-amz-checksum-mode': 'ENABLED' };
    const answer = await this.#retried(() => this.#call('HEAD', name, headers));
    if (answer.status === 404) return 'missing';
    // Without the right to list, a store does not tell what is missing from what is forbidden.
    if (answer.status === 403) return 'unknown';
    if (answer.status !== 200) throw this.#failure(answer);
    const length = Number(answer.headers['content-length']);
    const checksum = answer.headers['x-amz-checksum-sha256'];
    const isOther = checksum !== undefined && checksum !== base64(sha256) && !`${checksum}`.includes('-');
    return length === bytes && !isOther ? 'whole' : 'damaged';
  }

  /**
   * Puts a file, streamed, and makes sure that the store has it as a whole. A file whose content is another one by now is
   * not put: the store never gets the last bytes.
   *
   * @param realPath absolute.
   * @param onBytes told of bytes as they go out; negative where a try came to nothing.
   * @throws StoreFailure, also for a file that has changed.
   */
  async put(spec: ObjectSpec, realPath: string, onBytes: (bytes: number) => void): Promise<void> {
    const headers = {
      'content-length': `${spec.bytes}`,
      'content-type': spec.contentType,
      // The store compares it with what it got, and keeps nothing else.
      'x-amz-content-sha256': spec.sha256,
      'x-amz-checksum-sha256': base64(spec.sha256),
      'cache-control': 'public, max-age=31536000, immutable',
    };
    const md5 = await this.#retried(async () => {
      let sent = 0;
      const digest = createHash('md5');
      const body = fileChunks(spec, realPath, (chunk) => {
        digest.update(chunk);
        sent += chunk.length;
        onBytes(chunk.length);
      });
      try {
        const answer = await this.#call('PUT', spec.name, headers, body);
        if (answer.status !== 200) throw this.#failure(answer);
        return { md5: digest.digest('hex'), etag: `${answer.headers['etag'] ?? ''}`.replaceAll('"', '') };
      } catch (error) {
        onBytes(-sent);
        throw error;
      }
    });
    const state = await this.look(spec);
    if (state === 'whole' || (state === 'unknown' && md5.etag === md5.md5)) return;
    throw new StoreFailure(
      `${this.#host} does not have ${spec.name} as it was sent`,
      'try again; if it stays so, the store alters what it keeps',
      'damaged',
      false,
    );
  }

  /** The status of a read by anybody, without keys. */
  async readAsAnybody(url: string): Promise<number> {
    const target = new URL(url);
    const proxy = this.#options.proxyFor(target);
    const { Agent, ProxyAgent } = await import('undici');
    const agent = proxy === null ? new Agent() : new ProxyAgent({ uri: proxy.href, proxyTunnel: false });
    try {
      const { statusCode, body } = await agent.request({
        origin: target.origin,
        path: `${target.pathname}${target.search}`,
        method: 'GET',
        headers: { 'user-agent': userAgent, range: 'bytes=0-1023' },
        headersTimeout: silenceMs,
      });
      await body.dump();
      return statusCode;
    } catch (error) {
      throw failureOfConnection(error, target.host);
    } finally {
      await agent.destroy();
    }
  }

  /** @throws StoreFailure */
  async remove(name: string): Promise<void> {
    const answer = await this.#retried(() => this.#call('DELETE', name, {}));
    if (answer.status !== 204 && answer.status !== 200 && answer.status !== 404) throw this.#failure(answer);
  }

  /** An address that anyone can read the object at, for as long as the store says. */
  async presign(name: string): Promise<string> {
    const { store, keys } = this.#options;
    const url = new URL(objectUrl(store, name));
    url.searchParams.set('X-Amz-Expires', `${store.expires}`);
    const signed = await new this.#signer({
      ...this.#signing(url.href, keys),
      method: 'GET',
      signQuery: true,
    }).sign();
    return signed.url.href;
  }

  async close(): Promise<void> {
    await this.#dispatcher.destroy();
  }

  #signing(url: string, { accessKeyId, secretAccessKey, sessionToken }: StoreKeys) {
    return {
      ...{ url, accessKeyId, secretAccessKey },
      ...(sessionToken === undefined ? {} : { sessionToken }),
      service: 's3',
      region: this.#options.store.region,
      cache: this.#derived,
      datetime: new Date(this.#options.clock.now()).toISOString().replace(/[:-]|\.\d{3}/g, ''),
    };
  }

  async #call(
    method: 'HEAD' | 'PUT' | 'DELETE',
    name: string,
    headers: Readonly<Record<string, string>>,
    body?: AsyncIterable<Buffer>,
  ): Promise<Answer> {
    const { store, keys } = this.#options;
    const signing = { ...this.#signing(objectUrl(store, name), keys), method, headers };
    const signed = await new this.#signer(signing).sign();
    try {
      const answer = await this.#dispatcher.request({
        origin: signed.url.origin,
        path: signed.url.pathname,
        method,
        headers: { ...Object.fromEntries(signed.headers), 'user-agent': userAgent },
        ...(body === undefined ? {} : { body: body as unknown as Readable }),
      });
      const text = method === 'HEAD' ? '' : await answer.body.text();
      if (method === 'HEAD') await answer.body.dump();
      return { status: answer.statusCode, headers: answer.headers, body: text.slice(0, 16_384) };
    } catch (error) {
      throw failureOfConnection(error, this.#host);
    }
  }

  /** An object of one content can be put any number of times: whatever fails for a moment is tried again. */
  async #retried<T>(work: () => Promise<T>): Promise<T> {
    const { clock, random, retries = 4 } = this.#options;
    for (let tried = 0; ; tried += 1) {
      try {
        const result = await work();
        if (!isBusy(result) || tried >= retries) return result;
      } catch (error) {
        if (!(error instanceof StoreFailure) || !error.isTransient || tried >= retries) throw error;
      }
      await clock.sleep(backOffMs * 2 ** tried * (0.5 + random()));
    }
  }

  #failure({ status, body, headers }: Answer): StoreFailure {
    const region = headers['x-amz-bucket-region'];
    const { bucket } = this.#options.store;
    return failureOfAnswer(this.#host, bucket, status, body, region === undefined ? undefined : `${region}`);
  }
}

const userAgent = `shotlist/${version} (store)`;

interface Answer {
  readonly status: number;
  readonly headers: Dispatcher.ResponseData['headers'];
  readonly body: string;
}

function isBusy(answer: unknown): boolean {
  const { status } = (answer ?? {}) as Partial<Answer>;
  return typeof status === 'number' && (status >= 500 || status === 429);
}

/** The bytes of a file, the last of them only once all are what they should be. */
async function* fileChunks(
  { sha256, bytes }: ObjectSpec,
  realPath: string,
  onChunk: (chunk: Buffer) => void,
): AsyncGenerator<Buffer> {
  const handle = await open(realPath, 'r');
  try {
    const hash = createHash('sha256');
    let held: Buffer | undefined;
    let from = 0;
    for (;;) {
      const { buffer, bytesRead } = await handle.read(Buffer.allocUnsafe(chunkBytes), 0, chunkBytes, from);
      if (bytesRead === 0) break;
      const chunk = buffer.subarray(0, bytesRead);
      from += bytesRead;
      hash.update(chunk);
      if (held !== undefined) {
        onChunk(held);
        yield held;
      }
      held = chunk;
    }
    if (from !== bytes || hash.digest('hex') !== sha256) {
      throw new StoreFailure('it has changed since it was looked at', 'plan again', 'changed', false);
    }
    if (held === undefined) return;
    onChunk(held);
    yield held;
  } finally {
    await handle.close();
  }
}

function base64(hex: string): string {
  return Buffer.from(hex, 'hex').toString('base64');
}
