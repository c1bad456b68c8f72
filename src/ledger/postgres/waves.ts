import type { Facts, RequestsWanted, Wanted } from '../backend.ts';

/** A member that wants facts. */
interface Asking {
  readonly wanted: Wanted;
}

/** Members whose facts have nothing to do with each other go together. */
export function waves<T extends Asking>(members: readonly T[]): readonly (readonly T[])[] {
  const found: T[][] = [];
  let taken = new Set<string>();
  for (const member of members) {
    const names = namesIn(member.wanted);
    const last = found.at(-1);
    if (names !== null && last !== undefined && taken.size > 0 && !names.some((name) => taken.has(name))) {
      last.push(member);
      for (const name of names) taken.add(name);
    } else {
      found.push([member]);
      taken = new Set(names ?? []);
    }
  }
  return found;
}

/** The keys and fingerprints that facts are about; null where they are about more than that. */
function namesIn({ requests = [], bodies: _, clips: _clips, ...rest }: Wanted): readonly string[] | null {
  if (Object.keys(rest).length > 0 || requests.length === 0) return null;
  const names: string[] = [];
  for (const wanted of requests) {
    if (!('fingerprints' in wanted)) return null;
    names.push(...wanted.fingerprints.map((each) => `fingerprint ${each}`));
    if ('keys' in wanted) names.push(...wanted.keys.map((each) => `key ${each}`));
  }
  return names;
}

export function together(members: readonly Asking[]): Wanted {
  const [first] = members;
  if (members.length === 1 && first !== undefined) return first.wanted;
  return {
    requests: members.flatMap(({ wanted }) => wanted.requests ?? []),
    bodies: members.some(({ wanted }) => wanted.bodies === true),
    clips: members.some(({ wanted }) => wanted.clips === true),
  };
}

/** Picks what one member wanted from what was loaded for several. */
export function factsFor({ requests: wanted = [] }: Wanted, facts: Facts): Facts {
  const requests = facts.requests.filter((request) => wanted.some((each) => isWanted(each, request)));
  const ids = new Set(requests.map(({ id }) => id));
  return {
    ...facts,
    requests,
    links: facts.links.filter(({ request }) => ids.has(request)),
    downloads: facts.downloads.filter(({ request }) => ids.has(request)),
  };
}

function isWanted(
  wanted: RequestsWanted,
  { provider, project, key, fingerprint }: Facts['requests'][number],
): boolean {
  if (!('fingerprints' in wanted)) return false;
  const scope = 'keys' in wanted ? wanted.scope : wanted;
  if (provider !== scope.provider) return false;
  if (wanted.fingerprints.includes(fingerprint)) return true;
  return 'keys' in wanted && project === wanted.scope.project && wanted.keys.includes(key);
}
