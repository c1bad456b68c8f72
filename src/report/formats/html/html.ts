import { createHash } from 'node:crypto';
import { version } from '../../../core/version.ts';
import { pageScript, pageStyle } from '../../../generated/report-page.ts';
import type { Report } from '../../model.ts';
import { projectName, rehearsalMark } from '../../rehearsal.ts';
import type { ReportTimes } from '../../times.ts';
import type { ReportPlace } from '../format.ts';
import { embeddedJson, type LivePage, pageData } from './embed.ts';
import { skeleton } from './skeleton.ts';

/**
 * The report as one page for people: a contact sheet by scene, a timeline, the costs. Everything it needs is inside,
 * except for the clips, which are files beside it. Without `times`, the timeline shows submission and completion only.
 *
 * What comes from a manifest or a provider is embedded as JSON and put on the page as text, never as markup. The
 * content security policy holds a second line: it names the one script and the one style sheet by their hashes, and
 * leaves the page no address to send or fetch anything, clips beside it excepted; a page that a review serves may ask that.
 */
export function htmlReport(
  report: Report,
  place?: ReportPlace,
  times?: ReportTimes,
  live?: LivePage,
): string {
  const { project, title = project, ...others } = report;
  const name = escapeHtml(projectName({ ...others, project: title }));
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${live === undefined ? contentSecurityPolicy : `${contentSecurityPolicy}; connect-src 'self'`}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<meta name="referrer" content="no-referrer">
<meta name="robots" content="noindex">
<meta name="format-detection" content="telephone=no">
<meta name="generator" content="shotlist ${version}">
<link rel="icon" href="data:,">
<title>${name} · shotlist</title>${report.rehearsal === true ? rehearsalMark : ''}
<style>${pageStyle}</style>
</head>
<body>
${skeleton({ name, summary: escapeHtml(summaryOf(report)) })}
<script type="application/json" id="data">${embeddedJson(pageData(report, place, times, live))}</script>
<script>${pageScript}</script>
</body>
</html>
`;
}

/** `file:` is for a page that is opened from disk, where browsers do not agree on what 'self' is. */
const contentSecurityPolicy = [
  `default-src 'none'`,
  `script-src '${hashOf(pageScript)}'`,
  `style-src '${hashOf(pageStyle)}'`,
  `media-src 'self' file:`,
  `img-src data:`,
  `base-uri 'none'`,
  `form-action 'none'`,
].join('; ');

function hashOf(text: string): string {
  return `sha256-${createHash('sha256').update(text).digest('base64')}`;
}

/** Sums up the report for a reader without scripts. */
function summaryOf({ manifest, generatedAt, summary }: Report): string {
  const cost = summary.currency === null ? summary.cost : `${summary.cost} ${summary.currency}`;
  return `${manifest}: ${summary.total} requests, ${summary.completed} completed, ${cost} billed as far as is known. Written ${generatedAt}.`;
}

function escapeHtml(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;');
}
