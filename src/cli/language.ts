import { languageOf } from '../language/language.ts';
import type { Input, Io, Output } from './io.ts';

/** Commands whose standard output is a file or a piece of documentation, unless it is their help. */
const dataCommands = new Set(['import', 'export', 'schema', 'completion', 'report', 'rules', 'models']);

/** Tells whether what a call writes to standard output is for programs, and so stays as it is. */
function writesData(argv: readonly string[]): boolean {
  if (asksForHelp(argv)) return false;
  if (dataCommands.has(argv[0] ?? '') || (argv[0] === 'ledger' && argv[1] === 'export')) return true;
  if (argv.includes('--fix')) return true;
  return argv.some((word, index) => {
    const format = word === '--format' ? argv[index + 1] : /^--format=(.*)$/.exec(word)?.[1];
    return format !== undefined && format !== 'pretty';
  });
}

function asksForHelp(argv: readonly string[]): boolean {
  return argv.length === 0 || argv[0] === 'help' || argv.includes('--help') || argv.includes('-h');
}

/** The same world, in which everything that is said to people is said in their language. Nothing is loaded for English. */
export async function inLanguage(io: Io): Promise<Io> {
  if (languageOf(io.env) === 'en') return io;
  const [{ Speaker }, { chinese }, { fitLines }] = await Promise.all([
    import('../language/speak.ts'),
    import('../language/zh/index.ts'),
    import('./render/fit.ts'),
  ]);
  const speaker = new Speaker(chinese);
  const speaking = (output: Output, isHelp: boolean): Output => {
    const { isTTY, columns } = output;
    const view = isHelp ? { isTTY: true, columns: Math.min(columns, widestHelp) } : { isTTY, columns };
    const say = (text: string): string => fitLines(speaker.speak(text, isHelp), view);
    return Object.create(output, {
      say: { value: (text: string) => speaker.speak(text) },
      write: { value: (text: string) => output.write(say(text)) },
    });
  };
  const { stdin, stdout, stderr } = io;
  const ask: Input['ask'] = (question) => stdin.ask(fitLines(speaker.speak(question), stderr));
  return Object.create(io, {
    stderr: { value: speaking(stderr, false) },
    stdout: { value: writesData(io.argv) ? stdout : speaking(stdout, asksForHelp(io.argv)) },
    stdin: { value: Object.create(stdin, { ask: { value: ask } }) },
  });
}

/** Long lines are hard to read, however wide the terminal is. */
export const widestHelp = 100;

/** No line is that long. */
const unbroken = 100_000;

/**
 * The width at which prose is broken into lines, in columns. What is said in another language comes as whole lines, so
 * that it is known again, and is broken once it is said.
 */
export function proseWidth(output: Output, widest: number): number {
  return output.say === undefined ? Math.min(output.columns, widest) : unbroken;
}
