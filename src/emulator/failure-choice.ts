import type { FailureSpec, Selector } from './failures.ts';
import type { Draws } from './random.ts';

/** The facts of a request at the moment when the emulator decides whether it fails. */
export interface Occasion {
  /** Among the requests to its target, from 1. */
  readonly position: number;
  /** Of its target, this one included. */
  readonly inFlight: number;
  /** The text that `~TEXT` looks through. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** The first of the specs that applies to the request; undefined where it goes well. Asked once for each request. */
export type ChooseFailure = (occasion: Occasion) => FailureSpec | undefined;

/** Decides for the specs that are `meant`. A spec's draws depend on its position in the whole list. */
export function failureChooser(
  specs: readonly FailureSpec[],
  meant: (spec: FailureSpec) => boolean,
  draws: Draws,
): ChooseFailure {
  const rules = specs
    .map((spec, index) => ({ spec, applies: matcher(spec.when, index, draws), used: 0 }))
    .filter(({ spec }) => meant(spec));
  return (occasion) => {
    for (const rule of rules) {
      if (rule.spec.times !== null && rule.used >= rule.spec.times) continue;
      if (!rule.applies(occasion)) continue;
      rule.used += 1;
      return rule.spec;
    }
    return undefined;
  };
}

function matcher(when: Selector, index: number, draws: Draws): (occasion: Occasion) => boolean {
  switch (when.by) {
    case 'always':
      return () => true;
    case 'chance':
      return ({ position }) => draws.fraction(`failure ${index}`, position) < when.probability;
    case 'position':
      return ({ position }) => position >= when.from && position <= when.to;
    case 'every':
      return ({ position }) => position % when.n === 0;
    case 'text':
      return ({ text }) => text.includes(when.text);
    case 'inFlight':
      return ({ inFlight }) => inFlight > when.limit;
    case 'rate':
      return rateMatcher(when.limit, when.windowMs);
  }
}

// The times of the requests that were let through, oldest first; never more than the limit.
function rateMatcher(limit: number, windowMs: number): (occasion: Occasion) => boolean {
  const passed: number[] = [];
  return ({ nowMs }) => {
    while (passed[0] !== undefined && passed[0] <= nowMs - windowMs) passed.shift();
    if (passed.length >= limit) return true;
    passed.push(nowMs);
    return false;
  };
}
