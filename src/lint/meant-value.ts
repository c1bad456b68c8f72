import { namedCharacter, oddBlanks } from '../core/characters.ts';

/** A value on offer that another one only looks like, and the character that makes the difference. */
export interface MeantValue {
  readonly meant: string;
  /** "a full-width colon `：` (U+FF1A)". */
  readonly character: string;
}

const odd = new RegExp(`[${oddBlanks}“”‘’「」\\uff00-\\uff5e∶]`, 'u');

/** The value that was meant where one holds curly quotes, full-width signs or blanks that cannot be seen. */
export function meantValue(value: string, offered: Iterable<string>): MeantValue | undefined {
  const character = odd.exec(value)?.[0];
  if (character === undefined) return undefined;
  const plain = value
    .normalize('NFKC')
    .replaceAll('∶', ':')
    .replace(new RegExp(`[${oddBlanks}“”‘’「」\\s]`, 'gu'), '');
  for (const meant of offered) if (meant === plain) return { meant, character: namedCharacter(character) };
  return undefined;
}
