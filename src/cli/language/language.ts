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

/** Commands whose standard output is a file or a document. */
const dataCommands = new Set(['import', 'export', 'schema', 'completion', 'report', 'emulator']);

/** Whether what a call writes to standard output is for programs, and so stays as it is. */
function writesData(argv: readonly string[]): boolean {
  if (argv.some((word) => word === '--help' || word === '-h') || argv[0] === 'help') return false;
  if (dataCommands.has(argv[0] ?? '') || (argv[0] === 'ledger' && argv[1] === 'export')) return true;
  return argv.some((word, index) => {
    const format = word === '--format' ? argv[index + 1] : /^--format=(.*)$/.exec(word)?.[1];
    return format !== undefined && format !== 'pretty';
  });
}

/** The world with everything that is said to people in their language. Nothing is loaded for English. */
export async function inLanguage(io: Io): Promise<Io> {
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
    stdout: { value: writesData(io.argv) ? io.stdout : speaking(io.stdout, said) },
    stdin: { value: Object.create(stdin, { ask: { value: ask } }) },
  });
}

/** Texts come whole, so that they are known again: lines are broken only once they are said in the other language. */
export const unbroken = 100_000;

function speaking(output: Output, said: (text: string) => string): Output {
  const { stream } = output;
  const write = (text: string): void => output.write(said(text));
  return {
    isTTY: output.isTTY,
    columns: unbroken,
    write,
    stream: stream === null ? null : speakingStream(stream, said),
  };
}

/** What redraws its lines writes them to the terminal itself. */
function speakingStream(stream: NodeJS.WriteStream, said: (text: string) => string): NodeJS.WriteStream {
  const write = (chunk: string | Uint8Array, ...rest: unknown[]): boolean =>
    Reflect.apply(stream.write, stream, [typeof chunk === 'string' ? said(chunk) : chunk, ...rest]);
  return Object.create(stream, { write: { value: write, writable: true, configurable: true } });
}
