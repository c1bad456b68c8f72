import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { isLoopback, parseBaseUrl } from '../provider/base-url.ts';
import type { Project } from './project.ts';

/** Where a plan would be sent and what would remember it: to be seen before anything is paid for. */
export interface Target {
  /** The provider's host. */
  readonly host: string;
  /** Where the base URL was stated; null where nobody stated one. */
  readonly from: string | null;
  readonly isRehearsal: boolean;
  /** The ledger that was named and is not there yet, as people know it: it may be a slip of the hand. Null for any other. */
  readonly newLedger: string | null;
}

export function targetOf({ io }: CommandCall, { settings, ledgerFile, ledgerIsNew }: Project): Target {
  const { baseUrl, baseUrlFrom } = settings;
  const url = parseBaseUrl(baseUrl, baseUrlFrom);
  return {
    host: url.host,
    from: settings.isDefaultBaseUrl ? null : baseUrlFrom,
    isRehearsal: isLoopback(url),
    newLedger: settings.ledgerFile !== null && ledgerIsNew ? path.relative(io.cwd, ledgerFile) : null,
  };
}

/** The lines of a plan's head. */
export function targetRows({ host, from, isRehearsal, newLedger }: Target): readonly (readonly string[])[] {
  const stated = from === null ? '' : ` (${from})`;
  return [
    ['provider', `${host}${stated}${isRehearsal ? ': a rehearsal, nothing is paid' : ''}`],
    ...(newLedger === null ? [] : [['ledger', `${newLedger} is not there: a new one will be made`]]),
  ];
}

/** What the question before a run says of it: `to 127.0.0.1:8787, a rehearsal, with a new ledger, x.db`. */
export function targetInWords({ host, isRehearsal, newLedger }: Target): string {
  return [
    `to ${host}`,
    isRehearsal ? ', a rehearsal' : '',
    newLedger === null ? '' : `, with a new ledger, ${newLedger}`,
  ].join('');
}
