/** A word of a command that people copy: quoted where a POSIX shell would take it for anything but itself. */
function shellWord(text: string): string {
  return /^[\p{L}\p{N}_./@%+-][\p{L}\p{M}\p{N}_./@%+:,=-]*$/u.test(text)
    ? text
    : `'${text.replaceAll("'", String.raw`'\''`)}'`;
}

/** A whole command of ours, ready to be copied. */
export function command(...words: readonly string[]): string {
  return ['shotlist', ...words.map(shellWord)].join(' ');
}
