import path from 'node:path';
import { LedgerError, SetupError, systemCode } from '../core/errors.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { LedgerScope } from '../ledger/ledger.ts';
import { type LedgerLocation, ledgerBeside } from '../ledger/location.ts';
import type { Conflict } from '../ledger/model/moving.ts';
import { type Emit, warn } from './events.ts';
import type { ProjectFiles } from './files.ts';
import type { FollowUp } from './follow-up.ts';
import type { LedgerUnderWay } from './ledger-access.ts';
import { refuseLinksOut } from './links-out.ts';
import { journalBeside } from './places.ts';

export interface JournalOptions {
  /** The journal that was named; `false` for none, undefined for the one beside the manifest. */
  readonly named: string | false | undefined;
  /** Absolute: what names are seen from. */
  readonly cwd: string;
  /** Absolute folder and stem of the files beside the manifest. */
  readonly stem: string;
  readonly scope: LedgerScope;
  /** Where the ledger is. */
  readonly ledger: LedgerLocation;
  readonly files: ProjectFiles;
  readonly emit: Emit;
  readonly followUp: FollowUp;
}

/** A journal beside the manifest. */
export interface JournalText {
  /** Absolute. */
  readonly file: string;
  /** As people are told of it. */
  readonly shown: string;
  readonly text: string;
}

/** Where the journal is, and what is done with it. */
interface JournalUse {
  /** Absolute. */
  readonly file: string;
  readonly shown: string;
  /** Whether its new lines are taken in before anything is planned. */
  readonly takenIn: boolean;
}

/** The journal of a project: taken in before anything is read, written after everything that changes the ledger. */
export class Journal {
  readonly #options: JournalOptions;
  readonly #use: JournalUse | null;

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#use = useOf(options);
  }

  /**
   * Takes the new lines of the journal into the ledger, before anything is planned on its word. A journal that cannot be
   * read stops the command even where it would only be written: nothing must be sent that it could not take.
   *
   * @throws LedgerError for a journal that cannot be trusted.
   */
  async takeIn(ledger: LedgerUnderWay): Promise<void> {
    const use = this.#use;
    if (use === null) return;
    await this.#takeInFile(ledger, use);
    if (typeof this.#options.named === 'string' || !use.takenIn) return;
    for (const { file, shown } of await this.beside()) {
      if (file !== use.file) await this.#takeInFile(ledger, { file, shown, takenIn: true });
    }
  }

  /**
   * The journals in the manifest's folder that tell of its project: that of the manifest's former name, or of another
   * manifest of the project, knows of payments that its own may lack.
   */
  async beside(): Promise<readonly JournalText[]> {
    const { files, cwd, scope, stem } = this.#options;
    const folder = path.dirname(stem);
    const ofProject = new RegExp(`"project"\\s*:\\s*"${scope.project}"`);
    const names = (await files.names(folder)).filter((name) => name.endsWith('.ledger.jsonl'));
    const journals = [];
    for (const name of [...names].sort()) {
      const file = path.join(folder, name);
      // A folder of such a name is no journal of anything.
      if ((await files.kindOf(file)) === 'folder') continue;
      const text = (await this.#read({ file, shown: path.relative(cwd, file) })) ?? '';
      if (ofProject.test(text)) journals.push({ file, shown: path.relative(cwd, file), text });
    }
    return journals;
  }

  /**
   * Writes the project's history to the journal. What the file held and this ledger does not know stays in it. Never
   * throws: what was sent is in the ledger, and the end of a run must show it.
   */
  async write(ledger: LedgerUnderWay): Promise<void> {
    const use = this.#use;
    if (use === null) return;
    try {
      await this.#write(ledger, use);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      warn(
        this.#options.emit,
        'journalNotWritten',
        `the journal ${use.shown} was not written: ${why}`,
        'what was sent is in the ledger; the next run or collect of this manifest writes the journal again',
      );
    }
  }

  /** Tells what two ledgers say differently: it is never lost, and never passed over. */
  tellConflicts(conflicts: readonly Conflict[]): void {
    const { emit, followUp } = this.#options;
    for (const [index, { key, message }] of conflicts.entries()) {
      const isLast = index === conflicts.length - 1;
      const help = isLast ? `both are kept; look at them with: ${followUp('history', key)}` : undefined;
      warn(emit, 'journalConflict', `${key}: ${message}`, help);
    }
  }

  async #takeInFile(ledger: LedgerUnderWay, use: JournalUse): Promise<void> {
    const text = await this.#read(use);
    if (text === null || text === '') return;
    const { journalDigest, readJournal } = await import('../ledger/journal/journal.ts');
    if (use.takenIn && (await (await ledger.reader()).holdsJournal(journalDigest(text)))) return;
    const { events, digest } = readJournal(text, use.shown);
    if (!use.takenIn || events.length === 0) return;
    const { added, conflicts } = await (await ledger.writer()).takeIn(events, digest);
    if (added > 0) this.#options.emit({ type: 'journalTakenIn', file: use.shown, added });
    this.tellConflicts(conflicts);
  }

  async #write(access: LedgerUnderWay, use: JournalUse): Promise<void> {
    const { scope, files } = this.#options;
    const { journalDigest, journalText, readJournal } = await import('../ledger/journal/journal.ts');
    const own = journalEvents(await (await access.reader()).exportHistory(scope.project), scope);
    const before = await this.#read(use);
    const known = new Set(own.map(({ id }) => id));
    const foreign =
      before === null ? [] : readJournal(before, use.shown).events.filter(({ id }) => !known.has(id));
    const text = journalText([...own, ...foreign]);
    if (text === '' || text === before) return;
    await files.write(use.file, text);
    if (foreign.length === 0) await (await access.writer()).takeIn([], journalDigest(text));
  }

  /** Null where there is none. */
  async #read({ file, shown }: Pick<JournalUse, 'file' | 'shown'>): Promise<string | null> {
    await refuseLinksOut(this.#options, [file]);
    try {
      return await this.#options.files.read(file);
    } catch (error) {
      const code = systemCode(error);
      if (code === 'ENOENT') return null;
      const help = 'Name another with --journal, or go on without one with --no-journal. Nothing was sent.';
      if (error instanceof SetupError) throw new SetupError(error.message, { help, cause: error });
      if (code === 'EISDIR') throw new SetupError(`the journal ${shown} is a folder`, { help, cause: error });
      throw new LedgerError(`the journal ${shown} cannot be read: ${String(code)}`, { help, cause: error });
    }
  }
}

/**
 * Null for a project without a journal, and for a rehearsal that names none. A ledger that is somewhere else than beside
 * the manifest takes in only a journal that was named.
 */
function useOf({ named, cwd, scope, stem, ledger }: JournalOptions): JournalUse | null {
  if (named === false) return null;
  if (named !== undefined) return { file: path.resolve(cwd, named), shown: named, takenIn: true };
  if (isRehearsalScope(scope.provider)) return null;
  const file = journalBeside(stem);
  const inItsPlace = ledger.equals(ledgerBeside(path.dirname(file)));
  return { file, shown: path.relative(cwd, file) || file, takenIn: inItsPlace };
}

/** The events that a journal of this project keeps: those of real providers, or those of a rehearsal on loopback. */
export function journalEvents(events: readonly JournalEvent[], scope: LedgerScope): readonly JournalEvent[] {
  const rehearsal = isRehearsalScope(scope.provider);
  return events.filter(({ provider }) => isRehearsalScope(provider) === rehearsal);
}
