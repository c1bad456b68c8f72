import { parseBaseUrl } from '../provider/base-url.ts';
import { profileAt } from '../provider/profiles.ts';
import type { ProjectContext } from './context.ts';
import { hostOf } from './local-files.ts';

/** The provider and ledger of a plan, shown before anything is paid for. */
export interface Target {
  /** The provider's host. */
  readonly host: string;
  /** The place that states the base URL; null where nobody stated one. */
  readonly from: string | null;
  readonly isRehearsal: boolean;
  /** The ledger that was named and is not there yet, as people know it: it may be a slip of the hand. Null for any other. */
  readonly newLedger: string | null;
  /** The host that local files go up to; null for a manifest without a store. */
  readonly storeHost: string | null;
}

export function targetOf({ cwd, settings, ledger, ledgerIsNew, localFiles }: ProjectContext): Target {
  const { baseUrl, baseUrlFrom } = settings;
  const url = parseBaseUrl(baseUrl, baseUrlFrom);
  return {
    host: url.host,
    from: settings.isDefaultBaseUrl ? null : baseUrlFrom,
    isRehearsal: !settings.isReal && profileAt(url).isRehearsal(url),
    newLedger: settings.ledgerLocation !== null && ledgerIsNew ? ledger.location.shownFrom(cwd) : null,
    storeHost: localFiles.store === null ? null : hostOf(localFiles.store),
  };
}
