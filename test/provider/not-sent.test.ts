import { describe, expect, it, vi } from 'vitest';
import {
  acceptance,
  api,
  aWhile,
  body,
  certificate,
  deadPort,
  httpServer,
  rawAcceptance,
  reset,
  tcpServer,
  tlsServer,
  until,
} from './servers.ts';

describe('what the transport proves was never sent', () => {
  it('a refused connection', async () => {
    const provider = await api(`http://127.0.0.1:${await deadPort()}`);
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent', code: 'ECONNREFUSED' });
  });

  it('a claim that lapses while the connection is made', async () => {
    const server = await httpServer(() => ({ body: JSON.stringify({ id: 'video_1' }) }));
    const provider = await api(server.baseUrl);
    let asked = 0;
    const mayBegin = (): boolean => {
      asked += 1;
      return false;
    };
    expect(await provider.create(body, { mayBegin })).toMatchObject({ kind: 'notSent', code: 'claimLapsed' });
    expect([asked, server.seen.length]).toEqual([1, 0]);
    expect(await provider.create(body, { mayBegin: () => true })).toMatchObject({ kind: 'accepted' });
    expect(server.seen).toHaveLength(1);
  });

  it('a name that is not found', async () => {
    const provider = await api('https://shotlist.invalid');
    const outcome = await provider.create(body);
    expect(outcome).toMatchObject({ kind: 'notSent', error: expect.stringContaining('shotlist.invalid') });
  });

  it('a TLS handshake that the other side never answers, after the connect timeout', async () => {
    const server = await tcpServer(() => {});
    const provider = await api(`https://127.0.0.1:${server.port}`, { connectTimeoutMs: 50 });
    expect(await provider.create(body)).toEqual({
      kind: 'notSent',
      code: 'connectTimeout',
      error: `no connection to 127.0.0.1:${server.port} within 0.05 s`,
    });
    expect(server.posts).toBe(0);
  });

  it('a connection attempt is given up after ten seconds unless told otherwise', async () => {
    const server = await tcpServer(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const provider = await api(`https://127.0.0.1:${server.port}`);
      let over = false;
      const outcome = provider.create(body).finally(() => {
        over = true;
      });
      await until(() => server.connections === 1);
      await vi.advanceTimersByTimeAsync(9_999);
      expect(over).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await outcome).toMatchObject({ kind: 'notSent', code: 'connectTimeout' });
    } finally {
      vi.useRealTimers();
    }
  });

  it.each([
    ['resets', (socket: import('node:net').Socket) => reset(socket)],
    ['closes', (socket: import('node:net').Socket) => socket.destroy()],
    [
      'speaks something else',
      (socket: import('node:net').Socket) => socket.end('HTTP/1.1 400 Bad Request\r\n\r\n'),
    ],
  ])('a TLS handshake in which the other side %s', async (_, react) => {
    const server = await tcpServer((socket) => socket.once('data', () => react(socket)));
    const provider = await api(`https://127.0.0.1:${server.port}`);
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent' });
    expect(server.connections).toBe(1);
  });

  it('a certificate that nobody vouches for, with what to do about it', async () => {
    const server = await tlsServer(() => {});
    const provider = await api(`https://127.0.0.1:${server.port}`);
    expect(await provider.create(body)).toMatchObject({
      kind: 'notSent',
      code: 'DEPTH_ZERO_SELF_SIGNED_CERT',
      error: expect.stringContaining('NODE_EXTRA_CA_CERTS'),
    });
    expect(server.posts).toBe(0);
  });

  it('a certificate for another name, as often as one asks', async () => {
    const server = await tlsServer(() => {});
    const provider = await api(`https://other.localhost:${server.port}`, { ca: certificate, connections: 1 });
    for (let time = 0; time < 3; time++) {
      expect(await provider.create(body)).toMatchObject({
        kind: 'notSent',
        code: 'ERR_TLS_CERT_ALTNAME_INVALID',
      });
    }
    expect(server.posts).toBe(0);
  });

  it('a call that was cancelled before it began', async () => {
    const { baseUrl, seen } = await httpServer(() => ({ body: acceptance }));
    const provider = await api(baseUrl);
    expect(await provider.create(body, { signal: AbortSignal.abort() })).toMatchObject({
      kind: 'notSent',
      code: 'cancelled',
    });
    await aWhile();
    expect(seen).toEqual([]);
  });

  it('a call that was cancelled while the connection was being made', async () => {
    const server = await tcpServer(() => {});
    const provider = await api(`https://127.0.0.1:${server.port}`, { connectTimeoutMs: 1000 });
    const cancel = new AbortController();
    const outcome = provider.create(body, { signal: cancel.signal });
    await until(() => server.connections === 1);
    cancel.abort();
    expect(await outcome).toMatchObject({ kind: 'notSent', code: 'cancelled' });
  });

  it('a call that was cancelled while it waited for a connection, and it stays so', async () => {
    const released: (() => void)[] = [];
    const { baseUrl, seen } = await httpServer((_, response) => {
      released.push(() => response.end(acceptance));
      return undefined;
    });
    const provider = await api(baseUrl, { connections: 1 });
    const first = provider.create({ ...body, prompt: 'first' });
    const cancel = new AbortController();
    const second = provider.create({ ...body, prompt: 'second' }, { signal: cancel.signal });
    await until(() => released.length === 1);
    cancel.abort();
    expect(await second).toMatchObject({ kind: 'notSent', code: 'cancelled' });

    released[0]?.();
    expect(await first).toMatchObject({ kind: 'accepted' });
    const third = provider.create({ ...body, prompt: 'third' });
    await until(() => released.length === 2);
    released[1]?.();
    expect(await third).toMatchObject({ kind: 'accepted' });
    expect(seen.map((request) => JSON.parse(request.body).prompt)).toEqual(['first', 'third']);
  });

  it('a call on a client that was closed', async () => {
    const { baseUrl, seen } = await httpServer(() => ({ body: acceptance }));
    const provider = await api(baseUrl);
    await provider.close();
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent' });
    expect(seen).toEqual([]);
  });

  it('more calls than connections, none of which can be made', async () => {
    const provider = await api(`http://127.0.0.1:${await deadPort()}`, { connections: 2 });
    const outcomes = await Promise.all(Array.from({ length: 20 }, () => provider.create(body)));
    expect(outcomes.map(({ kind }) => kind)).toEqual(Array.from({ length: 20 }, () => 'notSent'));
  });

  it('and once the other side is back, the same client gets through', async () => {
    const port = await deadPort();
    const provider = await api(`http://127.0.0.1:${port}`, { connections: 1 });
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent' });
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent' });
    const server = await tcpServer((socket) => socket.on('data', () => socket.write(rawAcceptance)), port);
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted', taskId: 'video_1' });
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted', taskId: 'video_1' });
    expect(server.posts).toBe(2);
  });

  it('a query that could not be sent may be asked again', async () => {
    const provider = await api(`http://127.0.0.1:${await deadPort()}`);
    expect(await provider.query('video_1')).toMatchObject({ kind: 'transient', code: 'ECONNREFUSED' });
  });
});
