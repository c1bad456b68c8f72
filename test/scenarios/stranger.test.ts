import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { journalEvent } from '../../src/ledger/journal/journal-event.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import type { Plan } from '../../src/plan/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { hurriedClock } from '../helpers/hurried-clock.ts';

const board = (rest = ''): string => `version: 1
project: theirs
defaults: { model: videos, duration: 5 }
${rest}shots:
  - { id: sh1, prompt: First }
`;

/** A stranger's checkout, and beside it something of the person's own. */
function checkout(text = board()): { readonly cwd: string; readonly own: string; ownText(): string } {
  const home = temporaryFolder();
  const cwd = path.join(home, 'work', 'theirs');
  mkdirSync(path.join(cwd, '.git'), { recursive: true });
  const own = path.join(home, '.bashrc');
  writeFileSync(own, 'mine: do not touch\n');
  writeFileSync(path.join(cwd, 'board.yaml'), text);
  return { cwd, own, ownText: () => readFileSync(own, 'utf8') };
}

/** A gateway of the stranger's that remembers every header. */
async function eavesdropper(): Promise<{ readonly url: string; readonly heard: string[] }> {
  const heard: string[] = [];
  const server = createServer((request, response) => {
    heard.push(JSON.stringify(request.headers));
    response.end('{"id":"video_1","status":"queued"}');
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`, heard };
}

describe('a .env of a stranger', () => {
  it.each(['doctor', 'run', 'collect'])(
    'cannot have a file of mine sent to the host that it names: %s',
    async (command) => {
      const { cwd, own } = checkout();
      const { url, heard } = await eavesdropper();
      writeFileSync(own, 'sk-my-own-secret');
      const named = path.relative(cwd, own);
      writeFileSync(path.join(cwd, '.env'), `SHOTLIST_API_KEY_FILE=${named}\nSHOTLIST_BASE_URL=${url}\n`);
      const args = {
        doctor: ['doctor'],
        run: ['run', 'board.yaml', '--yes'],
        collect: ['collect', 'board.yaml'],
      };
      const { stdout, stderr } = await shotlist(args[command as keyof typeof args], { cwd });
      expect(heard).toEqual([]);
      expect(stdout + stderr).not.toContain('sk-my-own-secret');
    },
  );

  it.each([
    ['outside of the folder', '../../.bashrc', 'not in this folder'],
    ['by a link that leads out', 'key.txt', 'not in this folder'],
  ])('cannot name a key file %s', async (_, named, why) => {
    const { cwd, own } = checkout();
    symlinkSync(own, path.join(cwd, 'key.txt'));
    writeFileSync(path.join(cwd, '.env'), `SHOTLIST_API_KEY_FILE=${named}\n`);
    const { code, stdout } = await shotlist(['doctor', '--format', 'json'], { cwd });
    expect(code).toBe(2);
    expect(stdout).toContain(why);
  });

  it('names no provider for a key file of its own folder either', async () => {
    const { cwd } = checkout();
    const { url, heard } = await eavesdropper();
    writeFileSync(path.join(cwd, 'key.txt'), 'sk-in-the-folder');
    writeFileSync(path.join(cwd, '.env'), `SHOTLIST_API_KEY_FILE=key.txt\nSHOTLIST_BASE_URL=${url}\n`);
    const { stdout } = await shotlist(['doctor', '--offline', '--format', 'json'], { cwd });
    expect(stdout).toContain('SHOTLIST_BASE_URL in .env is not used');
    expect(heard).toEqual([]);
  });

  it.each([
    ['on a server', 'postgres://stranger@ledger.example.com/prompts'],
    ['outside of the work tree', '../../memory.db'],
    ['by a link that leads out', 'link/memory.db'],
  ])('cannot lead the ledger elsewhere: %s', async (_, named) => {
    const { cwd, own } = checkout();
    symlinkSync(path.dirname(own), path.join(cwd, 'link'));
    writeFileSync(path.join(cwd, '.env'), `SHOTLIST_LEDGER=${named}\n`);
    for (const args of [
      ['plan', 'board.yaml'],
      ['run', 'board.yaml', '--yes'],
      ['status', 'board.yaml'],
    ]) {
      const { code, stderr } = await shotlist(args, { cwd });
      expect(code).toBe(2);
      expect(stderr).not.toMatch(/^ +at /m);
    }
    expect(existsSync(path.join(path.dirname(own), 'memory.db'))).toBe(false);
  });

  it('may name a ledger within the work tree, and a person may name any', async () => {
    const { cwd, own } = checkout();
    writeFileSync(path.join(cwd, '.env'), 'SHOTLIST_LEDGER=ledgers/memory.db\n');
    expect(await shotlist(['status', 'board.yaml'], { cwd })).toMatchObject({ code: 0 });
    const elsewhere = path.join(path.dirname(own), 'memory.db');
    writeFileSync(path.join(cwd, '.env'), `SHOTLIST_LEDGER=${elsewhere}\n`);
    expect(await shotlist(['status', 'board.yaml', '--ledger', elsewhere], { cwd })).toMatchObject({
      code: 0,
    });
  });

  it('and a key and a base URL that are both in it still work; doctor says whom it asks first', async () => {
    const { cwd } = checkout();
    const { url, heard } = await eavesdropper();
    writeFileSync(path.join(cwd, '.env'), `SHOTLIST_API_KEY=sk-theirs\nSHOTLIST_BASE_URL=${url}\n`);
    let saidBefore = '';
    await shotlist(['doctor'], {
      cwd,
      onStderr: (text) => {
        if (heard.length === 0) saidBefore += text;
      },
    });
    expect(heard).toHaveLength(1);
    expect(saidBefore).toContain(`asking ${new URL(url).host} (SHOTLIST_BASE_URL in .env)`);
  });
});

describe('a link of a stranger that leads out of the checkout', () => {
  it.each(['board.report.csv', 'board.report.json'])(
    'gets no report, and nothing is sent: %s',
    async (name) => {
      const { cwd, own, ownText } = checkout();
      const { env, books } = await emulator();
      symlinkSync(own, path.join(cwd, name));
      const { code, stderr } = await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
      expect(code).toBe(2);
      expect(stderr).toMatch(/error .*is not written: a link leads it out of/);
      expect(ownText()).toBe('mine: do not touch\n');
      expect(books()).toEqual([]);
    },
  );

  it('gets no journal, and nothing is sent', async () => {
    const { cwd, own, ownText } = checkout();
    const { env, books } = await emulator();
    symlinkSync(own, path.join(cwd, 'board.ledger.jsonl'));
    const { code } = await shotlist(['run', 'board.yaml', '--yes', '--journal', 'board.ledger.jsonl'], {
      cwd,
      env,
    });
    expect(code).toBe(2);
    expect(ownText()).toBe('mine: do not touch\n');
    expect(books()).toEqual([]);
  });

  it('nor one that is not there yet', async () => {
    const { cwd } = checkout();
    const { env, books } = await emulator();
    const wanted = path.join(cwd, '..', '..', '.profile');
    symlinkSync(wanted, path.join(cwd, 'board.report.csv'));
    expect((await shotlist(['run', 'board.yaml', '--yes'], { cwd, env })).code).toBe(2);
    expect(existsSync(wanted)).toBe(false);
    expect(books()).toEqual([]);
  });

  it.each([
    ['a plan', ['plan', 'board.yaml', '--out', 'out.json']],
    ['a report', ['report', 'board.yaml', '--real', '-o', 'out.json']],
    ['a history', ['ledger', 'export', 'board.yaml', '-o', 'out.json']],
    ['a table', ['export', 'board.yaml', '-o', 'out.json']],
  ])('gets no %s that was asked for under its name', async (_, args) => {
    const { cwd, own, ownText } = checkout();
    const { env } = await emulator();
    symlinkSync(own, path.join(cwd, 'out.json'));
    const { code, stderr } = await shotlist(args, { cwd, env });
    expect(code, stderr).toBe(2);
    expect(stderr).toContain('a link leads it out of');
    expect(ownText()).toBe('mine: do not touch\n');
  });

  it('gets no clips', async () => {
    const { cwd } = checkout();
    const { env, books } = await emulator();
    const elsewhere = temporaryFolder();
    symlinkSync(elsewhere, path.join(cwd, 'renders'));
    const { code, stderr } = await shotlist(
      ['run', 'board.yaml', '--yes', '--wait', '--download', 'renders'],
      {
        cwd,
        env,
      },
    );
    expect(code).toBe(2);
    expect(stderr).toContain('a link leads it out of');
    expect(books()).toEqual([]);
  });

  it('gets nothing of init', async () => {
    const { cwd, own, ownText } = checkout();
    symlinkSync(own, path.join(cwd, '.gitignore'));
    expect((await shotlist(['init'], { cwd })).code).toBe(2);
    expect(ownText()).toBe('mine: do not touch\n');
  });

  it.each([
    ['a prompt file', (): string => board().replace('prompt: First', 'promptFile: note.md'), 'note.md'],
    ['a fragment', (): string => board('include: [note.md]\n'), 'note.md'],
    ['a models file', (): string => board('models: note.md\n'), 'note.md'],
    [
      'a prompt file named by its path',
      (): string => board().replace('prompt: First', 'promptFile: ../../.bashrc'),
      null,
    ],
    ['a fragment named by its path', (): string => board('include: [../../.bashrc]\n'), null],
    ['a models file named by its path', (): string => board('models: ../../.bashrc\n'), null],
  ] as const)('is not read as %s', async (_, text, link) => {
    const { cwd, own } = checkout(text());
    if (link !== null) symlinkSync(own, path.join(cwd, link));
    for (const format of ['pretty', 'json', 'github', 'sarif']) {
      const { code, stdout, stderr } = await shotlist(['lint', 'board.yaml', '--format', format], { cwd });
      expect(code).toBe(1);
      expect(stdout).toContain('outside-work-tree');
      expect(stdout + stderr).not.toContain('do not touch');
    }
    const { stdout, stderr } = await shotlist(['plan', 'board.yaml', '--format', 'markdown'], { cwd });
    expect(stdout + stderr).not.toContain('do not touch');
  });

  it('is followed within the checkout, and where a person named the place outside', async () => {
    const { cwd } = checkout(board().replace('prompt: First', 'promptFile: note.md'));
    const { env } = await emulator();
    mkdirSync(path.join(cwd, 'texts'));
    mkdirSync(path.join(cwd, 'out'));
    writeFileSync(path.join(cwd, 'texts', 'rain.md'), 'Rain');
    symlinkSync('texts/rain.md', path.join(cwd, 'note.md'));
    symlinkSync('out/real.csv', path.join(cwd, 'board.report.csv'));
    const outside = path.join(temporaryFolder(), 'r.json');
    const { code, stderr } = await shotlist(
      ['run', 'board.yaml', '--yes', '--report', 'board.report.csv', '--report', outside],
      { cwd, env },
    );
    expect(code, stderr).toBe(0);
    expect(existsSync(path.join(cwd, 'out', 'real.csv'))).toBe(true);
    expect(existsSync(outside)).toBe(true);
  });
});

describe('a pipe in a checkout keeps nobody waiting', () => {
  const pipe = (file: string): void => void execFileSync('mkfifo', [file]);

  it.each([
    ['.env', ['run', 'board.yaml', '--yes'], 2],
    ['board.ledger.jsonl', ['run', 'board.yaml', '--yes', '--journal', 'board.ledger.jsonl'], 2],
    ['board.report.csv', ['run', 'board.yaml', '--yes'], 2],
    ['board.report.json', ['run', 'board.yaml', '--yes'], 2],
    ['other.yaml', ['run', 'board.yaml', '--yes'], 0],
    ['plan.json', ['run', 'plan.json', '--yes'], 2],
    ['.gitignore', ['init'], 2],
  ])(
    'as %s',
    async (name, args, expected) => {
      const { cwd } = checkout();
      const { env, books } = await emulator();
      pipe(path.join(cwd, name));
      const { code, stderr } = await shotlist(args, { cwd, env });
      expect(code, stderr).toBe(expected);
      if (expected !== 0) expect(books()).toEqual([]);
    },
    20_000,
  );
});

describe('what a provider answers reaches no terminal and no file raw', () => {
  const esc = '\u001b]0;owned\u0007\u001b[2J\u009b31m\u202e';
  const key = 'sk-very-secret-key-of-mine';

  /** A provider that answers creates and queries as it is told. */
  async function provider(create: () => object, query: (id: string) => object = () => ({})): Promise<string> {
    const server = createServer((request, response) => {
      const id = decodeURIComponent(request.url?.split('/v1/result/')[1] ?? '');
      request.resume();
      request.on('end', () => {
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify(request.method === 'POST' ? create() : query(id)));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void server.close());
    return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
  }

  /** Everything that a run and a collect said and wrote, the ledger included. */
  async function traces(url: string, ...flags: readonly string[]): Promise<string> {
    const { cwd } = checkout();
    const env = { SHOTLIST_API_KEY: key, SHOTLIST_BASE_URL: url };
    const said: string[] = [];
    for (const args of [
      ['run', 'board.yaml', '--yes', '--verbose', '--journal', 'board.ledger.jsonl', ...flags],
      ['collect', 'board.yaml', '--once', '--verbose', '--journal', 'board.ledger.jsonl'],
      ['status', 'board.yaml'],
      ['history', 'board.yaml', 'sh1'],
      ['report', 'board.yaml', '--format', 'csv'],
      ['report', 'board.yaml', '--format', 'html'],
    ]) {
      const { stdout, stderr } = await shotlist(args, { cwd, env, clock: hurriedClock() });
      said.push(stdout, stderr);
    }
    const files = [
      'board.report.csv',
      'board.report.json',
      'board.ledger.jsonl',
      '.shotlist/ledger.db',
      '.shotlist/ledger.db-wal',
    ];
    for (const file of files) {
      if (existsSync(path.join(cwd, file))) said.push(readFileSync(path.join(cwd, file), 'latin1'));
    }
    return said.join('\n');
  }

  it.each([
    ['an id', () => ({ id: `video_${esc}`, status: 'queued' })],
    ['an error', () => ({ id: 'video_1', status: 'failed', error: `no ${esc}` })],
    ['a refusal', () => ({ code: `4${esc}`, msg: `no ${esc}` })],
    ['a status', () => ({ id: 'video_1', status: `odd${esc}` })],
  ])('escapes in %s', async (_, answer) => {
    const all = await traces(await provider(answer, () => answer()));
    expect(all).not.toContain('\u001b]0;');
    expect(all).not.toContain('\u001b[2J');
    expect(all).not.toContain('\u009b31m');
    expect(all).not.toContain(Buffer.from('\u202e').toString('latin1'));
  });

  it.each([
    ['as it is', key],
    ['in base64', Buffer.from(`Bearer ${key}`).toString('base64')],
    ['in hex', Buffer.from(key).toString('hex')],
  ])('the key in ids, URLs and errors, %s', async (_, form) => {
    const url = await provider(
      () => ({ id: `video_${form}`, status: 'queued', error: `you sent ${form}` }),
      (id) => ({ id, status: 'completed', video_url: `https://127.0.0.1:1/clip.mp4?k=${form}`, error: form }),
    );
    const all = await traces(url);
    expect(all).toContain('[redacted]');
    expect(all).not.toContain(form);
    expect(all).not.toContain(encodeURIComponent(form));
  });

  it('one id for several requests is told at once', async () => {
    const { cwd } = checkout(
      board().concat('  - { id: sh2, prompt: Second }\n  - { id: sh3, prompt: Third }\n'),
    );
    const url = await provider(() => ({ id: 'video_same', status: 'queued' }));
    const { stderr } = await shotlist(['run', 'board.yaml', '--yes'], {
      cwd,
      env: { SHOTLIST_API_KEY: key, SHOTLIST_BASE_URL: url },
    });
    expect(stderr.match(/got the task video_same, which is sh\d's already/g)).toHaveLength(2);
  });

  it('a journal line made by hand is refused, and not shown', async () => {
    const { cwd } = checkout();
    const { env } = await emulator();
    const subject = {
      at: '2026-01-01T00:00:00.000Z',
      provider: 'loopback',
      project: 'theirs',
      key: 'sh1',
      fingerprint: 'sha256:0',
    };
    const request = { take: 1, model: 'videos', mode: 'text', body: { model: 'videos' } } as const;
    const { id, ...event } = journalEvent(subject, {
      ...{
        type: 'claimed',
        attempt: 1,
        run: 'r1',
        by: `me${esc}`,
        plan: null,
        price: null,
        currency: null,
        request,
      },
    });
    writeFileSync(path.join(cwd, 'board.ledger.jsonl'), `${JSON.stringify({ v: 1, id, ...event })}\n`);
    const { code, stderr } = await shotlist(['status', 'board.yaml', '--journal', 'board.ledger.jsonl'], {
      cwd,
      env,
    });
    expect(code).toBe(2);
    expect(stderr).toContain('a line with U+001B');
    expect(stderr).not.toContain('\u001b');
  });
});

describe('a ledger that holds what a provider said, as it said it', () => {
  it('moves no cursor and turns no writing, whichever command shows it', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), board());
    const { env } = await emulator();
    const planned = await shotlist(['plan', 'board.yaml', '--format', 'json'], { cwd, env });
    const [request] = (JSON.parse(planned.stdout) as Plan).requests;
    if (request === undefined) throw new Error('nothing is planned');
    const { key, fingerprint, body, take } = request;
    const hostile = 'sorry\u001b]0;mine\u0007\u001b[2J\u009b1A\u202Egnp';
    const sent = {
      key,
      fingerprint,
      scene: null,
      shot: 'sh1',
      variant: null,
      take,
      model: 'videos',
      mode: 'text' as const,
      body,
    };
    const ledger = await openLedger(path.join(cwd, '.shotlist/ledger.db'), { clock: systemClock });
    const seen = { state: 'pending', attempts: 0 } as const;
    const run = await ledger.startRun({
      ...{
        scope: { provider: 'loopback', project: 'theirs' },
        currency: null,
        intervalMs: null,
        by: hostile,
      },
      ...{ requests: [{ request: sent, seen, price: null }], limits: { maxCost: null, maxRequests: null } },
    });
    const { attempt } = await run.claim(sent, seen);
    await run.settle(sent, attempt, { kind: 'inDoubt', code: 'http500', error: hostile });
    await run.close();
    await ledger.close();
    const calls = [
      ['status'],
      ['plan'],
      ['history', key],
      ['resolve'],
      ['report', '--format', 'csv'],
      ['run', '--yes'],
    ];
    for (const [command = '', ...rest] of calls) {
      const shown = await shotlist([command, 'board.yaml', ...rest], { cwd, env });
      // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what this is about
      expect(shown.stdout + shown.stderr, command).not.toMatch(/[\x00-\x08\x0b-\x0c\x0e-\x1f\x7f]/);
      expect(shown.stderr, command).not.toMatch(/[\x80-\x9f\u202e]/);
    }
    const history = await shotlist(['history', 'board.yaml', key], { cwd, env, answers: [] });
    expect(history.stdout).toContain('sorry');
  });
});
