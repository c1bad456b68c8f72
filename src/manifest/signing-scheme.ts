import type { ReadExpiry } from './signature-expiry.ts';

/** A way of signing a URL for a while. It is there when its `place` fits and all its `marks` are there. */
export interface SigningScheme {
  /** The service that signs so. */
  readonly name: string;
  /** Query parameters, in lower case, that all have to be there, each with the form that its decoded value has. */
  readonly marks: ReadonlyMap<string, RegExp>;
  /** The query parameters that signing adds, in lower case; the marks are among them. */
  readonly parameters: ReadonlySet<string>;
  /** Pattern of host and path together; any where it is left out. */
  readonly place?: RegExp | undefined;
  /** The part of the path, from a slash up to the next, that signing adds. */
  readonly path?: RegExp | undefined;
  readonly expires?: ReadExpiry | undefined;
  /** The form of fingerprints that first left it out; see `fingerprint.ts`. */
  readonly form: 1 | 2;
  /** A URL that is signed so. */
  readonly example: string;
}

/** Matches any value. */
export const any = /^/;

interface Told {
  readonly marks?: Readonly<Record<string, RegExp>>;
  /** Further parameters, with spaces between them. */
  readonly adds?: string;
  readonly place?: RegExp;
  readonly path?: RegExp;
  readonly expires?: ReadExpiry;
  /** A URL; or what signing adds to `https://media.example.com/mika.png`, its query or the front of its path. */
  readonly example: string;
}

/**
 * An entry of the table.
 *
 * @param marks names of parameters that have to be there whatever they hold, with spaces between them.
 */
export function scheme(form: 1 | 2, name: string, marks: string, told: Told): SigningScheme {
  const { adds = '', place, path, expires, example } = told;
  const all = new Map([
    ...words(marks).map((mark) => [mark, any] as const),
    ...Object.entries(told.marks ?? {}),
  ]);
  const parameters = new Set([...all.keys(), ...words(adds)]);
  return { name, marks: all, parameters, place, path, expires, form, example: whole(example) };
}

function words(text: string): readonly string[] {
  return text.split(' ').filter((word) => word !== '');
}

function whole(example: string): string {
  if (/^https?:/.test(example)) return example;
  const host = 'https://media.example.com';
  return example.startsWith('/') ? `${host}${example}/mika.png` : `${host}/mika.png?${example}`;
}
