import type { Dispatcher } from 'undici';
import { failureOf } from '../media/failure.ts';
import type { Network } from '../media/network.ts';
import { type ClipUrl, clipUrl } from './clip-url.ts';

export interface AskOptions {
  readonly network: Network;
  /** True where a plain http URL of this machine is followed: only a provider on this machine gives such URLs. */
  readonly allowLoopback: boolean;
  /** Hosts of plain http URLs that were found to have nothing behind https; added to here. */
  readonly plainHosts: Set<string>;
  readonly signal: AbortSignal;
}

/** An answer that is no redirection. */
export interface Found {
  readonly kind: 'answered';
  readonly answer: Dispatcher.ResponseData;
  /** The URL that the answer is about, as it was given. */
  readonly url: URL;
  /** It came over https, though the URL is a plain one. */
  readonly isUpgraded: boolean;
  /** It came over plain http from another machine. */
  readonly isPlain: boolean;
}

export type Unanswered =
  /** The URL gives no file (any more); another one may, and where `mayCome`, this one too in a while. */
  | { readonly kind: 'gone'; readonly error: string; readonly mayCome: boolean }
  /** Worth another try with the same URL; what is in the file is worth going on with. */
  | { readonly kind: 'broken'; readonly error: string; readonly retryAfterMs: number | null };

const mostRedirects = 5;
const redirections = [301, 302, 303, 307, 308];

/** Asks for a URL, follows where it leads within bounds, and tries https first where a URL is a plain one. */
export async function askForClip(
  start: string,
  headers: Readonly<Record<string, string>>,
  options: AskOptions,
): Promise<Found | Unanswered> {
  let target = clipUrl(start, undefined, options.allowLoopback);
  for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
    if (typeof target === 'string') return gone(target);
    const found =
      (await askEncrypted(target, headers, options)) ?? (await askAsGiven(target, headers, options));
    if (found.kind !== 'answered') return found;
    const location = locationOf(found.answer);
    if (location === null) return found;
    found.answer.body.destroy();
    const base = found.isUpgraded ? (target.encrypted ?? target.url) : target.url;
    target = clipUrl(location, base, options.allowLoopback);
  }
  return gone(`the URL redirects more than ${mostRedirects} times`);
}

export function broken(error: string, retryAfterMs: number | null = null): Unanswered {
  return { kind: 'broken', error, retryAfterMs };
}

export function gone(error: string, mayCome = false): Unanswered {
  return { kind: 'gone', error, mayCome };
}

/** Asks for a plain http URL over https; null where no clip comes of it. */
async function askEncrypted(
  { url, encrypted }: ClipUrl,
  headers: Readonly<Record<string, string>>,
  { network, plainHosts, signal }: AskOptions,
): Promise<Found | null> {
  if (encrypted === null || plainHosts.has(url.host)) return null;
  let answer: Dispatcher.ResponseData;
  try {
    answer = await network.get(encrypted, { 'user-agent': 'shotlist', ...headers }, signal);
  } catch (error) {
    // Throws what is a bug.
    failureOf(error, url.host);
    if (!signal.aborted) plainHosts.add(url.host);
    return null;
  }
  const location = locationOf(answer);
  const leadsBack = location !== null && resolved(location, encrypted) === url.href;
  if (answer.statusCode < 400 && !leadsBack) {
    return { kind: 'answered', answer, url, isUpgraded: true, isPlain: false };
  }
  answer.body.destroy();
  return null;
}

async function askAsGiven(
  { url, encrypted }: ClipUrl,
  headers: Readonly<Record<string, string>>,
  { network, signal }: AskOptions,
): Promise<Found | Unanswered> {
  if (signal.aborted) return broken('broken off');
  try {
    const answer = await network.get(url, { 'user-agent': 'shotlist', ...headers }, signal);
    return { kind: 'answered', answer, url, isUpgraded: false, isPlain: encrypted !== null };
  } catch (error) {
    return broken(signal.aborted ? 'broken off' : failureOf(error, url.host).message);
  }
}

function locationOf({ statusCode, headers }: Dispatcher.ResponseData): string | null {
  const { location } = headers;
  const text = Array.isArray(location) ? location[0] : location;
  return redirections.includes(statusCode) ? (text ?? null) : null;
}

function resolved(location: string, base: URL): string | null {
  return URL.canParse(location, base.href) ? new URL(location, base).href : null;
}
