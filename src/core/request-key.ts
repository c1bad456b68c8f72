/**
 * A request's key, `scene/shot:variant@take`: scene and variant are left out where there are none, the take where it is
 * the first. Every key is put together and taken apart here.
 */
export interface RequestName {
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  /** Counts from 1. */
  readonly take: number;
}

/** `scene/shot` */
export function shotKey({ scene, shot }: Pick<RequestName, 'scene' | 'shot'>): string {
  return scene === null ? shot : `${scene}/${shot}`;
}

/** `scene/shot:variant` */
export function variantKey(shot: string, variant: string | null): string {
  return variant === null ? shot : `${shot}:${variant}`;
}

/** @param version the key of a shot or of a variant. */
export function takeKey(version: string, take: number): string {
  return take === 1 ? version : `${version}@${take}`;
}

/** Takes any text apart; what is no key is a shot of that name. */
export function parseRequestKey(key: string): RequestName {
  const [, scene, shot, variant, take] = /^(?:([^/]*)\/)?([^:@]*)(?::([^@]*))?(?:@(\d+))?/.exec(key) ?? [];
  return {
    scene: scene ?? null,
    shot: shot ?? key,
    variant: variant ?? null,
    take: take === undefined ? 1 : Number(take),
  };
}

/** The key without its take: that of the shot or of the variant. */
export function withoutTake(key: string): string {
  return key.replace(/@\d+$/, '');
}

/** The key without variant and take. */
export function shotKeyOf(key: string): string {
  return key.replace(/[:@].*$/, '');
}

/** The kinds of name that are below a name: `takes` alone, or variants and takes. */
type Below = 'takes' | 'variants and takes';

/**
 * True where a key belongs to a name: it is that name, or a variant or take of it. A name that ends in a slash is a
 * scene's, and holds all its shots.
 */
export function belongsTo(key: string, name: string, below: Below = 'variants and takes'): boolean {
  if (!key.startsWith(name)) return false;
  const rest = key.slice(name.length);
  return rest === '' || name.endsWith('/') || (below === 'takes' ? /^@/ : /^[:@]/).test(rest);
}
