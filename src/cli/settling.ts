import { ShotlistError } from '../core/errors.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import { taskIdPattern } from '../project/confirm-task.ts';
import type { Project } from '../project/project.ts';
import { type Refusal, refusalOf } from '../project/refusal.ts';
import type { Decision, OpenRequests, Settled, SettleOptions } from '../project/settling.ts';
import { TaskDiffersError } from '../project/task-differences.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { followUpOf } from './follow-up.ts';
import { isYes } from './io.ts';
import { renderDoubt, renderFacts } from './render/doubt.ts';
import { fitLines } from './render/fit.ts';
import { count } from './render/text.ts';
import type { ResolveCall } from './resolve-signature.ts';

/** The reason why a decision was not taken, for scripts. */
export type Refused = Pick<Refusal, 'errorCode' | 'error' | 'differences'>;

/** Takes the one decision of a call. */
export async function settle(call: ResolveCall, project: Project, decision: Decision): Promise<ExitCode> {
  const keys = call.options.all ? null : call.arguments.keys;
  const settled = await project.resolve(keys, decision, { force: call.options.force });
  if (call.options.format === 'json') {
    writeJson(call, project, { settled: settled.map(settledJson) });
    return exitCodes.ok.code;
  }
  for (const { key, differences } of settled) showTaken(call, key, differences);
  call.io.stderr.write(`${count(settled.length, 'request')} ${wordFor(decision)}.\n`);
  return exitCodes.ok.code;
}

function wordFor({ kind }: Decision): string {
  return kind === 'reopened' ? 'in doubt again' : 'settled';
}

/** Asks about each on a terminal, and lists them elsewhere. */
export async function showOrAsk(call: ResolveCall, project: Project): Promise<ExitCode> {
  const { open, notes } = await project.open(call.arguments.keys);
  const { stdin, stderr, stdout } = call.io;
  if (call.options.format === 'json') {
    writeJson(call, project, openJson({ open, notes }));
    return exitCodes.ok.code;
  }
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

/** One question for each request in doubt, with the facts before it. What was settled stays settled. */
async function askAbout(
  call: ResolveCall,
  project: Project,
  doubtful: readonly LedgerEntry[],
): Promise<ExitCode> {
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
    if (outcome === 'reopened') doubts += 1;
  }
  io.stderr.write(`${count(settled, 'request')} settled, ${doubts} still in doubt.\n`);
  return exitCodes.ok.code;
}

/** Asks about one request until it is settled or left: a wrong id is told, and may be corrected at once. */
async function settleByAsking(
  call: ResolveCall,
  project: Project,
  entry: LedgerEntry,
): Promise<'settled' | 'reopened' | 'later' | 'quit'> {
  for (;;) {
    const answer = await ask(call, entry);
    if (answer === 'quit' || answer === 'later') return answer;
    if (await settleOrTell(call, project, entry, answer)) {
      return answer.kind === 'reopened' ? 'reopened' : 'settled';
    }
  }
}

async function ask(
  { io }: ResolveCall,
  { key, decision }: LedgerEntry,
): Promise<Decision | 'later' | 'quit'> {
  const back = decision === undefined ? '' : ', r = take the decision back';
  for (;;) {
    const typed = await io.stdin.ask(
      `${key}: its task id, n = not submitted, a = abandon${back}, Enter = later, q = quit > `,
    );
    const answer = typed?.trim();
    if (answer === undefined || answer === 'q') return 'quit';
    if (answer === '') return 'later';
    if (answer === 'n') {
      const sure = await io.stdin.ask(
        `${key}: you looked, and there is neither a task nor a charge? It may be sent, and paid for, again [y/N] > `,
      );
      if (isYes(sure)) return { kind: 'notSubmitted' };
      continue;
    }
    if (answer === 'a') return { kind: 'abandoned' };
    if (answer === 'r' && decision !== undefined) return { kind: 'reopened' };
    // A task id is longer than any of the letters.
    if (answer.length > 2 && taskIdPattern.test(answer)) return { kind: 'taskId', taskId: answer };
    io.stderr.write('That is no task id, and none of the letters.\n');
  }
}

/**
 * Settles one request. A decision that cannot be taken is told; a task that is not what was asked for is taken once a
 * person says so again.
 *
 * @returns whether it is settled now.
 */
export async function settleOrTell(
  call: ResolveCall,
  project: Project,
  entry: LedgerEntry,
  decision: Decision,
  {
    force = call.options.force,
    onRefused,
  }: SettleOptions & { readonly onRefused?: (why: Refused) => void } = {},
): Promise<boolean> {
  const { io } = call;
  try {
    const { differences } = await project.settle(entry, decision, { force });
    showTaken(call, entry.key, differences);
    return true;
  } catch (error) {
    if (!(error instanceof ShotlistError)) throw error;
    if (onRefused !== undefined) {
      const { errorCode, error: message, differences } = refusalOf(error);
      onRefused({ errorCode, error: message, differences });
      return false;
    }
    const differs = error instanceof TaskDiffersError && io.stdin.isTTY;
    io.stderr.write(`${error.message}\n${error.help === undefined || differs ? '' : helpLines(error.help)}`);
    if (!differs) return false;
    const sure = await io.stdin.ask(`${entry.key}: take ${error.taskId} all the same? [y/N] > `);
    return isYes(sure) && (await settleOrTell(call, project, entry, decision, { force: true }));
  }
}

function helpLines(help: string): string {
  return help
    .split('\n')
    .map((line) => `  help ${line}\n`)
    .join('');
}

function showTaken({ io }: ResolveCall, key: string, differences: Settled['differences']): void {
  for (const { message } of differences) io.stderr.write(`warning ${key} was settled although ${message}\n`);
}

/** Writes the document of a call that a script reads. */
export function writeJson({ io }: ResolveCall, { linted, scope }: Project, contents: object): void {
  const document = {
    ...{ version: 1, project: scope.project, manifest: linted.manifest.source.file },
    ...contents,
  };
  io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
}

function openJson({ open, notes }: OpenRequests): object {
  return { open: open.map(entryJson), notes };
}

function settledJson(settled: Settled): object {
  return { ...entryJson(settled), differences: settled.differences };
}

function entryJson(entry: LedgerEntry): object {
  const { key, fingerprint, state, model, mode, attempts, submittedAt, taskId, errorCode, error } = entry;
  const { cost, currency, providerAmount = null, decision, body } = entry;
  const decided =
    decision === undefined ? null : { ...decision.resolution, by: decision.by, at: decision.at };
  return {
    ...{ key, fingerprint, state, model, mode, attempts, submittedAt, taskId, errorCode, error },
    ...{ cost, currency, providerAmount, decision: decided, prompt: body['prompt'] ?? null },
  };
}
