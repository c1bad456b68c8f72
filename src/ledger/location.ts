import { realpathSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { SetupError } from '../core/errors.ts';
import { isWithin, type WorkTree } from '../core/work-tree.ts';
import { fileNameOf, type PostgresTarget, parsePostgresUrl, shownTarget } from './postgres/target.ts';

/** The kind of ledger at a location. Only `open-ledger.ts` asks: it chooses the backend. */
export type LedgerTarget =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'postgres'; readonly server: PostgresTarget }
  /** A ledger that goes with the process. */
  | { readonly kind: 'process' };

/**
 * The location of a ledger. Whoever holds one knows neither what the ledger is made of nor its password: however it is
 * printed, that is left out.
 */
export class LedgerLocation {
  readonly #target: LedgerTarget;
  readonly #shown: string;
  /** Absolute: the folder for what belongs to this ledger and stays on this machine, as what was found out about media. */
  readonly folder: string;

  /** @param shown for people, without a password. */
  constructor(target: LedgerTarget, shown: string, folder: string) {
    this.#target = target;
    this.#shown = shown;
    this.folder = folder;
  }

  /** The target, for the room of the ledger alone. */
  get target(): LedgerTarget {
    return this.#target;
  }

  toString(): string {
    return this.#shown;
  }

  toJSON(): string {
    return this.#shown;
  }

  [Symbol.for('nodejs.util.inspect.custom')](): string {
    return this.#shown;
  }

  /** Names it for people who are in a folder: a path from there, where the ledger is a file. */
  shownFrom(folder: string): string {
    return this.#target.kind === 'file' ? relative(folder, this.#target.file) || this.#shown : this.#shown;
  }

  /** True where people on other machines share it, so that it is not beside a manifest. */
  get isShared(): boolean {
    return this.#target.kind === 'postgres';
  }

  /** The same ledger, with what stays on this machine in another folder. */
  keptIn(folder: string): LedgerLocation {
    return new LedgerLocation(this.#target, this.#shown, folder);
  }

  /**
   * The path that the ledger's file has, or would have if it were one: beside it is what belongs to it and stays on this
   * machine. Null for a ledger that goes with the process.
   */
  get localName(): string | null {
    if (this.#target.kind === 'process') return null;
    if (this.#target.kind === 'file') return this.#target.file;
    return join(this.folder, 'team', fileNameOf(this.#target.server), 'ledger');
  }

  equals(other: LedgerLocation): boolean {
    return this.#shown === other.#shown && this.#target.kind === other.#target.kind;
  }

  /** True where all of it stays in these work trees, links followed. */
  async isWithin(trees: readonly WorkTree[]): Promise<boolean> {
    if (this.#target.kind === 'process') return true;
    return this.#target.kind === 'file' && isWithin(trees, this.#target.file);
  }

  /** True where writing this file, given by its absolute path, would harm the ledger. */
  isPartOf(file: string): boolean {
    if (this.#target.kind !== 'file') return false;
    const real = realPath(this.#target.file);
    const names = [this.#target.file, real].flatMap((name) => [name, `${name}-wal`, `${name}-shm`]);
    return names.includes(file) || names.includes(realPath(file));
  }
}

/** The ledger of the manifests in a folder, unless another one is named. */
export function ledgerBeside(folder: string): LedgerLocation {
  return fileLocation(join(folder, '.shotlist', 'ledger.db'));
}

const scheme = /^([a-z][a-z0-9+.-]*):\/\//i;

/**
 * A location as people write it: a path, seen from `cwd`, a `file:` URL, `postgres://user@host/database`, or `:memory:` for
 * one that goes with the process.
 *
 * @param env the `PG*` variables that fill what a URL of PostgreSQL leaves out.
 * @throws SetupError for a scheme that no backend answers to. Its message holds no password.
 */
export function parseLedgerLocation(
  text: string,
  cwd: string,
  env: Readonly<Record<string, string | undefined>> = {},
): LedgerLocation {
  if (text === ':memory:') return new LedgerLocation({ kind: 'process' }, text, resolve(cwd));
  const [, named] = scheme.exec(text) ?? [];
  if (named === undefined) return fileLocation(resolve(cwd, text));
  if (named.toLowerCase() === 'file') return fileLocation(pathOf(text));
  if (/^postgres(?:ql)?$/i.test(named)) {
    const server = parsePostgresUrl(text, env);
    return new LedgerLocation(
      { kind: 'postgres', server },
      shownTarget(server),
      join(resolve(cwd), '.shotlist'),
    );
  }
  throw new SetupError(
    `a ledger cannot be kept at ${withoutPassword(text)}: nothing here answers to ${named}://`,
    {
      help: 'Name a file with --ledger or SHOTLIST_LEDGER, for example .shotlist/ledger.db, or a server: postgres://host/database',
    },
  );
}

function fileLocation(file: string): LedgerLocation {
  return new LedgerLocation({ kind: 'file', file }, file, dirname(file));
}

function pathOf(url: string): string {
  try {
    return fileURLToPath(url);
  } catch (error) {
    throw new SetupError(`the ledger ${url} names no file of this machine`, {
      help: 'Write it as file:///folder/ledger.db, or as a plain path',
      cause: error,
    });
  }
}

/** A URL without what may be secret in it: the password, and whatever stands after the path. */
export function withoutPassword(url: string): string {
  const [head = ''] = url.split(/[?#]/);
  const [start] = scheme.exec(head) ?? [''];
  const rest = head.slice(start.length);
  // The last @ ends the user and password: a password may hold one, as people paste it.
  const at = rest.lastIndexOf('@');
  if (at === -1) return head;
  const [user = ''] = rest.slice(0, at).split(':');
  return `${start}${user}@${rest.slice(at + 1)}`;
}

/** A location as it was written, for people to copy: without a password, and with its options. */
export function copyableLocation(text: string): string {
  if (!isServerLocation(text)) return text;
  const [, options = ''] = /\?([^#]*)/.exec(text.slice(text.lastIndexOf('@') + 1)) ?? [];
  return `${withoutPassword(text)}${options === '' ? '' : `?${options}`}`;
}

/** True for a location that, as it was written, holds a password. */
export function holdsPassword(text: string): boolean {
  return isServerLocation(text) && copyableLocation(text) !== text;
}

function isServerLocation(text: string): boolean {
  return /^postgres(?:ql)?:\/\//i.test(text);
}

function realPath(file: string): string {
  try {
    return realpathSync(file);
  } catch {
    return file;
  }
}
