import path from 'node:path';
import { isJsonObject } from '../core/canonical-json.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import { parsedJson } from '../core/untrusted-json.ts';
import { rehearsalMark } from '../report/rehearsal.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';

/**
 * The file for a report that is meant for this one: a name of its own beside it, where the report is one of a
 * rehearsal and the file is one of what was paid for.
 *
 * @param file absolute.
 */
export async function reportTarget(context: ProjectContext, file: string): Promise<string> {
  if (!isRehearsalScope(context.scope.provider)) return file;
  const there = await textIfAny(context, file);
  if (there === null || (await isOfRehearsal(context, file, there))) return file;
  const { dir, name, ext } = path.parse(file);
  const aside = path.join(dir, `${name}.rehearsal${ext}`);
  const shown = (target: string): string => path.relative(context.cwd, target) || target;
  warn(
    context.emit,
    'rehearsalReport',
    `${shown(file)} is a report of what was paid for, and stays: this rehearsal's is ${shown(aside)}`,
  );
  return aside;
}

async function isOfRehearsal(context: ProjectContext, file: string, text: string): Promise<boolean> {
  const { dir, name, ext } = path.parse(file);
  if (ext.toLowerCase() !== '.csv') return isMarked(ext, text);
  // A table has no place for a mark: the report of the same run tells, else the tasks that it names.
  const beside = await textIfAny(context, path.join(dir, `${name}.json`));
  if (beside !== null && isMarked('.json', beside)) return true;
  const entries = await (await context.ledger.reader()).read(context.scope);
  const known = new Set(entries.flatMap(({ taskId }) => taskId ?? []));
  return tasksIn(text).every((taskId) => known.has(taskId));
}

async function textIfAny({ files }: ProjectContext, file: string): Promise<string | null> {
  return (await files.kindOf(file)) === 'file' ? files.read(file) : null;
}

function isMarked(extension: string, text: string): boolean {
  if (extension.toLowerCase() !== '.json') return text.includes(rehearsalMark);
  const report = parsedJson(text);
  return isJsonObject(report) && report['rehearsal'] === true;
}

/** The columns before and with the id of the task hold no separators, so no reader of tables is needed. */
function tasksIn(table: string): readonly string[] {
  const [header = '', ...lines] = table.replace(/^\uFEFF/, '').split(/\r?\n/);
  const column = header.split(',').indexOf('taskId');
  const take = header.split(',').indexOf('take');
  return lines.flatMap((line) => {
    const cells = line.split(',');
    const taskId = cells[column] ?? '';
    return /^\d+$/.test(cells[take] ?? '') && taskId !== '' ? [taskId] : [];
  });
}
