import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const extensions = ['csv', 'json', 'html', 'xml'];

it('reports of a rehearsal never take the place of reports of what was paid for', async () => {
  const cwd = temporaryFolder();
  const { env } = await emulator({ taskMs: { minMs: 0, maxMs: 1 } });
  writeFileSync(
    path.join(cwd, 'board.yaml'),
    'version: 1\nproject: apart\nshots: [{ id: sh1, model: videos, duration: 5, prompt: Rain }]\n',
  );
  const call = (real: boolean, ...words: readonly string[]) =>
    shotlist([words[0] ?? '', 'board.yaml', ...words.slice(1), ...(real ? ['--real'] : [])], { cwd, env });
  const read = (name: string): string => readFileSync(path.join(cwd, name), 'utf8');
  const named = extensions.flatMap((extension) => ['--report', `named.${extension}`]);
  const wait = ['run', '--yes', '--wait', '--interval', '0.02'];
  const files = [...extensions.map((each) => `named.${each}`), 'board.report.csv', 'board.report.json'];

  await call(true, ...wait, ...named);
  for (const file of files.slice(-2)) await call(true, 'report', '-o', file);
  const paid = files.map(read);
  expect(
    paid.every(
      (text) => text.includes('sh1') && !/\(rehearsal\)|<!-- rehearsal|"rehearsal": true/.test(text),
    ),
  ).toBe(true);

  const rehearsed = await call(false, ...wait, ...named);
  expect(rehearsed.stderr).toContain(
    "named.csv is a report of what was paid for, and stays: this rehearsal's is",
  );
  for (const file of files.slice(-2)) await call(false, 'report', '-o', file);
  // A collect brings the reports beside the manifest up to date.
  await call(false, 'collect');
  expect(files.map(read)).toEqual(paid);
  const aside = files.map((file) => file.replace(/(\.\w+)$/, '.rehearsal$1'));
  expect(aside.filter((file) => !existsSync(path.join(cwd, file)))).toEqual([]);
  expect(JSON.parse(read('named.rehearsal.json'))).toMatchObject({ rehearsal: true });
  expect(read('named.rehearsal.html')).toContain('<!-- rehearsal -->');
  expect(read('named.rehearsal.xml')).toContain('apart (rehearsal)');

  // The other way round, what was paid for may stand where a rehearsal's report was.
  await call(true, 'report', '-o', 'named.rehearsal.json');
  expect(JSON.parse(read('named.rehearsal.json'))).not.toHaveProperty('rehearsal');

  expect(existsSync(path.join(cwd, 'renders', 'sh1_v001.mp4'))).toBe(true);
  expect(existsSync(path.join(cwd, 'renders', 'rehearsal', 'sh1_v001.mp4'))).toBe(true);
});
