import type { Change, Decision, Facts, NewEvent, StoredRequest, Wanted } from '../backend.ts';
import { foldAttempts } from '../model/attempts.ts';
import { ResolutionError } from '../model/failures.ts';
import { isSamePlace } from '../model/filing.ts';
import { countsAsBilled, standing } from '../model/fold.ts';
import type { Place, RequestIdentity, SentRequest } from '../model/identity.ts';
import type { Adoption, Renaming } from '../model/moving.ts';
import { renamed } from '../model/place.ts';
import { headsOf, newEvent } from './new-event.ts';
import { byFingerprint, refile } from './refile.ts';
import { requestKey } from './reserve.ts';

/** A rename that a person tells of. */
export interface RenamingWord {
  readonly provider: string;
  readonly renaming: Renaming;
  /** Requests that may be moved, as they are called afterwards; everything below the old name if this is left out. */
  readonly only?: readonly RequestIdentity[] | undefined;
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

interface Move extends Adoption {
  readonly request: StoredRequest;
  /** The request under the new name, where there is one: never paid, so both become one. */
  readonly inTheWay: StoredRequest | undefined;
}

/** Every project: what is filed under a name may have been moved there from anywhere. */
export function factsForRenaming({ provider }: Pick<RenamingWord, 'provider'>): Wanted {
  return {
    requests: [{ project: null }],
    bodies: true,
    runs: true,
    reservations: { provider, project: null },
  };
}

/**
 * Files what was sent under an old name under a new one, together with what came to nothing under the new one.
 *
 * @throws ResolutionError when nothing is filed under the old name, a live run has some of it, or the same request was
 *   paid under the new name as well.
 */
export function adopt(facts: Facts, word: RenamingWord): Decision<readonly Adoption[]> {
  const { provider, by, nowMs } = word;
  const groups = byFingerprint(facts, provider);
  const moves = movesOf(facts, word);
  for (const move of moves) refuseUnfit(move, facts);
  const added = new Map<string, NewEvent[]>();
  for (const { request, from, to } of moves) {
    const { fingerprint } = request;
    const group = groups.get(fingerprint) ?? [];
    const causes = headsOf(group.flatMap(({ events }) => events));
    const event = newEvent({ ...from, provider, fingerprint }, nowMs, { type: 'adopted', to, by, causes });
    added.set(fingerprint, [...(added.get(fingerprint) ?? []), event]);
  }
  const changes = [...added].flatMap(([fingerprint, events]): readonly Change[] => {
    const requests = groups.get(fingerprint) ?? [];
    const sentAs = (place: Place): SentRequest => {
      const move = moves.find(
        ({ request, to }) => request.fingerprint === fingerprint && isSamePlace(to, place),
      );
      const sent = facts.bodies.get((move?.request ?? requests[0])?.id ?? 0);
      if (sent === undefined) throw new Error(`nothing is known of what was sent as ${place.key}`);
      return sent;
    };
    return refile({ provider, fingerprint, requests, added: events, sentAs }).changes;
  });
  return { changes, value: moves.map(({ from, to }) => ({ from, to })) };
}

function movesOf({ requests }: Facts, { provider, renaming, only }: RenamingWord): readonly Move[] {
  const wanted = only === undefined ? undefined : new Set(only.map(requestKey));
  const own = requests.filter((request) => request.provider === provider);
  const byPlace = new Map(own.map((request) => [placeKey(request, request.fingerprint), request]));
  const moves = own.flatMap((request): readonly Move[] => {
    const { project, key, fingerprint } = request;
    const from = { project, key };
    const to = renamed(from, renaming);
    if (to === null || request.events.length === 0 || isSamePlace(from, to)) return [];
    if (wanted?.has(requestKey({ key: to.key, fingerprint })) === false) return [];
    return [{ request, from, to, inTheWay: byPlace.get(placeKey(to, fingerprint)) }];
  });
  if (moves.length > 0) return moves;
  throw new ResolutionError(`nothing was ever sent under ${nameOf(renaming.from)}`, {
    help: 'shotlist plan shows under which name a renamed request was paid.',
  });
}

function placeKey({ project, key }: Place, fingerprint: string): string {
  return `${project} ${key} ${fingerprint}`;
}

/** True where an attempt was paid, or may have been. */
export function wasPaid({ events }: Pick<StoredRequest, 'events'>): boolean {
  return foldAttempts(events).some(countsAsBilled);
}

function refuseUnfit({ request, from, to, inTheWay }: Move, { isLive, reservations }: Facts): void {
  for (const each of inTheWay === undefined ? [request] : [request, inTheWay]) {
    const live =
      standing(foldAttempts(each.events), isLive).state === 'sending' ||
      reservations.some((reserved) => reserved.request === each.id && isLive(reserved.run));
    if (!live) continue;
    throw new ResolutionError(`${each.key} is about to be sent by a live run`, {
      help: 'Wait until that run is done, or stop it. Nothing was changed.',
    });
  }
  if (inTheWay !== undefined && wasPaid(inTheWay)) {
    throw new ResolutionError(
      `${nameOf(to)} was paid itself, so it cannot take over what was paid under ${nameOf(from)}`,
      { help: 'Both stay in the report. Nothing was changed.' },
    );
  }
}

function nameOf({ project, key }: { readonly project: string; readonly key: string | null }): string {
  return key === null ? `the project ${project}` : key;
}
