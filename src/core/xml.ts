/** Attributes with a blank before each; those without a value are left out. */
export function xmlAttributes(values: Readonly<Record<string, string | number | undefined>>): string {
  return Object.entries(values)
    .flatMap(([name, value]) => (value === undefined ? [] : [` ${name}="${escapeAttribute(String(value))}"`]))
    .join('');
}

/** XML 1.0 has no way to write most control characters, half a surrogate pair or U+FFFE and U+FFFF: a mark stands in. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it looks for
const unwritable = /[\0-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]|\p{Surrogate}/gu;

const entities: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  '\t': '&#9;',
  '\n': '&#10;',
  '\r': '&#13;',
};

/** Text between tags. A parser would turn a bare carriage return into a line feed. */
export function xmlText(text: string): string {
  return text.replace(unwritable, '\ufffd').replace(/[&<>\r]/g, (character) => entities[character] ?? '');
}

/** A parser would turn white space other than the blank into blanks. */
function escapeAttribute(text: string): string {
  return text
    .replace(unwritable, '\ufffd')
    .replace(/[&<>"\t\n\r]/g, (character) => entities[character] ?? '');
}
