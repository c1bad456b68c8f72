import { belongsTo, parseRequestKey, type RequestName } from '../../core/request-key.ts';
import type { Place } from './identity.ts';
import type { Renaming } from './moving.ts';

/** The parts of a key that every take of it shares. */
export function partsOf(key: string): Omit<RequestName, 'take'> {
  const { scene, shot, variant } = parseRequestKey(key);
  return { scene, shot, variant };
}

/**
 * The place that a renaming gives to a request; null where it is not about it. A shot's key takes its variants and
 * takes along, a variant's its takes, and a scene, written with a slash at its end, its shots. A shot that became a
 * variant had none: only its own takes go there.
 */
export function renamed(place: Place, { from, to }: Renaming): Place | null {
  if (place.project !== from.project) return null;
  if (from.key === null || to.key === null) return { project: to.project, key: place.key };
  const below = isVariant(to.key) && !isVariant(from.key) ? 'takes' : 'variants and takes';
  if (!belongsTo(place.key, from.key, below)) return null;
  return { project: to.project, key: to.key + place.key.slice(from.key.length) };
}

function isVariant(key: string): boolean {
  return parseRequestKey(key).variant !== null;
}
