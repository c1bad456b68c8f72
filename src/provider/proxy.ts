import { BlockList, isIP } from 'node:net';
import { SetupError } from '../core/errors.ts';
import { isLoopback } from './base-url.ts';

/** The values of the proxy variables, as they are in the environment. */
export interface ProxySettings {
  /** HTTP_PROXY: also used for https where there is no HTTPS_PROXY. */
  readonly http?: string | undefined;
  /** HTTPS_PROXY */
  readonly https?: string | undefined;
  /** ALL_PROXY: for whatever the other two say nothing of. */
  readonly all?: string | undefined;
  /**
   * NO_PROXY: hosts, `.suffixes`, `host:port` and, for hosts that are written as addresses, ranges such as `10.0.0.0/8`,
   * separated by commas or spaces; `*` for every host.
   */
  readonly no?: string | undefined;
}

/**
 * The proxy through which `target` is reached, or null for none. Loopback targets never go through one: a proxy could
 * not reach them, and a rehearsal must not leave the machine.
 *
 * @throws SetupError where the proxy's own URL is unusable.
 */
export function chooseProxy(target: URL, settings: ProxySettings): URL | null {
  if (isLoopback(target) || excluded(target, settings.no ?? '')) return null;
  if (target.protocol === 'https:' && settings.https) return parseProxy(settings.https, 'HTTPS_PROXY');
  if (settings.http) return parseProxy(settings.http, 'HTTP_PROXY');
  return settings.all ? parseProxy(settings.all, 'ALL_PROXY') : null;
}

/** Every text that must not be shown of a proxy's URL. */
export function proxySecrets(proxy: URL | null): readonly string[] {
  if (proxy === null || proxy.password === '') return [];
  const { user, password } = proxyCredentials(proxy);
  return [password, proxy.password, `${user}:${password}`];
}

/** The value of the `Proxy-Authorization` header; undefined for a proxy without credentials. */
export function proxyAuthorization(proxy: URL): string | undefined {
  if (proxy.username === '') return undefined;
  const { user, password } = proxyCredentials(proxy);
  return `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}

function proxyCredentials(proxy: URL): { readonly user: string; readonly password: string } {
  return { user: percentDecoded(proxy.username), password: percentDecoded(proxy.password) };
}

/** A stray percent sign stands for itself: passwords are pasted by people. */
function percentDecoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

function parseProxy(text: string, variable: string): URL {
  const help = `${variable} looks like http://proxy.example.com:3128; NO_PROXY names the hosts that need none`;
  const spelled = text.includes('://') ? text : `http://${text}`;
  // The value is not repeated: it may hold a password.
  if (!URL.canParse(spelled)) throw new SetupError(`${variable} is not a URL`, { help });
  const proxy = new URL(spelled);
  if (proxy.protocol !== 'http:' && proxy.protocol !== 'https:') {
    throw new SetupError(
      `${variable} names a ${proxy.protocol}// proxy, and only http:// and https:// work`,
      {
        help,
      },
    );
  }
  return proxy;
}

function excluded(target: URL, noProxy: string): boolean {
  const host = withoutBrackets(target.hostname).replace(/\.$/, '');
  const port = target.port || (target.protocol === 'https:' ? '443' : '80');
  return noProxy
    .split(/[,\s]+/)
    .filter(Boolean)
    .some((entry) => {
      if (entry === '*') return true;
      if (entry.includes('/')) return isInRange(host, entry);
      const excludedHost = hostAndPort(entry.toLowerCase());
      const name = excludedHost.host.replace(/^\*?\./, '');
      if (excludedHost.port !== null && excludedHost.port !== port) return false;
      return host === name || host.endsWith(`.${name}`);
    });
}

/** True where a host that is written as an address is in a range such as `10.0.0.0/8` or `fd00::/8`. Names are not looked up. */
function isInRange(host: string, range: string): boolean {
  const [, network = '', bits = ''] = /^(.+)\/(\d{1,3})$/.exec(range) ?? [];
  const family = isIP(withoutBrackets(network));
  if (family === 0 || isIP(host) !== family || Number(bits) > (family === 4 ? 32 : 128)) return false;
  const type = family === 4 ? 'ipv4' : 'ipv6';
  const ranges = new BlockList();
  ranges.addSubnet(withoutBrackets(network), Number(bits), type);
  return ranges.check(host, type);
}

/** `host`, `host:port`, `[address]:port`; an IPv6 address without brackets has no port. */
function hostAndPort(entry: string): { readonly host: string; readonly port: string | null } {
  const [, host, port] = /^(\[.*\]|[^:]*):(\d+)$/.exec(entry) ?? [];
  return { host: withoutBrackets(host ?? entry), port: port ?? null };
}

function withoutBrackets(host: string): string {
  return host.replace(/^\[(.*)\]$/, '$1');
}
