/** A text as YAML reads it from one line, in double quotes where nothing in it needs an escape, else in single ones. */
export function writtenIn(text: string): string {
  return /["\\]/.test(text) ? `'${text.replaceAll("'", "''")}'` : `"${text}"`;
}
