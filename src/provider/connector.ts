import http from 'node:http';
import net from 'node:net';
import tls from 'node:tls';
import type { buildConnector } from 'undici';
import { proxyAuthorization } from './proxy.ts';

export interface ConnectorOptions {
  /** For everything from the name look-up to the end of the TLS handshake, the proxy's tunnel included. */
  readonly timeoutMs: number;
  /** The proxy that https targets are reached through; null for none. */
  readonly proxy: URL | null;
  /** PEM certificates to trust instead of the built-in ones. */
  readonly ca?: string | undefined;
}

/** No connection came to be, so nothing of any request was written. */
export class ConnectError extends Error {
  /** `connectTimeout`, `proxyRefused`, or what the system calls it: `ECONNREFUSED`, `CERT_HAS_EXPIRED`. */
  readonly reason: string;

  constructor(reason: string, message: string, cause?: unknown) {
    super(message, { cause });
    this.name = 'ConnectError';
    this.reason = reason;
  }
}

/**
 * Opens connections for undici: TCP, the tunnel through a proxy where there is one, and TLS. It replaces undici's own
 * because that one, and `ProxyAgent`, retry some failures for ever by their code (`UND_ERR_SOCKET`), leave a client
 * unusable after others, and give a proxy's tunnel no time limit. All failures are a `ConnectError` here, which undici
 * hands straight to the request that waits.
 */
export function createConnector(options: ConnectorOptions): Connector {
  const dialer = new Dialer(options);
  return {
    connect: (target, callback) => {
      dialer.open(target).then(
        (socket) => callback(null, socket),
        (error: ConnectError) => callback(error, null),
      );
    },
    abandon: () => dialer.abandon(),
  };
}

export interface Connector {
  /** For undici's `connect` option. */
  readonly connect: buildConnector.connector;
  /** Gives up every connection that is still being made, so that none of them keeps the process alive. */
  abandon(): void;
}

/** Node.js leaves the first of several addresses after 250 ms, less than a round trip to the other side of the earth. */
const nextAddressAfterMs = 1000;

class Dialer {
  readonly #options: ConnectorOptions;
  /** Sockets of connections that are still being made. */
  readonly #unfinished = new Set<net.Socket[]>();
  /** The latest TLS session, which saves the next handshake half of its work. */
  #session: Buffer | undefined;

  constructor(options: ConnectorOptions) {
    this.#options = options;
  }

  async open(target: buildConnector.Options): Promise<net.Socket> {
    const sockets: net.Socket[] = [];
    this.#unfinished.add(sockets);
    let timedOut = false;
    const timer = setTimeout(() => {
      timedOut = true;
      destroyAll(sockets);
    }, this.#options.timeoutMs);
    const opened = (socket: net.Socket): net.Socket => {
      sockets.push(socket);
      // Whoever waits hears of errors by listeners of their own; this one keeps those between two waits from being fatal.
      socket.on('error', () => {});
      return socket;
    };

    try {
      const socket = await this.#open(target, opened);
      if (timedOut || socket.destroyed || socket.errored) throw socket.errored ?? new Error('closed');
      return socket;
    } catch (error) {
      destroyAll(sockets);
      throw this.#explain(target, timedOut ? new ConnectError('connectTimeout', '') : error);
    } finally {
      clearTimeout(timer);
      this.#unfinished.delete(sockets);
    }
  }

  abandon(): void {
    for (const sockets of this.#unfinished) destroyAll(sockets);
  }

  async #open(
    target: buildConnector.Options,
    opened: (socket: net.Socket) => net.Socket,
  ): Promise<net.Socket> {
    const { proxy } = this.#options;
    const secure = target.protocol === 'https:';
    if (proxy === null || !secure) {
      const socket = opened(tcp(target.hostname, Number(target.port) || (secure ? 443 : 80)));
      await event(socket, 'connect');
      return secure ? this.#secure(socket, target, opened) : socket;
    }

    const secureProxy = proxy.protocol === 'https:';
    const proxyHost = proxy.hostname.replace(/^\[(.*)\]$/, '$1');
    let socket = opened(tcp(proxyHost, Number(proxy.port) || (secureProxy ? 443 : 80)));
    await event(socket, 'connect');
    if (secureProxy) {
      socket = opened(tls.connect({ socket, ...this.#trust(), ...serverName(proxyHost) }));
      await event(socket, 'secureConnect');
    }
    await tunnel(socket, proxy, `${bracketed(target.hostname)}:${target.port || '443'}`);
    return this.#secure(socket, target, opened);
  }

  async #secure(
    socket: net.Socket,
    target: buildConnector.Options,
    opened: (socket: net.Socket) => net.Socket,
  ): Promise<net.Socket> {
    const secure = tls.connect({
      socket,
      ...this.#trust(),
      ...serverName(target.hostname),
      ALPNProtocols: ['http/1.1'],
      ...(this.#session === undefined ? {} : { session: this.#session }),
    });
    secure.on('session', (session) => {
      this.#session = session;
    });
    await event(opened(secure), 'secureConnect');
    return secure;
  }

  #trust(): { readonly ca?: string } {
    return this.#options.ca === undefined ? {} : { ca: this.#options.ca };
  }

  /** Says to people what could not be reached and why. */
  #explain(target: buildConnector.Options, error: unknown): ConnectError {
    const { proxy, timeoutMs } = this.#options;
    const through = proxy === null || target.protocol !== 'https:' ? '' : ` through the proxy ${proxy.host}`;
    const to = `${target.host ?? target.hostname}${through}`;
    if (error instanceof ConnectError && error.reason === 'connectTimeout') {
      return new ConnectError(error.reason, `no connection to ${to} within ${timeoutMs / 1000} s`);
    }
    if (error instanceof ConnectError) {
      return new ConnectError(error.reason, `no connection to ${to}: ${error.message}`, error);
    }
    const { code = 'closed', message = '' } = error as NodeJS.ErrnoException;
    return new ConnectError(code, `no connection to ${to}: ${inWords(code) ?? message} (${code})`, error);
  }
}

function destroyAll(sockets: readonly net.Socket[]): void {
  for (const socket of sockets) socket.destroy();
}

function tcp(host: string, port: number): net.Socket {
  // Names below localhost are this machine by RFC 6761; a resolver that says otherwise must not get the key.
  const name = host.endsWith('.localhost') ? 'localhost' : host;
  return net.connect({
    host: name,
    port,
    noDelay: true,
    keepAlive: true,
    autoSelectFamily: true,
    autoSelectFamilyAttemptTimeout: nextAddressAfterMs,
  });
}

/** Resolves at the socket's event; rejects when it fails or closes first. */
function event(socket: net.Socket, name: 'connect' | 'secureConnect'): Promise<void> {
  return new Promise((resolve, reject) => {
    socket.once(name, () => resolve());
    socket.once('error', reject);
    socket.once('close', () => reject(new Error('the other side closed the connection')));
  });
}

/** Asks the proxy for a tunnel; afterwards the socket carries bytes to and from the target. */
function tunnel(socket: net.Socket, proxy: URL, authority: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const authorization = proxyAuthorization(proxy);
    const request = http.request({
      method: 'CONNECT',
      path: authority,
      headers: {
        host: authority,
        ...(authorization === undefined ? {} : { 'proxy-authorization': authorization }),
      },
      createConnection: () => socket,
    });
    request.once('connect', (response) => {
      const status = response.statusCode ?? 0;
      if (status < 200 || status >= 300) {
        const why = status === 407 ? 'wants a user name and password, or refuses those given' : 'refuses';
        reject(new ConnectError('proxyRefused', `the proxy ${why} (HTTP ${status})`));
        return;
      }
      // Nothing else can have come yet: in TLS the other side does not speak first.
      resolve();
    });
    request.on('error', reject);
    request.end();
  });
}

/** The name for SNI and the certificate; an address is none, and is checked against the certificate as a host. */
function serverName(host: string): { readonly servername?: string; readonly host?: string } {
  return net.isIP(host) === 0 ? { servername: host } : { host };
}

function bracketed(host: string): string {
  return net.isIPv6(host) ? `[${host}]` : host;
}

function inWords(code: string): string | undefined {
  switch (code) {
    case 'ENOTFOUND':
    case 'EAI_AGAIN':
      return 'the name was not found';
    case 'ECONNREFUSED':
      return 'nothing listens there';
    case 'ECONNRESET':
    case 'EPIPE':
    case 'closed':
      return 'the other side closed it before it was ready';
    case 'ETIMEDOUT':
      return 'no reply';
    case 'EHOSTUNREACH':
    case 'ENETUNREACH':
      return 'there is no way there from this network';
    case 'SELF_SIGNED_CERT_IN_CHAIN':
    case 'DEPTH_ZERO_SELF_SIGNED_CERT':
    case 'UNABLE_TO_VERIFY_LEAF_SIGNATURE':
    case 'UNABLE_TO_GET_ISSUER_CERT_LOCALLY':
      return 'its certificate is not trusted here; NODE_EXTRA_CA_CERTS can name a file of further authorities';
    case 'CERT_HAS_EXPIRED':
      return 'its certificate has expired';
    case 'ERR_TLS_CERT_ALTNAME_INVALID':
      return 'its certificate is for another name';
    default:
      return code.startsWith('ERR_SSL_') ? 'the TLS handshake failed' : undefined;
  }
}
