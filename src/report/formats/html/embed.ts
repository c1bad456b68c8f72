import type { AttemptTimes } from '../../../ledger/model/times.ts';
import { type PageColumnName, pageColumnNames } from '../../columns.ts';
import type { Report, ReportRow } from '../../model.ts';
import { identityOf, type ReportTimes } from '../../times.ts';
import type { ReportPlace } from '../format.ts';
import { clipUrl } from './clip-url.ts';
import type { PageColumns, PageData } from './page-data.ts';

/** A page that a review serves. */
export interface LivePage {
  /** Where a row's clip is, relative to the page. */
  clipUrl(row: ReportRow): string | null;
}

/** Packs a report's data for the page in few bytes. */
export function pageData(
  report: Report,
  place: ReportPlace | undefined,
  times: ReportTimes | undefined,
  live?: LivePage,
): PageData {
  const { rows } = report;
  const prompts = [...new Set(rows.map(({ prompt }) => prompt))];
  const promptIndex = new Map(prompts.map((prompt, index) => [prompt, index]));
  const timesOfRows = rows.map((row) => times?.get(identityOf(row)));
  const time = (field: keyof AttemptTimes): readonly (string | null)[] =>
    timesOfRows.map((each) => each?.[field] ?? null);
  return {
    project: report.project,
    manifest: report.manifest,
    generatedAt: report.generatedAt,
    isLive: live !== undefined,
    ...(report.choosing === undefined ? {} : { choosing: report.choosing }),
    ...(report.title === undefined ? {} : { title: report.title }),
    ...(report.scenes === undefined ? {} : { scenes: report.scenes }),
    flags: place?.flags ?? [],
    summary: report.summary,
    prompts,
    columns: {
      ...columnsOf(rows),
      answeredAt: time('answeredAt'),
      processingAt: time('processingAt'),
      endedAt: timesOfRows.map((each, index) => each?.endedAt ?? rows[index]?.completedAt ?? null),
      savedAt: time('savedAt'),
      clip: rows.map((row) =>
        row.file === null ? null : live === undefined ? clipUrl(row.file, place) : live.clipUrl(row),
      ),
      prompt: rows.map(({ prompt }) => promptIndex.get(prompt) ?? 0),
    },
  };
}

function columnsOf(rows: readonly ReportRow[]): Pick<PageColumns, PageColumnName> {
  const columns = pageColumnNames.map((name) => [name, rows.map((row) => row[name])]);
  return Object.fromEntries(columns) as Pick<PageColumns, PageColumnName>;
}

/**
 * A value as JSON that can stand inside a script element: without `<`, nothing in it can end the element or begin a
 * comment.
 */
export function embeddedJson(value: object): string {
  return JSON.stringify(value).replaceAll('<', '\\u003c');
}
