import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { Plan } from '../../src/plan/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

/** A gateway of a studio on this machine: what it is asked for is paid. */
async function gateway(): Promise<{ readonly env: Record<string, string>; readonly paid: string[] }> {
  const paid: string[] = [];
  const server = createServer((request, response) => {
    request.resume();
    if (request.method === 'POST') paid.push(`video_${paid.length + 1}`);
    response.end(JSON.stringify({ id: paid.at(-1), status: 'queued' }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return {
    env: { SHOTLIST_API_KEY: 'sk-of-the-test', SHOTLIST_BASE_URL: `http://localhost:${port}/x` },
    paid,
  };
}

function project(): string {
  const cwd = temporaryFolder();
  writeFileSync(
    path.join(cwd, 'board.yaml'),
    'version: 1\nproject: gate\nshots: [{ id: sh1, model: videos, duration: 5, prompt: Rain }]\n',
  );
  return cwd;
}

describe('a gateway on this machine', () => {
  it('counts as a rehearsal, and the run says so where it is not the emulator', async () => {
    const [cwd, { env }] = [project(), await gateway()];
    const { code, stderr } = await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).toContain('is not the emulator, and counts as a rehearsal');
    expect(stderr).toContain('--real');
    expect(existsSync(path.join(cwd, 'board.ledger.jsonl'))).toBe(false);

    const real = await emulator();
    const rehearsed = await shotlist(['run', 'board.yaml', '--yes'], { cwd: project(), env: real.env });
    expect(rehearsed.stderr).not.toContain('is not the emulator');
  });

  it.each([
    ['--real', ['--real'], {}],
    ['SHOTLIST_REAL=1', [], { SHOTLIST_REAL: '1' }],
  ])('is a provider like any other with %s: journal, clones, other ports', async (_, flags, more) => {
    const [cwd, first] = [project(), await gateway()];
    const env = { ...first.env, ...more };
    const { code, stderr } = await shotlist(['run', 'board.yaml', '--yes', ...flags], { cwd, env });
    expect(code).toBe(0);
    expect(stderr).not.toContain('rehearsal');
    const journal = path.join(cwd, 'board.ledger.jsonl');
    expect(readFileSync(journal, 'utf8')).toContain('"provider":"localhost"');
    expect(readFileSync(journal, 'utf8')).not.toContain('://');

    const [clone, second] = [project(), await gateway()];
    copyFileSync(journal, path.join(clone, 'board.ledger.jsonl'));
    const elsewhere = { ...second.env, ...more };
    const planned = await shotlist(['plan', 'board.yaml', '--format', 'json', ...flags], {
      cwd: clone,
      env: elsewhere,
    });
    expect((JSON.parse(planned.stdout) as Plan).requests).toMatchObject([
      { action: 'skip', reason: 'submitted' },
    ]);
    await shotlist(['run', 'board.yaml', '--yes', ...flags], { cwd: clone, env: elsewhere });
    expect(second.paid).toEqual([]);
  });

  it('is told by doctor, and a setting that says neither yes nor no is refused', async () => {
    const [cwd, { env }] = [project(), await gateway()];
    const told = await shotlist(['doctor', '--offline'], { cwd, env });
    expect(told.stdout).toContain('SHOTLIST_REAL=1');
    const real = await shotlist(['doctor', '--offline', '--real'], { cwd, env });
    expect(real.stdout).toMatch(/a gateway on\s+this machine that pays/);
    const odd = await shotlist(['plan', 'board.yaml'], { cwd, env: { ...env, SHOTLIST_REAL: 'maybe' } });
    expect(odd).toMatchObject({ code: 2 });
  });
});
