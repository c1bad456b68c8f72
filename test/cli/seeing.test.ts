import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { stripVTControlCharacters } from 'node:util';
import { describe, expect, it } from 'vitest';
import { renderHistory } from '../../src/cli/render/history.ts';
import { renderSection } from '../../src/cli/render/section.ts';
import type { LedgerEntry, LedgerEvent } from '../../src/ledger/ledger.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

function project(board: string): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), `version: 1\nproject: seeing\n${board}`);
  return cwd;
}

const three = `defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 }, maxCost: 50, maxRequests: 9 }
shots:
  - { id: a, prompt: Rain }
  - { id: b, prompt: Snow }
  - { id: c, prompt: Fog, skip: true }
`;

describe('what is left', () => {
  it('of the budget is in plan, outcome and status, and skipped shots are counted', async () => {
    const cwd = project(three);
    const { env } = await emulator();
    const planned = await shotlist(['plan', 'board.yaml'], { cwd, env });
    expect(planned.stdout).toContain(
      'Budget: 50 CNY of 50 CNY left, 36 CNY after this plan; 9 of 9 requests left, 7 after this plan.',
    );
    expect(planned.stdout).toContain('1 shot has `skip: true`, and is left out.');
    const ran = await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    expect(ran.stderr).toContain('Lint: 3 shots (1 skipped), 0 warnings\n');
    expect(ran.stderr).toContain('Budget: 36 CNY of 50 CNY left; 7 of 9 requests left.\n');
    const { stdout } = await shotlist(['status', 'board.yaml'], { cwd, env });
    expect(stdout).toContain('Budget: 36 CNY of 50 CNY left; 7 of 9 requests left.\n');
    expect(stdout).toContain('1 shot has `skip: true`, and is left out.\n');
  });

  it('is not spoken of without a budget', async () => {
    const cwd = project('shots:\n  - { id: a, prompt: Rain, model: videos, duration: 5 }\n');
    const { env } = await emulator();
    const { stdout } = await shotlist(['plan', 'board.yaml'], { cwd, env });
    expect(stdout).not.toContain('Budget');
    expect(stdout).not.toContain('skip: true');
  });
});

describe('what went wrong', () => {
  it('has its next step in status', async () => {
    const cwd = project(three);
    const { env } = await emulator({ fail: '422#1' });
    await shotlist(['run', 'board.yaml', '--yes', '--concurrency', '1'], { cwd, env });
    const { stdout } = await shotlist(['status', 'board.yaml'], { cwd, env });
    expect(stdout).toContain('shotlist run board.yaml --retry-failed');
  });

  it('is completed for resolve, and manifests are for run', async () => {
    const cwd = project(three);
    writeFileSync(path.join(cwd, 'other.yaml'), 'on: push\n');
    const { env } = await emulator({ fail: '500#2' });
    await shotlist(['run', 'board.yaml', '--yes', '--concurrency', '1'], { cwd, env });
    const offered = async (...words: readonly string[]): Promise<readonly string[]> => {
      const { stdout } = await shotlist(['__complete', ...words], { cwd, env });
      return stdout.split('\n').flatMap((line) => line.split('\t')[0] || []);
    };
    expect(await offered('resolve', 'board.yaml', '')).toEqual(['b']);
    expect(await offered('run', '')).toEqual(['board.yaml']);
    expect(await offered('run', 'b')).toEqual(['board.yaml']);
    expect(await offered('run', 'o')).toEqual([':files']);
  });

  it('says the reason of a gateway once', async () => {
    const cwd = project(three);
    const { createServer } = await import('node:http');
    const page =
      '<html><head><title>503 Service Temporarily Unavailable</title></head><body><h1>503 Service Temporarily Unavailable</h1></body></html>';
    const server = createServer((request, response) => {
      request.resume().once('end', () => response.writeHead(503, { 'content-type': 'text/html' }).end(page));
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const env = { SHOTLIST_BASE_URL: `http://127.0.0.1:${port}`, SHOTLIST_API_KEY: 'key' };
    const { stderr } = await shotlist(['run', 'board.yaml', '--yes', '--only', 'a'], { cwd, env });
    await new Promise((resolve) => server.close(resolve));
    expect(stderr).toContain('a: in doubt: HTTP 503: Service Temporarily Unavailable\n');
  });
});

describe('two runs at once', () => {
  it('the second says what the first took between its plan and its yes', async () => {
    const cwd = project(three);
    const { env, books } = await emulator();
    const { stderr } = await shotlist(['run', 'board.yaml'], {
      cwd,
      env,
      answers: [
        async () => {
          await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
          return 'y';
        },
      ],
    });
    expect(books()).toHaveLength(2);
    expect(stderr).toContain('0 of 2 requests submitted, 2 left to another run');
    expect(stderr).toMatch(
      /taken by another run\n {2}· {2}a {2}queued {2}task video_\S+\n {2}· {2}b {2}queued/,
    );
  });
});

describe('a life that broke off', () => {
  const claimed = {
    ...{
      seq: 1,
      type: 'claimed',
      attempt: 1,
      at: '2026-01-01T00:00:00.000Z',
      key: 'a',
      fingerprint: 'sha256:1',
    },
    ...{ price: 7, currency: 'CNY', by: 'me@here', runId: 'run-1' },
  } as unknown as LedgerEvent;
  const view = { color: false, timeZone: 'UTC' };
  const entry = (state: LedgerEntry['state']) => ({ state, fingerprint: 'sha256:1' }) as LedgerEntry;

  it('is told by history: the run ended before an answer', () => {
    const text = renderHistory('a', [claimed], { ...view, entries: [entry('inDoubt')] });
    expect(text).toContain(
      'in doubt   that run ended, or was killed, before an answer to attempt 1 was recorded',
    );
    expect(renderHistory('a', [claimed], { ...view, entries: [entry('sending')] })).toContain(
      'is being sent',
    );
    expect(renderHistory('a', [claimed], { ...view, entries: [entry('queued')] })).not.toContain(
      'since then',
    );
  });
});

describe('on a terminal', () => {
  it('an explained rule has no marks of Markdown, and prose that fits', () => {
    const text = renderSection(
      '## frame-pair\n\n**The provider:** refuses `first_image` alone, as it would refuse anything of which half is missing.\n\n```yaml\na: 1\n```\n',
      { color: true, width: 40 },
    );
    const plain = stripVTControlCharacters(text);
    expect(plain).not.toMatch(/[`*#]/);
    expect(plain).toContain('\n    a: 1\n');
    for (const line of plain.split('\n')) expect(line.length).toBeLessThanOrEqual(40);
  });

  it('a long plan says how its rows can be seen', async () => {
    const shots = Array.from({ length: 30 }, (_, n) => `  - { id: s${n}, prompt: Shot ${n} }\n`).join('');
    const cwd = project(`defaults: { model: videos, duration: 5 }\nshots:\n${shots}`);
    const { stdout } = await shotlist(['plan', 'board.yaml'], { cwd });
    expect(stdout).toContain('--format json lists every request, --only and --scene show some');
  });
});
