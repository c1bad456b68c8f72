import { UsageError } from '../../core/errors.ts';
import type { Ledger, LedgerEntry, Resolution } from '../../ledger/ledger.ts';
import { type CommandCall, type CommandDefinition, firstArgument, wordsAt } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';
import { unknownKey } from '../planning.ts';
import { type Project, readEntries, readProject, withLedger } from '../project.ts';
import { renderDoubt } from '../render/doubt.ts';
import { count } from '../render/text.ts';

export const resolveCommand: CommandDefinition = {
  name: 'resolve',
  summary: 'settle requests whose outcome is unknown',
  description:
    'A request is in doubt when it was sent and no answer told its outcome: it may have been paid for, so it is never sent again by itself. Look for it at the provider, then say what you found. Without a decision, lists what is in doubt. Every decision is kept with time and user. Also takes up an abandoned request again.',
  arguments: [
    { name: '<manifest>', summary: 'the manifest; - reads standard input' },
    { name: '[key...]', summary: 'the requests to settle' },
  ],
  options: [
    { flags: '--all', summary: 'settle every request that is in doubt' },
    { flags: '--task-id <id>', summary: 'a task exists: this is its id (one request at a time)' },
    { flags: '--not-submitted', summary: 'no task exists: the request may be sent again' },
    { flags: '--abandon', summary: 'give the request up: it is not sent again, and counts as paid' },
    ledgerOption,
    ...journalOptions,
    baseUrlOption,
    modelsOption,
  ],
  examples: [
    { command: 'shotlist resolve storyboard.yaml', summary: 'list what is in doubt, with the facts' },
    {
      command: 'shotlist resolve storyboard.yaml sc010/sh0030@2 --task-id video_123',
      summary: 'the task was found',
    },
    {
      command: 'shotlist resolve storyboard.yaml --all --not-submitted',
      summary: 'none of them was received',
    },
  ],
  async execute(call) {
    const resolution = decision(call);
    const project = await readProject(call, firstArgument(call), { tolerant: true });
    const keys = wordsAt(call, 1);
    if (resolution === null) return list(call, project, keys);
    return withLedger(call, project, (ledger) => settle(call, project, ledger, keys, resolution));
  },
};

/** The one decision of a call; null where it makes none. */
function decision(call: CommandCall): Resolution | null {
  const { options } = call;
  const taskId = options['taskId'];
  const decisions: Resolution[] = [];
  if (typeof taskId === 'string') decisions.push({ kind: 'taskId', taskId: checkedTaskId(taskId) });
  if (options['notSubmitted'] === true) decisions.push({ kind: 'notSubmitted' });
  if (options['abandon'] === true) decisions.push({ kind: 'abandoned' });
  if (decisions.length > 1) {
    throw new UsageError('--task-id, --not-submitted and --abandon exclude each other', {
      help: 'give one of them',
    });
  }
  const keys = wordsAt(call, 1);
  const all = options['all'] === true;
  const [only] = decisions;
  if (only === undefined) {
    if (all) throw new UsageError('--all needs a decision', { help: 'add --not-submitted or --abandon' });
    return null;
  }
  if (all && keys.length > 0)
    throw new UsageError('--all and keys exclude each other', { help: 'give one of them' });
  if (!all && keys.length === 0) {
    throw new UsageError('which requests?', {
      help: 'name their keys, or add --all for every one that is in doubt',
    });
  }
  if (only.kind === 'taskId' && (all || keys.length > 1)) {
    throw new UsageError('a task id belongs to one request', { help: 'name one key with --task-id' });
  }
  return only;
}

function checkedTaskId(id: string): string {
  if (/^[\x21-\x7e]{1,256}$/.test(id)) return id;
  throw new UsageError('a task id is one word of ASCII characters', {
    help: 'copy it as the provider shows it',
  });
}

async function list(call: CommandCall, project: Project, keys: readonly string[]): Promise<ExitCode> {
  const entries = await readEntries(call, project);
  for (const key of keys) checkKnown(key, entries);
  const doubtful = entries.filter(
    ({ state, key }) => state === 'inDoubt' && (keys.length === 0 || keys.includes(key)),
  );
  call.io.stdout.write(renderDoubt(doubtful, project.linted.manifest.source.file, call.color.stdout));
  return exitCodes.ok.code;
}

async function settle(
  call: CommandCall,
  project: Project,
  ledger: Ledger,
  keys: readonly string[],
  resolution: Resolution,
): Promise<ExitCode> {
  const { io } = call;
  const entries = await ledger.read(project.scope);
  const chosen =
    call.options['all'] === true
      ? entries.filter(({ state }) => state === 'inDoubt')
      : keys.map((key) => chooseEntry(key, entries));
  for (const entry of chosen) {
    if (entry.state === 'abandoned')
      await ledger.resolve(project.scope, entry, { kind: 'reopened' }, io.user);
    const settled = await ledger.resolve(project.scope, entry, resolution, io.user);
    io.stderr.write(
      `${entry.key}: ${settled.state}${settled.taskId === null ? '' : `, task ${settled.taskId}`}\n`,
    );
  }
  io.stderr.write(`${count(chosen.length, 'request')} settled.\n`);
  return exitCodes.ok.code;
}

/** Under one key, an edit may have left several requests: the one that waits for a decision is meant. */
function chooseEntry(key: string, entries: readonly LedgerEntry[]): LedgerEntry {
  const candidates = checkKnown(key, entries);
  const chosen =
    candidates.find(({ state }) => state === 'inDoubt') ??
    candidates.find(({ state }) => state === 'abandoned') ??
    candidates.find(({ state }) => state === 'sending') ??
    candidates.at(-1);
  if (chosen === undefined)
    throw unknownKey(
      'resolve',
      key,
      entries.map((entry) => entry.key),
    );
  return chosen;
}

function checkKnown(key: string, entries: readonly LedgerEntry[]): readonly LedgerEntry[] {
  const candidates = entries.filter((entry) => entry.key === key);
  if (candidates.length === 0) {
    const known = entries.map((entry) => entry.key);
    throw unknownKey('resolve', key, known);
  }
  return candidates;
}
