import { describe, expect, it } from 'vitest';
import { SetupError } from '../../src/core/errors.ts';
import { chooseProxy } from '../../src/provider/proxy.ts';
import { fc } from '../helpers/fast-check.ts';
import {
  api,
  apiKey,
  body,
  certificate,
  connectProxy,
  deadPort,
  rawAcceptance,
  reset,
  tcpServer,
  tlsServer,
} from './servers.ts';

const answering = () => tlsServer((socket) => socket.on('data', () => socket.write(rawAcceptance)));

describe('through a proxy', () => {
  it('requests go in a tunnel that the proxy cannot look into', async () => {
    const target = await answering();
    const proxy = await connectProxy(target.port);
    const provider = await api('https://videos.example:8443/base', {
      ca: certificate,
      proxy: { https: `http://us%40er:p%25ss@127.0.0.1:${proxy.port}` },
      connections: 1,
    });
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted', taskId: 'video_1' });
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted', taskId: 'video_1' });

    const [tunnel = ''] = proxy.received;
    expect(proxy.connections).toBe(1);
    expect(tunnel).toMatch(/^CONNECT videos\.example:8443 HTTP\/1\.1\r\n/);
    expect(tunnel).toContain(
      `proxy-authorization: Basic ${Buffer.from('us@er:p%ss').toString('base64')}\r\n`,
    );
    expect(tunnel).not.toContain(apiKey);
    expect(tunnel).not.toContain('POST');
    expect(target.posts).toBe(2);
    expect(target.received[0]).not.toContain('proxy-authorization');
    expect(target.received[0]).toContain('host: videos.example:8443\r\n');
  });

  it('HTTP_PROXY serves where there is no HTTPS_PROXY, and the scheme may be left out', async () => {
    const target = await answering();
    const proxy = await connectProxy(target.port);
    const provider = await api('https://videos.example', {
      ca: certificate,
      proxy: { http: `127.0.0.1:${proxy.port}` },
    });
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
    expect(proxy.received[0]).toMatch(/^CONNECT videos\.example:443 /);
  });

  it.each([407, 403, 502])('a proxy that refuses the tunnel with HTTP %i ends the run', async (status) => {
    const proxy = await tcpServer((socket) =>
      socket.once('data', () => socket.end(`HTTP/1.1 ${status} No\r\ncontent-length: 0\r\n\r\n`)),
    );
    const provider = await api('https://videos.example', {
      proxy: { https: `http://user:secret-password@127.0.0.1:${proxy.port}` },
    });
    for (const outcome of [await provider.create(body), await provider.query('video_1')]) {
      expect(outcome).toMatchObject({
        kind: 'stop',
        code: 'proxyRefused',
        error: expect.stringContaining(`HTTP ${status}`),
        help: expect.stringContaining('HTTPS_PROXY'),
      });
      expect(JSON.stringify(outcome)).not.toContain('secret-password');
    }
  });

  it('a proxy that is down was not sent anything', async () => {
    const provider = await api('https://videos.example', {
      proxy: { https: `http://127.0.0.1:${await deadPort()}` },
    });
    expect(await provider.create(body)).toMatchObject({
      kind: 'notSent',
      code: 'ECONNREFUSED',
      error: expect.stringMatching(/videos\.example through the proxy 127\.0\.0\.1:/),
    });
  });

  it.each([
    ['resets', reset],
    ['closes', (socket: import('node:net').Socket) => socket.end()],
    ['answers nonsense', (socket: import('node:net').Socket) => socket.end('SSH-2.0-OpenSSH\r\n')],
  ])('a proxy that %s instead of answering is asked once', async (_, react) => {
    const proxy = await tcpServer((socket) => socket.once('data', () => react(socket)));
    const provider = await api('https://videos.example', {
      proxy: { https: `http://127.0.0.1:${proxy.port}` },
    });
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent' });
    expect(proxy.connections).toBe(1);
  });

  it('a proxy that never answers is given up after the connect timeout', async () => {
    const proxy = await tcpServer(() => {});
    const provider = await api('https://videos.example', {
      proxy: { https: `http://127.0.0.1:${proxy.port}` },
      connectTimeoutMs: 50,
    });
    expect(await provider.create(body)).toMatchObject({ kind: 'notSent', code: 'connectTimeout' });
  });

  it('a certificate is checked at the end of the tunnel too', async () => {
    const target = await answering();
    const proxy = await connectProxy(target.port);
    const settings = { proxy: { https: `http://127.0.0.1:${proxy.port}` } };
    const untrusting = await api('https://videos.example', settings);
    expect(await untrusting.create(body)).toMatchObject({ kind: 'notSent' });
    const misled = await api('https://other.example', { ...settings, ca: certificate });
    expect(await misled.create(body)).toMatchObject({
      kind: 'notSent',
      code: 'ERR_TLS_CERT_ALTNAME_INVALID',
    });
    expect(target.posts).toBe(0);
  });

  it('an encrypted proxy works as well', async () => {
    const target = await answering();
    const inner = await connectProxy(target.port);
    const { connect } = await import('node:net');
    const proxy = await tlsServer((socket) => {
      const upstream = connect(inner.port, '127.0.0.1');
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      socket.pipe(upstream).pipe(socket);
    });
    const provider = await api('https://videos.example', {
      ca: certificate,
      proxy: { https: `https://localhost:${proxy.port}` },
    });
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
    expect(inner.received[0]).toMatch(/^CONNECT videos\.example:443 /);
  });

  it('loopback is never reached through one', async () => {
    const plain = await tcpServer((socket) => socket.on('data', () => socket.write(rawAcceptance)));
    const secure = await answering();
    const dead = `http://127.0.0.1:${await deadPort()}`;
    for (const baseUrl of [`http://127.0.0.1:${plain.port}`, `https://127.0.0.1:${secure.port}`]) {
      const provider = await api(baseUrl, { ca: certificate, proxy: { http: dead, https: dead } });
      expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
    }
  });

  it('its password is shown nowhere, even when the other side knows it', async () => {
    const words = `{"error":"hush%40x hush@x ${Buffer.from('me:hush@x').toString('base64')}"}`;
    const target = await tlsServer((socket) =>
      socket.on('data', () =>
        socket.write(`HTTP/1.1 400 No\r\ncontent-length: ${words.length}\r\n\r\n${words}`),
      ),
    );
    const proxy = await connectProxy(target.port);
    const provider = await api('https://videos.example', {
      ca: certificate,
      proxy: { https: `http://me:hush%40x@127.0.0.1:${proxy.port}` },
    });
    expect(await provider.create(body)).toEqual({
      kind: 'refused',
      code: 'http400',
      error: '[redacted] [redacted] [redacted]',
    });
  });
});

describe('NO_PROXY', () => {
  const proxied = (target: string, no: string): boolean =>
    chooseProxy(new URL(target), { https: 'http://proxy.example:3128', no }) !== null;

  it.each([
    ['videos.example', false],
    ['VIDEOS.example', false],
    ['example', false],
    ['.example', false],
    ['*.example', false],
    ['*', false],
    ['other.test, videos.example', false],
    ['other.test videos.example', false],
    ['videos.example:443', false],
    ['videos.example:8443', true],
    ['deos.example', true],
    ['other.test', true],
    ['', true],
    [' , ,', true],
  ])('%j: a proxy is used for https://videos.example: %s', (no, expected) => {
    expect(proxied('https://videos.example/x', no)).toBe(expected);
  });

  it.each([
    ['[2001:db8::1]', false],
    ['2001:db8::1', false],
    ['[2001:db8::1]:443', false],
    ['[2001:db8::1]:444', true],
    ['2001:db8::2', true],
  ])('%j: a proxy is used for an IPv6 address: %s', (no, expected) => {
    expect(proxied('https://[2001:db8::1]/x', no)).toBe(expected);
  });

  it('never fails, whatever it holds', () => {
    fc.assert(fc.property(fc.string(), (no) => typeof proxied('https://videos.example', no) === 'boolean'));
  });

  it('names no secret when a proxy variable is unusable', () => {
    let failure: unknown;
    try {
      chooseProxy(new URL('https://videos.example'), { https: 'http://user:secret@:x:y' });
    } catch (error) {
      failure = error;
    }
    expect(failure).toBeInstanceOf(SetupError);
    expect(String(failure)).not.toContain('secret');
  });
});

describe('which proxy', () => {
  const target = new URL('https://10.20.30.40/base');
  const all = 'http://proxy.example:3128';

  it('is ALL_PROXY where nothing more exact is set', () => {
    expect(chooseProxy(target, { all })?.host).toBe('proxy.example:3128');
    expect(chooseProxy(target, { all, https: 'http://other.example' })?.host).toBe('other.example');
    expect(() => chooseProxy(target, { all: 'socks5://proxy.example' })).toThrow(
      'ALL_PROXY names a socks5:// proxy',
    );
    expect(chooseProxy(new URL('http://127.0.0.1:9'), { all })).toBeNull();
  });

  it.each([
    ['10.0.0.0/8', 'https://10.20.30.40', true],
    ['10.0.0.0/8', 'https://11.20.30.40', false],
    ['192.168.1.128/25, 10.20.30.40/32', 'https://10.20.30.40', true],
    ['0.0.0.0/0', 'https://10.20.30.40', true],
    ['fd00::/8', 'https://[fd12::1]', true],
    ['[fd00::]/8', 'https://[fe12::1]', false],
    ['10.0.0.0/8', 'https://videos.example', false],
    ['10.0.0.0/33', 'https://10.20.30.40', false],
    ['videos.example/8', 'https://videos.example', false],
  ])('NO_PROXY=%s and %s: none is %s', (no, url, isDirect) => {
    expect(chooseProxy(new URL(url), { all, no }) === null).toBe(isDirect);
  });
});
