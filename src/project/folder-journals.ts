import path from 'node:path';
import { LedgerError } from '../core/errors.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { LedgerReader, LedgerScope } from '../ledger/ledger.ts';
import type { ProjectFiles } from './files.ts';
import { projectsIn } from './projects-in.ts';

/** A journal beside the manifest. */
export interface JournalText {
  /** Absolute. */
  readonly file: string;
  /** As people are told of it. */
  readonly shown: string;
  readonly text: string;
}

export interface FolderJournalsOptions {
  /** Absolute: what names are seen from. */
  readonly cwd: string;
  /** Absolute folder and stem of the files beside the manifest. */
  readonly stem: string;
  readonly scope: LedgerScope;
  readonly files: ProjectFiles;
  /** The fingerprints that the manifest asks for. */
  readonly asked: () => Pick<ReadonlySet<string>, 'has'>;
}

/** The journals in the folder of a manifest: its own, and those of its former names. */
export class FolderJournals {
  readonly #options: FolderJournalsOptions;
  readonly #read: (file: string, shown: string) => Promise<string>;

  /** @param read the text of a journal; empty for none. */
  constructor(options: FolderJournalsOptions, read: (file: string, shown: string) => Promise<string>) {
    this.#options = options;
    this.#read = read;
  }

  /**
   * Those that tell of the manifest's project: that of the manifest's former name, or of another manifest of the project,
   * knows of payments that its own may lack.
   */
  async ofProject(): Promise<readonly JournalText[]> {
    return (await this.#all()).filter(({ isOwn }) => isOwn);
  }

  /**
   * Those of projects that no manifest in the folder names any more, as far as they paid for what this one asks for: project
   * and file got other names. What they paid under those is told where it is planned.
   */
  async ofFormerProjects(ledger: LedgerReader): Promise<readonly JournalText[]> {
    const others = (await this.#all()).filter(({ isOwn, text }) => !isOwn && text !== '');
    if (others.length === 0) return [];
    const { scope, files, stem, asked } = this.#options;
    const { journalDigest, readJournal } = await import('../ledger/journal/journal.ts');
    const there = await projectsIn(path.dirname(stem), files);
    const fingerprints = asked();
    const isForThis = (event: JournalEvent): boolean =>
      event.type === 'claimed' &&
      event.provider === scope.provider &&
      !there.has(event.project) &&
      fingerprints.has(event.fingerprint);
    const former: JournalText[] = [];
    for (const other of others) {
      if (await ledger.holdsJournal(journalDigest(other.text))) continue;
      try {
        if (readJournal(other.text, other.shown).events.some(isForThis)) former.push(other);
      } catch (error) {
        // Another project's journal that cannot be trusted is for the commands on that project to say.
        if (!(error instanceof LedgerError)) throw error;
      }
    }
    return former;
  }

  async #all(): Promise<readonly (JournalText & { readonly isOwn: boolean })[]> {
    const { files, cwd, scope, stem } = this.#options;
    const folder = path.dirname(stem);
    const ofProject = new RegExp(`"project"\\s*:\\s*"${scope.project}"`);
    const names = (await files.names(folder)).filter((name) => name.endsWith('.ledger.jsonl'));
    const journals = [];
    for (const name of [...names].sort()) {
      const file = path.join(folder, name);
      // A folder of such a name is no journal of anything.
      if ((await files.kindOf(file)) === 'folder') continue;
      const shown = path.relative(cwd, file);
      const text = await this.#read(file, shown);
      journals.push({ file, shown, text, isOwn: ofProject.test(text) });
    }
    return journals;
  }
}
