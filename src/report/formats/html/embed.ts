import type { AttemptTimes } from '../../../ledger/model/times.ts';
import type { Report, ReportRow } from '../../model.ts';
import { identityOf, type ReportTimes } from '../../times.ts';
import type { ReportPlace } from '../format.ts';
import { clipUrl } from './clip-url.ts';
import type { PageData } from './page-data.ts';

/** What the page needs of a report, in few bytes. */
export function pageData(
  report: Report,
  place: ReportPlace | undefined,
  times: ReportTimes | undefined,
): PageData {
  const { rows } = report;
  const prompts = [...new Set(rows.map(({ prompt }) => prompt))];
  const promptIndex = new Map(prompts.map((prompt, index) => [prompt, index]));
  const column = <Field extends keyof ReportRow>(field: Field): readonly ReportRow[Field][] =>
    rows.map((row) => row[field]);
  const timesOfRows = rows.map((row) => times?.get(identityOf(row)));
  const time = (field: keyof AttemptTimes): readonly (string | null)[] =>
    timesOfRows.map((each) => each?.[field] ?? null);
  return {
    project: report.project,
    manifest: report.manifest,
    generatedAt: report.generatedAt,
    flags: place?.flags ?? [],
    summary: report.summary,
    prompts,
    columns: {
      key: column('key'),
      scene: column('scene'),
      shot: column('shot'),
      variant: column('variant'),
      take: column('take'),
      model: column('model'),
      mode: column('mode'),
      duration: column('duration'),
      ratio: column('ratio'),
      resolution: column('resolution'),
      status: column('status'),
      taskId: column('taskId'),
      errorCode: column('errorCode'),
      error: column('error'),
      attempts: column('attempts'),
      submittedAt: column('submittedAt'),
      answeredAt: time('answeredAt'),
      processingAt: time('processingAt'),
      endedAt: timesOfRows.map((each, index) => each?.endedAt ?? rows[index]?.completedAt ?? null),
      savedAt: time('savedAt'),
      actualDuration: column('actualDuration'),
      cost: column('cost'),
      currency: column('currency'),
      superseded: column('superseded'),
      clip: rows.map(({ file }) => (file === null ? null : clipUrl(file, place))),
      prompt: rows.map(({ prompt }) => promptIndex.get(prompt) ?? 0),
    },
  };
}

/**
 * A value as JSON that can stand inside a script element: without `<`, nothing in it can end the element or begin a
 * comment.
 */
export function embeddedJson(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
