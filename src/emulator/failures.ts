import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import type { FailureKind, FailureTarget } from './failure-kind.ts';
import { failureKinds } from './failure-kinds.ts';

/** One failure to inject: what happens, to what, and when. Written by `parseFailures`. */
export interface FailureSpec {
  /** As it was written. */
  readonly text: string;
  readonly target: FailureTarget;
  /** A name of the table, or the digits of a status. */
  readonly kind: string;
  readonly value: string | null;
  /** True where a create call that fails so has made a task all the same. */
  readonly billed: boolean;
  readonly when: Selector;
  /** Number of times at the most; null for no end. */
  readonly times: number | null;
}

/** Selects among the requests to a target. Positions count from 1, for each target by itself. */
export type Selector =
  | { readonly by: 'always' }
  | { readonly by: 'chance'; readonly probability: number }
  | { readonly by: 'position'; readonly from: number; readonly to: number }
  | { readonly by: 'every'; readonly n: number }
  | { readonly by: 'text'; readonly text: string }
  /** As soon as more than `limit` are in flight. */
  | { readonly by: 'inFlight'; readonly limit: number }
  /** As soon as more than `limit` were let through within `windowMs`. */
  | { readonly by: 'rate'; readonly limit: number; readonly windowMs: number };

const targets: readonly FailureTarget[] = ['connect', 'create', 'query', 'clip'];
const columns = 110;
const windowsMs: Readonly<Record<string, number>> = { s: 1000, min: 60_000, h: 3_600_000 };

const grammar = [
  '[TARGET/]KIND[=VALUE][+billed|+unbilled][WHEN][*TIMES]',
  'Several are separated by commas; the first that applies to a request wins.',
  '',
  'TARGET  create (the default), query, clip, connect',
  'WHEN    :3%         with that probability, decided by the seed',
  '        #5  #5-9    the fifth request to the target; the fifth to the ninth',
  '        @12         every twelfth',
  '        ~TEXT       those whose body (for query and clip: the body of their task, or its id) contains TEXT',
  '        :over8      those beyond eight in flight',
  '        :over30/min those beyond thirty a minute (or /s, /h)',
  '        nothing     all of them',
  'TIMES   at most so often',
] as const;

const shape =
  /^(?:(?<target>[a-z]+)\/)?(?<kind>[a-z0-9-]+?)(?:=(?<value>[^:#@~*]+?))?(?<billing>\+(?:un)?billed)?(?<when>:(?:over\d+(?:\/(?:s|min|h))?|\d+(?:\.\d+)?%)|#\d+(?:-\d+)?|@\d+|~.+?)?(?:\*(?<times>\d+))?$/;

/**
 * Reads the value of `--fail`: `5xx:3%`, `429=2:over30/min`, `lost#5`, `query/401*2`, `reset@12`, …. `describeFailures`
 * explains the language.
 *
 * @throws UsageError for what is not in the language, with the nearest known word.
 */
export function parseFailures(text: string): readonly FailureSpec[] {
  return text
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
    .map(parseFailure);
}

/** The language of `--fail` and every kind of failure, as plain text of at most 110 columns. */
export function describeFailures(): string {
  const labels = Math.max(...failureKinds.map((kind) => label(kind).length)) + 2;
  const billings = 'usually'.length + 2;
  const sections = [...new Set(failureKinds.map(targetsOf))];
  const lines = sections.flatMap((on) => {
    const billed = on.includes('create');
    const row = (kind: string, billing: string, what: string): string =>
      kind.padEnd(labels) + billing.padEnd(billings) + what;
    const rows = failureKinds
      .filter((kind) => targetsOf(kind) === on)
      .flatMap((kind) => {
        const [first = '', ...rest] = wrap(kind.summary, columns - labels - billings);
        return [row(label(kind), billed ? kind.billed : '', first), ...rest.map((line) => row('', '', line))];
      });
    return ['', row('KIND', billed ? 'BILLED' : '', `TO ${on}`), ...rows];
  });
  return [...grammar, ...lines, ''].join('\n');
}

/** The entry of the table that a written kind means; undefined where there is none. */
export function failureKind(written: string): FailureKind | undefined {
  return failureKinds.find(({ name, pattern }) =>
    pattern === undefined ? name === written : pattern.test(written),
  );
}

function parseFailure(text: string): FailureSpec {
  const parts = shape.exec(text)?.groups;
  if (parts === undefined) {
    throw new UsageError(`“${text}” is not a failure`, { help: `Write ${grammar.slice(0, -1).join('\n')}` });
  }
  const target = targetNamed(parts['target'] ?? 'create', text);
  const written = (parts['kind'] ?? '').replace(/^status(?=\d{3}$)/, '');
  const kind = failureKind(written);
  if (kind === undefined) throw unknownKind(written, text);
  if (!kind.on.includes(target)) {
    throw new UsageError(`${written} in “${text}” does not happen to ${target}`, {
      help: `It happens to ${kind.on.join(', ')}: write ${kind.on[0]}/${text.replace(/^.*\//, '')}.`,
    });
  }
  const value = parts['value'] ?? null;
  if (value !== null && kind.value === undefined) {
    throw new UsageError(`${written} takes no value, so “=${value}” says nothing`);
  }
  if (value !== null) kind.value?.check(value);
  const when = selector(parts['when'], text);
  checkSelector(when, written, target, text);
  return {
    text,
    target,
    kind: written,
    value,
    billed: billed(kind, target, parts['billing'], text),
    when,
    times: parts['times'] === undefined ? null : positive(parts['times'], text),
  };
}

function targetNamed(name: string, text: string): FailureTarget {
  const target = targets.find((known) => known === name);
  if (target !== undefined) return target;
  const near = nearest(name, targets);
  throw new UsageError(`Nothing is called ${name} in “${text}”`, {
    help: near === undefined ? `Write one of ${targets.join(', ')}.` : `Did you mean ${near}/?`,
  });
}

function unknownKind(written: string, text: string): UsageError {
  const names = failureKinds.filter((kind) => kind.pattern === undefined).map((kind) => kind.name);
  const near = nearest(written, names);
  return new UsageError(`There is no failure ${written} (in “${text}”)`, {
    help:
      near === undefined
        ? `Write an HTTP status from 200 to 203 or 300 to 599, 3xx, 4xx, 5xx, or one of ${names.join(', ')}.`
        : `Did you mean ${near}?`,
  });
}

function billed(
  kind: FailureKind,
  target: FailureTarget,
  written: string | undefined,
  text: string,
): boolean {
  if (target !== 'create' && written !== undefined) {
    throw new UsageError(`“${text}”: only a create call is billed, so ${written} says nothing`);
  }
  if (written === undefined) return kind.billed === 'always' || kind.billed === 'usually';
  const wanted = written === '+billed';
  if (kind.billed === (wanted ? 'never' : 'always')) {
    throw new UsageError(`“${text}”: this failure is ${kind.billed} billed`, {
      help: `Leave ${written} out.`,
    });
  }
  return wanted;
}

function selector(written: string | undefined, text: string): Selector {
  if (written === undefined) return { by: 'always' };
  const rest = written.slice(1);
  if (written.startsWith('~')) return { by: 'text', text: rest };
  if (written.startsWith('@')) return { by: 'every', n: positive(rest, text) };
  if (written.startsWith('#')) {
    const [from = '', to = from] = rest.split('-');
    const range = { by: 'position', from: positive(from, text), to: positive(to, text) } as const;
    if (range.to < range.from) throw new UsageError(`“${text}”: the range runs backwards`);
    return range;
  }
  if (rest.startsWith('over')) {
    const [limit = '', unit] = rest.slice('over'.length).split('/');
    if (unit === undefined) return { by: 'inFlight', limit: positive(limit, text) };
    return { by: 'rate', limit: positive(limit, text), windowMs: windowsMs[unit] ?? 0 };
  }
  const percent = Number(rest.slice(0, -1));
  if (percent > 100) throw new UsageError(`“${text}”: a probability is at most 100%`);
  return { by: 'chance', probability: percent / 100 };
}

function checkSelector(when: Selector, kind: string, target: FailureTarget, text: string): void {
  if (kind === 'reset' && when.by === 'text') {
    throw new UsageError(
      `“${text}”: a reset comes before the request is read, so its text cannot choose it`,
      {
        help: 'lost=reset+unbilled comes after it.',
      },
    );
  }
  if (target === 'connect' && when.by === 'inFlight') {
    throw new UsageError(`“${text}”: connections are not counted in flight`, {
      help: `Requests are: reset:over${when.limit}.`,
    });
  }
}

function positive(digits: string, text: string): number {
  const number = Number(digits);
  if (!Number.isSafeInteger(number) || number < 1) throw new UsageError(`“${text}”: numbers count from 1`);
  return number;
}

function targetsOf(kind: FailureKind): string {
  return kind.on.join(', ');
}

function label(kind: FailureKind): string {
  return kind.value === undefined ? kind.name : `${kind.name} [=${kind.value.label}]`;
}

function wrap(text: string, width: number): string[] {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const line = lines.at(-1);
    if (line === undefined || line.length + 1 + word.length > width) lines.push(word);
    else lines[lines.length - 1] = `${line} ${word}`;
  }
  return lines;
}
