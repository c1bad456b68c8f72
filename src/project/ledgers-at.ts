import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock } from '../core/clock.ts';
import { SetupError } from '../core/errors.ts';
import {
  aboutLedger,
  type CopiedLedger,
  copyLedger,
  type LedgerAbout,
  type LedgerLocation,
  ledgerBeside,
  ledgerExists,
  openLedger,
  parseLedgerLocation,
} from '../ledger/open-ledger.ts';
import type { Environment } from './options.ts';
import { readSettings } from './settings.ts';

/** The surroundings of a call. */
export interface LedgerPlace {
  readonly cwd: string;
  readonly env: Environment;
  readonly clock: Clock;
}

/** The ledger that a call names with its flag. */
export interface StatedLedger {
  readonly ledger?: string | undefined;
}

/** A ledger by itself, and not that of a manifest. */
export interface LedgerAt {
  readonly location: LedgerLocation;
  /** For people who are where the call is made. */
  readonly shown: string;
  /** Null where there is none. */
  readonly about: LedgerAbout | null;
}

/**
 * Finds a ledger by what a call names: a URL of a server, a manifest or a folder whose ledger is meant, a ledger's file. Without
 * a name it is the one of the settings, else the one of the folder.
 *
 * @throws SetupError for what is not there.
 */
export async function locateLedger(
  { cwd, env }: LedgerPlace,
  named: string | undefined,
  stated: StatedLedger,
): Promise<LedgerLocation> {
  if (named !== undefined && isLedgerName(named)) return parseLedgerLocation(named, cwd, env);
  const { ledgerLocation } = await readSettings({ cwd, env }, stated);
  if (ledgerLocation !== null) return ledgerLocation;
  const file = path.resolve(cwd, named ?? '.');
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    throw new SetupError(`there is no file ${named}`, {
      help: 'name a manifest, a folder, a file that ends in .db, or a server: postgres://host/database',
    });
  }
  return ledgerBeside(found.isDirectory() ? file : path.dirname(file));
}

/** The ledger of the settings, where a team shares it; null elsewhere. */
export async function locateTeamLedger(
  { cwd, env }: LedgerPlace,
  stated: StatedLedger,
): Promise<LedgerLocation | null> {
  const { ledgerLocation } = await readSettings({ cwd, env }, stated);
  return ledgerLocation?.isShared === true ? ledgerLocation : null;
}

function isLedgerName(text: string): boolean {
  return text.includes('://') || text.endsWith('.db');
}

export async function lookAtLedger(place: LedgerPlace, location: LedgerLocation): Promise<LedgerAt> {
  const about = await aboutLedger(location, { clock: place.clock });
  return { location, shown: location.shownFrom(place.cwd), about };
}

/**
 * Makes a ledger, or brings the schema of one forward.
 *
 * @returns whether it was there before, and what it is now.
 * @throws SetupError with `mustExist`, where there is none.
 */
export async function makeLedger(
  place: LedgerPlace,
  location: LedgerLocation,
  mustExist: boolean,
): Promise<LedgerAt & { readonly wasThere: boolean }> {
  const wasThere = await ledgerExists(location);
  if (mustExist && !wasThere) {
    throw new SetupError(`there is no ledger at ${location.shownFrom(place.cwd)}`, {
      help: 'make it with: shotlist ledger init',
    });
  }
  await (await openLedger(location, { clock: place.clock })).close();
  return { ...(await lookAtLedger(place, location)), wasThere };
}

/** Copies a whole ledger into an empty one. */
export async function moveLedger(
  place: LedgerPlace,
  from: string,
  to: string,
): Promise<CopiedLedger & { readonly from: string; readonly to: string }> {
  const [source, target] = await Promise.all([locateLedger(place, from, {}), locateTarget(place, to)]);
  const copied = await copyLedger(source, target, { clock: place.clock });
  return { ...copied, from: source.shownFrom(place.cwd), to: target.shownFrom(place.cwd) };
}

/** A target need not be there; what is there and is no ledger is refused when it is opened. */
async function locateTarget({ cwd, env }: LedgerPlace, to: string): Promise<LedgerLocation> {
  const isFolder = await stat(path.resolve(cwd, to)).then(
    (found) => found.isDirectory(),
    () => false,
  );
  return isFolder ? ledgerBeside(path.resolve(cwd, to)) : parseLedgerLocation(to, cwd, env);
}
