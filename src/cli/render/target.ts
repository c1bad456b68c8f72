import type { Target } from '../../project/target.ts';

/** The lines of a plan's head. */
export function targetRows({ host, from, isRehearsal, newLedger }: Target): readonly (readonly string[])[] {
  const stated = from === null ? '' : ` (${from})`;
  return [
    ['provider', `${host}${stated}${isRehearsal ? ': a rehearsal, nothing is paid' : ''}`],
    ...(newLedger === null ? [] : [['ledger', `${newLedger} is not there: a new one will be made`]]),
  ];
}

/** Says where a run would send, for the question before it: `to 127.0.0.1:8787, a rehearsal, with a new ledger, x.db`. */
export function targetInWords({ host, isRehearsal, newLedger }: Target): string {
  return [
    `to ${host}`,
    isRehearsal ? ', a rehearsal' : '',
    newLedger === null ? '' : `, with a new ledger, ${newLedger}`,
  ].join('');
}
