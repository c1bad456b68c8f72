import pc from 'picocolors';
import type { LedgerEntry } from '../../ledger/ledger.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import { decisionText } from './history.ts';
import { columns, count, localAndUtc, localTime, money, shorten, type TextView } from './text.ts';

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
  const decided = entries.filter(({ decision }) => decision !== undefined).length;
  const doubtful = entries.length - decided;
  const key = (entries.length === 1 ? entries[0]?.key : undefined) ?? 'KEY';
  const total = [
    doubtful > 0
      ? `${count(doubtful, 'request')} in doubt${doubtful > 1 ? ', in the order of sending' : ''}. `
      : '',
    decided > 0
      ? `${count(decided, 'request')} settled by a person; another decision takes the place of that one. `
      : '',
  ].join('');
  const rows = [
    ...decisions.map(([words, meaning]) => [followUp('resolve', key, ...words), meaning]),
    ...(decided > 0
      ? [[followUp('resolve', key, '--reopen'), 'take the decision back: in doubt again']]
      : []),
    ...(doubtful > 0
      ? [[followUp('resolve', '--from', 'FILE.csv'), 'find them in a bill, or what the console exports']]
      : []),
  ];
  return `${notes}${facts.join('\n\n')}

${total}${whereToLook(entries.length)}, then:
${columns(rows)}`;
}

/** Says where a request can be found that no answer came for. */
export function whereToLook(many: number): string {
  return `Look for ${many === 1 ? 'it' : 'them'} at the provider: in its console, on its bill, or ask its support with the facts above`;
}

/** Tells the facts of one request in doubt: its time, how far sending got, and its contents. */
export function renderFacts(entry: LedgerEntry, { color, timeZone }: TextView): string {
  const colors = pc.createColors(color);
  const { prompt, model: _, ...others } = entry.body;
  const parameters = Object.entries(others).map(([name, value]) => `${name} ${JSON.stringify(value)}`);
  const { decision } = entry;
  return [
    `${colors.bold(entry.key)}  ${entry.model}, ${entry.mode}`,
    `  sent     ${entry.submittedAt === null ? 'unknown' : localAndUtc(entry.submittedAt, timeZone)}, attempt ${entry.attempts}`,
    ...(decision === undefined
      ? []
      : [
          `  now      ${entry.state}: ${decisionText(decision.resolution)}, by ${decision.by}, ${localTime(decision.at, timeZone)}`,
        ]),
    ...(entry.error === null && decision !== undefined
      ? []
      : [`  because  ${entry.error ?? 'the run that sent it ended before an answer came'}`]),
    `  cost     ${entry.cost === null ? 'unknown' : money(entry.cost, entry.currency)}${entry.state === 'inDoubt' ? ', if it was received' : ''}`,
    ...(entry.providerAmount === undefined
      ? []
      : [`  amount   ${entry.providerAmount}, as the provider says, in whatever unit`]),
    `  prompt   ${typeof prompt === 'string' ? shorten(prompt.replaceAll('\n', ' '), 100) : ''}`,
    `  body     ${shorten(parameters.join(', '), 200)}`,
  ].join('\n');
}
