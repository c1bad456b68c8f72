import type { LedgerAt } from '../../project/ledgers-at.ts';
import { count } from './text.ts';

/** Names the medium of a ledger, and who is at work on it, for people. */
export function renderLedger({ shown, about }: LedgerAt): string {
  if (about === null) return `${shown}\n  there is no ledger yet; make it with: shotlist ledger init\n`;
  const { name, schema, runs } = about;
  const atWork = runs.length === 0 ? 'nobody is at work on it' : count(runs.length, 'live run');
  const lines = runs.map(({ id, by, project }) => `    ${project}  ${by}  ${id}\n`);
  return `${shown}\n  ${name}, schema ${schema}\n  ${atWork}\n${lines.join('')}`;
}
