import { isJsonObject } from './canonical-json.ts';

/**
 * Readers of JSON that may be anything: journals, spooled answers, caches, reports that lie about. Each gives back the
 * value with its type, or throws `Unfit`; `readOr` catches it.
 */
export type Fields = Readonly<Record<string, unknown>>;

/** Says that a value is not what it should be. Nobody but `readOr` sees it. */
class Unfit extends Error {}

/** Returns the value that `read` reads, or `otherwise` where it does not fit. */
export function readOr<T, Other>(read: () => T, otherwise: Other): T | Other {
  try {
    return read();
  } catch (error) {
    if (error instanceof Unfit) return otherwise;
    throw error;
  }
}

export function unfit(): never {
  throw new Unfit();
}

/** The value of a JSON text, a byte-order mark before it dropped; undefined for what is no JSON. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, '')) as unknown;
  } catch {
    return undefined;
  }
}

export function fields(value: unknown): Fields {
  return isJsonObject(value) ? value : unfit();
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : unfit();
}

/** A text that is not empty. */
export function word(value: unknown): string {
  return typeof value === 'string' && value !== '' ? value : unfit();
}

export function like(form: RegExp, value: unknown): string {
  return typeof value === 'string' && form.test(value) ? value : unfit();
}

/** A finite number. */
export function amount(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : unfit();
}

/** A whole number from 1 on. */
export function count(value: unknown): number {
  return Number.isSafeInteger(value) && Number(value) >= 1 ? Number(value) : unfit();
}

/** A time in UTC with milliseconds, as `Date.toISOString` writes it. */
export function time(value: unknown): string {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  return !Number.isNaN(ms) && new Date(ms).toISOString() === value ? value : unfit();
}

export function oneOf<T>(known: readonly T[], value: unknown): T {
  const found = known.find((each) => each === value);
  return found === undefined ? unfit() : found;
}

export function orNull<T>(read: (value: unknown) => T, value: unknown): T | null {
  return value === null ? null : read(value);
}
