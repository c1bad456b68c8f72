import { namedCharacter, oddBlanks } from '../core/characters.ts';
import { keySpan, writtenAt } from './locate.ts';
import type { Path, Source } from './model.ts';
import type { ShapeError } from './validate.ts';

/** Words the message about a value of a wrong type, and says what to write in its place. */
export function wrongTypeWords(
  source: Source,
  error: ShapeError,
  name: string,
): readonly [message: string, help: string] {
  const types = [error.params['type']].flat().filter((type) => type !== 'null') as JsonType[];
  const actual = typeOf(error.value);
  const message = `${name} must be ${types
    .map((type) => typeWords[type])
    .join(', ')
    .replace(/, ([^,]*)$/, ' or $1')}, not ${
    types.includes('integer') && actual === 'number' ? error.value : actualWords[actual]
  }`;
  return [message, typeHelp(source, error, types, actual)];
}

type JsonType = 'string' | 'integer' | 'number' | 'boolean' | 'array' | 'object' | 'null';

const typeWords: Readonly<Record<JsonType, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'a map of keys and values',
  null: 'nothing',
};

const actualWords: Readonly<Record<JsonType, string>> = {
  ...typeWords,
  boolean: 'a yes-or-no value',
  object: 'a map',
  null: 'empty',
};

function typeOf(value: unknown): JsonType {
  if (value === null || value === undefined) return 'null';
  if (Array.isArray(value)) return 'array';
  return typeof value as 'string' | 'number' | 'boolean' | 'object';
}

function typeHelp(source: Source, error: ShapeError, types: readonly JsonType[], actual: JsonType): string {
  const { path, value } = error;
  const key = path.findLast((step) => typeof step === 'string');
  const before = typeof path.at(-1) === 'string' ? `${key}: ` : '- ';
  if (actual === 'null') {
    return startsWithHash(source, path)
      ? 'A `#` begins a comment: put text that begins with it in quotes'
      : 'Write a value, or delete the key';
  }
  if (types.includes('string') && (actual === 'number' || actual === 'boolean')) {
    if (key === 'resolution' && Number.isSafeInteger(value)) return `Write ${before}"${value}p"`;
    return `Put it in quotes: ${before}"${writtenAt(source, path) ?? String(value)}"`;
  }
  if (typeof value === 'string' && (types[0] === 'integer' || types[0] === 'number')) {
    if (value.includes('${')) return 'A reference makes text: write the number here, or under `defaults`';
    return numberHelp(value, before);
  }
  if (types[0] === 'integer' && typeof value === 'number') {
    return Number.isFinite(value) ? `Write ${before}${Math.round(value)}` : 'Write a number';
  }
  if (types[0] === 'array' && startsWithDash(value)) {
    return 'Write a space after each `-`: an item of a list begins with `- `';
  }
  if (types[0] === 'array' && actual === 'string') return `Write a list: ${before}[${shortened(value)}]`;
  if (types[0] === 'array') return 'Begin each item with `- ` on a line of its own';
  if (types[0] === 'object') return 'Write `key: value` lines, indented below';
  if (types[0] === 'boolean') return 'Write true or false, without quotes';
  return `Write ${typeWords[types[0] ?? 'string']}`;
}

/** True where a value is empty because what was written begins with a `#`. */
function startsWithHash(source: Source, path: Path): boolean {
  const key = keySpan({ source, path });
  return key !== undefined && /^:[ \t]+#[\p{L}\p{N}]/u.test(source.text.slice(key.end, key.end + 40));
}

/** True for a text that would be a list if it had spaces after its dashes. */
function startsWithDash(value: unknown): boolean {
  if (typeof value === 'string') return /^-[^\s-]/.test(value);
  return (
    typeof value === 'object' && value !== null && Object.keys(value).some((key) => /^-[^\s-]/.test(key))
  );
}

/** Shows how to write a number that was given as text: `"5"`, `5 s`, `00:05`. What can be read in two ways is left to people. */
function numberHelp(value: string, before: string): string {
  const text = value.replace(oddBlank, ' ').normalize('NFKC').trim();
  const odd = oddCharacter(value);
  const number = /^(-?\d+(?:\.\d+)?)\s*(?:s|secs?|seconds?|秒钟?)?$/i.exec(text)?.[1];
  if (number !== undefined && odd !== undefined)
    return `It holds ${namedCharacter(odd)}: write ${before}${Number(number)}`;
  if (number !== undefined && number === text) return `Write ${before}${number} without quotes`;
  if (number !== undefined) return `Write the number alone: ${before}${number}`;
  const clock = /^(?:(\d{1,2}):)?(\d{1,2}):(\d{2})$/.exec(text);
  if (clock !== null) {
    const [, hours = '0', minutes = '0', seconds = '0'] = clock;
    return `Write seconds: ${before}${(Number(hours) * 60 + Number(minutes)) * 60 + Number(seconds)}`;
  }
  if (/^\d+\s*(?:-|–|—|~|to|到|至)\s*\d+/.test(text)) return 'Write one whole number, not a range';
  return `Write a number, for example ${before}5`;
}

const oddBlank = new RegExp(`[${oddBlanks}]`, 'g');

/** The first character that looks like another one that was meant. */
function oddCharacter(value: string): string | undefined {
  return new RegExp(`[${oddBlanks}\uff10-\uff19]`).exec(value)?.[0];
}

/** A value in a message: one line, not too long. */
export function shortened(value: unknown): string {
  const text = String(value).replace(/\s+/g, ' ');
  const characters = [...text.slice(0, 120)];
  return characters.length > 60 ? `${characters.slice(0, 59).join('')}…` : text;
}
