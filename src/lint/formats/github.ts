import { count } from '../../core/count.ts';
import type { Diagnostic } from '../../core/diagnostic.ts';
import type { LintResult } from '../lint.ts';
import { harmless } from './harmless.ts';

/** Annotations of each type that GitHub shows in a step; it drops the rest without a word. */
const annotationsShown = 10;

/**
 * Workflow commands of GitHub Actions: each is shown beside its line in a pull request. Of each type as many as GitHub
 * shows, errors first; the rest is in the log, line by line, and counted.
 */
export function github({ diagnostics }: LintResult): string {
  const errors = diagnostics.filter(({ severity }) => severity === 'error');
  const warnings = diagnostics.filter(({ severity }) => severity === 'warning');
  const isShort = errors.length <= annotationsShown && warnings.length <= annotationsShown;
  const annotated = isShort
    ? diagnostics
    : [...errors.slice(0, annotationsShown), ...warnings.slice(0, annotationsShown)];
  const commands = annotated.map((diagnostic) => `${command(diagnostic)}\n`);
  if (isShort) return commands.join('');
  const rest = [...errors.slice(annotationsShown), ...warnings.slice(annotationsShown)];
  const counted = [...countOf(errors, 'error'), ...countOf(warnings, 'warning')].join(' and ');
  return [
    ...commands,
    `::notice title=shotlist::${data(`${counted} without an annotation: GitHub shows ${annotationsShown} of each type in a step`)}\n`,
    `::group::${data(`${counted}`)}\n`,
    ...rest.map((diagnostic) => `${logLine(diagnostic)}\n`),
    '::endgroup::\n',
  ].join('');
}

function countOf(all: readonly Diagnostic[], word: string): readonly string[] {
  const more = all.length - annotationsShown;
  return more > 0 ? [count(more, `more ${word}`)] : [];
}

/** A finding on a line of the log, which begins with nothing that the runner takes for a command. */
function logLine({ rule, severity, message, file, line, column }: Diagnostic): string {
  const text = `${slashed(file)}:${line}:${column} ${severity} ${rule}: ${message}`;
  return harmless(text.replace(/\s+/g, ' ')).replace(/^[:#\s]+/, '');
}

function command(diagnostic: Diagnostic): string {
  const { rule, severity, message, help, file, line, column, endLine, endColumn } = diagnostic;
  const properties = {
    file: slashed(file),
    line,
    endLine,
    // GitHub takes columns only where a finding stays on its line, and its ends are inclusive.
    ...(endLine === line ? { col: column, endColumn: Math.max(column, endColumn - 1) } : {}),
    title: `shotlist ${rule}`,
  };
  const list = Object.entries(properties).map(([name, value]) => `${name}=${property(String(value))}`);
  const text = help === null ? message : `${message}\n${help}`;
  return `::${severity} ${list.join(',')}::${data(text)}`;
}

/** GitHub compares file names with those of the repository. */
function slashed(file: string): string {
  return file.replaceAll('\\', '/').replace(/^\.\//, '');
}

/** Characters that could steer a terminal the log is read in; line ends are escaped, and a bell rings in no log. */
const steering = /[^\P{Cc}\n\r]|[\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/gu;
const bell = '\u0007';

function data(text: string): string {
  return text
    .replace(steering, (character) => (character === bell ? bell : harmless(character)))
    .replaceAll('%', '%25')
    .replaceAll('\r', '%0D')
    .replaceAll('\n', '%0A');
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C');
}
