import type { YamlScalar } from '../manifest/yaml-nodes.ts';

/** A value without quotes as readers of YAML 1.1 read it, and a spelling that all readers read alike. */
export interface OlderReading {
  /** "561". */
  readonly readAs: string;
  readonly portable: string;
}

/** Reads a scalar as YAML 1.1 does; undefined where old and new readers agree, as on nearly all values. */
export function olderReading({ source, value, type, tag }: YamlScalar): OlderReading | undefined {
  if (
    type !== 'PLAIN' ||
    tag !== undefined ||
    source === undefined ||
    !mayBeRead(source.charCodeAt(0), source.length)
  )
    return undefined;
  const readAs = readings.find(({ pattern }) => pattern.test(source))?.read(source);
  if (readAs === undefined) return undefined;
  return { readAs, portable: typeof value === 'number' ? plainNumber(value) : `"${source}"` };
}

/** True where old readers may read a value otherwise, by how it begins and how long it is. */
export function mayBeRead(first: number, length: number): boolean {
  return numberFirsts.has(first) ? length <= longest : length <= 'yes'.length && wordFirsts.has(first);
}

const longest = 40;
const numberFirsts: ReadonlySet<number> = new Set([...'-+.0123456789'].map((each) => each.charCodeAt(0)));
const wordFirsts: ReadonlySet<number> = new Set([...'ynoYNO'].map((each) => each.charCodeAt(0)));

interface Reading {
  readonly pattern: RegExp;
  readonly read: (text: string) => string;
}

const readings: readonly Reading[] = [
  { pattern: /^(?:y|Y|yes|Yes|YES|on|On|ON)$/, read: () => 'true' },
  { pattern: /^(?:n|N|no|No|NO|off|Off|OFF)$/, read: () => 'false' },
  {
    pattern: /^[-+]?[1-9][0-9_]*(?::[0-5]?[0-9])+(?:\.[0-9_]*)?$/,
    read: (text) => `the number ${sexagesimal(text)}`,
  },
  { pattern: /^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/, read: () => 'a date' },
  { pattern: /^[-+]?0[0-7_]+$/, read: (text) => `the number ${octal(text)}` },
  { pattern: /^[-+]?0\d+$/, read: () => 'text' },
  { pattern: /^0o[0-7]+$/, read: () => 'text' },
  { pattern: /^[-+]?0b[01_]+$/, read: () => 'a binary number' },
  { pattern: /^[-+]?0x[\da-f]*_[\da-f_]*$/i, read: () => 'a number' },
  {
    pattern: /^[-+]?\d[\d_]*_[\d_]*(?:\.[\d_]*)?$/,
    read: (text) => `the number ${text.replaceAll('_', '')}`,
  },
  { pattern: /^[-+]?(?:\d+e[-+]?\d+|[\d.]*\.[\d.]*e\d+)$/i, read: () => 'text' },
];

function sexagesimal(text: string): string {
  const negative = text.startsWith('-');
  const parts = text.replace(/^[-+]/, '').replaceAll('_', '').split(':').map(Number);
  const value = parts.reduce((total, part) => total * 60 + part, 0);
  return String(negative ? -value : value);
}

function octal(text: string): string {
  const value = Number.parseInt(text.replace(/[-+_]/g, ''), 8);
  return String(text.startsWith('-') ? -value : value);
}

/** A number as every reader reads it; very large and very small ones keep an exponent that has a point and a sign. */
function plainNumber(value: number): string {
  const text = String(value);
  if (!text.includes('e')) return text;
  return text.replace(/^(-?\d+)e/, '$1.0e');
}
