import { SetupError } from '../core/errors.ts';
import { localGatewayScope, rehearsalScope } from '../core/rehearsal.ts';

/** The base URL in the provider's documents. It ends in the service prefix. */
export const defaultBaseUrl = 'https://zcbservice.aizfw.cn/kyyReactApiServer';

const help = `a base URL looks like ${defaultBaseUrl}; set it with SHOTLIST_BASE_URL or --base-url, or leave both out to use the provider's own`;

/**
 * Reads a base URL: `https`, or `http` for a loopback address, without credentials, query or fragment. Slashes at the
 * end are dropped.
 *
 * @param from where the text came from, for messages.
 * @throws SetupError that says what is wrong. What was given is never repeated whole: it may hold a secret.
 */
export function parseBaseUrl(text: string, from = 'the base URL'): URL {
  const wrong = (what: string): SetupError => new SetupError(`${from} ${what}`, { help });

  const trimmed = text.trim();
  if (trimmed === '') throw wrong('is empty');
  if (!/^[a-z][a-z0-9+.-]*:\/\//i.test(trimmed)) throw wrong('is not a URL: it does not start with https://');
  if (!URL.canParse(trimmed)) throw wrong('is not a URL');
  const url = new URL(trimmed);
  if (url.protocol !== 'https:' && url.protocol !== 'http:') {
    throw wrong(`starts with ${url.protocol}//, and only https:// will do`);
  }
  if (url.username !== '' || url.password !== '') {
    throw wrong('holds a user name or password; the key goes into SHOTLIST_API_KEY and nowhere else');
  }
  if (url.search !== '')
    throw wrong('has a query (the part from the question mark on), which does not belong there');
  if (url.hash !== '') throw wrong('has a fragment (the part from the # on), which does not belong there');
  if (url.protocol === 'http:' && !isLoopback(url)) {
    throw wrong(
      `is not encrypted: http://${url.host} would send the key in the clear; use https:// (http:// is for loopback addresses only)`,
    );
  }
  return new URL(`${url.origin}${url.pathname.replace(/\/+$/, '')}`);
}

/**
 * The scope under which the ledger files a provider's requests: the origin, or one word for every loopback origin. A
 * dot at the end of the host's name makes it no other host.
 *
 * @param isReal what listens at a loopback address is a gateway that pays.
 */
export function providerScope(baseUrl: URL, isReal = false): string {
  if (isLoopback(baseUrl)) return isReal ? localGatewayScope : rehearsalScope;
  return baseUrl.origin.replace(/\.(?=:\d+$|$)/, '');
}

/** True for 127.0.0.0/8, ::1, localhost and every name below localhost. */
export function isLoopback(url: URL): boolean {
  const host = url.hostname.replace(/\.$/, '');
  return (
    host === 'localhost' || host.endsWith('.localhost') || host === '[::1]' || /^127(\.\d+){3}$/.test(host)
  );
}

/** The path below which the API's own paths go: no slash at the end, empty for the root. */
export function basePath(baseUrl: URL): string {
  return baseUrl.pathname.replace(/\/+$/, '');
}

/**
 * The base URL that was probably meant, for a gateway that knows no such path: a doubled prefix written once, an API
 * path cut off, a missing prefix added. Null where nothing is better than what was given.
 */
export function likelyBaseUrl(baseUrl: URL): string | null {
  const documented = new URL(defaultBaseUrl);
  const given = `${baseUrl.origin}${basePath(baseUrl)}`;
  if (baseUrl.host === documented.host) return given === defaultBaseUrl ? null : defaultBaseUrl;

  const segments = basePath(baseUrl).split('/').filter(Boolean);
  const apiPath = segments.findIndex((segment) => /^v\d+$/.test(segment));
  const kept = (apiPath === -1 ? segments : segments.slice(0, apiPath)).filter(
    (segment, index, all) => segment !== all[index - 1],
  );
  const path = kept.length === 0 ? basePath(documented) : `/${kept.join('/')}`;
  const likely = `${baseUrl.origin}${path}`;
  return likely === given ? null : likely;
}
