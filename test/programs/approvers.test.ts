import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { SavedPlan } from '../../src/plan/saved-plan.ts';
import { openProject } from '../../src/project/open.ts';
import { allowedSigner, approversDesk, cloneDesk, signByHand, storyboard } from '../helpers/approvers.ts';
import { type CliResult, shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { faultsOf } from '../helpers/schemas.ts';

const hasOpenSsh = spawnSync('ssh-keygen', ['-?']).error === undefined;

async function desk() {
  const cwd = temporaryFolder();
  const keys = approversDesk(cwd);
  const { env, books } = await emulator();
  const file = (name: string): string => path.join(cwd, name);
  const call = (words: string, more: object = {}): Promise<CliResult> =>
    shotlist(words.split(' '), { cwd, env, ...more });
  return {
    ...{ cwd, env, books, file, call, ...keys },
    read: (name: string) => readFileSync(file(name), 'utf8'),
    write: (name: string, text: string) => writeFileSync(file(name), text),
    /** Saves a plan, and has it approved with a key. */
    async approve(key = 'mika', more = ''): Promise<void> {
      expect(await call('plan board.yaml --out plan.json')).toMatchObject({ code: 0 });
      expect(await call(`approve plan.json --key ${key}${more}`)).toMatchObject({ code: 0 });
    },
    /** Calls run, and expects that it sends nothing, for this reason. */
    async refused(errorCode: string, words = 'run plan.json', more: object = {}): Promise<CliResult> {
      const before = books().length;
      const result = await call(`${words} --format json`, more);
      expect(JSON.parse(result.stdout)).toMatchObject({ errorCode, exitCode: 3 });
      expect(result.code).toBe(3);
      expect(books()).toHaveLength(before);
      return result;
    },
  };
}

describe.skipIf(!hasOpenSsh)('a manifest that names approvers', () => {
  it('sends a plan that one of them approved, once', async () => {
    const at = await desk();
    await at.approve();
    expect(at.read('plan.json.sig')).toContain('-----BEGIN SSH SIGNATURE-----');
    const sent = await at.call('run plan.json');
    expect(sent.code).toBe(0);
    expect(sent.stderr).toContain('approved by mika@example.com, until ');
    expect(at.books()).toHaveLength(3);
    await at.refused('planSpent');
    // Whoever approves it once more does not make it new.
    const again = await at.call('approve plan.json --key mika');
    expect(again.code).toBe(3);
    await at.refused('planSpent');
  });

  it('shows what a plan would pay before it is signed, asks on a terminal, and signs nothing without a yes', async () => {
    const at = await desk();
    await at.call('plan board.yaml --out plan.json');
    const no = await at.call('approve plan.json --key mika', { answers: ['n'] });
    expect(no.code).toBe(3);
    expect(no.stdout).toContain('3 requests to submit for 21 CNY');
    expect(no.stderr).toContain('not confirmed: nothing was signed');
    await at.refused('unsigned');
    const yes = await at.call('approve plan.json --key mika', { answers: ['y'] });
    expect(yes.stderr).toContain('approved as mika@example.com until ');
    expect(faultsOf('plan', JSON.parse(at.read('plan.json')))).toEqual([]);
  });

  it('says who signed what and until when, as a document', async () => {
    const at = await desk();
    await at.call('plan board.yaml --out plan.json');
    const clock = new FakeClock(Date.parse('2026-03-01T10:00:00Z'));
    const { stdout } = await at.call('approve plan.json --key mika --format json --expires 7d', { clock });
    expect(JSON.parse(stdout)).toMatchObject({
      plan: 'plan.json',
      signature: 'plan.json.sig',
      signer: 'mika@example.com',
      approvers: 'approvers',
      expiresAt: '2026-03-08T10:00:00.000Z',
      summary: { submit: 3, cost: 21 },
    });
  });

  it('makes signatures that OpenSSH itself verifies, and takes those that it made', async () => {
    const at = await desk();
    await at.approve();
    const how = [
      '-Y',
      'verify',
      '-f',
      'approvers',
      '-I',
      'mika@example.com',
      '-n',
      'shotlist',
      '-s',
      'plan.json.sig',
    ];
    const good = execFileSync('ssh-keygen', how, { cwd: at.cwd, input: at.read('plan.json') });
    expect(String(good)).toContain('Good "shotlist" signature');
    signByHand(at.file('plan.json'), at.mika);
    expect(await at.call('run plan.json')).toMatchObject({ code: 0 });
  });

  it('sends no plan that was changed after it was signed, in any part of it, or whose signature was', async () => {
    const at = await desk();
    await at.approve();
    at.write('other.yaml', storyboard.replace('approvers: approvers\n', ''));
    const [plan, signature] = [at.read('plan.json'), at.read('plan.json.sig')];
    const edits: readonly ((plan: SavedPlan) => unknown)[] = [
      (saved) => change(saved, { body: { model: 'videos', prompt: 'Free', duration: 15 } }),
      (saved) => change(saved, { cost: 1 }),
      (saved) => change(saved, { action: 'skip' }),
      (saved) => ({ ...saved, approval: { approvedAt: '', expiresAt: '2999-01-01' } }),
      (saved) => ({ ...saved, manifest: 'other.yaml' }),
      (saved) => ({ ...saved, approvedAgainst: { ...saved.approvedAgainst, ledgerPlace: 'x.db' } }),
      (saved) => ({ ...saved, version: 2 }),
      () => ({}),
    ];
    for (const edit of edits) {
      at.write('plan.json', JSON.stringify(edit(JSON.parse(plan) as SavedPlan)));
      await at.refused('badSignature');
    }
    at.write('plan.json', `${plan}\n`);
    await at.refused('badSignature');
    at.write('plan.json', plan);
    at.write('note.txt', 'I approve');
    signByHand(at.file('note.txt'), at.mika);
    signByHand(at.file('plan.json'), at.mika, 'git');
    const others = ['mika was here\n', '', at.read('note.txt.sig'), at.read('plan.json.sig')];
    for (const other of others) {
      at.write('plan.json.sig', other);
      await at.refused('badSignature');
    }
    at.write('plan.json.sig', signature);
    expect(await at.call('run plan.json')).toMatchObject({ code: 0 });
  });

  it('takes no plan of a stranger, who is told so when signing', async () => {
    const at = await desk();
    await at.call('plan board.yaml --out plan.json');
    const signed = await at.call('approve plan.json --key stranger');
    expect(signed.code).toBe(0);
    expect(signed.stderr).toContain('your key is none of the approvers in approvers');
    expect((await at.refused('unknownSigner')).stderr).toContain('SHA256:');
  });

  it('knows approvers as OpenSSH does: by pattern, purpose and time', async () => {
    const at = await desk();
    await at.approve();
    const mika = (options: string): string => allowedSigner('mika@example.com', at.mika, options);
    for (const text of ['# nobody\n', mika('namespaces="git" '), mika('valid-before="20200101" ')]) {
      at.write('approvers', text);
      await at.refused('unknownSigner');
    }
    rmSync(at.file('approvers'));
    await at.refused('unknownSigner');
    at.write('approvers', allowedSigner('*@example.com', at.mika, 'namespaces="shotlist" '));
    expect(await at.call('run plan.json')).toMatchObject({ code: 0 });
  });

  it('sends nothing after an approval is over, 48 hours by default', async () => {
    const at = await desk();
    const now = Date.parse('2026-03-01T10:00:00Z');
    const hours = (n: number) => ({ clock: new FakeClock(now + n * 3_600_000) });
    await at.call('plan board.yaml --out plan.json');
    await at.call('approve plan.json --key mika', hours(0));
    const { stderr } = await at.refused('approvalExpired', 'run plan.json', hours(48));
    expect(stderr).toContain('2026-03-03T10:00:00.000Z');
    expect(await at.call('run plan.json', hours(47.9))).toMatchObject({ code: 0 });
  });

  it('sends nothing of a plan that is out of date', async () => {
    const at = await desk();
    await at.approve();
    at.write('board.yaml', storyboard.replace('Third', '3rd'));
    await at.refused('planOutOfDate');
    const again = await at.call('approve plan.json --key mika');
    expect(again.code).toBe(3);
  });

  it('sends no plan with another ledger than it was approved for, where it would be new', async () => {
    const at = await desk();
    await at.approve();
    await at.call('run plan.json');
    const { stderr } = await at.refused('planOutOfDate', 'run plan.json --ledger fresh.db');
    expect(stderr).toContain('was approved for the ledger .shotlist/ledger.db, and this one is fresh.db');
    await at.refused('planOutOfDate', 'run plan.json', { env: { ...at.env, SHOTLIST_LEDGER: ':memory:' } });
  });

  it('lets another machine send what a person approved here', async () => {
    const at = await desk();
    await at.approve();
    const ci = temporaryFolder();
    cloneDesk(at.cwd, ci);
    expect(await shotlist(['run', 'plan.json'], { cwd: ci, env: at.env })).toMatchObject({ code: 0 });
    expect(at.books()).toHaveLength(3);
  });

  it('sends the unsent rest of a plan after an interruption', async () => {
    const at = await desk();
    const { env, books } = await emulator({ fail: '401#2' });
    await at.approve();
    expect(await at.call('run plan.json --concurrency 1', { env })).toMatchObject({ code: 2 });
    expect(await at.call('run plan.json', { env })).toMatchObject({ code: 0 });
    expect(books()).toHaveLength(3);
  });

  it('obeys the approvers of the environment, whatever the manifest says, and not those of .env', async () => {
    const at = await desk();
    at.write('board.yaml', storyboard.replace('approvers: approvers\n', ''));
    at.write('.env', 'SHOTLIST_APPROVERS=nobody\n');
    const env = { ...at.env, SHOTLIST_APPROVERS: 'approvers' };
    await at.refused('unsigned', 'run board.yaml --yes', { env });
    await at.approve();
    expect(await at.call('run plan.json', { env })).toMatchObject({ code: 0 });
  });

  it('keeps every door of the library', async () => {
    const at = await desk();
    const open = (file: string) => openProject(file, { cwd: at.cwd, env: at.env });
    {
      await using project = await open('board.yaml');
      const plan = await project.plan();
      await expect(project.submit(plan)).rejects.toMatchObject({ name: 'UnsignedError' });
      await expect(project.prepareSubmit(plan)).rejects.toMatchObject({ name: 'UnsignedError' });
    }
    await at.approve();
    await using project = await open('plan.json');
    const plan = await project.plan();
    const [first, ...others] = plan.requests;
    const dearer = { ...first, body: { ...first?.body, duration: 15 } };
    const altered = { ...plan, requests: [dearer, ...others] } as typeof plan;
    await expect(project.submit(altered)).rejects.toMatchObject({ name: 'BadSignatureError' });
    expect(at.books()).toHaveLength(0);
    await project.submit(plan);
    expect(at.books()).toHaveLength(3);
    await expect(project.submit(await project.plan())).rejects.toMatchObject({ name: 'PlanSpentError' });
  });

  it('signs nothing but a saved plan that sends something', async () => {
    const at = await desk();
    expect(await at.call('approve board.yaml --key mika')).toMatchObject({ code: 2 });
    await at.call('plan board.yaml --out plan.json');
    const noKey = await at.call('approve plan.json --key nowhere');
    expect(noKey).toMatchObject({ code: 2 });
    expect(noKey.stderr).toContain('there is no key nowhere');
    expect(await at.call('approve plan.json --expires 1y')).toMatchObject({ code: 2 });
    expect((await at.call('approve plan.json')).stderr).toContain('there is no SSH key to sign with');
    await at.refused('unsigned');
  });
});

describe.skipIf(!hasOpenSsh)('a manifest without approvers', () => {
  it('has a plan signed all the same, and says that no run will look', async () => {
    const at = await desk();
    at.write('board.yaml', storyboard.replace('approvers: approvers\n', ''));
    await at.call('plan board.yaml --out plan.json');
    const signed = await at.call('approve plan.json --key mika');
    expect(signed.stderr).toContain('the manifest names no approvers');
    expect(await at.call('run plan.json')).toMatchObject({ code: 0 });
  });
});

function change(plan: SavedPlan, first: Readonly<Record<string, unknown>>): unknown {
  return { ...plan, requests: plan.requests.map((each, i) => (i === 0 ? { ...each, ...first } : each)) };
}
