import { ShotlistError, UsageError } from '../../core/errors.ts';
import type { LedgerEntry } from '../../ledger/ledger.ts';
import { checkedTaskId, taskIdPattern } from '../../project/confirm-task.ts';
import type { Project } from '../../project/project.ts';
import type { Decision } from '../../project/settling.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';
import { renderDoubt, renderFacts } from '../render/doubt.ts';
import { fitLines } from '../render/fit.ts';
import { count } from '../render/text.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
    keys: { name: '[key...]', summary: 'the requests to settle', completion: 'doubts' },
  },
  options: {
    all: { flags: '--all', summary: 'settle every request that is in doubt' },
    taskId: { flags: '--task-id <id>', summary: 'a task exists: this is its id (one request at a time)' },
    notSubmitted: { flags: '--not-submitted', summary: 'no task exists: the request may be sent again' },
    abandon: { flags: '--abandon', summary: 'give the request up: it is not sent again, and counts as paid' },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const resolveCommand = defineCommand({
  name: 'resolve',
  summary: 'settle requests whose outcome is unknown',
  description:
    'A request is in doubt when it was sent and no answer told its outcome: it may have been paid for, so it is never sent again by itself. Look for it at the provider, then say what you found. Without a decision, asks about each on a terminal and lists them elsewhere. A task id is checked with the provider before it is accepted, which needs the key. Every decision is kept with time and user. Also takes up an abandoned request again.',
  ...signature,
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
    const made = decision(call);
    return withProject(call, call.arguments.manifest, {}, (project) =>
      made === null ? showOrAsk(call, project) : settle(call, project, made),
    );
  },
});

async function settle(call: Call, project: Project, made: Decision): Promise<ExitCode> {
  const settled = await project.resolve(call.options.all ? null : call.arguments.keys, made);
  call.io.stderr.write(`${count(settled.length, 'request')} settled.\n`);
  return exitCodes.ok.code;
}

async function showOrAsk(call: Call, project: Project): Promise<ExitCode> {
  const { open, notes } = await project.open(call.arguments.keys);
  const { stdin, stderr, stdout } = call.io;
  const lines = notes.map((note) => `${note}\n`).join('');
  if (open.length > 0 && stdin.isTTY && stderr.isTTY) {
    stderr.write(lines);
    return askAbout(call, project, open);
  }
  const view = { color: call.color.stdout, timeZone: call.io.timeZone };
  const followUp = followUpOf(call, project.linted.manifest.source.file);
  stdout.write(fitLines(renderDoubt(open, lines, followUp, view), stdout));
  return exitCodes.ok.code;
}

/** The one decision of a call; null where it makes none. */
function decision({ options, arguments: { keys } }: Call): Decision | null {
  const { all, taskId } = options;
  const decisions: Decision[] = [];
  if (taskId !== undefined) decisions.push({ kind: 'taskId', taskId: checkedTaskId(taskId) });
  if (options.notSubmitted) decisions.push({ kind: 'notSubmitted' });
  if (options.abandon) decisions.push({ kind: 'abandoned' });
  if (decisions.length > 1) {
    throw new UsageError('--task-id, --not-submitted and --abandon exclude each other', {
      help: 'give one of them',
    });
  }
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

/** One question for each request in doubt, with the facts before it. What was settled stays settled. */
async function askAbout(call: Call, project: Project, doubtful: readonly LedgerEntry[]): Promise<ExitCode> {
  const { io } = call;
  let settled = 0;
  let doubts = doubtful.filter(({ state }) => state === 'inDoubt').length;
  for (const [index, entry] of doubtful.entries()) {
    const view = { color: call.color.stderr, timeZone: io.timeZone };
    io.stderr.write(`\n${index + 1} of ${doubtful.length}\n${renderFacts(entry, view)}\n`);
    const outcome = await settleByAsking(call, project, entry);
    if (outcome === 'quit') break;
    if (outcome === 'later') continue;
    settled += 1;
    if (entry.state === 'inDoubt') doubts -= 1;
  }
  io.stderr.write(`${count(settled, 'request')} settled, ${doubts} still in doubt.\n`);
  return exitCodes.ok.code;
}

/** Asks about one request until it is settled or left: a wrong id is told, and may be corrected at once. */
async function settleByAsking(
  call: Call,
  project: Project,
  entry: LedgerEntry,
): Promise<'settled' | 'later' | 'quit'> {
  for (;;) {
    const answer = await ask(call, entry.key);
    if (answer === 'quit' || answer === 'later') return answer;
    const done = await project.settle(entry, answer).then(
      () => true,
      (error: unknown) => showRefusal(call, error),
    );
    if (done) return 'settled';
  }
}

async function ask({ io }: Call, key: string): Promise<Decision | 'later' | 'quit'> {
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
function showRefusal({ io }: Call, error: unknown): false {
  if (!(error instanceof ShotlistError)) throw error;
  io.stderr.write(`${error.message}\n${error.help === undefined ? '' : `  help ${error.help}\n`}`);
  return false;
}
