import picomatch from 'picomatch';
import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';
import type { Request } from '../manifest/model.ts';
import type { Plan } from './model.ts';
import { summarize } from './plan.ts';

/** Which of a manifest's requests a call is about; what is empty or absent selects everything. */
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
  /** What could have been meant. */
  readonly known: () => Iterable<string>;
}

/**
 * The requests that a selection is about, in manifest order. Each kind of criterion narrows; within one kind any match
 * is enough.
 *
 * @throws UsageError for a glob, tag or scene that selects nothing: a typo must not pass for "nothing to do".
 */
export function select(requests: readonly Request[], selection: Selection): readonly Request[] {
  const kinds: readonly (readonly Criterion[])[] = [
    (selection.scenes ?? []).map((scene) => ({
      option: '--scene',
      wanted: scene,
      matches: (request) => request.scene === scene,
      known: () => requests.flatMap((request) => request.scene ?? []),
    })),
    (selection.tags ?? []).map((tag) => ({
      option: '--tag',
      wanted: tag,
      matches: (request) => request.tags.includes(tag),
      known: () => requests.flatMap((request) => request.tags),
    })),
    (selection.only ?? []).map((glob) => ({
      option: '--only',
      wanted: glob,
      matches: keyMatcher(glob),
      known: () => requests.flatMap((request) => [shotKey(request), request.key]),
    })),
  ];
  for (const criterion of kinds.flat()) {
    if (!requests.some(criterion.matches)) throw selectsNothing(criterion);
  }
  return kinds
    .filter((criteria) => criteria.length > 0)
    .reduce<readonly Request[]>(
      (rest, criteria) => rest.filter((request) => criteria.some(({ matches }) => matches(request))),
      requests,
    );
}

/** The plan with only the first `limit` of its submissions; those beyond are left out, as if not selected. */
export function limitSubmissions(plan: Plan, limit: number): Plan {
  let left = limit;
  const requests = plan.requests.filter(({ action }) => action !== 'submit' || left-- > 0);
  return { ...plan, requests, summary: summarize(requests, plan.summary.currency) };
}

/** `scene/shot`, without variant and take. */
export function shotKey(request: { readonly scene: string | null; readonly shot: string }): string {
  return request.scene === null ? request.shot : `${request.scene}/${request.shot}`;
}

function keyMatcher(glob: string): (request: Request) => boolean {
  const matches = picomatch(glob, { dot: true, nonegate: true });
  return (request) => request.key === glob || matches(request.key) || matches(shotKey(request));
}

function selectsNothing({ option, wanted, known }: Criterion): UsageError {
  const suggestion = nearest(wanted, new Set(known()));
  return new UsageError(`${option} ${wanted} selects nothing in this manifest`, {
    help: suggestion === undefined ? undefined : `did you mean ${option} ${suggestion}?`,
  });
}
