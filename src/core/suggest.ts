import { distance } from 'fastest-levenshtein';

/**
 * The known name that `word` was probably meant to be, or undefined where none is near enough to be worth saying.
 * Case and the separators `-` `_` are not counted as differences, so `firstImage` finds `first_image`.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = fold(word);
  let best: { name: string; away: number } | undefined;
  for (const name of known) {
    const away = distance(wanted, fold(name));
    if (best === undefined || away < best.away) best = { name, away };
  }
  return best !== undefined && best.away <= Math.max(1, Math.floor(wanted.length / 3))
    ? best.name
    : undefined;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_]/g, '');
}
