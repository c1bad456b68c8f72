import { readFile, stat } from 'node:fs/promises';
import path from 'node:path';
import { LintFailedError, StoppedError, UsageError } from '../core/errors.ts';
import { shotKey } from '../core/request-key.ts';
import type { FixedFile } from '../lint/fix.ts';
import type { LintOptions, LintResult } from '../lint/lint.ts';
import { lint } from '../lint/lint.ts';
import { readBytes } from '../manifest/file-text.ts';
import { yamlReader } from '../manifest/read-budget.ts';
import type { Drastic } from '../spreadsheet/drastic.ts';
import { guessMapping } from '../spreadsheet/guess.ts';
import { type ImportSummary, importTable, manifestFrom } from '../spreadsheet/import.ts';
import type { Mapping } from '../spreadsheet/mapping.ts';
import type { Table } from '../spreadsheet/table.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { fixDiff, writeFixed } from './fixing.ts';
import { explained, readInput, showNotes } from './import-input.ts';
import type { ImportCall } from './import-signature.ts';
import { projectFrom } from './init/answers.ts';
import { isYes } from './io.ts';
import { importPreview, importSummaryLine } from './render/import.ts';
import { showFindings } from './render/project-event.ts';
import { count } from './render/text.ts';

/** Writes the mapping by which a table would be read to standard output. */
export async function showGuess(call: ImportCall, file: string): Promise<ExitCode> {
  for (const option of ['into', 'yes', 'dryRun', 'partial', 'whole'] as const) {
    if (!call.options[option]) continue;
    throw new UsageError(`--${option === 'dryRun' ? 'dry-run' : option} does not go with --guess`, {
      help: '--guess writes a mapping to standard output, and touches no file',
    });
  }
  const { table, mapping } = await readInput(call, file);
  const text = await explained(call, file, async () => guessMapping(table, mapping));
  call.io.stdout.write(text);
  showNotes(call, table, []);
  return exitCodes.ok.code;
}

/** Writes a new manifest to standard output. */
export async function beginStoryboard(call: ImportCall, file: string): Promise<ExitCode> {
  for (const option of ['yes', 'dryRun', 'partial', 'whole'] as const) {
    if (!call.options[option]) continue;
    throw new UsageError(`--${option === 'dryRun' ? 'dry-run' : option} goes with --into`, {
      help: 'without --into, a new manifest goes to standard output and no file is touched',
    });
  }
  const { table, mapping } = await readInput(call, file);
  const { text, summary, notes } = await explained(call, file, async () =>
    manifestFrom(table, projectName(file), { mapping }),
  );
  call.io.stdout.write(text);
  showNotes(call, table, notes);
  const result = await lintText(call, text, undefined);
  showFindings(call, result);
  if (call.verbosity !== 'quiet') call.io.stderr.write(importSummaryLine(summary));
  return result.summary.errors > 0 ? exitCodes.problems.code : exitCodes.ok.code;
}

/** Updates a storyboard, or begins it where there is none. */
export async function updateStoryboard(call: ImportCall, file: string, into: string): Promise<ExitCode> {
  if (into === '-') throw new UsageError('--into names a file', { help: 'leave it out for standard output' });
  if (path.resolve(call.io.cwd, into) === path.resolve(call.io.cwd, file)) {
    throw new UsageError('the table and the storyboard are one file', {
      help: 'name the manifest with --into',
    });
  }
  const { table, mapping } = await readInput(call, file);
  const isThere = (await stat(path.resolve(call.io.cwd, into)).catch(() => undefined)) !== undefined;
  if (!isThere) return beginFile(call, file, into, table, mapping);
  const { cwd } = call.io;
  const partial = call.options.partial;
  const { files, summary, notes, drastic } = await explained(call, file, () =>
    importTable(table, into, { cwd, mapping, partial }),
  );
  showNotes(call, table, notes);
  if (files.length === 0) {
    if (call.verbosity !== 'quiet') call.io.stderr.write(importSummaryLine(summary));
    return exitCodes.ok.code;
  }
  await refuseWorse(
    call,
    into,
    new Map(files.map(({ absolutePath, after }) => [absolutePath, after])),
    summary,
  );
  const changed = files.map((each) => ({ ...each, fixed: [] }));
  if (!(await isWanted(call, changed, summary, into, drastic))) return exitCodes.ok.code;
  await writeFixed(changed);
  if (call.verbosity !== 'quiet') {
    call.io.stderr.write(`written: ${files.map((each) => each.file).join(', ')}\n`);
  }
  return exitCodes.ok.code;
}

async function beginFile(
  call: ImportCall,
  file: string,
  into: string,
  table: Table,
  mapping: Mapping,
): Promise<ExitCode> {
  const { text, summary, notes } = await explained(call, file, async () =>
    manifestFrom(table, projectName(into), { mapping }),
  );
  showNotes(call, table, notes);
  const result = await lintText(call, text, into);
  showFindings(call, result);
  const absolutePath = path.resolve(call.io.cwd, into);
  const created: FixedFile = { file: into, absolutePath, before: '', after: text, fixed: [] };
  if (await isWanted(call, [created], summary, into, null)) {
    const { writeFileAtomically } = await import('../core/write-file.ts');
    const { refuseLeadingOut, workTreeOf } = await import('../core/work-tree.ts');
    await refuseLeadingOut(await workTreeOf(call.io.cwd), absolutePath);
    await writeFileAtomically(absolutePath, text);
    if (call.verbosity !== 'quiet') call.io.stderr.write(`written: ${into}\n`);
  }
  return result.summary.errors > 0 ? exitCodes.problems.code : exitCodes.ok.code;
}

/**
 * Shows the difference and asks. False for a dry run, which only shows it.
 *
 * @throws StoppedError where nobody agreed.
 */
async function isWanted(
  call: ImportCall,
  files: readonly FixedFile[],
  summary: ImportSummary,
  into: string,
  drastic: Drastic | null,
): Promise<boolean> {
  const { io, options, verbosity } = call;
  const isStopped = drastic !== null && !options.whole;
  if (options.dryRun) {
    io.stdout.write(await fixDiff(files, textOnDisk));
    if (verbosity !== 'quiet') io.stderr.write(importSummaryLine(summary));
    if (isStopped) throw stopped(drastic);
    return false;
  }
  if (isStopped) {
    if (verbosity !== 'quiet') io.stderr.write(importSummaryLine(summary));
    throw stopped(drastic);
  }
  const asks = !options.yes;
  if (verbosity !== 'quiet' || asks) {
    io.stderr.write(importPreview(await fixDiff(files, textOnDisk), call.color.stderr));
    io.stderr.write(importSummaryLine(summary));
  }
  if (!asks) return true;
  if (!io.stdin.isTTY) {
    throw new StoppedError('nobody confirmed this: nothing was written', {
      help: 'read the difference above, then add --yes; --dry-run prints it as a patch',
    });
  }
  const where = files.length === 1 ? into : count(files.length, 'file');
  const answer = await io.stdin.ask(`Write this to ${where}? [y/N] `);
  if (isYes(answer)) return true;
  throw new StoppedError('not confirmed: nothing was written');
}

function stopped({ message, help }: Drastic): StoppedError {
  return new StoppedError(`${message}: nothing was written`, { help });
}

/** Reads a file's text; empty for one that is still to be made. */
async function textOnDisk({ absolutePath }: FixedFile): Promise<string> {
  return absolutePath === null ? '' : readFile(absolutePath, 'utf8').catch(() => '');
}

/** @throws LintFailedError where the storyboard would have errors that it does not have now. */
async function refuseWorse(
  call: ImportCall,
  manifest: string,
  after: ReadonlyMap<string, string>,
  imported: ImportSummary,
): Promise<void> {
  const options = lintOptions(call);
  const before = await lint([manifest], options);
  const result = await lint([manifest], {
    ...options,
    readFile: async (absolutePath, limit) => {
      const read = await readBytes(absolutePath, limit);
      const text = after.get(absolutePath);
      return text === undefined || !('bytes' in read)
        ? read
        : { ...read, bytes: new TextEncoder().encode(text) };
    },
  });
  expectSameRequests(before, result, imported);
  const worse = newErrors(before, result);
  if (worse.length === 0) return;
  const summary = { ...result.summary, errors: worse.length, warnings: 0 };
  showFindings(call, { ...result, diagnostics: worse, summary });
  throw new LintFailedError(
    `${manifest} would have ${worse.length === 1 ? 'an error' : `${worse.length} errors`} that it does not have now: nothing was written`,
    { help: 'the lines above are as they would be; correct the table, then import again' },
  );
}

/** Makes sure that no other shot sends anything else: the ledger files payments under what was sent. */
function expectSameRequests(before: LintResult, after: LintResult, imported: ImportSummary): void {
  const { added, changed, skipped, back } = imported;
  const touched = new Set([...added, ...changed, ...skipped, ...back]);
  const others = ({ manifests }: LintResult): string =>
    JSON.stringify(
      manifests
        .flatMap(({ requests }) => requests)
        .filter(({ scene, shot }) => !touched.has(shotKey({ scene, shot })))
        .map(({ key, body }) => [key, body]),
    );
  if (others(before) === others(after)) return;
  throw new Error('an import would have changed what other shots send; nothing was written');
}

/** Errors of the second result that the first does not have, wherever they stand. */
function newErrors(before: LintResult, after: LintResult): LintResult['diagnostics'] {
  const known = new Map<string, number>();
  const name = ({ rule, key, message, file }: LintResult['diagnostics'][number]): string =>
    JSON.stringify([rule, key, message, file]);
  for (const each of before.diagnostics) known.set(name(each), (known.get(name(each)) ?? 0) + 1);
  return after.diagnostics.filter((each) => {
    if (each.severity !== 'error') return false;
    const left = known.get(name(each)) ?? 0;
    known.set(name(each), left - 1);
    return left <= 0;
  });
}

function lintText(call: ImportCall, text: string, named: string | undefined): Promise<LintResult> {
  const stdin = async (): Promise<Uint8Array> => new TextEncoder().encode(text);
  return lint(['-'], { ...lintOptions(call), stdin, stdinFilename: named });
}

function lintOptions({ io, options }: ImportCall): LintOptions {
  const yaml = yamlReader(io.env);
  return { cwd: io.cwd, models: options.models, now: io.clock.now(), yaml };
}

function projectName(file: string): string {
  return file === '-' ? 'storyboard' : projectFrom(path.basename(file).replace(/\.[^.]+$/, ''));
}
