import { UsageError } from '../core/errors.ts';
import { globMatcher, longestGlob } from '../core/glob.ts';
import { shotKey } from '../core/request-key.ts';
import { nearest } from '../core/suggest.ts';
import type { Request } from '../manifest/model.ts';
import type { Plan } from './model.ts';
import { summarize } from './plan.ts';

/** Selects the requests of a manifest that a call is about; what is empty or absent selects everything. */
export interface Selection {
  /** Globs on whole keys; a glob that matches a shot's key takes all its requests. */
  readonly only?: readonly string[] | undefined;
  readonly tags?: readonly string[] | undefined;
  readonly scenes?: readonly string[] | undefined;
}

interface Criterion {
  readonly option: string;
  readonly wanted: string;
  readonly matches: (request: Request) => boolean;
  /** Names that may have been meant, the likeliest first. */
  readonly near: () => readonly string[];
}

/**
 * The requests that a selection is about, in manifest order. Each kind of criterion narrows; within one kind any match
 * is enough.
 *
 * @throws UsageError for a glob, tag or scene that selects nothing, and for kinds of them that have no request in common:
 * a typo must not pass for "nothing to do".
 */
export function select(requests: readonly Request[], selection: Selection): readonly Request[] {
  const kinds: readonly (readonly Criterion[])[] = [
    (selection.scenes ?? []).map((scene) => ({
      option: '--scene',
      wanted: scene,
      matches: (request) => request.scene === scene,
      near: () =>
        nearestOf(
          scene,
          requests.flatMap((request) => request.scene ?? []),
        ),
    })),
    (selection.tags ?? []).map((tag) => ({
      option: '--tag',
      wanted: tag,
      matches: (request) => request.tags.includes(tag),
      near: () =>
        nearestOf(
          tag,
          requests.flatMap((request) => request.tags),
        ),
    })),
    (selection.only ?? []).map((glob) => ({
      option: '--only',
      wanted: glob,
      matches: keyMatcher(glob),
      near: () => nearKeys(glob, requests),
    })),
  ];
  for (const criterion of kinds.flat()) {
    if (!requests.some(criterion.matches)) throw selectsNothing(criterion);
  }
  const given = kinds.filter((criteria) => criteria.length > 0);
  const chosen = given.reduce<readonly Request[]>(
    (rest, criteria) => rest.filter((request) => criteria.some(({ matches }) => matches(request))),
    requests,
  );
  if (chosen.length === 0 && given.length > 0) throw excludeEachOther(given);
  return chosen;
}

/** The plan with only the first `limit` of its submissions; those beyond are left out, as if not selected. */
export function limitSubmissions(plan: Plan, limit: number): Plan {
  let left = limit;
  const requests = plan.requests.filter(({ action }) => action !== 'submit' || left-- > 0);
  return { ...plan, requests, summary: summarize(requests, plan.summary.currency) };
}

function keyMatcher(glob: string): (request: Request) => boolean {
  if (glob.length > longestGlob) {
    throw new UsageError(`--only ${glob.slice(0, 20)}… has ${glob.length} characters: no key has so many`, {
      help: `name keys one by one, or write a shorter pattern: at most ${longestGlob} characters`,
    });
  }
  const matches = globMatcher(glob);
  return (request) => request.key === glob || matches(request.key) || matches(shotKey(request));
}

function nearestOf(wanted: string, known: readonly string[]): readonly string[] {
  const found = nearest(wanted, new Set(known));
  return found === undefined ? [] : [found];
}

/** Suggestions of one message. */
const suggested = 3;

/**
 * Keys of shots that a pattern may have been meant for: one that is spelled alike, else those whose shot is spelled so
 * (its scene is part of a key), else those that hold what the pattern states literally.
 */
function nearKeys(glob: string, requests: readonly Request[]): readonly string[] {
  const keys = [...new Set(requests.map(shotKey))];
  const alike = nearest(glob, [...keys, ...requests.map(({ key }) => key)]);
  if (alike !== undefined) return [alike];
  const shot = nearest(
    glob.slice(glob.lastIndexOf('/') + 1),
    requests.map((request) => request.shot),
  );
  const ofShot = requests.filter((request) => request.shot === shot).map(shotKey);
  if (ofShot.length > 0) return [...new Set(ofShot)].slice(0, suggested);
  const parts = glob.toLowerCase().split(/[/*?[\]{}()!+@|]+/);
  const literal = parts.filter((part) => part.length > 1).sort((a, b) => b.length - a.length);
  for (const part of literal) {
    const holding = keys.filter((key) => key.toLowerCase().includes(part));
    if (holding.length > 0) return holding.slice(0, suggested);
  }
  return [];
}

function selectsNothing({ option, wanted, near }: Criterion): UsageError {
  const meant = near();
  const help =
    meant.length === 0
      ? '`shotlist plan` lists the keys, with their scenes'
      : `did you mean ${orList(meant)}?`;
  return new UsageError(`${option} ${wanted} selects nothing in this manifest`, { help });
}

function excludeEachOther(given: readonly (readonly Criterion[])[]): UsageError {
  const flags = given.map((criteria) =>
    criteria.map(({ option, wanted }) => `${option} ${wanted}`).join(' '),
  );
  return new UsageError(`${flags.join(' and ')} exclude each other: no request is in all of them`, {
    help: 'each of them selects something: leave one out',
  });
}

function orList(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} or ${words.at(-1)}`;
}
