import pc from 'picocolors';
import type { CollectProblem, CollectResult } from '../../collect/events.ts';
import type { Plan } from '../../plan/model.ts';
import type { FollowUp } from '../../project/follow-up.ts';
import type { Report, ReportRow } from '../../report/model.ts';
import { helpLine, whatNext } from './outcome.ts';
import { columns, count, dataSize, number } from './text.ts';

export interface CollectOutcome {
  readonly color: boolean;
  /** Commands for the manifest that was collected. */
  readonly followUp: FollowUp;
  readonly report: Report;
  /** The plan of a run that would begin now. */
  readonly plan: Plan;
  readonly result: CollectResult;
  /** The folder of the clips, as people know it; null where none were downloaded. */
  readonly folder: string | null;
}

/** Rows of one kind that are listed before the rest is only counted. */
const listed = 10;
const dayMs = 24 * 3_600_000;

const problemTitles: Readonly<Record<CollectProblem['kind'], string>> = {
  noUrl: 'completed without a URL',
  unknownTask: 'unknown to the provider',
  unanswered: 'no answer',
  download: 'not downloaded',
  expired: 'URL no longer works',
};

/** The end of a collect: what is there now, what needs a person, and the command to type next. */
export function renderCollectOutcome(outcome: CollectOutcome): string {
  const { color, followUp, plan, report, result } = outcome;
  const colors = pc.createColors(color);
  const rows = report.rows.filter((row) => !row.superseded || row.status === 'inDoubt');
  const of = (status: ReportRow['status']): readonly ReportRow[] =>
    rows.filter((row) => row.status === status);
  const kinds = [...new Set(result.problems.map(({ kind }) => kind))];
  return [
    headline(outcome, colors),
    stopLines(outcome, colors),
    ...kinds.map((kind) => collectProblems(kind, result.problems, colors)),
    canGiveUp(outcome),
    givenUp(outcome, colors),
    expiring(outcome, colors),
    whatNext({ of, report, plan, followUp, colors }),
    seeIt(outcome),
  ].join('');
}

type Colors = ReturnType<typeof pc.createColors>;

function headline({ report, result, folder }: CollectOutcome, colors: Colors): string {
  const { summary } = report;
  const tasks = summary.completed + summary.failed + summary.queued + summary.processing;
  const saved =
    folder === null
      ? 'Polled'
      : result.saved === 0
        ? 'No new clips'
        : `${count(result.saved, 'clip')} saved in ${folder}${result.bytes > 0 ? ` (${dataSize(result.bytes)})` : ''}`;
  const parts = [
    `${number(summary.completed)} of ${count(tasks, 'task')} completed`,
    summary.failed > 0 ? `${number(summary.failed)} failed` : '',
    result.running > 0 ? `${number(result.running)} still running` : '',
  ].filter((part) => part !== '');
  return `${colors.bold(saved)}; ${parts.join(', ')}.\n`;
}

function stopLines({ result: { stopped, running } }: CollectOutcome, colors: Colors): string {
  const again =
    running > 0
      ? `The ${running === 1 ? 'task still runs' : 'tasks still run'} at the provider, and nothing is lost.\n`
      : '';
  if (stopped === null) return again;
  return `${colors.red('stopped')} ${stopped.message}\n${helpLine(stopped.help, colors)}${again}`;
}

function collectProblems(
  kind: CollectProblem['kind'],
  all: readonly CollectProblem[],
  colors: Colors,
): string {
  const own = all.filter((problem) => problem.kind === kind);
  const cells = own.slice(0, listed).map(({ key, message }) => [colors.red('!'), key, message]);
  const rest = own.length > listed ? colors.dim(`  … and ${number(own.length - listed)} more\n`) : '';
  return `\n${colors.bold(problemTitles[kind])}\n${columns(cells)}${rest}`;
}

function givenUp({ result }: CollectOutcome, colors: Colors): string {
  const keys = result.givenUp.map(({ key }) => key);
  if (keys.length === 0) return '';
  const rest = keys.length > listed ? ` … and ${number(keys.length - listed)} more` : '';
  return `\n${colors.bold('given up')} ${keys.slice(0, listed).join(', ')}${rest}: noted in the history, and not asked for again\n`;
}

/** The way out where something can never be had any more. */
function canGiveUp({ result, report, followUp }: CollectOutcome): string {
  const now = Date.parse(report.generatedAt);
  const completedAt = new Map(report.rows.map((row) => [row.taskId, row.completedAt]));
  const isOver = ({ kind, taskId }: CollectProblem): boolean => {
    const at = completedAt.get(taskId) ?? null;
    return kind === 'expired' && at !== null && now - Date.parse(at) > dayMs;
  };
  return result.problems.some(isOver)
    ? `Clips whose day is over cannot be had any more. To settle them: ${followUp('collect', '--give-up')}\n`
    : '';
}

function expiring({ result }: CollectOutcome, colors: Colors): string {
  const clips = result.expiring.length;
  if (clips === 0) return '';
  const what =
    clips === 1
      ? 'finished clip is on no disk, and its URL dies'
      : 'finished clips are on no disk, and their URLs die';
  return `\n${colors.yellow('warning')} ${number(clips)} ${what} within hours\n`;
}

function seeIt({ followUp, result }: CollectOutcome): string {
  if (result.stopped !== null || result.saved === 0) return '';
  return `See what came out: ${followUp('report', '-o', 'report.html')}\n`;
}
