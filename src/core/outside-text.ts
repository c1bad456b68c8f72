/**
 * Matches characters that move a terminal's cursor, turn the direction of writing, or end a line: control and direction
 * characters, line separators, halves of characters.
 */
const odd = /[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Cs}]/u;
const everyOdd = new RegExp(odd, 'gu');

/** The first character of a text that no terminal should get from outside, as `U+001B`; null where there is none. */
export function oddCharacter(text: string): string | null {
  const found = odd.exec(text)?.[0];
  return found === undefined ? null : `U+${hexOf(found).toUpperCase().padStart(4, '0')}`;
}

/** The same of any text in a value made of JSON, but for what stands under one name. */
export function oddCharacterIn(value: unknown, but: string): string | null {
  if (typeof value === 'string') return oddCharacter(value);
  if (typeof value !== 'object' || value === null) return null;
  for (const [name, each] of Object.entries(value)) {
    const found = name === but ? null : oddCharacterIn(each, but);
    if (found !== null) return found;
  }
  return null;
}

/** A text in which such characters are spelled out: two texts that differ still do. */
export function spelledOut(text: string): string {
  return odd.test(text) ? text.replace(everyOdd, (character) => `\\u{${hexOf(character)}}`) : text;
}

function hexOf(character: string): string {
  return (character.codePointAt(0) ?? 0).toString(16);
}
