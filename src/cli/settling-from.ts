import { NotConfirmedError, UsageError } from '../core/errors.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { Project } from '../project/project.ts';
import type { BillMatch } from '../report/bill/model.ts';
import { readBillLines } from './bill-input.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { isYes } from './io.ts';
import { lineJson } from './render/reconciliation.ts';
import { count, localAndUtc, shorten } from './render/text.ts';
import type { ResolveCall } from './resolve-signature.ts';
import { type Refused, settleOrTell, writeJson } from './settling.ts';

/** A line of a bill, and the request whose task it may be. */
interface Proposal extends BillMatch {
  readonly entry: LedgerEntry;
  readonly taskId: string;
}

/** Proposes which lines of a bill are what is in doubt, and settles after a yes. */
export async function settleFrom(call: ResolveCall, project: Project, file: string): Promise<ExitCode> {
  const {
    io,
    options,
    arguments: { keys },
  } = call;
  const lines = await readBillLines(call, file);
  const found = await project.reports.reconcile(lines);
  const proposals = proposalsIn(found.proposed, await project.entries(), project, keys);
  if (options.format === 'json') return settleForScript(call, project, proposals);
  for (const { line, attempts } of found.ambiguous) {
    io.stderr.write(
      `row ${line.row} fits ${attempts.map(({ key }) => key).join(', ')}: look yourself which it is\n`,
    );
  }
  if (proposals.length === 0) {
    io.stdout.write(`No line of ${file} is like what is in doubt.\n`);
    return exitCodes.ok.code;
  }
  if (!options.yes && !(io.stdin.isTTY && io.stderr.isTTY)) {
    for (const proposal of proposals) io.stdout.write(`${describe(proposal, call)}\n`);
    throw new NotConfirmedError(
      `${count(proposals.length, 'proposal')} above, and nobody confirmed any: nothing was settled`,
      {
        help: 'look at them above, then add --yes, or call it on a terminal, which asks about each',
      },
    );
  }
  let settled = 0;
  let refused = 0;
  for (const proposal of proposals) {
    io.stderr.write(`\n${describe(proposal, call)}\n`);
    if (!options.yes) {
      const answer = await io.stdin.ask(`${proposal.entry.key} is ${proposal.taskId}? [y/N, q = quit] > `);
      if (answer === null || answer.trim() === 'q') break;
      if (!isYes(answer)) continue;
    }
    const decision = { kind: 'taskId', taskId: proposal.taskId } as const;
    if (await settleOrTell(call, project, proposal.entry, decision)) settled += 1;
    else refused += 1;
  }
  io.stderr.write(`${count(settled, 'request')} settled, ${refused} refused.\n`);
  return refused > 0 ? exitCodes.problems.code : exitCodes.ok.code;
}

function proposalsIn(
  matches: readonly BillMatch[],
  entries: readonly LedgerEntry[],
  { scope }: Project,
  keys: readonly string[],
): readonly Proposal[] {
  const strange = keys.find((key) => !entries.some((entry) => entry.key === key));
  if (strange !== undefined) throw new UsageError(`${strange} was never sent: there is nothing to settle`);
  return matches.flatMap((match): readonly Proposal[] => {
    const { attempt, line } = match;
    const entry = entries.find(
      ({ key, fingerprint }) => key === attempt.key && fingerprint === attempt.fingerprint,
    );
    const isMeant = keys.length === 0 || keys.includes(attempt.key);
    if (entry === undefined || line.taskId === null || attempt.project !== scope.project || !isMeant)
      return [];
    return [{ ...match, entry, taskId: line.taskId }];
  });
}

async function settleForScript(
  call: ResolveCall,
  project: Project,
  proposals: readonly Proposal[],
): Promise<ExitCode> {
  const told: object[] = [];
  let refused = 0;
  for (const { entry, taskId, line, by } of proposals) {
    const proposal = { key: entry.key, fingerprint: entry.fingerprint, by, line: lineJson(line) };
    let refusal: Refused | null = null;
    let isSettled = false;
    if (call.options.yes) {
      const onRefused = (why: Refused): void => {
        refusal = why;
      };
      isSettled = await settleOrTell(call, project, entry, { kind: 'taskId', taskId }, { onRefused });
      if (!isSettled) refused += 1;
    }
    told.push({ ...proposal, settled: isSettled, refusal });
  }
  writeJson(call, project, { proposals: told });
  if (refused > 0) return exitCodes.problems.code;
  return call.options.yes || proposals.length === 0 ? exitCodes.ok.code : exitCodes.stopped.code;
}

function describe({ line, entry, by }: Proposal, { io }: ResolveCall): string {
  const view = io.timeZone;
  const sent = entry.submittedAt === null ? 'unknown' : localAndUtc(entry.submittedAt, view);
  const prompt = entry.body['prompt'];
  const why = {
    id: 'its id is in what came of the answer',
    timeModelPrompt: 'time, model and prompt fit',
    modelPrompt: 'model and prompt fit',
    timeModel: 'time and model fit; the line shows no prompt',
  }[by];
  return [
    `${entry.key}: ${why}`,
    `  here     sent ${sent}, ${entry.model}, ${typeof prompt === 'string' ? shorten(prompt.replaceAll(/\s+/g, ' '), 60) : ''}`,
    `  row ${String(line.row).padEnd(4)} ${[line.taskId, line.at === null ? null : localAndUtc(line.at, view), line.model, line.prompt === null ? null : shorten(line.prompt.replaceAll(/\s+/g, ' '), 60), line.amount].filter((part) => part !== null).join(', ')}`,
  ].join('\n');
}
