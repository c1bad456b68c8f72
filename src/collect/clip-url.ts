import { isLoopback } from '../provider/base-url.ts';

/** A URL to load a clip from. */
export interface ClipUrl {
  readonly url: URL;
  /** The same with TLS, to be tried first; null where the URL has it, or is one of this machine. */
  readonly encrypted: URL | null;
}

/**
 * A URL to load from, or why it is none. The URL itself is never repeated: it can carry a key id.
 *
 * @param base what a relative URL is relative to: the one that redirects to it.
 * @param allowLoopback whether a plain http URL of this machine is followed.
 */
export function clipUrl(text: string, base: URL | undefined, allowLoopback: boolean): ClipUrl | string {
  if (!URL.canParse(text, base?.href)) return 'what the provider gave is no URL';
  const url = new URL(text, base);
  if (url.username !== '' || url.password !== '') return 'the URL holds a user name or password';
  if (url.protocol === 'https:') return { url, encrypted: null };
  const isOfThisMachine = isLoopback(url);
  if (url.protocol !== 'http:' || (isOfThisMachine && !allowLoopback) || isLinkLocal(url)) {
    return `the URL is not https (${url.protocol}//${url.host})`;
  }
  return { url, encrypted: isOfThisMachine ? null : encryptedOf(url) };
}

/** True for addresses where clouds answer for the machine that asks: no clip lies there, and nobody else is to be asked. */
function isLinkLocal({ hostname }: URL): boolean {
  return /^169\.254(\.\d+){2}$/.test(hostname) || /^\[fe[89ab][0-9a-f]:/i.test(hostname);
}

function encryptedOf(url: URL): URL {
  const encrypted = new URL(url);
  encrypted.protocol = 'https:';
  return encrypted;
}
