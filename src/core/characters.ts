/** The code point of a text's first character, as Unicode writes it: `U+00A0`. */
export function codePoint(text: string): string {
  return `U+${(text.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}

/** Names of characters that look like others, or like nothing. */
const names: Readonly<Record<string, string>> = {
  '\u00a0': 'a no-break space',
  '\u2007': 'a figure space',
  '\u202f': 'a narrow no-break space',
  '\u200b': 'a zero-width space',
  '\u2060': 'a word joiner',
  '\u3000': 'an ideographic space',
  '\ufeff': 'a byte-order mark',
  '\uff1a': 'a full-width colon',
  '\uff0c': 'a full-width comma',
  '\u3001': 'an ideographic comma',
  '\u3002': 'an ideographic full stop',
  '\uff1b': 'a full-width semicolon',
  '\u201c': 'a curly quote',
  '\u201d': 'a curly quote',
  '\u2018': 'a curly quote',
  '\u2019': 'a curly quote',
};

const blank = /^[\s\u200b\u2060\ufeff]$/u;

/** A character in words, with its code point: "a full-width colon `：` (U+FF1A)"; what cannot be seen is not shown. */
export function namedCharacter(character: string): string {
  const name = names[character];
  const point = codePoint(character);
  if (blank.test(character)) return `${name ?? 'a blank'} (${point})`;
  return name === undefined ? `\`${character}\` (${point})` : `${name} \`${character}\` (${point})`;
}

/** Blanks that look like a space and are none for a reader of YAML. */
export const oddBlanks = '\\u00a0\\u1680\\u2000-\\u200b\\u202f\\u205f\\u2060\\u3000\\ufeff';
