import { shotKey, variantKey } from '../core/request-key.ts';
import type { PlannedRequest } from './model.ts';

/**
 * Finds the request that each new one was before, by the new key: the same body and take under another name. Where
 * several could be meant, the same shot of another scene is the likeliest, then another shot of the same scene.
 */
export function pairRenamed(
  gone: readonly PlannedRequest[],
  added: readonly PlannedRequest[],
): ReadonlyMap<string, PlannedRequest> {
  const pairs = new Map<string, PlannedRequest>();
  const taken = new Set<string>();
  const likenesses: readonly ((request: PlannedRequest) => string)[] = [
    ({ fingerprint, shot, variant }) => JSON.stringify([fingerprint, shot, variant]),
    ({ fingerprint, scene, variant }) => JSON.stringify([fingerprint, scene, variant]),
    ({ fingerprint }) => fingerprint,
  ];
  for (const likeness of likenesses) {
    const waiting = new Map<string, PlannedRequest[]>();
    for (const request of gone) {
      if (taken.has(request.key)) continue;
      const group = waiting.get(likeness(request));
      if (group === undefined) waiting.set(likeness(request), [request]);
      else group.push(request);
    }
    for (const group of waiting.values()) group.reverse();
    for (const request of added) {
      if (pairs.has(request.key)) continue;
      const from = waiting.get(likeness(request))?.pop();
      if (from === undefined) continue;
      pairs.set(request.key, from);
      taken.add(from.key);
    }
  }
  return pairs;
}

interface Renaming {
  readonly from: string;
  readonly to: string;
}

type Requests = ReadonlyMap<string, PlannedRequest>;

/** The names that hold a request, widest first: its scene, its shot, its variant, itself. */
const nameOf: readonly ((request: PlannedRequest) => string | null)[] = [
  ({ scene }) => (scene === null ? null : `${scene}/`),
  shotKey,
  (request) => (request.variant === null ? null : variantKey(shotKey(request), request.variant)),
  ({ key }) => key,
];

/**
 * Gives as few `adopt` calls as say all renamings: a scene that moved whole is one. A call moves all below its name, so
 * the old name must be gone, the new one must be new, and all that moved from the one must have moved to the other.
 */
export function adoptCalls(
  pairs: readonly Renaming[],
  before: Requests,
  after: Requests,
): readonly Renaming[] {
  const calls = new Map<string, Renaming>();
  const covered = new Set<string>();
  for (const name of nameOf) {
    const [olds, news] = [namesOf(before, name), namesOf(after, name)];
    const targets = new Map<string, Set<string>>();
    const moves = pairs.flatMap(({ from, to }) => {
      const [old, fresh] = [nameIn(before, from, name), nameIn(after, to, name)];
      if (old === null || fresh === null) return [];
      const fits = from.slice(old.length) === to.slice(fresh.length);
      const target = targets.get(old) ?? new Set();
      targets.set(old, target.add(fits ? fresh : ''));
      return [{ from: old, to: fresh, pair: to }];
    });
    for (const { from, to, pair } of moves) {
      const isWhole = !news.has(from) && !olds.has(to) && targets.get(from)?.size === 1;
      if (covered.has(pair) || from === to || targets.get(from)?.has('') === true || !isWhole) continue;
      calls.set(JSON.stringify([from, to]), { from, to });
      covered.add(pair);
    }
  }
  return [...calls.values()];
}

function namesOf(requests: Requests, name: (request: PlannedRequest) => string | null): ReadonlySet<string> {
  return new Set([...requests.values()].map(name).filter((each) => each !== null));
}

function nameIn(
  requests: Requests,
  key: string,
  name: (request: PlannedRequest) => string | null,
): string | null {
  const request = requests.get(key);
  return request === undefined ? null : name(request);
}
