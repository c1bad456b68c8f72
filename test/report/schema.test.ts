import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { columnNames } from '../../src/report/columns.ts';
import type { Report } from '../../src/report/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { faultsOf, schemaNamed } from '../helpers/schemas.ts';
import { teaser } from './sample-reports.ts';

const columns = Object.keys(schemaNamed('report').$defs['row']?.properties ?? {});

it('the published schema has the columns of the report, in their order', () => {
  expect(columns).toEqual(columnNames);
  expect(schemaNamed('report').$defs['row']?.required).toEqual(columnNames);
});

it('the published schema holds of a report with requests in every state', () => {
  expect(faultsOf('report', teaser())).toEqual([]);
  expect(faultsOf('report', { ...teaser(), rows: [{}] })).not.toEqual([]);
});

it('the published schema holds of what a run writes, and names the columns of the CSV in their order', async () => {
  const cwd = temporaryFolder();
  writeFileSync(
    path.join(cwd, 'board.yaml'),
    `version: 1
project: schema
defaults: { model: videos, duration: 5 }
shots:
  - { id: a, prompt: Rain on glass, takes: 2, variants: { tall: { ratio: "9:16" }, wide: {} } }
  - { id: b, prompt: 霓虹雨夜 }
`,
  );
  const { env } = await emulator({ fail: '422#2,500#3' });
  const { stderr } = await shotlist(['run', 'board.yaml', '--yes', '--concurrency', '1'], { cwd, env });
  expect(stderr).toContain('3 of 5 requests submitted');
  const report = JSON.parse(readFileSync(path.join(cwd, 'board.report.json'), 'utf8')) as Report;
  expect(report.summary).toMatchObject({ total: 5, refused: 1, inDoubt: 1, queued: 3 });
  expect(faultsOf('report', report)).toEqual([]);
  for (const row of report.rows) expect(Object.keys(row)).toEqual(columns);
  const [header] = parse(readFileSync(path.join(cwd, 'board.report.csv')), { bom: true });
  expect(header).toEqual(columns);
});
