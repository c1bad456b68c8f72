import { xmlAttributes as attributesOf, xmlText as escapeText } from '../../core/xml.ts';
import type { Report, ReportRow } from '../model.ts';
import { projectName, rehearsalMark } from '../rehearsal.ts';

/**
 * The report as JUnit XML, which every CI service draws: a test suite for each scene, a test case for each request,
 * nothing left out. What a verdict means:
 *
 * - passed: the provider completed the task, and its clip is saved.
 * - failure: the provider refused the request, or its task failed. Somebody has to change the shot.
 * - error: nobody knows whether the request arrived, it could not be sent, or its clip is on no disk that the ledger
 *   knows of and dies within a day. Nothing is wrong with the shot.
 * - skipped: no verdict yet, or none to come: not sent, under way, given up by a person, or failed and replaced by an
 *   edit since. A task that still runs has not passed, and a build must not go red for it either.
 *
 * Requests that the manifest no longer holds have a suite of their own, since their keys may be in use again.
 */
export function junitReport(report: Report): string {
  const suites = suitesOf(report.rows).map(([name, rows]) => suite(report, name, rows));
  const attributes = attributesOf({
    name: projectName(report),
    ...tally(report.rows),
    timestamp: report.generatedAt,
  });
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    ...(report.rehearsal === true ? [rehearsalMark] : []),
    `<testsuites${attributes}>`,
    ...suites.flat(),
    '</testsuites>',
    '',
  ].join('\n');
}

/** Round brackets keep these apart from scenes: an id cannot contain them. */
const withoutScene = '(no scene)';
const superseded = '(superseded)';

function suitesOf(rows: readonly ReportRow[]): readonly (readonly [string, readonly ReportRow[]])[] {
  const suites = new Map<string, ReportRow[]>();
  for (const row of rows) {
    const name = row.superseded ? superseded : (row.scene ?? withoutScene);
    const suite = suites.get(name);
    if (suite === undefined) suites.set(name, [row]);
    else suite.push(row);
  }
  return [...suites];
}

function suite(report: Report, name: string, rows: readonly ReportRow[]): readonly string[] {
  const attributes = attributesOf({ name, ...tally(rows), timestamp: report.generatedAt });
  return [
    `  <testsuite${attributes}>`,
    ...rows.flatMap((row) => testCase(`${report.project}.${name}`, row)),
    '  </testsuite>',
  ];
}

function testCase(className: string, row: ReportRow): readonly string[] {
  const verdict = verdictOf(row);
  const attributes = attributesOf({ classname: className, name: nameOf(row), time: secondsOf(row) });
  return [
    `    <testcase${attributes}>`,
    ...(verdict === null ? [] : [`      ${element(verdict)}`]),
    `      <system-out>${escapeText(detailsOf(row))}</system-out>`,
    '    </testcase>',
  ];
}

/** Several edits of one request can have been replaced; the fingerprint tells them apart. */
function nameOf({ key, superseded, fingerprint }: ReportRow): string {
  return superseded ? `${key} ${fingerprint}` : key;
}

/** Seconds from submission to the end of the task; undefined where one of the two is not known. */
function secondsOf({ submittedAt, completedAt }: ReportRow): string | undefined {
  if (submittedAt === null || completedAt === null) return undefined;
  return Math.max(0, (Date.parse(completedAt) - Date.parse(submittedAt)) / 1000).toFixed(3);
}

interface Verdict {
  readonly kind: 'failure' | 'error' | 'skipped';
  readonly type: string;
  readonly message: string;
}

/** The verdict on a request; null for one that passed. */
function verdictOf(row: ReportRow): Verdict | null {
  const { status, errorCode, error } = row;
  const because = (what: string): string => (error === null ? what : `${what}: ${error}`);
  const verdict = (kind: Verdict['kind'], what: string): Verdict => ({
    kind,
    type: errorCode ?? status,
    message: because(what),
  });
  switch (status) {
    case 'completed':
      if (row.file !== null) return null;
      return errorCode === 'clipGivenUp'
        ? verdict('skipped', 'completed')
        : { ...verdict('error', 'completed, but its clip was not saved'), type: 'clipNotSaved' };
    case 'refused':
      return verdict(row.superseded ? 'skipped' : 'failure', 'the provider refused the request');
    case 'failed':
      return verdict(row.superseded ? 'skipped' : 'failure', 'the task failed');
    case 'inDoubt':
      return verdict('error', 'it is not known whether the request arrived');
    case 'pending':
      return errorCode === null
        ? verdict('skipped', 'not sent yet')
        : verdict('error', 'the request could not be sent');
    case 'sending':
      return verdict('skipped', 'being sent');
    case 'queued':
      return verdict('skipped', 'the task is queued');
    case 'processing':
      return verdict('skipped', 'the task is being worked on');
    case 'abandoned':
      return verdict('skipped', 'given up by a person');
  }
}

function detailsOf(row: ReportRow): string {
  const details = {
    status: row.status,
    taskId: row.taskId,
    model: row.model,
    mode: row.mode,
    cost: row.cost === null || row.currency === null ? row.cost : `${row.cost} ${row.currency}`,
    file: row.file,
    prompt: row.prompt,
  };
  return Object.entries(details)
    .flatMap(([name, value]) => (value === null ? [] : [`${name}: ${value}`]))
    .join('\n');
}

function tally(rows: readonly ReportRow[]): Readonly<Record<string, number>> {
  const kinds = rows.map((row) => verdictOf(row)?.kind);
  const count = (wanted: Verdict['kind']): number => kinds.filter((kind) => kind === wanted).length;
  return {
    tests: rows.length,
    failures: count('failure'),
    errors: count('error'),
    skipped: count('skipped'),
  };
}

/** `type` is no attribute of `skipped`, and strict readers say so. */
function element({ kind, type, message }: Verdict): string {
  return `<${kind}${attributesOf(kind === 'skipped' ? { message } : { type, message })}/>`;
}
