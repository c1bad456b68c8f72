import type { SignedQuery } from './signature-expiry.ts';
import type { SigningScheme } from './signing-scheme.ts';
import { signingSchemes } from './signing-schemes.ts';

/**
 * An absolute http(s) URL without what signing it added; any other text as it is. What stays is left byte for byte.
 *
 * @param form which form of fingerprints it is for; the newest if left out.
 */
export function withoutSignature(text: string, form: 1 | 2 = 2): string {
  const parts = partsOf(text);
  if (parts === undefined) return text;
  const present = schemesIn(parts).filter((scheme) => scheme.form <= form);
  if (present.length === 0) return text;
  const kept = parts.query.filter(({ name }) => !present.some(({ parameters }) => parameters.has(name)));
  // A separator that nothing stands beside any more is the signature's; the first form kept it.
  const isEmpty = kept.length === 0 || (form > 1 && kept.every(({ text: part }) => part === ''));
  const query = isEmpty ? '' : `?${kept.map(({ text: part }) => part).join('&')}`;
  const front = present.reduce(
    (url, { path }) => (path === undefined ? url : url.replace(path, '')),
    parts.front,
  );
  return front + (parts.hasQuery ? query : '') + parts.fragment;
}

/** The end of a signed URL, in milliseconds since the Unix epoch, by its own parameters; undefined for a URL that is
 * not signed, or does not say. */
export function expiryOf(url: URL): number | undefined {
  const parts = partsOf(url.href);
  if (parts === undefined || parts.query.length === 0) return undefined;
  const query = decoded(parts);
  for (const { expires } of schemesIn(parts)) {
    const expiry = expires?.(query);
    if (expiry !== undefined && Math.abs(expiry) <= latest) return expiry;
  }
  return undefined;
}

/**
 * The query parameter by which a URL seems to be signed in a way that `signingSchemes` does not know; undefined where none
 * does. What tells: a name that says signature with a value that looks random, a time at which the URL ends, a token
 * that is signed.
 */
export function unknownSignature(url: URL): string | undefined {
  if (url.search === '') return undefined;
  const parts = partsOf(withoutSignature(url.href));
  if (parts === undefined || parts.query.length === 0) return undefined;
  const query = [...decoded(parts)];
  const found = query.find(
    ([name, value]) =>
      !apiKeyName.test(name) &&
      ((signatureName.test(name) && looksRandom(value)) ||
        (expiryName.test(name) && isTime(value)) ||
        signedToken.test(value)),
  );
  if (found !== undefined) return found[0];
  const time = query.find(([name, value]) => shortExpiryName.test(name) && isTime(value));
  const other = query.find(
    ([name, value]) => name !== time?.[0] && !apiKeyName.test(name) && isLongRandom(value),
  );
  return time === undefined ? undefined : other?.[0];
}

/** The latest time that a `Date` can hold, in milliseconds since the Unix epoch. */
const latest = 8.64e15;

/** A mistake of its own: see the rule `secret-in-manifest`. */
const apiKeyName = /^(?:api[-_]?key|access[-_]?token|client[-_]?secret|password|secret|key)$/;
const signatureName =
  /(?:^|[-_.])(?:sig|sign|signature|signed|ssig|hmac|mac|auth|auth[-_]?key|authorization|token|ticket|credential|policy)$|signature$|token$|secret$/;
const expiryName =
  /(?:^|[-_.])(?:expires?|expir(?:y|ation|es?[-_]?(?:at|in|on))|exp|deadline|valid[-_]?(?:until|to))$/;
/** Names that mean other things as well: they count only beside a value that is random all through. */
const shortExpiryName = /^(?:e|t|et|ts|time|etime|timestamp|st|until)$/;
const signedToken = /^eyJ[\w-]{8,}\.[\w-]{8,}\.[\w-]*$|(?:^|~)hmac=[0-9a-f]{32}/;

/** A Unix time between 2014 and 2042 in seconds, milliseconds or hex, or a date. */
function isTime(value: string): boolean {
  return (
    /^(?:1[4-9]|2[0-2])\d{8}(?:\d{3})?$/.test(value) ||
    /^(?:5[4-9a-f]|[67][0-9a-f]|8[0-7])[0-9a-f]{6}$/i.test(value) ||
    /^20\d\d-?[01]\d-?[0-3]\d(?:T|$)/.test(value)
  );
}

function looksRandom(value: string): boolean {
  return (
    /^[\w+/=.:~-]{16,}$/.test(value) && /\d/.test(value) && /[a-z]/i.test(value) && new Set(value).size >= 8
  );
}

function isLongRandom(value: string): boolean {
  return /^[\w+/=-]{24,}$/.test(value) && looksRandom(value);
}

interface UrlParts {
  /** Scheme, host and path. */
  readonly front: string;
  readonly hasQuery: boolean;
  readonly query: readonly { readonly name: string; readonly text: string }[];
  /** With its `#`; empty where there is none. */
  readonly fragment: string;
}

/** Takes a URL apart; undefined for a text that is no absolute http(s) URL. */
function partsOf(text: string): UrlParts | undefined {
  if (!/^https?:\/\//i.test(text)) return undefined;
  const hash = text.indexOf('#');
  const end = hash === -1 ? text.length : hash;
  const mark = text.indexOf('?');
  const hasQuery = mark !== -1 && mark < end;
  const texts = hasQuery ? text.slice(mark + 1, end).split('&') : [];
  return {
    front: text.slice(0, hasQuery ? mark : end),
    hasQuery,
    query: texts.map((part) => ({ name: (part.split('=', 1)[0] ?? '').toLowerCase(), text: part })),
    fragment: text.slice(end),
  };
}

const byPath = signingSchemes.filter(({ path }) => path !== undefined);

/** Schemes by one of the parameters that have to be there: most queries have none of any scheme. */
const byMark = new Map<string, SigningScheme[]>();
for (const scheme of signingSchemes) {
  const [mark] = scheme.path === undefined ? scheme.marks.keys() : [];
  if (mark === undefined) continue;
  const others = byMark.get(mark);
  if (others === undefined) byMark.set(mark, [scheme]);
  else others.push(scheme);
}

function schemesIn(parts: UrlParts): readonly SigningScheme[] {
  const inPath = byPath.filter(
    (scheme) => isInPlace(scheme, parts) && scheme.path?.test(parts.front) === true,
  );
  const candidates = parts.query.flatMap(({ name }) => byMark.get(name) ?? []);
  if (candidates.length === 0) return inPath;
  const query = decoded(parts);
  const inQuery = [...new Set(candidates)].filter(
    (scheme) => isInPlace(scheme, parts) && hasMarks(scheme, query),
  );
  return [...inQuery, ...inPath];
}

function isInPlace({ place }: SigningScheme, { front }: UrlParts): boolean {
  return place === undefined || place.test(front.replace(/^https?:\/\//i, ''));
}

function hasMarks({ marks }: SigningScheme, query: SignedQuery): boolean {
  for (const [name, form] of marks) {
    const value = query.get(name);
    if (value === undefined || !form.test(value)) return false;
  }
  return true;
}

/** The first of each name counts. */
function decoded({ query }: UrlParts): SignedQuery {
  const values = new Map<string, string>();
  for (const { name, text } of query) {
    if (values.has(name)) continue;
    const equals = text.indexOf('=');
    values.set(name, equals === -1 ? '' : plain(text.slice(equals + 1)));
  }
  return values;
}

function plain(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
