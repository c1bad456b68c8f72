import {
  closeSync,
  existsSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  renameSync,
  unlinkSync,
  writeSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { systemCode } from '../../core/errors.ts';
import { modes } from '../../core/mode.ts';
import { oddCharacterIn } from '../../core/outside-text.ts';
import {
  amount,
  count,
  type Fields,
  fields,
  oneOf,
  orNull,
  parsedJson,
  readOr,
  text,
  unfit,
  word,
} from '../../core/untrusted-json.ts';
import { outcomeFrom } from '../journal/journal-line.ts';
import type { LedgerRequest, LedgerScope } from '../model/identity.ts';
import type { AttemptOutcome } from '../model/outcome.ts';
import { realPath, syncFolder } from '../sqlite/ledger-file.ts';

/** An answer that the ledger could not take, with all that a ledger needs that never heard of the request. */
export interface SpooledAnswer {
  readonly version: 1;
  /** The name of the ledger's file: several ledgers in one folder share its spool. Older releases did not write it. */
  readonly ledger?: string | undefined;
  readonly scope: LedgerScope;
  readonly request: LedgerRequest;
  readonly runId: string;
  /** The person who started the run, and the approved plan that it sent. */
  readonly by: string;
  readonly plan: string | null;
  readonly attempt: number;
  /** The events that the claim knew, as its own event says. The first release did not write it. */
  readonly causes?: readonly string[] | null | undefined;
  readonly price: number | null;
  readonly currency: string | null;
  /** Milliseconds since the epoch. */
  readonly claimedAt: number;
  /** Milliseconds since the epoch. */
  readonly settledAt: number;
  readonly outcome: AttemptOutcome;
}

/** The fate of a spool file when a ledger was opened. */
export interface SpoolReport {
  readonly file: string;
  /** `recorded`: taken in now. `known`: was in already. `left`: left where it is, because it can't be taken in. */
  readonly result: 'recorded' | 'known' | 'left';
  /** The request, and the task id where there is one; null where the file can't be read. */
  readonly key: string | null;
  readonly taskId: string | null;
}

/** Keeps answers that a ledger could not take. It stays on this machine, whatever the backend. */
export interface Spool {
  /** For people. */
  readonly folder: string;
  /** The files that wait, in the order of their names; one that can't be read has no answer. */
  waiting(): readonly SpooledFile[];
  /**
   * Puts an answer on the disk.
   *
   * @returns the file; null where the disk does not take that either.
   */
  write(name: string, answer: Omit<SpooledAnswer, 'version' | 'ledger'>): string | null;
  /** Removes a file whose answer is in the ledger. */
  remove(file: string): void;
}

/** A file of the spool. */
export interface SpooledFile {
  readonly file: string;
  readonly answer: SpooledAnswer | null;
}

/** The spool of a ledger that is a file: a folder beside it, shared by all ledgers there. */
export class FileSpool implements Spool {
  readonly folder: string;
  /** The real path of the ledger. */
  readonly #ledger: string;

  constructor(ledgerFile: string) {
    this.#ledger = realPath(ledgerFile);
    this.folder = join(dirname(this.#ledger), 'spool');
  }

  waiting(): readonly SpooledFile[] {
    return namesIn(this.folder)
      .map((name) => join(this.folder, name))
      .flatMap((file) => {
        const answer = readAnswer(file);
        // An answer that another ledger of the folder is waiting for stays for that one.
        return answer === undefined || isOfOther(answer, this.#ledger) ? [] : { file, answer };
      });
  }

  write(name: string, answer: Omit<SpooledAnswer, 'version' | 'ledger'>): string | null {
    const file = join(this.folder, `${name}.json`);
    const unfinished = `${file}.part`;
    const whole: SpooledAnswer = { version: 1, ledger: basename(this.#ledger), ...answer };
    try {
      mkdirSync(this.folder, { recursive: true, mode: 0o700 });
      const descriptor = openSync(unfinished, 'w', 0o600);
      try {
        writeSync(descriptor, `${JSON.stringify(whole, null, 2)}\n`);
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(unfinished, file);
      syncFolder(this.folder);
      return file;
    } catch {
      return null;
    }
  }

  remove(file: string): void {
    try {
      unlinkSync(file);
    } catch {
      // Another process took it in at the same time; taking it in again changes nothing.
    }
  }
}

/** A ledger that is not there any more, or was renamed, leaves its answers to whichever is opened. */
function isOfOther(answer: SpooledAnswer | null, ledgerFile: string): boolean {
  const named = answer?.ledger;
  return (
    named !== undefined && named !== basename(ledgerFile) && existsSync(join(dirname(ledgerFile), named))
  );
}

function namesIn(folder: string): readonly string[] {
  try {
    return readdirSync(folder)
      .filter((name) => name.endsWith('.json'))
      .sort();
  } catch {
    return [];
  }
}

/** Reads an answer; null where the file holds none, undefined where another process has just taken it in. */
function readAnswer(file: string): SpooledAnswer | null | undefined {
  try {
    // A pipe would keep everything waiting, and a link leads to what no run put here.
    if (!lstatSync(file).isFile()) return null;
    const value = parsedJson(readFileSync(file, 'utf8'));
    return isAnswer(value) ? value : null;
  } catch (error) {
    return systemCode(error) === 'ENOENT' ? undefined : null;
  }
}

function isAnswer(value: unknown): value is SpooledAnswer {
  // A text that would move the cursor of a terminal is none that a run wrote.
  return oddCharacterIn(value, 'body') === null && readOr(() => checkAnswer(fields(value)), false);
}

/** True, or it throws: every member is held against what it must be. */
function checkAnswer(answer: Fields): true {
  oneOf([1], answer['version']);
  const { ledger } = answer;
  if (ledger !== undefined && text(ledger) !== basename(text(ledger))) unfit();
  const scope = fields(answer['scope']);
  for (const name of ['provider', 'project']) word(scope[name]);
  const request = fields(answer['request']);
  for (const name of ['key', 'fingerprint', 'shot', 'model']) word(request[name]);
  for (const name of ['scene', 'variant']) orNull(word, request[name]);
  amount(request['take']);
  oneOf(modes, request['mode']);
  fields(request['body']);
  for (const name of ['runId', 'by']) word(answer[name]);
  for (const name of ['plan', 'currency']) orNull(word, answer[name]);
  count(answer['attempt']);
  const { causes } = answer;
  if (causes != null && !(Array.isArray(causes) && causes.every((id) => typeof id === 'string'))) unfit();
  orNull(amount, answer['price']);
  for (const name of ['claimedAt', 'settledAt']) amount(answer[name]);
  outcomeFrom(fields(answer['outcome']));
  return true;
}
