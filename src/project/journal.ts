import path from 'node:path';
import { LedgerError, SetupError, systemCode } from '../core/errors.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { LedgerReader, LedgerScope } from '../ledger/ledger.ts';
import { type LedgerLocation, ledgerBeside } from '../ledger/location.ts';
import type { Conflict } from '../ledger/model/moving.ts';
import { CompletenessNote } from './completeness-note.ts';
import { type Emit, warn } from './events.ts';
import type { ProjectFiles } from './files.ts';
import { FolderJournals, type JournalText } from './folder-journals.ts';
import type { FollowUp } from './follow-up.ts';
import { tellForgotten } from './forgotten-payments.ts';
import { JournalFile } from './journal-file.ts';
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
  /** The location of the ledger. */
  readonly ledger: LedgerLocation;
  readonly files: ProjectFiles;
  readonly emit: Emit;
  readonly followUp: FollowUp;
  /** The person at work, as claims name him. */
  readonly by: string;
  /** The fingerprints that the manifest asks for. */
  readonly asked: () => Pick<ReadonlySet<string>, 'has'>;
}

/** The place of the journal, and its use. */
interface JournalUse {
  /** Absolute. */
  readonly file: string;
  readonly shown: string;
  /** True where its new lines are taken in before anything is planned. */
  readonly takenIn: boolean;
}

/**
 * The journal of a project. It is taken in before anything is read, and grows while work goes on: each event is added right
 * after the ledger has it, so that a process that is killed leaves as much in the journal as in the ledger. What it lacks
 * all the same, after a crash or because an older copy was put back, the next command adds that opens the ledger.
 */
export class Journal {
  readonly #options: JournalOptions;
  readonly #use: JournalUse | null;
  readonly #file: JournalFile | null;
  readonly #note: CompletenessNote;
  readonly #others: FolderJournals;
  /** The journal holds what the ledger has up to here; null where that is not known. */
  #seq: number | null = null;
  /** The ledger has every event of the journal, as far as this project has looked. */
  #isKnown = true;
  /** The note does not say what this project knows of the journal. */
  #isNews = false;
  /** The updates so far: one goes after the other. */
  #underWay: Promise<void> = Promise.resolve();
  /** The addition that has not begun yet. */
  #next: Promise<void> | null = null;
  /** The ids of what this project added last. */
  #added: ReadonlySet<string> = new Set();

  constructor(options: JournalOptions) {
    this.#options = options;
    this.#use = useOf(options);
    this.#file = this.#use === null ? null : new JournalFile(this.#use.file, options.files);
    this.#others = new FolderJournals(
      options,
      async (file, shown) => (await this.#read({ file, shown })) ?? '',
    );
    const name = path.basename(this.#use?.file ?? '');
    this.#note = new CompletenessNote(path.join(options.ledger.folder, name), options.files);
  }

  /**
   * Takes the new lines of the journal into the ledger, before anything is planned on its word, then adds what the journal
   * lacks. A journal that cannot be read stops the command even where it would only be written: nothing must be sent that
   * it could not take.
   *
   * @throws LedgerError for a journal that cannot be trusted.
   */
  async takeIn(ledger: LedgerUnderWay): Promise<void> {
    const [use, own] = [this.#use, this.#file];
    if (use === null || own === null) return;
    await this.#takeInOwn(ledger, use, own);
    if (typeof this.#options.named !== 'string' && use.takenIn) {
      for (const { file, shown, text } of await this.beside()) {
        if (file !== use.file) await this.#takeInText(ledger, shown, text);
      }
      for (const { shown, text } of await this.#others.ofFormerProjects(await ledger.reader())) {
        await this.#takeInText(ledger, shown, text);
      }
    }
    await this.write(ledger);
  }

  /** The journals in the manifest's folder that tell of its project. */
  beside(): Promise<readonly JournalText[]> {
    return this.#others.ofProject();
  }

  /**
   * Adds what the journal lacks; what it holds is never changed. Never throws: what was sent is in the ledger, and the end
   * of a run must show it.
   */
  async write(ledger: LedgerUnderWay): Promise<void> {
    if (this.#use === null) return;
    try {
      await this.#update(ledger);
      await this.#noteCompleteness(ledger);
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error);
      warn(
        this.#options.emit,
        'journalNotWritten',
        `the journal ${this.#use.shown} was not written: ${why}`,
        'what was sent is in the ledger; the next run or collect of this manifest writes the journal again',
      );
    }
  }

  /**
   * Adds what the ledger has just got, while work goes on: what comes while the disk is at work goes into the next addition.
   * Resolves once everything that the ledger had at the call is added, or cannot be; that is for `write` to tell, which
   * tries again.
   */
  follow(ledger: LedgerUnderWay): Promise<void> {
    if (this.#use === null) return Promise.resolve();
    if (this.#next !== null) return this.#next;
    const next = this.#underWay.then(() => {
      this.#next = null;
      return this.#addMissing(ledger).catch(() => undefined);
    });
    this.#next = next;
    this.#underWay = next;
    return next;
  }

  /** Resolves once nothing is being added. */
  idle(): Promise<void> {
    return this.#underWay;
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

  async #takeInOwn(ledger: LedgerUnderWay, use: JournalUse, file: JournalFile): Promise<void> {
    const text = await this.#reading(use, async () => (await file.readOn()).text);
    if (text === '') return;
    if (use.takenIn && (await (await ledger.reader()).holdsJournal(file.digest))) return;
    // Events that this ledger has whole are not lost with the end of their line.
    const isOurs = (await this.#lackingOf(ledger, file)) !== '';
    const lines = isOurs ? text.slice(0, text.lastIndexOf('\n') + 1) : text;
    const { readJournal } = await import('../ledger/journal/journal.ts');
    if (use.takenIn) await this.#takeInText(ledger, use.shown, lines);
    else readJournal(lines, use.shown);
  }

  async #takeInText(ledger: LedgerUnderWay, shown: string, text: string): Promise<void> {
    const { journalDigest, readJournal } = await import('../ledger/journal/journal.ts');
    if (await (await ledger.reader()).holdsJournal(journalDigest(text))) return;
    const { events, digest } = readJournal(text, shown);
    if (events.length === 0) return;
    const writer = await ledger.writer();
    const { scope } = this.#options;
    const { seq: before } = await writer.exportSince(scope.project, Number.MAX_SAFE_INTEGER);
    const { added, conflicts } = await writer.takeIn(events, digest);
    if (added > 0) this.#options.emit({ type: 'journalTakenIn', file: shown, added });
    if (added > 0 && before > 0) {
      const { events: learnt } = await writer.exportSince(scope.project, before);
      tellForgotten(journalEvents(learnt, scope), shown, this.#options);
    }
    this.tellConflicts(conflicts);
  }

  #update(access: LedgerUnderWay): Promise<void> {
    const update = this.#underWay.then(() => this.#addMissing(access));
    this.#underWay = update.catch(() => undefined);
    return update;
  }

  /** Adds the events that the ledger has got since the last time and the journal has not. */
  async #addMissing(access: LedgerUnderWay): Promise<void> {
    const [use, file] = [this.#use, this.#file];
    if (use === null || file === null) return;
    const { scope } = this.#options;
    const ledger = await access.reader();
    if ((await this.#reading(use, () => file.readOn())).isReplaced) this.#seq = null;
    this.#seq ??= await this.#completeUpTo(ledger, file);
    const { seq, events } = await ledger.exportSince(scope.project, this.#seq);
    const own = journalEvents(events, scope);
    if (!isWithin(file.ids, new Set([...this.#added, ...own.map(({ id }) => id)]))) this.#isKnown = false;
    const missing = own.filter(({ id }) => !file.ids.has(id));
    file.forget();
    this.#added = new Set(missing.map(({ id }) => id));
    const lacking = await this.#lackingOf(access, file);
    if (missing.length > 0 || lacking !== '') {
      const { journalText } = await import('../ledger/journal/journal.ts');
      await file.append(journalText(missing), lacking);
      this.#isNews = true;
    }
    this.#seq = seq;
  }

  /** The position up to which the journal is known to be complete; 0 where its lines have to be compared one by one. */
  async #completeUpTo(ledger: LedgerReader, file: JournalFile): Promise<number> {
    this.#isKnown = true;
    const noted = await this.#note.read();
    const isTrue = noted?.digest === file.digest && (await ledger.holdsJournal(file.digest));
    if (noted === null || !isTrue) {
      this.#isNews = true;
      return 0;
    }
    file.forget();
    return noted.seq;
  }

  async #noteCompleteness(access: LedgerUnderWay): Promise<void> {
    const file = this.#file;
    if (file === null || !this.#isNews || this.#seq === null) return;
    // Lines there besides our own additions are somebody else's, and not taken in yet.
    const before = this.#seq;
    await this.#update(access);
    if (!this.#isKnown || this.#seq !== before || file.isEmpty) return;
    const { digest } = file;
    if (!(await (await access.reader()).holdsJournal(digest))) {
      await (await access.writer()).takeIn([], digest);
    }
    await this.#note.write({ digest, seq: before });
    this.#isNews = false;
  }

  /**
   * The rest of the last line, where that is the beginning of one that this ledger has whole: its writer was killed. Empty
   * where the line is whole, or somebody else's.
   */
  async #lackingOf(ledger: LedgerUnderWay, { torn }: JournalFile): Promise<string> {
    if (torn === null) return '';
    const { journalText } = await import('../ledger/journal/journal.ts');
    const { scope } = this.#options;
    const own = journalEvents(await (await ledger.reader()).exportHistory(scope.project), scope);
    for (const event of own) {
      const line = Buffer.from(journalText([event]).trimEnd());
      if (line.subarray(0, torn.length).equals(torn)) return line.subarray(torn.length).toString();
    }
    return '';
  }

  /** Reads the journal's text; null where there is none. */
  async #read(use: Pick<JournalUse, 'file' | 'shown'>): Promise<string | null> {
    return this.#reading(use, () =>
      this.#options.files.read(use.file).catch((error: unknown) => {
        if (systemCode(error) === 'ENOENT') return null;
        throw error;
      }),
    );
  }

  async #reading<T>({ file, shown }: Pick<JournalUse, 'file' | 'shown'>, read: () => Promise<T>): Promise<T> {
    await refuseLinksOut(this.#options, [file]);
    try {
      return await read();
    } catch (error) {
      const code = systemCode(error);
      const help = 'Name another with --journal, or go on without one with --no-journal. Nothing was sent.';
      if (error instanceof SetupError) throw new SetupError(error.message, { help, cause: error });
      if (code === 'EISDIR') throw new SetupError(`the journal ${shown} is a folder`, { help, cause: error });
      throw new LedgerError(`the journal ${shown} cannot be read: ${String(code)}`, { help, cause: error });
    }
  }
}

function isWithin(ids: ReadonlySet<string>, known: ReadonlySet<string>): boolean {
  for (const id of ids) if (!known.has(id)) return false;
  return true;
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
