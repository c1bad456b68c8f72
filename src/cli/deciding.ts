import { UsageError } from '../core/errors.ts';
import type { ClipDecided } from '../project/deciding.ts';
import type { OptionDefinitions } from './command.ts';
import type { Io } from './io.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from './options.ts';
import { wholeNumber } from './parse-values.ts';
import { count } from './render/text.ts';

/** Flags that the commands about clips share. */
export const decisionOptions = {
  clear: { flags: '--clear', summary: 'take it back' },
  attempt: {
    flags: '--attempt <n>',
    summary: 'an earlier clip of the key: the attempt that made it, as history counts them',
    parse: wholeNumber(1, 10_000),
  },
  ...ledgerOption,
  ...journalOption,
  ...baseUrlOption,
  ...modelsOption,
} as const satisfies OptionDefinitions;

/** @throws UsageError for an attempt of several keys. */
export function refuseAttemptOfMany(keys: readonly string[], attempt: number | undefined): void {
  if (attempt === undefined || keys.length < 2) return;
  throw new UsageError('--attempt is about one key', { help: 'name one key with it' });
}

/** @throws UsageError where `--clear` stands beside what it would take back. */
export function refuseBesideClear(clear: boolean, given: Readonly<Record<string, string | undefined>>): void {
  const beside = Object.entries(given).find(([, value]) => value !== undefined);
  if (!clear || beside === undefined) return;
  throw new UsageError(`--clear and ${beside[0]} exclude each other`, { help: 'give one of them' });
}

/** Tells what became of decisions, a line each. */
export function tellDecided({ stderr }: Pick<Io, 'stderr'>, decided: readonly ClipDecided[]): void {
  for (const each of decided) stderr.write(`${line(each)}\n`);
  if (decided.length < 2) return;
  const added = decided.filter(({ isNew }) => isNew).length;
  stderr.write(`${count(added, 'decision')} recorded.\n`);
}

function line({ key, taskId, decision, isNew, instead }: ClipDecided): string {
  const note = 'note' in decision && decision.note !== null ? `, noted: ${decision.note}` : '';
  switch (decision.type) {
    case 'picked':
      if (!isNew) return `${key} is picked already (task ${taskId})`;
      return `${key} is picked (task ${taskId})${instead === null ? '' : `, in place of ${instead}`}${note}`;
    case 'rejected':
      return `${key} is rejected${isNew ? '' : ' already'}: ${decision.reason} (task ${taskId})${note}`;
    case 'noted':
      return `${key} is noted${isNew ? '' : ' already'}: ${decision.note} (task ${taskId})`;
    case 'cleared':
      return isNew
        ? `${key} is no longer ${decision.what} (task ${taskId})`
        : `${key} is not ${decision.what}: nothing to take back (task ${taskId})`;
  }
}
