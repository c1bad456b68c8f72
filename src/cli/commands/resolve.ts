import { ShotlistError, UsageError } from '../../core/errors.ts';
import type { Ledger, LedgerEntry, Resolution } from '../../ledger/ledger.ts';
import { checkedTaskId, confirmTask, taskIdPattern } from '../../project/confirm-task.ts';
import { followUpOf } from '../../project/follow-up.ts';
import { writeJournal } from '../../project/journal.ts';
import { unknownKey } from '../../project/planning.ts';
import { type Project, readEntries, readProject, withLedger } from '../../project/project.ts';
import { type CommandCall, type CommandDefinition, firstArgument, wordsAt } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';
import { renderDoubt, renderFacts } from '../render/doubt.ts';
import { fitLines } from '../render/fit.ts';
import { count } from '../render/text.ts';

export const resolveCommand: CommandDefinition = {
  name: 'resolve',
  summary: 'settle requests whose outcome is unknown',
  description:
    'A request is in doubt when it was sent and no answer told its outcome: it may have been paid for, so it is never sent again by itself. Look for it at the provider, then say what you found. Without a decision, asks about each on a terminal and lists them elsewhere. A task id is checked with the provider before it is accepted, which needs the key. Every decision is kept with time and user. Also takes up an abandoned request again.',
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
    if (resolution !== null) return settleAll(call, project, keys, resolution);
    const { open, notes } = await openEntries(call, project, keys);
    const { stdin, stderr, stdout } = call.io;
    if (open.length > 0 && stdin.isTTY && stderr.isTTY) {
      stderr.write(notes);
      return askAbout(call, project, open);
    }
    const view = { color: call.color.stdout, timeZone: call.io.timeZone };
    const followUp = followUpOf(call, project.linted.manifest.source.file);
    stdout.write(fitLines(renderDoubt(open, notes, followUp, view), stdout));
    return exitCodes.ok.code;
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

/** What waits for a decision: what is in doubt, and what is named and was abandoned. Of what is named besides, a note. */
async function openEntries(
  call: CommandCall,
  project: Project,
  keys: readonly string[],
): Promise<{ readonly open: readonly LedgerEntry[]; readonly notes: string }> {
  const entries = await readEntries(call, project);
  if (keys.length === 0) return { open: entries.filter(({ state }) => state === 'inDoubt'), notes: '' };
  const chosen = keys.map((key) => chooseEntry(key, project, entries));
  return {
    open: chosen.filter(isOpen),
    notes: chosen
      .filter((entry) => !isOpen(entry))
      .map((entry) => `${nothingToSettle(entry)}\n`)
      .join(''),
  };
}

function nothingToSettle({ key, state }: LedgerEntry): string {
  return state === 'sending'
    ? `${key} is being sent by another run, which will settle it`
    : `${key} is ${state}: there is nothing to settle`;
}

function isOpen({ state }: LedgerEntry): boolean {
  return state === 'inDoubt' || state === 'abandoned';
}

async function settleAll(
  call: CommandCall,
  project: Project,
  keys: readonly string[],
  resolution: Resolution,
): Promise<ExitCode> {
  const entries = await readEntries(call, project);
  const chosen =
    call.options['all'] === true
      ? entries.filter(({ state }) => state === 'inDoubt')
      : keys.map((key) => chooseEntry(key, project, entries));
  for (const entry of chosen) refuseSettled(call, project, entry);
  try {
    await withLedger(call, project, async (ledger) => {
      for (const entry of chosen) await settle(call, project, ledger, entries, entry, resolution);
    });
  } finally {
    await writeJournal(call, project);
  }
  call.io.stderr.write(`${count(chosen.length, 'request')} settled.\n`);
  return exitCodes.ok.code;
}

/**
 * Nothing is settled where one of the keys is a mistake. What a live run is sending is the ledger's to refuse.
 *
 * @throws UsageError for a request that waits for no decision.
 */
function refuseSettled(call: CommandCall, { linted }: Project, entry: LedgerEntry): void {
  if (isOpen(entry) || entry.state === 'sending') return;
  const history = followUpOf(call, linted.manifest.source.file)('history', entry.key);
  throw new UsageError(nothingToSettle(entry), {
    help: `what became of it: ${history}\nNothing was changed.`,
  });
}

/** One question for each request in doubt, with the facts before it. What was settled stays settled. */
async function askAbout(
  call: CommandCall,
  project: Project,
  doubtful: readonly LedgerEntry[],
): Promise<ExitCode> {
  const { io } = call;
  const entries = await readEntries(call, project);
  let settled = 0;
  let doubts = doubtful.filter(({ state }) => state === 'inDoubt').length;
  try {
    for (const [index, entry] of doubtful.entries()) {
      const view = { color: call.color.stderr, timeZone: io.timeZone };
      io.stderr.write(`\n${index + 1} of ${doubtful.length}\n${renderFacts(entry, view)}\n`);
      const outcome = await settleByAsking(call, project, entries, entry);
      if (outcome === 'quit') break;
      if (outcome === 'later') continue;
      settled += 1;
      if (entry.state === 'inDoubt') doubts -= 1;
    }
  } finally {
    if (settled > 0) await writeJournal(call, project);
  }
  io.stderr.write(`${count(settled, 'request')} settled, ${doubts} still in doubt.\n`);
  return exitCodes.ok.code;
}

/** Asks about one request until it is settled or left: a wrong id is told, and may be corrected at once. */
async function settleByAsking(
  call: CommandCall,
  project: Project,
  entries: readonly LedgerEntry[],
  entry: LedgerEntry,
): Promise<'settled' | 'later' | 'quit'> {
  for (;;) {
    const answer = await ask(call, entry.key);
    if (answer === 'quit' || answer === 'later') return answer;
    const work = withLedger(call, project, (ledger) => settle(call, project, ledger, entries, entry, answer));
    const done = await work.then(
      () => true,
      (error: unknown) => showRefusal(call, error),
    );
    if (done) return 'settled';
  }
}

async function ask({ io }: CommandCall, key: string): Promise<Resolution | 'later' | 'quit'> {
  for (;;) {
    const typed = await io.stdin.ask(
      `${key}: its task id, n = not submitted, a = abandon, Enter = later, q = quit > `,
    );
    const answer = typed?.trim();
    if (answer === undefined || answer === 'q') return 'quit';
    if (answer === '') return 'later';
    if (answer === 'n') return { kind: 'notSubmitted' };
    if (answer === 'a') return { kind: 'abandoned' };
    // A task id is longer than any of the letters.
    if (answer.length > 2 && taskIdPattern.test(answer)) return { kind: 'taskId', taskId: answer };
    io.stderr.write('That is no task id, and none of the letters.\n');
  }
}

/** A decision that cannot be taken is told, and asked for again. */
function showRefusal({ io }: CommandCall, error: unknown): false {
  if (!(error instanceof ShotlistError)) throw error;
  io.stderr.write(`${error.message}\n${error.help === undefined ? '' : `  help ${error.help}\n`}`);
  return false;
}

/**
 * Settles one request. A task id is accepted only once the provider has confirmed that there is such a task: a wrong one
 * would hide that the request was never received.
 */
async function settle(
  call: CommandCall,
  project: Project,
  ledger: Ledger,
  entries: readonly LedgerEntry[],
  entry: LedgerEntry,
  resolution: Resolution,
): Promise<void> {
  const { io } = call;
  const { scope } = project;
  const task =
    resolution.kind === 'taskId'
      ? await confirmTask(call, project, entries, entry, resolution.taskId)
      : undefined;
  if (entry.state === 'abandoned') await ledger.resolve(scope, entry, { kind: 'reopened' }, io.user);
  const { state, taskId } = await ledger.resolve(scope, entry, resolution, io.user);
  if (task !== undefined) await ledger.updateTask(scope, entry, task);
  io.stderr.write(`${entry.key}: ${task?.status ?? state}${taskId === null ? '' : `, task ${taskId}`}\n`);
}

/**
 * Under one key, an edit may have left several requests: the one that waits for a decision is meant.
 *
 * @throws UsageError for a key that nothing was sent under.
 */
function chooseEntry(key: string, { linted }: Project, entries: readonly LedgerEntry[]): LedgerEntry {
  const candidates = entries.filter((entry) => entry.key === key);
  const chosen =
    candidates.find(({ state }) => state === 'inDoubt') ??
    candidates.find(({ state }) => state === 'abandoned') ??
    candidates.find(({ state }) => state === 'sending') ??
    candidates.at(-1);
  if (chosen !== undefined) return chosen;
  if (linted.requests.some((request) => request.key === key)) {
    throw new UsageError(`${key} was never sent: there is nothing to settle`);
  }
  throw unknownKey(
    'resolve',
    key,
    entries.map((entry) => entry.key),
  );
}
