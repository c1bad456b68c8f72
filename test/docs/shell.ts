import { chmodSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { type Clock, systemClock } from '../../src/core/clock.ts';
import { version } from '../../src/core/version.ts';
import { bash, machine } from '../ci/workflow.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

export interface Done {
  readonly code: number;
  readonly output: string;
}

/** How many times faster clips are made and waited for than a reader of the documents would see it. */
const haste = 200;

const networkCommands = new Set(['run', 'collect', 'resolve', 'doctor']);

/** The port at which the documents have the emulator listen, when they leave it to chance. */
export const usualPort = '8787';

/** Programs beside shotlist that a document may call. */
const programs = 'cat|cd|cp|curl|echo|eval|export|git|head|ls|mkdir|mv|node|printf|rm|shotlist|unset';

/**
 * A terminal as a reader of the documents has it. `shotlist` runs in this process where it is called plainly, so that
 * hundreds of calls are cheap; what takes a shell goes to bash, with the built program. The emulator listens at a free
 * port, whatever port the document names, and stays in the background.
 */
export class Shell {
  cwd = temporaryFolder();
  env: Record<string, string> = {};
  readonly #machine = withCurl(machine(temporaryFolder(), version));
  readonly #clock = hastyClock();
  /** From the port that the document names to the one that there is. */
  readonly #ports = new Map<string, string>();
  readonly #emulators = new Map<string, () => Promise<void>>();

  /** A new terminal in a new folder; emulators that run go on. */
  begin(): void {
    this.cwd = temporaryFolder();
    this.env = {};
  }

  async close(): Promise<void> {
    for (const stop of this.#emulators.values()) await stop();
  }

  /** @throws Error for a command that no document may call. */
  async run(line: string, answers?: readonly string[]): Promise<Done> {
    const command = this.#toReal(withoutComment(line));
    const [, name] = new RegExp(`^(?:[A-Z_]+=\\S* )*(${programs})(?: |$)`).exec(command) ?? [];
    if (name === undefined) throw new Error(`no command that a document may call: ${line}`);
    const [, folder] = /^cd (\S+)$/.exec(command) ?? [];
    if (folder !== undefined) {
      this.cwd = path.resolve(this.cwd, folder);
      return { code: 0, output: '' };
    }
    const [, variable, value] = /^export (\w+)=(\S*)$/.exec(command) ?? [];
    if (variable !== undefined) {
      // `...` stands for what only the reader has.
      if (value !== '...') this.env[variable] = value ?? '';
      return { code: 0, output: '' };
    }
    const words = plainWords(command);
    if (words === null || words.words[0] !== 'shotlist') {
      const { code, output } = await bash(command, {
        cwd: this.cwd,
        env: { ...this.#machine, ...gitDefaults, ...this.#safe(this.env) },
      });
      return { code, output: this.#toShown(output) };
    }
    const args = words.words.slice(1);
    const env = { ...this.env, ...words.env };
    if (args[0] === 'emulator' && !args.includes('--list-failures') && !args.includes('--help')) {
      return this.startEmulator(args.slice(1));
    }
    let output = '';
    const waits = args[0] === 'collect' || args.includes('--wait') || args.includes('--rate');
    // What the emulator says of a task is held against when it was sent: both begin at one time.
    const ahead = args[0] === 'run' || args[0] === 'resolve' ? this.#clock.now() - Date.now() : 0;
    const { code } = await shotlist(args, {
      cwd: this.cwd,
      // What needs no network says what it says to a reader who has set nothing yet.
      env: networkCommands.has(args[0] ?? '') ? this.#safe(env) : env,
      ...(answers === undefined ? {} : { answers }),
      clock: waits ? this.#clock : { ...systemClock, now: () => Date.now() + ahead },
      onOutput: (text) => {
        output += text;
      },
    });
    return { code, output: this.#toShown(output) };
  }

  /** Starts the emulator; one that listened at the same port of the document ends. */
  async startEmulator(args: readonly string[]): Promise<Done> {
    const at = args.indexOf('--port');
    const port = at === -1 ? usualPort : (args[at + 1] ?? '');
    await this.#emulators.get(port)?.();
    const others = args.filter((_, index) => at === -1 || (index !== at && index !== at + 1));
    let output = '';
    let press = (): void => {};
    let ended: Promise<unknown> = Promise.resolve();
    await new Promise<void>((resolve, reject) => {
      ended = shotlist(['emulator', ...others], {
        cwd: this.cwd,
        env: this.#safe(this.env),
        clock: this.#clock,
        onInterruptible: (pressed) => {
          press = pressed;
          resolve();
        },
        onOutput: (text) => {
          output += text;
        },
      }).then(({ code }) => reject(new Error(`the emulator ended with ${code}: ${output}`)));
      ended.catch(() => {});
    });
    this.#ports.set(port, /127\.0\.0\.1:(\d+)/.exec(output)?.[1] ?? '');
    this.#emulators.set(port, async () => {
      press();
      await ended.catch(() => {});
    });
    return { code: 0, output: this.#toShown(output) };
  }

  /** Has a document call a port of this machine by another number, which stays the same. */
  name(shown: string, real: string): void {
    this.#ports.set(shown, real);
  }

  /** The variables that point at an emulator. */
  pointAt(port: string): void {
    this.env['SHOTLIST_BASE_URL'] = this.#toReal(`http://127.0.0.1:${port}/kyyReactApiServer`);
    this.env['SHOTLIST_API_KEY'] = 'emulator-key';
  }

  /** No document's command may reach the real provider from a test: without a base URL it finds a closed door. */
  #safe(env: Readonly<Record<string, string>>): Record<string, string> {
    const safe = { SHOTLIST_BASE_URL: 'http://127.0.0.1:9/nobody', ...env };
    if (!safe.SHOTLIST_BASE_URL.startsWith('http://127.0.0.1:')) throw new Error('not on loopback');
    return safe;
  }

  #toReal(text: string): string {
    return text.replace(
      /127\.0\.0\.1:(\d+)/g,
      (_, port: string) => `127.0.0.1:${this.#ports.get(port) ?? port}`,
    );
  }

  #toShown(text: string): string {
    return [...this.#ports].reduce(
      (changed, [shown, real]) => changed.replaceAll(`127.0.0.1:${real}`, `127.0.0.1:${shown}`),
      text,
    );
  }
}

/** Fetches a page as curl does: not every machine has curl. */
function withCurl(env: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  const bin = temporaryFolder();
  const script =
    'fetch(process.argv.at(-1)).then((answer) => answer.text()).then((text) => console.log(text))';
  writeFileSync(path.join(bin, 'curl'), `#!/bin/sh\nexec "${process.execPath}" -e '${script}' -- "$@"\n`);
  chmodSync(path.join(bin, 'curl'), 0o755);
  return { ...env, PATH: `${bin}:${env['PATH']}` };
}

const gitDefaults = {
  GIT_CONFIG_COUNT: '1',
  GIT_CONFIG_KEY_0: 'init.defaultBranch',
  GIT_CONFIG_VALUE_0: 'main',
};

/** Time as it passes, only faster, so that nobody waits minutes for clips. */
function hastyClock(): Clock {
  const start = Date.now();
  return {
    now: () => start + (Date.now() - start) * haste,
    monotonic: () => (Date.now() - start) * haste,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (signal?.aborted === true) return resolve();
        const done = (): void => {
          clearTimeout(timer);
          signal?.removeEventListener('abort', done);
          resolve();
        };
        const timer = setTimeout(done, Math.min(ms / haste, 2 ** 31 - 1));
        signal?.addEventListener('abort', done, { once: true });
      }),
  };
}

function withoutComment(line: string): string {
  return /^((?:[^'"#]|'[^']*'|"[^"]*"|(?<!\s)#)*?)\s*(?:\s#.*)?$/.exec(line)?.[1] ?? line;
}

/** The words of a command that no shell is needed for; null where one is. */
function plainWords(command: string): { words: readonly string[]; env: Record<string, string> } | null {
  const words: string[] = [];
  const env: Record<string, string> = {};
  const bare = /^(?:[^\s'"|&;<>()$`*?~\\]|'[^']*'|"[^"$`\\]*")+$/;
  for (const word of command.match(/(?:[^\s'"]|'[^']*'|"[^"]*")+/g) ?? []) {
    if (!bare.test(word)) return null;
    const [, name, value] = /^([A-Z_]+)=(.*)$/.exec(word) ?? [];
    const text = (each: string): string => each.replace(/'([^']*)'|"([^"]*)"/g, '$1$2');
    if (words.length === 0 && name !== undefined) env[name] = text(value ?? '');
    else words.push(text(word));
  }
  return { words, env };
}
