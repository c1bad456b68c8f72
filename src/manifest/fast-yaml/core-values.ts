import type { Json } from '../../core/canonical-json.ts';

/** Reads a text without quotes, by the core schema of YAML 1.2: null, true or false, a number, or itself. */
export function coreValue(text: string): Json {
  const first = text.charCodeAt(0);
  // Nearly every text begins with a letter that no other value begins with.
  if (!(first < 0x80) || suspect[first] !== 1) return text;
  if (nothing.test(text)) return null;
  if (truth.test(text)) return text.length === 4;
  if (decimal.test(text)) return Number.parseInt(text, 10);
  if (octal.test(text)) return Number.parseInt(text.slice(2), 8);
  if (hexadecimal.test(text)) return Number.parseInt(text.slice(2), 16);
  if (fraction.test(text)) return Number.parseFloat(text);
  if (infinity.test(text)) return text.startsWith('-') ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return notNumber.test(text) ? Number.NaN : text;
}

const suspect: Readonly<Uint8Array> = Uint8Array.from({ length: 0x80 }, (_, unit) =>
  /[~nNtTfF0-9.+-]/.test(String.fromCharCode(unit)) ? 1 : 0,
);

const nothing = /^(?:~|[Nn]ull|NULL)$/;
const truth = /^(?:[Tt]rue|TRUE|[Ff]alse|FALSE)$/;
const decimal = /^[-+]?[0-9]+$/;
const octal = /^0o[0-7]+$/;
const hexadecimal = /^0x[0-9a-fA-F]+$/;
const fraction = /^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$/;
const infinity = /^[-+]?\.(?:inf|Inf|INF)$/;
const notNumber = /^\.(?:nan|NaN|NAN)$/;
