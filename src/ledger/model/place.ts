import type { Place } from './identity.ts';
import type { Renaming } from './moving.ts';

/** The parts of a key: `scene/shot:variant@take`, where only the shot is always there. */
export function partsOf(key: string): {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
} {
  const [, scene, shot, variant] = /^(?:([^/]*)\/)?([^:@]*)(?::([^@]*))?/.exec(key) ?? [];
  return { scene: scene ?? null, shot: shot ?? key, variant: variant ?? null };
}

/**
 * Where a request goes by a renaming; null where the renaming is not about it. A shot's key takes its variants and
 * takes along, a variant's its takes, and a scene, written with a slash at its end, its shots. A shot that became a
 * variant had none: only its own takes go there.
 */
export function renamed(place: Place, { from, to }: Renaming): Place | null {
  if (place.project !== from.project) return null;
  if (from.key === null || to.key === null) return { project: to.project, key: place.key };
  if (!place.key.startsWith(from.key)) return null;
  const rest = place.key.slice(from.key.length);
  const below = isVariant(to.key) && !isVariant(from.key) ? /^@/ : /^[:@]/;
  const whole = rest === '' || from.key.endsWith('/') || below.test(rest);
  return whole ? { project: to.project, key: to.key + rest } : null;
}

function isVariant(key: string): boolean {
  return key.includes(':');
}
