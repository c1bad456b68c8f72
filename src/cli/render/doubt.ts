import pc from 'picocolors';
import type { LedgerEntry } from '../../ledger/ledger.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import { columns, count, localTime, money, shorten, type TextView } from './text.ts';

const decisions: readonly (readonly [words: readonly string[], meaning: string])[] = [
  [['--task-id', 'ID'], 'a task exists'],
  [['--not-submitted'], 'none does: it may be sent again'],
  [['--abandon'], 'give it up'],
];

/** Lists the requests that wait for a decision, with the facts that help to find them at the provider, and how to settle them. */
export function renderDoubt(
  entries: readonly LedgerEntry[],
  notes: string,
  followUp: FollowUp,
  { color, timeZone }: TextView,
): string {
  if (entries.length === 0) return notes === '' ? 'Nothing is in doubt.\n' : notes;
  const facts = entries.map((entry) => renderFacts(entry, { color, timeZone }));
  const abandoned = entries.filter(({ state }) => state === 'abandoned').length;
  const doubtful = entries.length - abandoned;
  const key = (entries.length === 1 ? entries[0]?.key : undefined) ?? 'KEY';
  const total = [
    doubtful > 0 ? `${count(doubtful, 'request')} in doubt. ` : '',
    abandoned > 0 ? `${count(abandoned, 'request')} abandoned; a decision takes it up again. ` : '',
  ].join('');
  return `${notes}${facts.join('\n\n')}

${total}Look for ${entries.length === 1 ? 'it' : 'them'} at the provider, then:
${columns(decisions.map(([words, meaning]) => [followUp('resolve', key, ...words), meaning]))}`;
}

/** Tells the facts of one request in doubt: its time, how far sending got, and its contents. */
export function renderFacts(entry: LedgerEntry, { color, timeZone }: TextView): string {
  const colors = pc.createColors(color);
  const { prompt, model: _, ...others } = entry.body;
  const parameters = Object.entries(others).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  return [
    `${colors.bold(entry.key)}  ${entry.model}, ${entry.mode}`,
    `  sent     ${entry.submittedAt === null ? 'unknown' : localTime(entry.submittedAt, timeZone)}, attempt ${entry.attempts}`,
    ...(entry.state === 'abandoned' ? ['  now      abandoned: a person gave it up'] : []),
    `  because  ${entry.error ?? 'the run that sent it ended before an answer came'}`,
    `  cost     ${entry.cost === null ? 'unknown' : money(entry.cost, entry.currency)}, if it was received`,
    `  prompt   ${typeof prompt === 'string' ? shorten(prompt.replaceAll('\n', ' '), 100) : ''}`,
    `  body     ${shorten(parameters.join(', '), 200)}`,
  ].join('\n');
}
