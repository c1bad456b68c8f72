import { stripVTControlCharacters } from 'node:util';
import { ProcessOutput } from 'listr2';

/** The sequence with which log-update wipes its last drawing, line after line, upwards. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: these are the terminal's own
const wipe = /^(?:\x1b\[(?:2K|1A|G))+/;

/**
 * The terminal below a live display. What is written to it while the display is up stands above it at once: listr2 by
 * itself keeps such lines back until the end.
 */
export class LiveOutput extends ProcessOutput {
  readonly #terminal: NodeJS.WriteStream;
  /** The text that the display drew last. */
  #drawn = '';

  constructor(terminal: NodeJS.WriteStream) {
    super(terminal, terminal);
    this.#terminal = terminal;
  }

  override get stdout(): NodeJS.WriteStream {
    const { stdout } = this.stream;
    const write = (text: string): boolean => {
      this.#drawn = text.replace(wipe, '');
      return stdout.write(text);
    };
    // log-update asks for the size at every frame, and a terminal may be resized.
    return Object.create(this.#terminal, { write: { value: write } });
  }

  override hijack(): void {
    super.hijack();
    // Its own writes go round this.
    this.#terminal.write = (text: string | Uint8Array): boolean => this.#above(String(text));
  }

  #above(text: string): boolean {
    const { stdout } = this.stream;
    // log-update hides the cursor again at every frame, past the stream that it was given.
    if (stripVTControlCharacters(text) === '') return true;
    const lines = this.#drawn.split('\n').length;
    const wiped = this.#drawn === '' ? '' : `\x1b[2K${'\x1b[1A\x1b[2K'.repeat(lines - 1)}\x1b[G`;
    return stdout.write(`${wiped}${text.endsWith('\n') ? text : `${text}\n`}${this.#drawn}`);
  }
}
