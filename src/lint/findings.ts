import type { Finding, FindingUser, Manifest, Origin, Source, Version } from '../manifest/model.ts';
import type { Problem, Rule } from './rule.ts';

/** Collects what rules report, one finding for each mistake: what is at the same place is put together. */
export class Findings {
  readonly #bySource = new Map<Source, Map<string, Collected>>();

  add(rule: Rule, problem: Problem, version: Version | undefined): void {
    const places = this.#places(problem.origin);
    const place = placeOf(rule, problem);
    let collected = places.get(place);
    if (collected === undefined) {
      collected = { rule, problem, users: new Map() };
      places.set(place, collected);
    }
    // A version whose id is missing or taken has no name to be told by; that has been reported.
    if (version === undefined || version.key === '') return;
    if (!collected.users.has(version.key)) {
      collected.users.set(version.key, { key: version.key, shot: version.shotKey });
    }
  }

  /** All findings, in the order in which the places were first met. */
  all(users: Manifest['promptUsers']): readonly Finding[] {
    return [...this.#bySource.values()].flatMap((places) =>
      [...places.values()].map((collected) =>
        // Findings about versions name their shots themselves.
        collected.users.size > 0 ? findingOf(collected) : withUsers(findingOf(collected), users),
      ),
    );
  }

  #places({ source }: Origin): Map<string, Collected> {
    let places = this.#bySource.get(source);
    if (places === undefined) {
      places = new Map();
      this.#bySource.set(source, places);
    }
    return places;
  }
}

interface Collected {
  readonly rule: Rule;
  readonly problem: Problem;
  /** By key. */
  readonly users: Map<string, FindingUser>;
}

function placeOf(rule: Rule, { origin, mark, token, range, about, severity }: Problem): string {
  return JSON.stringify([rule.id, origin.path, mark, token, range, about, severity]);
}

/** A finding inside a prompt file, with the shots that use the file. */
export function withUsers(finding: Finding, users: Manifest['promptUsers']): Finding {
  const shots = users.get(finding.origin.source);
  if (shots === undefined || finding.key !== undefined) return finding;
  return { ...finding, users: shots.map((shot) => ({ key: shot, shot })) };
}

function findingOf({ rule, problem, users }: Collected): Finding {
  const { about: _, ...place } = problem;
  return {
    ...place,
    rule: rule.id,
    severity: problem.severity ?? rule.severity,
    ...(users.size === 0 ? {} : { users: [...users.values()] }),
  };
}
