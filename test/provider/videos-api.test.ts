import { getEventListeners } from 'node:events';
import { TLSSocket } from 'node:tls';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import { describe, expect, it, vi } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { version } from '../../src/core/version.ts';
import { createVideosApi } from '../../src/provider/videos-api.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import {
  acceptance,
  api,
  apiKey,
  aWhile,
  body,
  catalog,
  certificate,
  httpServer,
  rawAcceptance,
  tcpServer,
  tlsServer,
  until,
} from './servers.ts';

describe('what is sent', () => {
  it('is the body as it is, to the path of its model, with the key in one header', async () => {
    const { baseUrl, seen } = await httpServer(() => ({ body: acceptance }));
    const provider = await api(`${baseUrl}/`);
    const unordered = {
      prompt: 'é 東京 "quoted"\n',
      model: 'videos',
      duration: 5,
      extra: [1, null, { b: 1, a: 2 }],
    };
    expect(await provider.create(unordered)).toEqual({
      kind: 'accepted',
      taskId: 'video_1',
      status: 'queued',
      error: null,
    });
    expect(seen).toHaveLength(1);
    expect(seen[0]).toMatchObject({
      method: 'POST',
      url: '/kyyReactApiServer/v1/videos/videos',
      body: JSON.stringify(unordered),
    });
    const { host, connection, 'content-length': length, ...headers } = seen[0]?.headers ?? {};
    expect(headers).toEqual({
      authorization: `Bearer ${apiKey}`,
      accept: 'application/json',
      'content-type': 'application/json',
      'user-agent': `shotlist/${version}`,
    });
    expect(length).toBe(String(Buffer.byteLength(JSON.stringify(unordered))));
  });

  it('goes to the create path that the catalog names', async () => {
    const { baseUrl, seen } = await httpServer(() => ({ body: acceptance }));
    const [videos] = catalog.values();
    if (videos === undefined) throw new Error('the test catalog is empty');
    const sora = { ...videos, id: 'sora', createPath: '/v1/sora/videos' };
    const provider = await api(baseUrl, { catalog: new Map([[sora.id, sora]]) });
    await provider.create({ model: 'sora' });
    expect(seen.map(({ url }) => url)).toEqual(['/kyyReactApiServer/v1/sora/videos']);
  });

  it('is nothing at all for a model that the catalog does not have', async () => {
    const { baseUrl, seen } = await httpServer(() => ({ body: acceptance }));
    const provider = await api(baseUrl);
    expect(await provider.create({ model: 'nope' })).toMatchObject({ kind: 'stop', code: 'unknownModel' });
    expect(seen).toEqual([]);
  });

  it('asks for a task by its id, whatever the id is made of', async () => {
    const { baseUrl, seen } = await httpServer(() => ({ body: '{"id":"x","status":"queued"}' }));
    const provider = await api(baseUrl);
    for (const id of ['video_1', 'a/b?c#d e', '東京', '\ud800']) {
      expect(await provider.query(id)).toMatchObject({ kind: 'task', taskId: id, status: 'queued' });
    }
    expect(seen.map(({ method, url }) => `${method} ${url}`)).toEqual([
      'GET /kyyReactApiServer/v1/result/video_1',
      'GET /kyyReactApiServer/v1/result/a%2Fb%3Fc%23d%20e',
      'GET /kyyReactApiServer/v1/result/%E6%9D%B1%E4%BA%AC',
      'GET /kyyReactApiServer/v1/result/%EF%BF%BD',
    ]);
    expect(seen[0]?.headers).not.toHaveProperty('content-type');
  });

  it('does not follow a redirect, and so the key does not either', async () => {
    const elsewhere = await httpServer(() => ({ body: acceptance }));
    const { baseUrl } = await httpServer(() => ({
      status: 307,
      headers: { location: `${elsewhere.baseUrl}/v1/videos/videos?token=abc` },
      body: '',
    }));
    const provider = await api(baseUrl);
    const outcome = await provider.create(body);
    expect(outcome).toMatchObject({ kind: 'stop', code: 'wrongBaseUrl' });
    expect(JSON.stringify(outcome)).toContain(elsewhere.baseUrl);
    expect(JSON.stringify(outcome)).not.toContain('token=abc');
    await aWhile();
    expect(elsewhere.seen).toEqual([]);
  });
});

describe('what comes back', () => {
  it.each([
    ['gzip', gzipSync],
    ['deflate', deflateSync],
    ['br', brotliCompressSync],
  ])('is read when a gateway compresses it unasked (%s)', async (coding, compress) => {
    const { baseUrl } = await httpServer(() => ({
      headers: { 'content-encoding': coding },
      body: compress(Buffer.from(acceptance)),
    }));
    const provider = await api(baseUrl);
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted', taskId: 'video_1' });
  });

  it('is in doubt when it does not decompress, or to more than an answer can be', async () => {
    const bodies = [Buffer.from('not gzip'), gzipSync(`${acceptance}${' '.repeat(4 * 1024 * 1024)}`)];
    const { baseUrl } = await httpServer(() => ({
      headers: { 'content-encoding': 'gzip' },
      body: bodies.shift() ?? '',
    }));
    const provider = await api(baseUrl);
    expect(await provider.create(body)).toMatchObject({ kind: 'inDoubt', code: 'unreadableAnswer' });
    expect(await provider.create(body)).toMatchObject({ kind: 'inDoubt', code: 'unreadableAnswer' });
  });

  it('is read in spite of a byte-order mark and after interim answers', async () => {
    const text = `\uFEFF${acceptance}`;
    const server = await tcpServer((socket) =>
      socket.once('data', () =>
        socket.write(
          `HTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\nHTTP/1.1 202 Accepted\r\ncontent-length: ${Buffer.byteLength(text)}\r\n\r\n${text}`,
        ),
      ),
    );
    const provider = await api(`http://127.0.0.1:${server.port}`);
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted', taskId: 'video_1' });
  });

  it('counts Retry-After dates from the clock that was handed in', async () => {
    const clock = new FakeClock();
    const { baseUrl } = await httpServer(() => ({
      status: 429,
      headers: { 'retry-after': new Date(clock.now() + 90_000).toUTCString() },
      body: '',
    }));
    const provider = await api(baseUrl, { clock });
    expect(await provider.create(body)).toMatchObject({ kind: 'throttled', retryAfterMs: 90_000 });
    expect(await provider.query('video_1')).toMatchObject({ kind: 'transient', retryAfterMs: 90_000 });
  });

  it.each([200, 400, 401, 402, 403, 404, 407, 418, 429, 500])(
    'never holds the key, even when a server echoes it (HTTP %i)',
    async (status) => {
      const { baseUrl } = await httpServer((seen) => ({
        status,
        body: JSON.stringify({
          code: `x ${seen.headers.authorization}`,
          error: {
            message: `${'x'.repeat(480)} ${seen.headers.authorization}`,
            code: seen.headers.authorization,
          },
          msg: `key ${encodeURIComponent(apiKey)} ${Buffer.from(apiKey).toString('base64')}`,
          status: seen.headers.authorization,
        }),
      }));
      const provider = await api(baseUrl);
      const shown = JSON.stringify([await provider.create(body), await provider.query('video_1')]);
      expect(shown).not.toContain(apiKey);
      expect(shown).not.toContain(Buffer.from(apiKey).toString('base64'));
      expect(shown).not.toMatch(/sk-0/);
    },
  );
});

describe('connections', () => {
  it('are used again', async () => {
    const server = await tcpServer((socket) => socket.on('data', () => socket.write(rawAcceptance)));
    const provider = await api(`http://127.0.0.1:${server.port}`, { connections: 4 });
    for (let time = 0; time < 10; time++) {
      expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
      await aWhile();
    }
    expect(server.connections).toBe(1);
    expect(server.posts).toBe(10);
  });

  it('carry one request at a time, and are no more than allowed', async () => {
    const waiting: (() => void)[] = [];
    const server = await tcpServer((socket) => {
      socket.on('data', () => waiting.push(() => socket.write(rawAcceptance)));
    });
    const provider = await api(`http://127.0.0.1:${server.port}`, { connections: 3 });
    const outcomes = Promise.all(Array.from({ length: 9 }, () => provider.create(body)));
    for (let answered = 0; answered < 9; answered += 3) {
      await until(() => waiting.length === 3);
      await aWhile();
      expect(server.posts).toBe(answered + 3);
      for (const answer of waiting.splice(0)) answer();
    }
    expect((await outcomes).every(({ kind }) => kind === 'accepted')).toBe(true);
    expect(server.connections).toBe(3);
  });

  it('that the other side closed while idle are not used again, so they make no doubt', async () => {
    const server = await tcpServer((socket) => {
      socket.once('data', () => socket.end(rawAcceptance));
    });
    const provider = await api(`http://127.0.0.1:${server.port}`, { connections: 1 });
    for (let time = 0; time < 5; time++) {
      expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
      await aWhile();
    }
    expect(server.connections).toBe(5);
  });

  it.each([['no hint'], ['Keep-Alive: timeout=600']])(
    'are closed after a second of idling (%s)',
    async (hint) => {
      let closed = false;
      const server = await tcpServer((socket) => {
        socket.on('close', () => {
          closed = true;
        });
        const answer = hint === 'no hint' ? rawAcceptance : rawAcceptance.replace('\r\n', `\r\n${hint}\r\n`);
        socket.on('data', () => socket.write(answer));
      });
      vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
      try {
        const provider = await api(`http://127.0.0.1:${server.port}`);
        expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
        await aWhile();
        await vi.advanceTimersByTimeAsync(999);
        await aWhile();
        expect(closed).toBe(false);
        await vi.advanceTimersByTimeAsync(1);
        await until(() => closed);
      } finally {
        vi.useRealTimers();
      }
    },
  );

  it('are encrypted for https, with a certificate that is checked', async () => {
    const server = await tlsServer((socket) => socket.on('data', () => socket.write(rawAcceptance)));
    for (const host of ['127.0.0.1', 'localhost']) {
      const provider = await api(`https://${host}:${server.port}`, { ca: certificate });
      expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
      expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
    }
  });

  it('take up the TLS session of the one before', async () => {
    const reused: boolean[] = [];
    const server = await tlsServer((socket) => {
      reused.push(socket instanceof TLSSocket && socket.isSessionReused());
      socket.once('data', () => socket.end(rawAcceptance));
    });
    const provider = await api(`https://127.0.0.1:${server.port}`, { ca: certificate, connections: 1 });
    for (let time = 0; time < 3; time++) {
      expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
      await aWhile();
    }
    expect(reused).toEqual([false, true, true]);
  });

  it('to a name below localhost stay on this machine', async () => {
    const server = await tcpServer((socket) => socket.on('data', () => socket.write(rawAcceptance)));
    const provider = await api(`http://emulator.localhost:${server.port}`);
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
    expect(server.received[0]).toContain(`host: emulator.localhost:${server.port}`);
  });

  it('are gone once the client is closed', async () => {
    let open = 0;
    const server = await tcpServer((socket) => {
      open += 1;
      socket.on('close', () => {
        open -= 1;
      });
      socket.on('data', () => socket.write(rawAcceptance));
    });
    const provider = await api(`http://127.0.0.1:${server.port}`);
    await Promise.all([provider.create(body), provider.create(body)]);
    expect(open).toBe(2);
    await provider.close();
    await provider.close();
    await until(() => open === 0);
  });

  it('leave nothing behind that would keep the process alive', async () => {
    const server = await tcpServer((socket) => socket.on('data', () => socket.write(rawAcceptance)));
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const provider = await api(`http://127.0.0.1:${server.port}`);
      await Promise.all([provider.create(body), provider.create(body), provider.query('video_1')]);
      await provider.close();
      expect(vi.getTimerCount()).toBe(0);
    } finally {
      vi.useRealTimers();
    }
  });

  it('outlive a close for as long as a call under way needs them, and no longer', async () => {
    let answer = (): void => {};
    let closed = false;
    const server = await tcpServer((socket) => {
      answer = () => socket.write(rawAcceptance);
      socket.on('close', () => {
        closed = true;
      });
    });
    // So that it is not the idle time that closes them.
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const provider = await api(`http://127.0.0.1:${server.port}`);
      const outcome = provider.create(body);
      await until(() => server.posts === 1);
      await provider.close();
      answer();
      expect(await outcome).toMatchObject({ kind: 'accepted' });
      await until(() => closed);
    } finally {
      vi.useRealTimers();
    }
  });

  it('that are still being made do not hold up a close', async () => {
    let closed = false;
    const server = await tcpServer((socket) => {
      socket.on('close', () => {
        closed = true;
      });
    });
    const provider = await api(`https://127.0.0.1:${server.port}`);
    const cancel = new AbortController();
    const outcome = provider.create(body, { signal: cancel.signal });
    await until(() => server.connections === 1);
    cancel.abort();
    await outcome;
    await provider.close();
    await until(() => closed);
  });

  it('can be many under one signal without a warning on the terminal', async () => {
    const warnings: Error[] = [];
    const warn = (warning: Error): number => warnings.push(warning);
    process.on('warning', warn);
    const { baseUrl } = await httpServer(() => ({ body: acceptance }));
    const provider = await api(baseUrl, { connections: 64 });
    const { signal } = new AbortController();
    await Promise.all(Array.from({ length: 64 }, () => provider.create(body, { signal })));
    await aWhile();
    process.off('warning', warn);
    expect(warnings).toEqual([]);
    expect(getEventListeners(signal, 'abort')).toEqual([]);
  });
});

describe('a client that cannot work', () => {
  it.each([
    ['a key with a line break', { apiKey: 'sk-1234\n' }],
    ['no key', { apiKey: '' }],
    ['a base URL in the clear', { baseUrl: 'http://videos.example' }],
    ['a proxy of a kind that it does not know', { proxy: { https: 'socks5://127.0.0.1:1080' } }],
  ])('is not made: %s', async (_, wrong) => {
    const options = {
      baseUrl: 'https://videos.example',
      apiKey,
      catalog,
      connections: 1,
      clock: new FakeClock(),
    };
    await expect(createVideosApi({ ...options, ...wrong })).rejects.toBeInstanceOf(SetupError);
  });

  it('files its requests under its origin, all loopback origins under one name', async () => {
    expect((await api('https://videos.example/kyyReactApiServer')).scope).toBe('https://videos.example');
    expect((await api('http://127.0.0.1:4010/x')).scope).toBe('loopback');
  });
});
