import type { Input, Io, Output } from '../io.ts';

/** The languages that the program speaks. Codes, keys, JSON and files are the same in each. */
export type Language = 'en' | 'zh';

/** `SHOTLIST_LANG` wins over `LC_ALL`, that over `LC_MESSAGES` and `LANG`, as everywhere. */
export function languageOf(env: Io['env']): Language {
  const named = [env['SHOTLIST_LANG'], env['LC_ALL'], env['LC_MESSAGES'], env['LANG']].find(
    (value) => value !== undefined && value !== '',
  );
  return /^zh(?:[-_.@]|$)/i.test(named ?? '') ? 'zh' : 'en';
}

/**
 * The world with everything that is said to people in their language. Nothing is loaded for English.
 *
 * @param isData whether what goes to standard output is for programs, and stays as it is.
 */
export async function inLanguage(io: Io, isData: boolean): Promise<Io> {
  if (languageOf(io.env) === 'en') return io;
  const [{ speak }, { Phrasebook }, { chinese }] = await Promise.all([
    import('./speak.ts'),
    import('./template.ts'),
    import('./zh/index.ts'),
  ]);
  const phrasebook = new Phrasebook(chinese);
  const said = (text: string): string => speak(text, phrasebook);
  const { stdin } = io;
  const ask: Input['ask'] = (question) => stdin.ask(said(question));
  return Object.create(io, {
    stderr: { value: speaking(io.stderr, said) },
    stdout: { value: isData ? io.stdout : speaking(io.stdout, said) },
    stdin: { value: Object.create(stdin, { ask: { value: ask } }) },
  });
}

function speaking(output: Output, said: (text: string) => string): Output {
  return Object.create(output, { write: { value: (text: string) => output.write(said(text)) } });
}
