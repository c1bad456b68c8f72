import type { Diagnostic } from '../../core/diagnostic.ts';
import { xmlAttributes, xmlText } from '../../core/xml.ts';
import type { LintResult } from '../lint.ts';
import type { FormatOptions } from './format.ts';

/**
 * The result as JUnit XML: a test suite for each file, a test case for each finding, and one that passes for a file
 * without any. A warning passes with its text as output, unless warnings fail the call.
 */
export function junit(
  { diagnostics, sources }: LintResult,
  { strict }: Pick<FormatOptions, 'strict'>,
): string {
  const byFile = new Map<string, Diagnostic[]>([...sources.keys()].map((file) => [file, []]));
  for (const diagnostic of diagnostics) {
    const found = byFile.get(diagnostic.file);
    if (found === undefined) byFile.set(diagnostic.file, [diagnostic]);
    else found.push(diagnostic);
  }
  const fails = ({ severity }: Diagnostic): boolean => severity === 'error' || strict;
  const suites = [...byFile].flatMap(([file, found]) => suite(file, found, fails));
  const tally = {
    tests: [...byFile.values()].reduce((sum, found) => sum + Math.max(found.length, 1), 0),
    failures: diagnostics.filter(fails).length,
    errors: 0,
  };
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites${xmlAttributes({ name: 'shotlist lint', ...tally })}>`,
    ...suites,
    '</testsuites>',
    '',
  ].join('\n');
}

function suite(
  file: string,
  found: readonly Diagnostic[],
  fails: (diagnostic: Diagnostic) => boolean,
): readonly string[] {
  const tally = { tests: Math.max(found.length, 1), failures: found.filter(fails).length, errors: 0 };
  const cases =
    found.length === 0
      ? [`    <testcase${xmlAttributes({ classname: file, name: 'no findings' })}/>`]
      : namesOf(found).flatMap(([name, diagnostic]) => testCase(name, diagnostic, fails(diagnostic)));
  return [`  <testsuite${xmlAttributes({ name: file, ...tally })}>`, ...cases, '  </testsuite>'];
}

/** A name for each, and none twice: services drop a case that has the name of another. */
function namesOf(found: readonly Diagnostic[]): readonly (readonly [string, Diagnostic])[] {
  const met = new Map<string, number>();
  return found.map((diagnostic) => {
    const { rule, line, column } = diagnostic;
    const name = `${rule} ${line}:${column}`;
    const before = met.get(name) ?? 0;
    met.set(name, before + 1);
    return [before === 0 ? name : `${name} (${before + 1})`, diagnostic];
  });
}

function testCase(name: string, diagnostic: Diagnostic, fails: boolean): readonly string[] {
  const { severity, message, help, file, line, column } = diagnostic;
  const place = `${file}:${line}:${column}`;
  const text = xmlText([`${place}: ${message}`, ...(help === null ? [] : [help])].join('\n'));
  return [
    `    <testcase${xmlAttributes({ classname: file, name })}>`,
    fails
      ? `      <failure${xmlAttributes({ type: severity, message })}>${text}</failure>`
      : `      <system-out>${xmlText(`${severity}: `)}${text}</system-out>`,
    '    </testcase>',
  ];
}
