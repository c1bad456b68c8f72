import type { Clock } from '../core/clock.ts';
import { LedgerError } from '../core/errors.ts';
import { emptyLedger } from '../ledger/empty-ledger.ts';
import type { Ledger, LedgerReader } from '../ledger/ledger.ts';
import type { LedgerLocation } from '../ledger/location.ts';
import type { Spool, SpoolReport } from '../ledger/spool/spool.ts';
import type { LedgerOpener } from './options.ts';

export interface LedgerAccessOptions {
  readonly location: LedgerLocation;
  readonly opener: LedgerOpener;
  readonly clock: Clock;
  /** Nothing is going to be written but what the ledger lacks. */
  readonly readOnly: boolean;
  readonly onSpooled: (report: SpoolReport) => void;
  /** The ledger cannot take in what an earlier run could not record. */
  readonly onSpoolWaits: (spool: Spool, error: LedgerError) => void;
  /** Brings the ledger up to date before anybody sees it. */
  readonly prepare: (ledger: LedgerUnderWay) => Promise<void>;
}

/** The ledger while it is being prepared. */
export interface LedgerUnderWay {
  reader(): Promise<LedgerReader>;
  writer(): Promise<Ledger>;
}

/**
 * The one ledger of a project: opened when it is first asked for, once, and closed with the project. The order is what
 * the promises need:
 *
 * 1. it is opened, and takes in the answers that an earlier run could not record (the spool);
 * 2. it takes in the journals beside the manifest: what a clone, a colleague or a removed ledger has paid;
 * 3. only then does anybody read it, so that nothing is planned on the word of a ledger that knows too little.
 *
 * A ledger that is not there yet reads as empty and is made by the first write: whoever only looks leaves no trace.
 */
export class LedgerAccess implements LedgerUnderWay {
  readonly #options: LedgerAccessOptions;
  #reader: Promise<LedgerReader> | undefined;
  #writer: Promise<Ledger> | undefined;
  #prepared: Promise<void> | undefined;

  constructor(options: LedgerAccessOptions) {
    this.#options = options;
  }

  get location(): LedgerLocation {
    return this.#options.location;
  }

  exists(): Promise<boolean> {
    return this.#options.opener.exists(this.location);
  }

  /** The ledger for looking. */
  async reader(): Promise<LedgerReader> {
    await this.#prepare();
    return this.#look();
  }

  /** The ledger for writing, made where there is none. */
  async writer(): Promise<Ledger> {
    await this.#prepare();
    return this.#write();
  }

  async close(): Promise<void> {
    const opened = await Promise.allSettled([this.#writer, this.#reader]);
    this.#writer = undefined;
    this.#reader = undefined;
    for (const each of opened) if (each.status === 'fulfilled') await each.value?.close();
  }

  #prepare(): Promise<void> {
    this.#prepared ??= this.#options.prepare({ reader: () => this.#look(), writer: () => this.#write() });
    return this.#prepared;
  }

  async #look(): Promise<LedgerReader> {
    if (this.#writer !== undefined) return this.#writer;
    const { opener, location, clock, onSpooled, readOnly, onSpoolWaits } = this.#options;
    const spool = opener.spool(location);
    const isWaiting = spool !== null && spool.waiting().length > 0;
    if (!isWaiting && !(await this.exists())) return emptyLedger;
    if (this.#reader === undefined && (isWaiting || !readOnly)) {
      try {
        return await this.#write();
      } catch (error) {
        // A ledger that takes nothing is no reason not to look; whatever sends opens it again, and stops there.
        if (!(error instanceof LedgerError)) throw error;
        if (isWaiting) onSpoolWaits(spool, error);
      }
    }
    this.#reader ??= opener.openForReading(location, { clock, onSpooled });
    return this.#reader;
  }

  async #write(): Promise<Ledger> {
    const { opener, location, clock, onSpooled } = this.#options;
    this.#writer ??= opener.open(location, { clock, onSpooled });
    try {
      return await this.#writer;
    } catch (error) {
      this.#writer = undefined;
      throw error;
    }
  }
}
