import type { Readable, Writable } from 'node:stream';
import type { Clock, Random } from '../core/clock.ts';

/** Everything a command may touch of the world around it; `main.ts` makes the real one, tests make their own. */
export interface Io {
  /** The words after the program's name. */
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Absolute. */
  readonly cwd: string;
  readonly stdin: Input;
  /** Results, and nothing else. */
  readonly stdout: Output;
  /** Progress, notes and questions. */
  readonly stderr: Output;
  /** Standard input and output themselves, for a protocol that is spoken over them; nothing else may use them then. */
  readonly channel: Channel;
  readonly clock: Clock;
  readonly random: Random;
  /** Time zone of the people who read the output, as `Asia/Shanghai`. */
  readonly timeZone: string;
  /** Version of Node.js, as `20.19.0`. */
  readonly nodeVersion: string;
  /** The person at work, `user@host`, for the history. */
  readonly user: string;
  /** Calls `listener` on every Ctrl-C (SIGTERM and SIGHUP alike), with the signal's name, until the returned function is called. */
  onInterrupt(listener: (signal: string) => void): () => void;
}

export interface Channel {
  readonly input: Readable;
  readonly output: Writable;
}

export interface Input {
  readonly isTTY: boolean;
  /** Reads all of it, once; stops soon after `maxBytes`, so that what is too large is known to be and nothing more. */
  read(maxBytes: number): Promise<Uint8Array>;
  /** One line, without its end, after `question` was shown on standard error; null at the end of input. */
  ask(question: string): Promise<string | null>;
}

/** True for an answer that agrees; no answer does not agree. */
export function isYes(answer: string | null): boolean {
  return /^\s*(y|yes)\s*$/i.test(answer ?? '');
}

export interface Output {
  readonly isTTY: boolean;
  /** Width of the terminal in columns; 80 where there is none. */
  readonly columns: number;
  write(text: string): void;
  /** Says a text in the language in which `write` says what it gets; absent where that is English. */
  readonly say?: (text: string) => string;
  /** The terminal itself, for a display that redraws; null where there is none. */
  readonly stream: NodeJS.WriteStream | null;
}
