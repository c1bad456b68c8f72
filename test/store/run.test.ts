import {
  appendFileSync,
  copyFileSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Emulator } from '../../src/emulator/emulator.ts';
import type { Plan } from '../../src/plan/model.ts';
import { type CliOptions, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { faultsOf } from '../helpers/schemas.ts';
import { type TestStore, testStore } from '../helpers/store.ts';

const ferry = path.resolve(import.meta.dirname, '../fixtures/lint/plates/ferry.png');

const three = `  - { id: one, prompt: Rain, referenceImages: [plates/mika.png] }
  - { id: two, prompt: Fog, referenceImages: [plates/mika.png, plates/alley.png] }
  - { id: three, prompt: Sun }
`;

/** A film whose two plates differ in a byte after the picture. */
function film(store: string, shots = three): string {
  const folder = temporaryFolder();
  mkdirSync(path.join(folder, 'plates'));
  for (const name of ['mika', 'alley']) copyFileSync(ferry, path.join(folder, `plates/${name}.png`));
  appendFileSync(path.join(folder, 'plates/alley.png'), 'x');
  writeFileSync(path.join(folder, 'a.yaml'), manifest(store, shots));
  return folder;
}

function manifest(store: string, shots = three): string {
  return `version: 1\nproject: harbour\nstore: { ${store} }\nbudget: { currency: CNY, prices: { videos: 7 } }\ndefaults: { model: videos, duration: 5 }\nshots:\n${shots}`;
}

const at = ({ endpoint }: TestStore, more = ''): string =>
  `s3: plates/harbour, endpoint: "${endpoint}"${more}`;

async function planOf(options: CliOptions): Promise<Plan> {
  const { stdout, stderr } = await shotlist(['plan', 'a.yaml', '--format', 'json'], options);
  if (stdout === '') throw new Error(stderr);
  const plan = JSON.parse(stdout) as Plan;
  expect(faultsOf('plan', plan)).toEqual([]);
  return plan;
}

const prompts = ({ books }: Pick<Emulator, 'books'>): readonly unknown[] =>
  books()
    .map(({ body }) => body['prompt'])
    .sort();

const puts = ({ calls }: TestStore): readonly string[] => calls.filter((call) => call.startsWith('PUT'));

/** The text of every file below a folder. */
function textsBelow(folder: string): string {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  return names
    .map((name) => path.join(folder, name))
    .flatMap((file) => {
      try {
        return [readFileSync(file, 'latin1')];
      } catch {
        return [];
      }
    })
    .join('\n');
}

describe('a run with local files', () => {
  it('uploads each content once, sends signed addresses, and keeps no signature anywhere', async () => {
    const [store, provider] = await Promise.all([testStore(), emulator()]);
    const cwd = film(at(store));
    const env = { ...provider.env, ...store.env };
    const world = { cwd, env };
    const before = await planOf(world);
    expect(before.summary.upload).toEqual({ files: 2, bytes: 231 });
    expect(before.requests[0]?.files?.[0]).toMatchObject({
      path: 'plates/mika.png',
      bytes: 115,
      stored: null,
    });

    const reports = ['--report', 'r.csv', '--report', 'r.json', '--report', 'r.html', '--report', 'r.xml'];
    const journal = ['--journal', 'a.ledger.jsonl'];
    const run = await shotlist(['run', 'a.yaml', '--yes', '--verbose', ...reports, ...journal], world);
    expect(run.code).toBe(0);
    expect(run.stderr).toContain(`Upload: 2 of 2 files, 231 bytes, to ${new URL(store.endpoint).host}`);
    expect(puts(store)).toHaveLength(2);
    const sent = provider.books().map(({ body }) => JSON.stringify(body));
    const signed = sent.join().match(/http[^"]*X-Amz-Signature=[0-9a-f]{64}/g) ?? [];
    expect(signed).toHaveLength(3);
    for (const url of signed) expect((await fetch(url)).status).toBe(200);

    const again = await shotlist(['run', 'a.yaml', '--yes'], world);
    expect(again.code).toBe(0);
    expect(provider.books()).toHaveLength(3);
    expect(puts(store)).toHaveLength(2);
    const after = await planOf(world);
    expect(after.summary).toMatchObject({ submit: 0, upload: { files: 0, bytes: 0 } });
    expect(after.requests[0]?.files?.[0]?.stored).toBe(true);

    const kept = textsBelow(cwd) + run.stdout + run.stderr + again.stderr;
    expect(kept).not.toMatch(/X-Amz-(?:Signature|Credential)=(?!\[)/i);
  }, 60_000);

  it('knows a file by its content, whatever it is called and wherever it goes', async () => {
    const [store, provider] = await Promise.all([testStore(), emulator()]);
    const cwd = film(at(store));
    const world = { cwd, env: { ...provider.env, ...store.env } };
    await shotlist(['run', 'a.yaml', '--yes'], world);
    const paid = (await planOf(world)).requests.map(({ fingerprint }) => fingerprint);

    renameSync(path.join(cwd, 'plates/mika.png'), path.join(cwd, 'plates/mika-final.jpg'));
    const moved =
      's3: other-bucket, endpoint: "https://s3.example.com", publicBase: "https://cdn.example.com/x"';
    writeFileSync(path.join(cwd, 'a.yaml'), manifest(moved).replaceAll('mika.png', 'mika-final.jpg'));
    const elsewhere = await planOf(world);
    expect(elsewhere.requests.map(({ fingerprint }) => fingerprint)).toEqual(paid);
    expect(elsewhere.summary.submit).toBe(0);

    appendFileSync(path.join(cwd, 'plates/alley.png'), 'y');
    const changed = await planOf(world);
    expect(changed.requests.map(({ reason, changed: names }) => [reason, ...names])).toEqual([
      ['submitted'],
      ['changed', 'referenceImages'],
      ['submitted'],
    ]);
    const [file] = changed.requests[1]?.changedFiles ?? [];
    expect(file).toMatchObject({ parameter: 'referenceImages', path: 'plates/alley.png' });
    expect(file?.before).toMatch(/^[0-9a-f]{64}$/);
    expect(file?.before).not.toBe(file?.after);
    const { stdout } = await shotlist(['plan', 'a.yaml'], world);
    expect(stdout).toContain(`${file?.before?.slice(0, 8)} → ${file?.after.slice(0, 8)}`);
  }, 60_000);

  it('sends nothing where a file could not be put, and with --partial what needs none', async () => {
    const [store, provider] = await Promise.all([testStore(), emulator()]);
    const cwd = film(at(store));
    const world = { cwd, env: { ...provider.env, ...store.env } };
    const alley = (await planOf(world)).requests[1]?.files?.[1]?.sha256 ?? 'none';
    store.intercept((method, url) => (method === 'PUT' && url.includes(alley) ? 403 : undefined));
    const refused = await shotlist(['run', 'a.yaml', '--yes'], world);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(/plates\/alley\.png[\s\S]*needed by two/);
    expect(provider.books()).toHaveLength(0);
    const partial = await shotlist(['run', 'a.yaml', '--yes', '--partial'], world);
    expect(partial.code).toBe(1);
    expect(prompts(provider)).toEqual(['Rain', 'Sun']);
    store.intercept(() => undefined);
    expect((await shotlist(['run', 'a.yaml', '--yes'], world)).code).toBe(0);
    expect(provider.books()).toHaveLength(3);
  }, 60_000);

  it('does not send what has changed since the plan, uploaded before or not', async () => {
    const [store, provider] = await Promise.all([testStore(), emulator()]);
    const cwd = film(at(store));
    const world = { cwd, env: { ...provider.env, ...store.env } };
    expect((await shotlist(['upload', 'a.yaml'], world)).code).toBe(0);
    const edit = async (): Promise<string> => {
      appendFileSync(path.join(cwd, 'plates/alley.png'), 'z');
      return 'y';
    };
    const { code, stderr } = await shotlist(['run', 'a.yaml'], { ...world, answers: [edit] });
    expect(code).toBe(1);
    expect(stderr).toContain('two: not sent: plates/alley.png has changed since the plan was made');
    expect(prompts(provider)).toEqual(['Rain', 'Sun']);
  }, 60_000);

  it('asks before anything goes up, and says how much and where', async () => {
    const [store, provider] = await Promise.all([testStore(), emulator()]);
    const cwd = film(at(store));
    const world = { cwd, env: { ...provider.env, ...store.env } };
    const { code, stderr } = await shotlist(['run', 'a.yaml'], { ...world, answers: ['n'] });
    expect(code).toBe(3);
    expect(stderr).toContain(
      `Upload 2 files, 231 bytes, to ${new URL(store.endpoint).host}, and submit 3 requests`,
    );
    expect(puts(store)).toEqual([]);
  });

  it('needs keys only where there is something to upload or to sign', async () => {
    const provider = await emulator();
    const cwd = film('s3: plates/harbour, endpoint: "http://127.0.0.1:9"');
    const { code, stderr } = await shotlist(['run', 'a.yaml', '--yes'], { cwd, env: provider.env });
    expect(code).toBe(2);
    expect(stderr).toMatch(/AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set/);
    expect(
      (await shotlist(['run', 'a.yaml', '--yes', '--only', 'three'], { cwd, env: provider.env })).code,
    ).toBe(0);
    expect(provider.books()).toHaveLength(1);
  });
});

describe('upload', () => {
  it('puts what the store lacks, and only that', async () => {
    const store = await testStore();
    const cwd = film(at(store));
    const world = { cwd, env: store.env };
    const dry = await shotlist(['upload', 'a.yaml', '--dry-run', '--format', 'json'], world);
    expect(JSON.parse(dry.stdout)).toMatchObject({
      summary: { files: 2, bytes: 231, uploaded: 0, failed: 0 },
    });
    expect(puts(store)).toEqual([]);
    expect((await shotlist(['upload', 'a.yaml', '--only', 'one'], world)).stdout).toContain(
      '1 file, 115 bytes, uploaded',
    );
    const rest = await shotlist(['upload', 'a.yaml', '--format', 'json'], world);
    expect(JSON.parse(rest.stdout)).toMatchObject({ summary: { files: 1, uploaded: 1, present: 1 } });
    expect((await shotlist(['upload', 'a.yaml'], world)).stdout).toContain('Nothing to upload');
    const objects = await store.objects();
    expect(objects).toHaveLength(2);
    for (const name of objects) expect(name).toMatch(/^harbour\/[0-9a-f]{64}\.png$/);
  }, 60_000);

  it('tries again what fails for a moment, and exits with 1 for what stays', async () => {
    const store = await testStore();
    const cwd = film(at(store));
    const clock = { now: () => Date.now(), monotonic: () => performance.now(), sleep: async () => {} };
    let failures = 2;
    store.intercept((method) => (method === 'PUT' && failures-- > 0 ? 503 : undefined));
    expect((await shotlist(['upload', 'a.yaml'], { cwd, env: store.env, clock })).code).toBe(0);
    appendFileSync(path.join(cwd, 'plates/mika.png'), 'more');
    store.intercept((method) => (method === 'PUT' ? 500 : undefined));
    const { code, stdout } = await shotlist(['upload', 'a.yaml'], { cwd, env: store.env, clock });
    expect(code).toBe(1);
    expect(stdout).toContain('! plates/mika.png'.replace('! ', '!  '));
  }, 60_000);
});
