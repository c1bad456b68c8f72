import { isIP, type LookupFunction } from 'node:net';
import type { buildConnector, Dispatcher } from 'undici';
import { version } from '../core/version.ts';
import { proxyFailureOf } from './failure.ts';
import { guardedLookup, refusalOf, refuseBehindProxy, refuseHost, withoutBrackets } from './guard.ts';

export interface NetworkOptions {
  /** Lifts the address guard: loopback, private and link-local addresses are connected to. */
  readonly allowPrivate: boolean;
  /** The proxy for a target, or null; undefined for none at all. */
  readonly proxyFor: ((target: URL) => URL | null) | undefined;
  readonly lookup: LookupFunction;
  readonly connectionsPerHost: number;
  readonly connectTimeoutMs: number;
  /** Time that a server may stay silent, before its answer and in the midst of it. In milliseconds. */
  readonly silenceTimeoutMs: number;
}

/** HTTP to strangers' servers: one GET at a time, no redirects, no credentials, no cookies, only public addresses. */
export interface Network {
  /** @throws ProbeFailure for an address that is refused; the HTTP client's errors. */
  get(
    url: URL,
    headers: Readonly<Record<string, string>>,
    signal: AbortSignal,
  ): Promise<Dispatcher.ResponseData>;
  /** True where the guard sees the address that a URL's connection goes to. */
  checksAddress(url: URL): boolean;
  close(): Promise<void>;
}

export async function openNetwork(options: NetworkOptions): Promise<Network> {
  const undici = await import('undici');
  const common = {
    connections: options.connectionsPerHost,
    pipelining: 1,
    headersTimeout: options.silenceTimeoutMs,
    bodyTimeout: options.silenceTimeoutMs,
  };
  const direct = new undici.Agent({ ...common, connect: connector(undici.buildConnector, options) });
  const proxies = new Map<string, Dispatcher>();
  const throughProxy = (proxy: URL): Dispatcher => {
    const known = proxies.get(proxy.href);
    if (known !== undefined) return known;
    const timeout = { timeout: options.connectTimeoutMs };
    const agent = new undici.ProxyAgent({
      ...common,
      uri: proxy.href,
      // Plain http needs no tunnel, and many proxies refuse one to port 80.
      proxyTunnel: false,
      requestTls: timeout,
      proxyTls: timeout,
    });
    proxies.set(proxy.href, agent);
    return agent;
  };

  return {
    get: async (url, headers, signal) => {
      const proxy = options.proxyFor?.(url) ?? null;
      if (!options.allowPrivate) {
        refuseHost(url);
        if (proxy !== null) await refuseBehindProxy(url, options.lookup);
      }
      const dispatcher = proxy === null ? direct : throughProxy(proxy);
      const request = dispatcher.request({
        origin: url.origin,
        path: `${url.pathname}${url.search}`,
        method: 'GET',
        headers: { 'user-agent': `shotlist/${version} (media preflight)`, ...headers },
        signal,
      });
      const response = await request.catch((error: unknown) => {
        throw (proxy === null ? undefined : proxyFailureOf(error)) ?? error;
      });
      // A body that is cut off on purpose reports that as an error, also to nobody.
      response.body.on('error', () => undefined);
      return response;
    },
    checksAddress: (url) => !options.allowPrivate && (options.proxyFor?.(url) ?? null) === null,
    close: async () => {
      await Promise.all([direct, ...proxies.values()].map((dispatcher) => dispatcher.destroy()));
    },
  };
}

/**
 * Opens sockets to public addresses only. Addresses written out never reach the lookup, so they are looked at here; what a
 * socket is really connected to is looked at once more before anything is sent.
 */
function connector(
  build: typeof buildConnector,
  { allowPrivate, lookup, connectTimeoutMs }: NetworkOptions,
): buildConnector.connector {
  if (allowPrivate) return build({ timeout: connectTimeoutMs, lookup });
  const connect = build({ timeout: connectTimeoutMs, lookup: guardedLookup(lookup) });
  return (target, callback) => {
    const hostname = withoutBrackets(target.hostname);
    const refusal = isIP(hostname) === 0 ? null : refusalOf(hostname, hostname);
    if (refusal !== null) return callback(refusal, null);
    connect({ ...target, hostname }, (error, socket) => {
      if (error) return callback(error, null);
      const late = refusalOf(socket.remoteAddress ?? '', hostname);
      if (late === null) return callback(null, socket);
      socket.destroy();
      callback(late, null);
    });
  };
}
