import pc from 'picocolors';
import type { Format, FormatName } from './format.ts';
import { json } from './json.ts';
import { summaryLine } from './summary-line.ts';

export const formats: Readonly<Record<FormatName, Format>> = {
  // Measuring wide characters needs more time to load than a small manifest takes to check.
  pretty: async (result, options) =>
    result.diagnostics.length === 0
      ? summaryLine(result.summary, pc.createColors(options.color))
      : (await import('./pretty.ts')).pretty(result, options),
  json: async (result) => json(result),
  sarif: async (result) => (await import('./sarif.ts')).sarif(result),
  github: async (result) => (await import('./github.ts')).github(result),
  gitlab: async (result) => (await import('./gitlab.ts')).gitlab(result),
  rdjson: async (result) => (await import('./rdjson.ts')).rdjson(result),
  junit: async (result, options) => (await import('./junit.ts')).junit(result, options),
};
