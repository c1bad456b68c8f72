import type { EventOf, StoredEvent } from './event.ts';
import type { Place } from './identity.ts';
import { Causality, compareText } from './order.ts';

/** The present names of the events of one fingerprint. */
export interface Filing {
  /** The place of each event; one whose claim is not there has none. */
  readonly places: ReadonlyMap<StoredEvent, Place>;
  /** Events that lack what they are about: a claim, or the answer that named their task. */
  readonly holes: readonly StoredEvent[];
}

type Claim = EventOf<'claimed'>;
type Adoption = EventOf<'adopted'>;

/** A claim on its way through the names that it was given. */
interface Route {
  readonly claim: Claim;
  readonly path: Place[];
  /** The rename that brought it where it is. */
  last: Adoption | undefined;
}

/**
 * Follows every claim through the renames, and files what belongs to it beside it. Pure, and a function of the events
 * alone: ledgers that hold the same ones file them alike, in whatever order they heard of them.
 *
 * A rename takes along what had the old name and did not know of the rename, and what the rename itself names; a claim
 * that was made under the old name in knowledge of the rename stays. Of renames that did not know of each other, all
 * ledgers take the same to be the last.
 *
 * @param events all of one provider and fingerprint.
 */
export function fileEvents(events: readonly StoredEvent[]): Filing {
  const claims = events
    .filter((event): event is Claim => event.type === 'claimed')
    .sort((a, b) => compareText(a.id ?? '', b.id ?? ''));
  const adoptions = events.filter((event): event is Adoption => event.type === 'adopted');
  const causality = new Causality([...claims, ...adoptions]);
  const routes = claims.map((claim): Route => ({ claim, path: [claim.place], last: undefined }));
  const movedBy = new Map<Adoption, readonly Route[]>();
  for (const group of inGroups(causality, adoptions)) {
    const moves = group.map((adoption) => ({ adoption, movers: moversOf(adoption, routes, causality) }));
    for (const { adoption, movers } of moves) {
      movedBy.set(adoption, movers);
      for (const route of movers) {
        route.path.push(adoption.to);
        route.last = adoption;
      }
    }
  }
  return beside(events, routes, movedBy);
}

/**
 * Renames in their order. Releases that named no causes wrote what they moved in one go with one time, the two halves of
 * an exchange among them: such renames happen at once.
 */
function inGroups(causality: Causality, adoptions: readonly Adoption[]): readonly (readonly Adoption[])[] {
  const groups: Adoption[][] = [];
  const ordered = causality.inOrder(
    adoptions,
    (a, b) => compareText(a.at, b.at) || compareText(a.by, b.by) || compareText(a.id ?? '', b.id ?? ''),
  );
  for (const adoption of ordered) {
    const group = groups.at(-1);
    const [first] = group ?? [];
    const atOnce =
      first !== undefined &&
      first.causes === null &&
      adoption.causes === null &&
      first.at === adoption.at &&
      first.by === adoption.by;
    if (atOnce) group?.push(adoption);
    else groups.push([adoption]);
  }
  return groups;
}

function moversOf(adoption: Adoption, routes: readonly Route[], causality: Causality): readonly Route[] {
  const named = routes.filter(
    ({ claim, path, last }) =>
      causality.knows(adoption, claim) &&
      path.some((place) => isSamePlace(place, adoption.place)) &&
      (last === undefined || isSamePlace(placeOf(path), adoption.place) || !causality.knows(adoption, last)),
  );
  const there = routes.filter(
    (route) =>
      isSamePlace(placeOf(route.path), adoption.place) &&
      !named.includes(route) &&
      isUnaware(route.claim, adoption, causality),
  );
  const movers = [...named, ...there];
  if (movers.length > 0) return movers;
  // Somebody who did not know of this rename was faster: of two such renames the later one counts.
  return routes.filter(
    ({ claim, path, last }) =>
      path.some((place) => isSamePlace(place, adoption.place)) &&
      isUnaware(claim, adoption, causality) &&
      (last === undefined || !(causality.knows(last, adoption) || causality.knows(adoption, last))),
  );
}

/** True where a claim was made without knowing of a rename. Where neither names any, only the time can tell. */
function isUnaware(claim: Claim, adoption: Adoption, causality: Causality): boolean {
  if (causality.knows(claim, adoption)) return false;
  // A claim without causes knew nothing, or is of the first release, which cannot have known a rename that names some.
  if (claim.causes !== null || adoption.causes !== null) return true;
  return claim.at <= adoption.at;
}

/** Files what is no claim beside the claim that it is about. */
function beside(
  events: readonly StoredEvent[],
  routes: readonly Route[],
  movedBy: ReadonlyMap<Adoption, readonly Route[]>,
): Filing {
  const places = new Map<StoredEvent, Place>();
  const holes: StoredEvent[] = [];
  const byAttempt = new Map<string, Route[]>();
  for (const route of routes) {
    places.set(route.claim, placeOf(route.path));
    push(byAttempt, attemptKey(route.claim), route);
  }
  const byTask = new Map<string, Route[]>();
  const file = (event: StoredEvent, candidates: readonly Route[]): Route | undefined => {
    const route = ownerOf(event, candidates);
    if (route === undefined) holes.push(event);
    else places.set(event, placeOf(route.path));
    return route;
  };
  for (const event of events) {
    if (event.type !== 'settled' && event.type !== 'resolved') continue;
    const owner = file(event, byAttempt.get(attemptKey(event)) ?? []);
    const taskId = namedTask(event);
    if (owner !== undefined && taskId !== null) push(byTask, taskId, owner);
  }
  for (const event of events) {
    if (event.type === 'task') file(event, byTask.get(event.update.taskId) ?? []);
    if ('taskId' in event) file(event, byTask.get(event.taskId) ?? []);
    if (event.type !== 'adopted') continue;
    const movers = movedBy.get(event) ?? [];
    const passed = routes.filter(({ path }) => path.some((place) => isSamePlace(place, event.place)));
    file(event, movers.length > 0 ? movers : passed);
  }
  return { places, holes };
}

/** The task that an answer or a person named, be it by mistake; null where neither did. */
function namedTask(event: EventOf<'settled'> | EventOf<'resolved'>): string | null {
  if (event.type === 'settled') return event.outcome.kind === 'accepted' ? event.outcome.taskId : null;
  return event.resolution.kind === 'taskId' ? event.resolution.taskId : null;
}

/** Finds the claim that an event is about, of several: that of its own name, or else one that had the name once. */
function ownerOf(event: StoredEvent, candidates: readonly Route[]): Route | undefined {
  if (candidates.length < 2) return candidates[0];
  return (
    candidates.find(({ claim }) => isSamePlace(claim.place, event.place)) ??
    candidates.find(({ path }) => isSamePlace(placeOf(path), event.place)) ??
    candidates.find(({ path }) => path.some((place) => isSamePlace(place, event.place))) ??
    [...candidates].sort((a, b) => compareText(a.claim.id ?? '', b.claim.id ?? ''))[0]
  );
}

function placeOf(path: readonly Place[]): Place {
  const last = path.at(-1);
  if (last === undefined) throw new Error('a claim has no name');
  return last;
}

function attemptKey({ run, attempt }: { readonly run: string; readonly attempt: number }): string {
  return `${run} ${attempt}`;
}

function push<T>(lists: Map<string, T[]>, name: string, value: T): void {
  const list = lists.get(name);
  if (list === undefined) lists.set(name, [value]);
  else if (!list.includes(value)) list.push(value);
}

/** True where two names are one. */
export function isSamePlace(a: Place, b: Place): boolean {
  return a.project === b.project && a.key === b.key;
}
