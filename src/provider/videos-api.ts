import type { IncomingHttpHeaders } from 'node:http';
import { brotliDecompressSync, gunzipSync, inflateSync } from 'node:zlib';
import type { Pool } from 'undici';
import { type Catalog, defaultQueryPath, type Model } from '../catalog/catalog.ts';
import type { JsonObject } from '../core/canonical-json.ts';
import { type Clock, systemClock } from '../core/clock.ts';
import { SetupError, systemCode } from '../core/errors.ts';
import { type Redact, redactor } from '../core/redact.ts';
import { version } from '../core/version.ts';
import {
  type Answer,
  type AnswerContext,
  proxyRefusal,
  readCreateAnswer,
  readQueryAnswer,
} from './answers.ts';
import { basePath, parseBaseUrl, providerScope } from './base-url.ts';
import { ConnectError, createConnector } from './connector.ts';
import { CancelledError, type Exchange, exchange, LapsedError, largestAnswer } from './exchange.ts';
import type { CreateOptions, CreateOutcome, Provider, QueryOptions, QueryOutcome } from './provider.ts';
import { chooseProxy, type ProxySettings, proxySecrets } from './proxy.ts';
import { spokenText } from './spoken-text.ts';

export interface VideosApiOptions {
  readonly baseUrl: string;
  readonly apiKey: string;
  /** The catalog, for the paths of each model. */
  readonly catalog: Catalog;
  /** Connections at the most, which is also how many calls can be under way at once; further ones wait. 4 by default. */
  readonly connections?: number | undefined;
  /** From the first byte of a request to the last of its answer, in milliseconds; 120 s if left out. */
  readonly answerTimeoutMs?: number | undefined;
  /** For the name look-up, TCP, the proxy's tunnel and TLS together, in milliseconds; 10 s if left out. */
  readonly connectTimeoutMs?: number | undefined;
  readonly proxy?: ProxySettings | undefined;
  /** PEM certificates to trust instead of those of Node.js, which reads NODE_EXTRA_CA_CERTS by itself. */
  readonly ca?: string | undefined;
  /** Name and version of the program; shotlist's own if left out. */
  readonly userAgent?: string | undefined;
  /** Hears of every answer's HTTP status and headers, before what it means is known. */
  readonly onAnswer?: ((status: number, headers: IncomingHttpHeaders) => void) | undefined;
  /** The system's by default. */
  readonly clock?: Clock | undefined;
}

const defaultConnections = 4;

/** A timer that is asked for more, in milliseconds, fires at once: every request would be in doubt. */
const longestTimer = 2 ** 31 - 1;

/**
 * The provider's Videos API over HTTP. undici is loaded here and nowhere else, so that commands that send nothing start
 * fast.
 *
 * @throws SetupError for a base URL, proxy or key that cannot be used.
 */
export async function createVideosApi(options: VideosApiOptions): Promise<Provider> {
  const baseUrl = parseBaseUrl(options.baseUrl);
  const proxy = chooseProxy(baseUrl, options.proxy ?? {});
  if (!/^[\x21-\x7e]+$/.test(options.apiKey)) {
    throw new SetupError('the API key is empty or holds characters that no key has', {
      help: 'check SHOTLIST_API_KEY: printable ASCII without spaces',
    });
  }
  const { Pool: PoolOfUndici } = await import('undici');
  const connector = createConnector({
    timeoutMs: Math.min(options.connectTimeoutMs ?? 10_000, longestTimer),
    proxy,
    ca: options.ca,
  });
  const pool = new PoolOfUndici(baseUrl.origin, {
    connections: options.connections ?? defaultConnections,
    // One request on a connection at a time: what follows a lost one must not be lost with it.
    pipelining: 1,
    allowH2: false,
    // A connection that idled is soon closed by the other side, unseen; a request on it would be in doubt. The second
    // value is the cap on what a server's Keep-Alive header may ask for.
    keepAliveTimeout: 1000,
    keepAliveMaxTimeout: 1000,
    connect: connector.connect,
  });
  const disconnect = async (): Promise<void> => {
    connector.abandon();
    await pool.destroy();
  };
  return new VideosApi(options, baseUrl, {
    pool,
    disconnect,
    redact: redactor([options.apiKey, ...proxySecrets(proxy)]),
  });
}

interface Transport {
  readonly pool: Pool;
  /** Closes every connection, finished or not. */
  readonly disconnect: () => Promise<void>;
  readonly redact: Redact;
}

class VideosApi implements Provider {
  readonly scope: string;
  readonly #catalog: Catalog;
  readonly #baseUrl: URL;
  readonly #path: string;
  readonly #pool: Pool;
  readonly #disconnect: () => Promise<void>;
  readonly #redact: Redact;
  readonly #clock: Clock;
  readonly #answerTimeoutMs: number;
  readonly #queryHeaders: string[];
  readonly #createHeaders: string[];
  readonly #onAnswer: VideosApiOptions['onAnswer'];
  #underWay = 0;
  #closed = false;

  constructor(options: VideosApiOptions, baseUrl: URL, transport: Transport) {
    this.scope = providerScope(baseUrl);
    this.#catalog = options.catalog;
    this.#baseUrl = baseUrl;
    this.#path = basePath(baseUrl);
    this.#pool = transport.pool;
    this.#disconnect = transport.disconnect;
    this.#redact = transport.redact;
    this.#clock = options.clock ?? systemClock;
    this.#onAnswer = options.onAnswer;
    this.#answerTimeoutMs = Math.min(options.answerTimeoutMs ?? 120_000, longestTimer);
    this.#queryHeaders = [
      ...['authorization', `Bearer ${options.apiKey}`],
      ...['accept', 'application/json'],
      ...['user-agent', options.userAgent ?? `shotlist/${version}`],
    ];
    this.#createHeaders = [...this.#queryHeaders, 'content-type', 'application/json'];
  }

  async create(
    body: JsonObject & { readonly model: string },
    options: CreateOptions = {},
  ): Promise<CreateOutcome> {
    const model = this.#catalog.get(body.model);
    if (model === undefined) {
      return {
        kind: 'stop',
        code: 'unknownModel',
        error: `the model catalog has no ${spokenText(body.model, this.#redact)}`,
        help: 'run `shotlist models` for those it has; the manifest can name a file of further ones under `models:`',
      };
    }
    const result = await this.#exchange({
      method: 'POST',
      path: `${this.#path}${model.createPath}`,
      headers: this.#createHeaders,
      body: JSON.stringify(body),
      signal: options.signal,
      mayBegin: options.mayBegin,
    });
    switch (result.kind) {
      case 'answered':
        return readCreateAnswer(answerOf(result), this.#context(model));
      case 'unsent':
        return this.#unsent(result.error, (code, error) => ({ kind: 'notSent', code, error }));
      case 'lost':
        return { kind: 'inDoubt', code: result.code, error: this.#lost(result) + this.#received(result) };
    }
  }

  async query(taskId: string, options: QueryOptions = {}): Promise<QueryOutcome> {
    const model = options.model === undefined ? undefined : this.#catalog.get(options.model);
    const result = await this.#exchange({
      method: 'GET',
      path: `${this.#path}${model?.queryPath ?? defaultQueryPath}/${encodeURIComponent(taskId.replace(/\p{Surrogate}/gu, '\uFFFD'))}`,
      headers: this.#queryHeaders,
      body: null,
      signal: options.signal,
    });
    const transient = (code: string, error: string): QueryOutcome => ({
      kind: 'transient',
      code,
      error,
      retryAfterMs: null,
    });
    switch (result.kind) {
      case 'answered':
        return readQueryAnswer(taskId, answerOf(result), this.#context(model));
      case 'unsent':
        return this.#unsent(result.error, transient);
      case 'lost':
        return transient(result.code, this.#lost(result));
    }
  }

  async close(): Promise<void> {
    this.#closed = true;
    if (this.#underWay === 0) await this.#disconnect();
  }

  async #exchange(call: {
    readonly method: 'GET' | 'POST';
    readonly path: string;
    readonly headers: string[];
    readonly body: string | null;
    readonly signal: AbortSignal | undefined;
    readonly mayBegin?: (() => boolean) | undefined;
  }): Promise<Exchange> {
    if (this.#closed) return { kind: 'unsent', error: new CancelledError('the client is closed') };
    this.#underWay += 1;
    const result = await exchange(this.#pool, { ...call, answerTimeoutMs: this.#answerTimeoutMs });
    this.#underWay -= 1;
    if (result.kind === 'answered') this.#onAnswer?.(result.status, result.headers);
    // Closed meanwhile: this was the last call that kept the connections open.
    if (this.#closed && this.#underWay === 0) void this.#disconnect();
    return result;
  }

  #context(model: Model | undefined): AnswerContext {
    const { statuses } = model ?? {};
    return { baseUrl: this.#baseUrl, redact: this.#redact, now: this.#clock.now(), statuses };
  }

  #unsent<Outcome>(
    error: Error,
    retriable: (code: string, error: string) => Outcome,
  ): Outcome | ReturnType<typeof proxyRefusal> {
    const words = spokenText(error.message, this.#redact);
    if (error instanceof CancelledError) return retriable('cancelled', words);
    if (error instanceof LapsedError) return retriable('claimLapsed', words);
    if (!(error instanceof ConnectError)) return retriable(systemCode(error) ?? 'notSent', words);
    return error.reason === 'proxyRefused' ? proxyRefusal(words) : retriable(error.reason, words);
  }

  #lost({ code, error }: Exchange & { readonly kind: 'lost' }): string {
    const words = spokenText(error.message, this.#redact);
    return code === 'connectionLost'
      ? `the connection was lost before the whole answer came (${words})`
      : words;
  }

  /** Shows the half of an answer that came: it may hold the id of what was paid for, and a person settles the doubt. */
  #received({ received }: Exchange & { readonly kind: 'lost' }): string {
    const words = spokenText(received.toString('utf8'), this.#redact);
    return words === '' ? '' : `; of the answer there came: ${words}`;
  }
}

function answerOf({ status, headers, body }: Exchange & { readonly kind: 'answered' }): Answer {
  return { status, headers, body: textOf(body, headers['content-encoding']) };
}

/** No coding is asked for, but some gateways compress anyway. A body that cannot be read counts as an empty one. */
function textOf(body: Buffer, coding: string | undefined): string {
  const limit = { maxOutputLength: largestAnswer };
  try {
    switch (coding?.trim().toLowerCase()) {
      case 'gzip':
      case 'x-gzip':
        return withoutBom(gunzipSync(body, limit));
      case 'deflate':
        return withoutBom(inflateSync(body, limit));
      case 'br':
        return withoutBom(brotliDecompressSync(body, limit));
      default:
        return withoutBom(body);
    }
  } catch {
    return '';
  }
}

function withoutBom(bytes: Buffer): string {
  return bytes.toString('utf8').replace(/^\uFEFF/, '');
}
