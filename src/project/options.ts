import type { Clock, Random } from '../core/clock.ts';
import type { Ledger, LedgerReader } from '../ledger/ledger.ts';
import type { LedgerLocation } from '../ledger/location.ts';
import type { Spool, SpoolReport } from '../ledger/spool/spool.ts';
import type { ReadBytes } from '../manifest/file-text.ts';
import type { MediaFacts } from '../media/facts.ts';
import type { MediaRequest, ProbeOptions } from '../media/probe.ts';
import type { Provider } from '../provider/provider.ts';
import type { VideosApiOptions } from '../provider/videos-api.ts';
import type { ProjectEvent } from './events.ts';
import type { ProjectFiles } from './files.ts';

/** Variables of the environment, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Makes the client of a provider, closed by whoever asked for it. */
export type ProviderFactory = (options: VideosApiOptions) => Promise<Provider>;

/** Opens ledgers, by where they are. */
export interface LedgerOpener {
  /** Opens a ledger for reading and writing; makes one where there is none. */
  open(location: LedgerLocation, options: LedgerOpening): Promise<Ledger>;
  /** Opens a ledger for looking only; one that is not there reads as empty. */
  openForReading(location: LedgerLocation, options: LedgerOpening): Promise<LedgerReader>;
  exists(location: LedgerLocation): Promise<boolean>;
  /** The spool, where answers wait that the ledger could not take; null where there is no such place. */
  spool(location: LedgerLocation): Spool | null;
}

export interface LedgerOpening {
  readonly clock: Clock;
  readonly onSpooled: (report: SpoolReport) => void;
}

/** Finds out what is behind media URLs. */
export type ProbeMedia = (
  requests: readonly MediaRequest[],
  options: ProbeOptions,
) => Promise<ReadonlyMap<string, MediaFacts>>;

/** The options of a project. Each has a default, which is what the command line does. */
export interface ProjectOptions {
  /** Absolute: what relative paths are seen from, and where `.env` lies. The working directory by default. */
  readonly cwd?: string | undefined;
  /** The variables SHOTLIST_API_KEY, SHOTLIST_BASE_URL, SHOTLIST_LEDGER and those of proxies, which win over `.env`. */
  readonly env?: Environment | undefined;
  /** The key, in place of SHOTLIST_API_KEY. */
  readonly apiKey?: string | undefined;
  /** The provider, in place of SHOTLIST_BASE_URL. */
  readonly baseUrl?: string | undefined;
  /** A loopback address is a gateway that pays, and no rehearsal; in place of SHOTLIST_REAL. */
  readonly real?: boolean | undefined;
  /** The ledger, in place of SHOTLIST_LEDGER; `.shotlist/ledger.db` beside the manifest where neither names one. */
  readonly ledger?: string | undefined;
  /** The journal; `<manifest>.ledger.jsonl`, and none in a rehearsal, by default. `false` for none. */
  readonly journal?: string | false | undefined;
  /** A models file, in place of the one that the manifest names. */
  readonly models?: string | undefined;
  /** Media inside your own network are meant. Never for a manifest by a stranger. */
  readonly allowPrivateMedia?: boolean | undefined;
  /** A cost ceiling is going to be given, so that a model without a price is an error. */
  readonly needPrices?: boolean | undefined;
  /** Lint errors are thrown when the project is opened, and not only when something is planned or sent. */
  readonly refuseErrors?: boolean | undefined;
  /** Nothing is going to be sent or decided: the ledger is opened for writing only to take in what it lacks. */
  readonly readOnly?: boolean | undefined;
  /** The bytes of standard input, where the file is `-`. */
  readonly stdin?: (() => Promise<Uint8Array>) | undefined;
  /** The person at work, for the history; `user@host` by default. */
  readonly by?: string | undefined;
  readonly clock?: Clock | undefined;
  readonly random?: Random | undefined;
  /** Reads the manifest and what it includes: gives the unsaved text of an editor, for example. */
  readonly readFile?: ReadBytes | undefined;
  /** Reads and writes what lies beside the manifest. */
  readonly files?: ProjectFiles | undefined;
  readonly ledgers?: LedgerOpener | undefined;
  readonly createProvider?: ProviderFactory | undefined;
  readonly probeMedia?: ProbeMedia | undefined;
  /** Told of what happens, warnings included. Must not throw. */
  readonly onEvent?: ((event: ProjectEvent) => void) | undefined;
}
