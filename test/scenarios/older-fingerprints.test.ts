import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { canonicalJson } from '../../src/core/canonical-json.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { AttemptOutcome, LedgerRequest } from '../../src/ledger/ledger.ts';
import { partsOf } from '../../src/ledger/model/place.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { RequestBody } from '../../src/manifest/model.ts';
import type { Plan } from '../../src/plan/model.ts';
import type { Report } from '../../src/report/model.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

/** What release 0.1.0 made of a body that holds no signature which it knew. */
function firstFingerprint(body: RequestBody, take: number): string {
  return `sha256:${createHash('sha256').update(canonicalJson({ body, take })).digest('hex')}`;
}

const signed = (signature: string): string =>
  `https://b.obs.cn-north-4.myhuaweicloud.com/a.png?AccessKeyId=HPUA&Expires=4102444800&Signature=${signature}`;
const plain: RequestBody = { model: 'videos', prompt: 'Rain on glass', duration: 5 };

/** What was sent by 0.1.0, and the same request as it is written today. */
const rewritten: readonly (readonly [what: string, sent: RequestBody, shot: string])[] = [
  ['a default was stated', { ...plain, ratio: '16:9', resolution: '720p' }, 'prompt: Rain on glass'],
  ['a default is stated now', plain, 'prompt: Rain on glass, ratio: "16:9"'],
  ['letters were taken apart', { ...plain, prompt: 'Cafe\u0301' }, 'prompt: "Caf\u00e9"'],
  [
    'the URL is signed again',
    { ...plain, referenceImages: [signed('one')] },
    `prompt: Rain on glass, referenceImages: ["${signed('two')}"]`,
  ],
  ['nothing changed', plain, 'prompt: Rain on glass'],
];

const board = (id: string, shot: string): string => `version: 1
project: old
budget: { currency: CNY, prices: { videos: 7 } }
scenes:
  - id: sc010
    shots:
      - { id: ${id}, model: videos, duration: 5, ${shot} }
`;

const accepted: AttemptOutcome = { kind: 'accepted', taskId: 'video_old', status: 'queued', error: null };

/** A folder whose ledger holds one request, sent by release 0.1.0. */
async function paidBefore(sent: RequestBody, outcome: AttemptOutcome = accepted): Promise<string> {
  const cwd = temporaryFolder();
  mkdirSync(path.join(cwd, '.shotlist'));
  const key = 'sc010/sh1';
  const mode = 'referenceImages' in sent ? 'references' : 'text';
  const request: LedgerRequest = {
    ...{ key, fingerprint: firstFingerprint(sent, 1), ...partsOf(key), take: 1 },
    ...{ model: sent.model, mode, body: sent },
  };
  const ledger = await openLedger(path.join(cwd, '.shotlist', 'ledger.db'), { clock: systemClock });
  const seen = { state: 'pending', attempts: 0 } as const;
  const run = await ledger.startRun({
    scope: { provider: 'loopback', project: 'old' },
    ...{ requests: [{ request, seen, price: 7 }], currency: 'CNY', intervalMs: null },
    ...{ limits: { maxCost: null, maxRequests: null }, by: 'somebody@elsewhere' },
  });
  await run.settle(request, (await run.claim(request, seen)).attempt, outcome);
  await run.close();
  await ledger.close();
  return cwd;
}

async function at(
  cwd: string,
  env: Readonly<Record<string, string>>,
): Promise<{
  call(...args: string[]): Promise<CliResult>;
  plan(): Promise<Plan>;
  report(): Promise<Report>;
}> {
  const call = (...[command = '', ...rest]: string[]): Promise<CliResult> =>
    shotlist([command, 'board.yaml', ...rest], { cwd, env });
  return {
    call,
    plan: async () => JSON.parse((await call('plan', '--format', 'json')).stdout) as Plan,
    report: async () => JSON.parse((await call('report', '--format', 'json')).stdout) as Report,
  };
}

describe('what was paid under an earlier form of fingerprints is not paid again', () => {
  it.each(rewritten)('%s', async (_, sent, shot) => {
    const { env, books } = await emulator();
    const cwd = await paidBefore(sent);
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh1', shot));
    const { call, plan, report } = await at(cwd, env);
    expect((await plan()).requests).toMatchObject([
      { action: 'skip', reason: 'submitted', fingerprint: firstFingerprint(sent, 1) },
    ]);
    const run = await call('run', '--yes');
    expect(run.stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(0);
    expect((await report()).rows).toMatchObject([{ taskId: 'video_old', superseded: false }]);
    expect((await shotlist(['ledger', 'verify', 'board.yaml'], { cwd, env })).code).toBe(0);
  });

  it.each(rewritten)('under another name neither, and adopting it works: %s', async (_, sent, shot) => {
    const { env, books } = await emulator();
    const cwd = await paidBefore(sent);
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh2', shot));
    const { call, plan } = await at(cwd, env);
    expect((await plan()).requests).toMatchObject([
      { action: 'blocked', reason: 'renamed', paidAs: { key: 'sc010/sh1' } },
    ]);
    expect(await call('adopt', 'sc010/sh1', 'sc010/sh2')).toMatchObject({ code: 0 });
    expect((await plan()).requests).toMatchObject([{ action: 'skip', reason: 'submitted' }]);
    expect((await call('run', '--yes')).code).toBe(0);
    expect(books()).toHaveLength(0);
  });

  it('where the old name stands for something else now, too', async () => {
    const { env } = await emulator();
    const cwd = await paidBefore({ ...plain, ratio: '16:9' });
    const both = `${board('sh1', 'prompt: Something else')}      - { id: sh2, model: videos, duration: 5, prompt: Rain on glass }\n`;
    writeFileSync(path.join(cwd, 'board.yaml'), both);
    const { call, plan } = await at(cwd, env);
    expect((await plan()).requests[1]).toMatchObject({ action: 'blocked', reason: 'renamed' });
    expect(await call('adopt', 'sc010/sh1', 'sc010/sh2')).toMatchObject({ code: 0 });
    expect((await plan()).requests[1]).toMatchObject({ action: 'skip', reason: 'submitted' });
  });

  // A journal hides URLs, so of those only the fingerprint is left.
  it.each(rewritten.filter(([, sent]) => !('referenceImages' in sent)))(
    'in a clone that has the journal alone: %s',
    async (_, sent, shot) => {
      const { env, books } = await emulator();
      const cwd = await paidBefore(sent);
      const file = path.join(cwd, 'board.yaml');
      writeFileSync(file, board('sh1', shot));
      const exported = await shotlist(['ledger', 'export', 'board.yaml'], { cwd, env });
      writeFileSync(path.join(cwd, 'old.jsonl'), exported.stdout);
      rmSync(path.join(cwd, '.shotlist'), { recursive: true });
      const { plan } = await at(cwd, env);
      expect(await shotlist(['ledger', 'import', 'board.yaml', 'old.jsonl'], { cwd, env })).toMatchObject({
        code: 0,
      });
      expect((await plan()).requests).toMatchObject([{ action: 'skip', reason: 'submitted' }]);
      expect(books()).toHaveLength(0);
    },
  );

  it('in a project that is called otherwise now', async () => {
    const { env } = await emulator();
    const cwd = await paidBefore({ ...plain, ratio: '16:9' });
    writeFileSync(
      path.join(cwd, 'board.yaml'),
      board('sh1', 'prompt: Rain on glass').replace('project: old', 'project: new'),
    );
    const { plan } = await at(cwd, env);
    expect((await plan()).requests).toMatchObject([
      { action: 'blocked', reason: 'renamed', paidAs: { project: 'old' } },
    ]);
  });

  it('and another take, or an edit, is another request as ever', async () => {
    const { env, books } = await emulator();
    const cwd = await paidBefore({ ...plain, ratio: '16:9' });
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh1', 'prompt: Rain on glass, takes: 2'));
    const { call, plan } = await at(cwd, env);
    expect((await plan()).requests).toMatchObject([
      { action: 'skip', reason: 'submitted' },
      { action: 'submit', reason: 'new', take: 2 },
    ]);
    expect((await call('run', '--yes')).code).toBe(0);
    expect(books()).toHaveLength(1);
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh1', 'prompt: Rain on glass, ratio: "1:1"'));
    expect((await plan()).requests).toMatchObject([{ action: 'submit', reason: 'changed' }]);
  });

  it('what failed is tried again as the request that it was', async () => {
    const { env, books } = await emulator();
    const refused: AttemptOutcome = { kind: 'refused', code: 'http422', error: 'no' };
    const cwd = await paidBefore({ ...plain, ratio: '16:9' }, refused);
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh1', 'prompt: Rain on glass'));
    const { call, plan, report } = await at(cwd, env);
    expect((await plan()).requests).toMatchObject([{ action: 'skip', reason: 'refused' }]);
    expect((await call('run', '--yes', '--retry-failed')).code).toBe(0);
    expect(books()).toHaveLength(1);
    expect((await report()).rows).toMatchObject([{ attempts: 2, status: 'queued', superseded: false }]);
    expect((await shotlist(['ledger', 'verify', 'board.yaml'], { cwd, env })).code).toBe(0);
    expect((await call('run', '--yes')).stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(1);
  });
});

describe('a plan that 0.1.0 saved', () => {
  it('is sent as it was approved, once', async () => {
    const { env, books } = await emulator();
    const cwd = temporaryFolder();
    const sent = { ...plain, ratio: '16:9' };
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh1', 'prompt: Rain on glass, ratio: "16:9"'));
    const { call, plan } = await at(cwd, env);
    expect((await call('plan', '--out', 'plan.json')).code).toBe(0);
    const file = path.join(cwd, 'plan.json');
    const today = (await plan()).requests[0]?.fingerprint ?? '';
    const saved = readFileSync(file, 'utf8').replaceAll(today, firstFingerprint(sent, 1));
    expect(saved).not.toContain(today);
    writeFileSync(file, saved);
    expect(await shotlist(['run', 'plan.json', '--yes'], { cwd, env })).toMatchObject({ code: 0 });
    expect(books()).toHaveLength(1);
    expect((await plan()).requests).toMatchObject([{ action: 'skip', reason: 'submitted' }]);
    expect((await call('run', '--yes')).stderr).toContain('Nothing to send');
    await shotlist(['run', 'plan.json', '--yes'], { cwd, env });
    expect(books()).toHaveLength(1);
  });

  it('is out of date where the same was sent meanwhile under today’s fingerprint', async () => {
    const { env, books } = await emulator();
    const cwd = temporaryFolder();
    const sent = { ...plain, ratio: '16:9' };
    writeFileSync(path.join(cwd, 'board.yaml'), board('sh1', 'prompt: Rain on glass, ratio: "16:9"'));
    const { call, plan } = await at(cwd, env);
    await call('plan', '--out', 'plan.json');
    const file = path.join(cwd, 'plan.json');
    const today = (await plan()).requests[0]?.fingerprint ?? '';
    writeFileSync(file, readFileSync(file, 'utf8').replaceAll(today, firstFingerprint(sent, 1)));
    expect((await call('run', '--yes')).code).toBe(0);
    expect((await shotlist(['run', 'plan.json', '--yes'], { cwd, env })).code).toBe(3);
    expect(books()).toHaveLength(1);
  });
});
