import { pretty } from '../../lint/formats/pretty.ts';
import type { Findings, ProjectEvent } from '../../project/events.ts';
import type { CommandCall } from '../command.ts';
import type { Io } from '../io.ts';
import { count } from './text.ts';

/** Shows on standard error what a project tells, as far as a call wants to see it. What runs and collects do has displays of its own. */
export function showProjectEvent(call: CommandCall, event: ProjectEvent): void {
  const { stderr } = call.io;
  const isQuiet = call.verbosity === 'quiet';
  switch (event.type) {
    case 'linted':
      showFindings(call, event.findings);
      return;
    case 'warning':
      warn(call.io, event.message, event.help);
      return;
    case 'spooled': {
      const { result, key, taskId } = event.report;
      if (result !== 'recorded' || isQuiet) return;
      const what = taskId === null ? 'the answer to it' : `its task ${taskId}`;
      stderr.write(`${key}: ${what} could not be recorded by an earlier run, and is in the ledger now\n`);
      return;
    }
    case 'journalTakenIn':
      if (!isQuiet) stderr.write(`${count(event.added, 'event')} of ${event.file} taken into the ledger\n`);
      return;
    case 'resolved': {
      const { key, state, taskId } = event;
      stderr.write(`${key}: ${state}${taskId === null ? '' : `, task ${taskId}`}\n`);
      return;
    }
    case 'run':
    case 'collect':
      return;
  }
}

/** Errors always, warnings unless quiet; to standard error. */
export function showFindings(call: CommandCall, findings: Findings): void {
  const shown =
    call.verbosity === 'quiet'
      ? findings.diagnostics.filter(({ severity }) => severity === 'error')
      : findings.diagnostics;
  if (shown.length === 0) return;
  const { stderr } = call.io;
  stderr.write(
    pretty({ ...findings, diagnostics: shown }, { color: call.color.stderr, width: stderr.columns }),
  );
}

/** The one way in which something is told that a person should know and that stops nothing. */
export function warn({ stderr }: Pick<Io, 'stderr'>, message: string, help?: string): void {
  stderr.write(`warning ${message}\n`);
  for (const line of help?.split('\n') ?? []) stderr.write(`  help ${line}\n`);
}
