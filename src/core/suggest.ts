import { distance } from 'fastest-levenshtein';

/**
 * The known name that `word` was probably meant to be, or undefined where none is near enough to be worth saying.
 * Case, white space and the separators `-` `_` are not counted as differences, so `firstImage` finds `first_image`. Of
 * equally near names the one spelled most alike wins, then the first.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const wanted = fold(word);
  const enough = Math.max(1, Math.floor(wanted.length / 3));
  let best: { name: string; away: number; spelling: number } | undefined;
  for (const name of known) {
    const away = slips(wanted, fold(name));
    // If nothing of the word is left, one short name is as near as the next.
    if (away > enough || away >= wanted.length) continue;
    if (best !== undefined && away > best.away) continue;
    const spelling = distance(word, name);
    if (best === undefined || away < best.away || spelling < best.spelling) best = { name, away, spelling };
  }
  return best?.name;
}

/** Helps with a name that nothing has: suggests the known one that was probably meant, or else `otherwise`. */
export function didYouMean(word: string, known: Iterable<string>, otherwise: string): string {
  const meant = nearest(word, known);
  return meant === undefined ? otherwise : `did you mean ${meant}?`;
}

/**
 * The known name that `word` can only have been meant to be: the one that is a slip or two of the hand away. Undefined
 * where there are several, or none.
 */
export function onlyNear(word: string, known: Iterable<string>): string | undefined {
  const wanted = fold(word);
  const enough = Math.min(2, Math.floor(wanted.length / 3));
  const near = [...known].filter((name) => slips(wanted, fold(name)) <= enough);
  return near.length === 1 ? near[0] : undefined;
}

function fold(name: string): string {
  return name.toLowerCase().replace(/[-_\s]/g, '');
}

/** Counts the slips of the hand between two words. Two neighbours swapped are the likeliest, and less than one. */
function slips(a: string, b: string): number {
  return areNeighboursSwapped(a, b) ? 0.5 : distance(a, b);
}

function areNeighboursSwapped(a: string, b: string): boolean {
  if (a.length !== b.length) return false;
  let at = 0;
  while (at < a.length && a[at] === b[at]) at += 1;
  return (
    at + 1 < a.length && a[at] === b[at + 1] && a[at + 1] === b[at] && a.slice(at + 2) === b.slice(at + 2)
  );
}
