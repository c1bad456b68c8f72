import type { Json, JsonObject } from '../core/canonical-json.ts';
import type { Finding, Origin } from './model.ts';
import { legacySpelling, parameterNames } from './parameters.ts';
import type { Problem } from './problem.ts';
import { findingAt } from './problem.ts';

const known: ReadonlySet<string> = new Set([...parameterNames, ...Object.values(legacySpelling)]);

/** Finds the problems of an `extra`: parameters that have a key of their own, and numbers that JSON cannot carry. */
export function extraProblems(
  extra: JsonObject,
  origin: Origin,
  key: string | undefined,
): readonly Finding[] {
  const more = key === undefined ? {} : { key };
  const findings: Finding[] = [];
  for (const [name, value] of Object.entries(extra)) {
    const at = { source: origin.source, path: [...origin.path, name] };
    if (known.has(name)) {
      const problem = {
        rule: 'extra-parameter',
        message: `\`${name}\` is a key of the shot, and not for \`extra\``,
        help: `Write \`${name}\` beside \`extra\`, where it is checked`,
      } as const;
      findings.push(findingAt(at, 'key', problem, more));
    } else {
      collect(value, at, more, findings);
    }
  }
  return findings;
}

function collect(value: Json, origin: Origin, more: { readonly key?: string }, findings: Finding[]): void {
  if (typeof value === 'number') {
    const problem = numberProblem(value);
    if (problem !== null) findings.push(findingAt(origin, 'value', problem, more));
    return;
  }
  if (value === null || typeof value !== 'object') return;
  const entries: Iterable<[string | number, Json]> = Array.isArray(value)
    ? value.entries()
    : Object.entries(value as JsonObject);
  for (const [step, item] of entries) {
    // Paths are made for containers and suspects only: an `extra` may be large.
    if (typeof item !== 'string')
      collect(item, { source: origin.source, path: [...origin.path, step] }, more, findings);
  }
}

function numberProblem(value: number): Problem | null {
  if (!Number.isFinite(value)) {
    return {
      rule: 'extra-parameter',
      message: `JSON has no number \`${value}\``,
      help: 'Write a number, or put the text in quotes',
    };
  }
  if (Number.isInteger(value) && !Number.isSafeInteger(value)) {
    return {
      rule: 'extra-parameter',
      message: 'This number is too large to be sent digit for digit',
      help: 'Put it in quotes if the provider takes text there, or write a smaller one',
    };
  }
  return null;
}
