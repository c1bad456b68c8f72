import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { testStore } from '../helpers/store.ts';

it('doctor puts, reads and deletes an object of the store, and says where keys are missing', async () => {
  const [store, provider] = await Promise.all([testStore(), emulator()]);
  const cwd = temporaryFolder();
  writeFileSync(
    path.join(cwd, 'a.yaml'),
    `version: 1\nproject: harbour\nstore: { s3: plates/harbour, endpoint: "${store.endpoint}" }\nshots: []\n`,
  );
  const well = await shotlist(['doctor', 'a.yaml'], { cwd, env: { ...provider.env, ...store.env } });
  expect(well.stdout).toMatch(/ok\s+Store\s+plates at 127\.0\.0\.1:\d+ takes files/);
  expect(well.code).toBe(0);
  expect(await store.objects()).toEqual([]);
  expect(store.calls.map((call) => call.split(' ')[0])).toEqual(['PUT', 'HEAD', 'GET', 'DELETE']);
  const without = await shotlist(['doctor', 'a.yaml'], { cwd, env: provider.env });
  expect(without.code).toBe(2);
  expect(without.stdout).toMatch(/problem\s+Store\s+there are no keys for the store/);
}, 60_000);
