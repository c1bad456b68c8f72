import type { IsLive } from '../model/event.ts';
import { ResolutionError } from '../model/failures.ts';
import { countsAsBilled, foldAttempts, standing } from '../model/fold.ts';
import type { Place, RequestIdentity } from '../model/identity.ts';
import type { Renaming } from '../model/moving.ts';
import { partsOf, renamed } from '../model/place.ts';
import type { HistoryStore, Life } from '../sqlite/history-store.ts';
import type { Store } from '../sqlite/store.ts';
import { requestKey } from './reserve.ts';

interface AdoptOptions {
  readonly store: Store;
  readonly history: HistoryStore;
  readonly provider: string;
  readonly renaming: Renaming;
  /** What may be moved, as it is called afterwards; everything below the old name where this is left out. */
  readonly only?: readonly RequestIdentity[] | undefined;
  readonly by: string;
  readonly nowMs: number;
  readonly isLive: IsLive;
}

interface Move {
  readonly life: Life;
  readonly from: Place;
  readonly to: Place;
  /** What is filed under the new name, where something is: never paid, so it makes room. */
  readonly inTheWay: Life | undefined;
}

/** Files what was sent under an old name under a new one, inside a transaction that the caller holds. */
export function adopt(options: AdoptOptions): readonly Move[] {
  const { history, provider, renaming, only } = options;
  const wanted = only === undefined ? undefined : new Set(only.map(requestKey));
  const lives = history.lives(null).filter((life) => life.provider === provider);
  const byPlace = new Map(lives.map((life) => [placeOf(life.project, life.request), life]));
  const moves = lives.flatMap((life): readonly Move[] => {
    const from = { project: life.project, key: life.request.key };
    const to = renamed(from, renaming);
    if (to === null || life.events.length === 0) return [];
    if (to.project === from.project && to.key === from.key) return [];
    const { fingerprint } = life.request;
    if (wanted?.has(requestKey({ key: to.key, fingerprint })) === false) return [];
    const inTheWay = byPlace.get(placeOf(to.project, { ...life.request, key: to.key }));
    return [{ life, from, to, inTheWay }];
  });
  if (moves.length === 0) {
    throw new ResolutionError(`nothing was ever sent under ${nameOf(renaming.from)}`, {
      help: 'shotlist plan shows under which name a renamed request was paid.',
    });
  }
  for (const move of moves) refuseUnfit(move, options);
  for (const move of moves) carryOut(move, options);
  return moves;
}

function placeOf(project: string, { key, fingerprint }: RequestIdentity): string {
  return `${project} ${key} ${fingerprint}`;
}

/** A life that was paid, or may have been. */
export function wasPaid(life: Pick<Life, 'events'>): boolean {
  return foldAttempts(life.events).some(countsAsBilled);
}

/** Moves a request, and what is in its way to where it was. */
export function exchange(history: HistoryStore, life: Life, to: Place, inTheWay: Life | undefined): void {
  const from = { project: life.project, key: life.request.key };
  if (inTheWay !== undefined && inTheWay.events.length === 0) history.removeUnused(inTheWay.id);
  else if (inTheWay !== undefined) {
    // No key holds a space, so this place is free.
    history.move(inTheWay.id, { ...from, key: `${from.key} `, ...partsOf(from.key) });
  }
  history.move(life.id, { ...to, ...partsOf(to.key) });
  if (inTheWay !== undefined && inTheWay.events.length > 0) {
    history.move(inTheWay.id, { ...from, ...partsOf(from.key) });
  }
}

function carryOut({ life, from, to, inTheWay }: Move, { store, history, by, nowMs }: AdoptOptions): void {
  exchange(history, life, to, inTheWay);
  store.addEvent(life.id, nowMs, { type: 'adopted', from, to, by });
  if (inTheWay !== undefined && inTheWay.events.length > 0) {
    store.addEvent(inTheWay.id, nowMs, { type: 'adopted', from: to, to: from, by });
  }
}

function refuseUnfit({ life, from, to, inTheWay }: Move, { history, isLive }: AdoptOptions): void {
  for (const each of inTheWay === undefined ? [life] : [life, inTheWay]) {
    const live =
      standing(foldAttempts(each.events), isLive).state === 'sending' ||
      history.reservedBy(each.id).some(isLive);
    if (!live) continue;
    throw new ResolutionError(`${each.request.key} is about to be sent by a live run`, {
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
