/** The languages that the program speaks. Codes, keys, JSON and files are the same in each. */
export type Language = 'en' | 'zh';

/** `SHOTLIST_LANG` wins over `LC_ALL`, that over `LC_MESSAGES` and `LANG`, as everywhere. */
export function languageOf(env: Readonly<Record<string, string | undefined>>): Language {
  const named = [env['SHOTLIST_LANG'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /^zh(?:[-_.@]|$)/i.test(named ?? '') ? 'zh' : 'en';
}
