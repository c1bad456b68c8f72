import { copyFileSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { expect, it } from 'vitest';
import { parse as parseYaml } from 'yaml';
import type { Report } from '../../src/report/model.ts';
import { built, builtEmulator } from '../helpers/built.ts';
import { temporaryFolder } from '../helpers/cli.ts';

const manifest = path.resolve(import.meta.dirname, '../../examples/manifests/vbench2.yaml');

interface Storyboard {
  readonly scenes: readonly { readonly shots: readonly { readonly prompt: string }[] }[];
}

interface Books {
  readonly billed: readonly { readonly id: string; readonly body: { readonly prompt: string } }[];
  readonly maxInFlight: { readonly create: number };
}

it('runs 1,013 real prompts through the built program, and report and books agree', async () => {
  const cwd = temporaryFolder();
  copyFileSync(manifest, path.join(cwd, 'vbench2.yaml'));
  const { env, booksUrl } = await builtEmulator(['--latency', '0-5ms', '--seed', '7'], cwd);
  const concurrency = 16;

  const run = await built(['run', 'vbench2.yaml', '--yes', '--concurrency', String(concurrency)], {
    cwd,
    env,
  });
  expect(run, run.stderr).toMatchObject({ code: 0, stdout: '' });
  expect(run.stderr).toContain('1,013 of 1,013 requests submitted');

  const report = JSON.parse(readFileSync(path.join(cwd, 'vbench2.report.json'), 'utf8')) as Report;
  const books = (await (await fetch(booksUrl)).json()) as Books;
  expect(report.rows).toHaveLength(1013);
  expect(books.billed).toHaveLength(1013);
  const billed = new Map(books.billed.map((task) => [task.id, task.body.prompt]));
  expect(billed.size).toBe(1013);
  expect(new Map(report.rows.map((row) => [row.taskId ?? row.key, row.prompt]))).toEqual(billed);
  expect(books.maxInFlight.create).toBeLessThanOrEqual(concurrency);
  expect(books.maxInFlight.create).toBeGreaterThan(concurrency / 2);

  const { scenes } = parseYaml(readFileSync(manifest, 'utf8')) as Storyboard;
  const wanted = scenes.flatMap(({ shots }) => shots.map(({ prompt }) => prompt));
  expect([...billed.values()].toSorted()).toEqual(wanted.toSorted());

  const csv: Record<string, string>[] = parse(readFileSync(path.join(cwd, 'vbench2.report.csv')), {
    bom: true,
    columns: true,
  });
  expect(csv.map((row) => [row['key'], row['taskId']])).toEqual(
    report.rows.map(({ key, taskId }) => [key, taskId]),
  );

  const again = await built(['run', 'vbench2.yaml', '--yes'], { cwd, env });
  expect(again.code).toBe(0);
  expect(again.stderr).toContain('Nothing to send');
  expect(((await (await fetch(booksUrl)).json()) as Books).billed).toHaveLength(1013);
});
