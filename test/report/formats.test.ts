import { describe, expect, it } from 'vitest';
import { UsageError } from '../../src/core/errors.ts';
import { reportFormatOf, reportFormats } from '../../src/report/formats/index.ts';
import { entryOf, reportOf, requestOf } from './fixtures.ts';

describe('report formats', () => {
  it.each([
    ['report.csv', 'csv'],
    ['out/REPORT.JSON', 'json'],
    ['a.b.csv', 'csv'],
  ])('%s is written as %s', (file, name) => {
    expect(reportFormatOf(file).name).toBe(name);
  });

  it.each(['report.xlsx', 'report', 'csv', 'report.csv.gz'])('%s is refused, with what would do', (file) => {
    expect(() => reportFormatOf(file)).toThrow(UsageError);
    expect(() => reportFormatOf(file)).toThrow(
      expect.objectContaining({ help: expect.stringContaining('.csv') }),
    );
    expect(() => reportFormatOf(file)).toThrow(file);
  });

  it('have names and extensions of their own', () => {
    for (const part of ['name', 'extension'] as const) {
      const all = reportFormats.map((format) => format[part]);
      expect(new Set(all).size).toBe(all.length);
    }
  });

  it('write the same report', async () => {
    const request = requestOf('sh0010');
    const report = reportOf({ requests: [request], entries: [entryOf(request)] });
    for (const format of reportFormats) expect(await format.write(report)).toContain('video_sh0010');
  });

  it('as JSON gives back the report itself, on lines of its own', async () => {
    const requests = [requestOf('sh0010', { body: { model: 'fast', prompt: '雨\n"夜"', duration: 5 } })];
    const report = reportOf({ requests, entries: requests.map((request) => entryOf(request)) });
    const written = await reportFormatOf('x.json').write(report);
    expect(JSON.parse(written)).toEqual(report);
    expect(written.endsWith('}\n')).toBe(true);
    expect(written.split('\n')).toContain('      "taskId": "video_sh0010",');
  });
});
