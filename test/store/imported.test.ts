import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import type { Plan } from '../../src/plan/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

const ferry = path.resolve(import.meta.dirname, '../fixtures/lint/plates/ferry.png');

it('a table that names files on the disk becomes shots that name them, ready to be uploaded', async () => {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, 'plates'));
  for (const name of ['a', 'b']) copyFileSync(ferry, path.join(cwd, `plates/${name}.png`));
  writeFileSync(
    path.join(cwd, 'a.yaml'),
    'version: 1\nproject: harbour\nstore: { s3: plates/harbour, endpoint: "https://s3.example.com" }\ndefaults: { model: videos, duration: 5 }\nshots: []\n',
  );
  writeFileSync(
    path.join(cwd, 'shots.csv'),
    'shot,prompt,first_image,last_image,referenceImages\none,Rain on the pier,plates/a.png,plates/b.png,\ntwo,Fog over the pier,,,"plates/a.png, https://cdn.example.com/b.png"\n',
  );
  const made = await shotlist(['import', 'shots.csv', '--into', 'a.yaml', '--yes'], { cwd });
  expect(made.code, made.stderr).toBe(0);
  expect(readFileSync(path.join(cwd, 'a.yaml'), 'utf8')).toContain('first_image: plates/a.png\n');

  const { stdout, stderr } = await shotlist(['plan', 'a.yaml', '--format', 'json'], { cwd });
  expect(stdout, stderr).not.toBe('');
  const { requests, summary } = JSON.parse(stdout) as Plan;
  expect(requests.map(({ files }) => files?.map((file) => file.path))).toEqual([
    ['plates/a.png', 'plates/b.png'],
    ['plates/a.png'],
  ]);
  // Both hold the same.
  expect(summary.upload?.files).toBe(1);
});
