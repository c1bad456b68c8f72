import type { ProjectFiles } from './files.ts';

/** Up to where a journal was complete at the last look. */
export interface Completeness {
  /** Of the journal's bytes. */
  readonly digest: string;
  /** The position in the ledger. */
  readonly seq: number;
}

/**
 * Remembers beside the ledger that a journal is complete, so that the next command need not compare every line. It is a
 * convenience: without it, or with one that fits no more, every line is compared.
 */
export class CompletenessNote {
  readonly #file: string;
  readonly #files: ProjectFiles;

  /** @param name absolute; the note's name begins with it. */
  constructor(name: string, files: ProjectFiles) {
    this.#file = `${name}.complete`;
    this.#files = files;
  }

  /** Reads the note; null for none. */
  async read(): Promise<Completeness | null> {
    try {
      const value: unknown = JSON.parse(await this.#files.read(this.#file));
      const { digest, seq } = value as Partial<Completeness>;
      return typeof digest === 'string' && typeof seq === 'number' ? { digest, seq } : null;
    } catch {
      return null;
    }
  }

  async write(note: Completeness): Promise<void> {
    await this.#files.write(this.#file, `${JSON.stringify(note)}\n`).catch(() => undefined);
  }
}
