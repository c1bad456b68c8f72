/** The verdict on one part of the set-up. */
export interface Check {
  readonly name:
    | 'versions'
    | 'settings'
    | 'key'
    | 'baseUrl'
    | 'proxy'
    | 'provider'
    | 'clock'
    | 'ledger'
    | 'store';
  /** `skipped` where something else must be mended first, or where it was not asked for. */
  readonly status: 'ok' | 'warning' | 'problem' | 'skipped';
  readonly message: string;
  /** Advice, one step a line; null where there is nothing to do. */
  readonly help: string | null;
}

export function check(
  name: Check['name'],
  status: Check['status'],
  message: string,
  help: string | null = null,
): Check {
  return { name, status, message, help };
}
