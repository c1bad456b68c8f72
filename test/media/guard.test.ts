import { createServer } from 'node:http';
import type { AddressInfo, LookupFunction } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { ProbeFailure } from '../../src/media/failure.ts';
import { guardedLookup } from '../../src/media/guard.ts';
import { fixture } from './files.ts';
import { probe, useServers } from './probing.ts';

const startServer = useServers();
const guarded = { allowPrivateMedia: false };

const closing: (() => Promise<void>)[] = [];
afterEach(async () => {
  await Promise.all(closing.splice(0).map((close) => close()));
});

/** Resolves each name to the answers given for it, one after the other, the last one for ever. */
function lookupOf(
  answers: Readonly<Record<string, readonly (readonly string[])[]>>,
): LookupFunction & { calls: number } {
  const asked = new Map<string, number>();
  const lookup: LookupFunction = (hostname, _options, callback) => {
    counted.calls += 1;
    const turns = answers[hostname];
    const turn = asked.get(hostname) ?? 0;
    asked.set(hostname, turn + 1);
    const found = turns?.[Math.min(turn, turns.length - 1)];
    if (found === undefined) callback(Object.assign(new Error('no such host'), { code: 'ENOTFOUND' }), []);
    else
      callback(
        null,
        found.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
      );
  };
  const counted = Object.assign(lookup, { calls: 0 });
  return counted;
}

describe('an address inside the network is refused, and nothing reaches it', () => {
  test.each([
    '127.0.0.1',
    '2130706433',
    '0x7f000001',
    '0x7f.1',
    '0177.0.0.1',
    '127.1',
    '0',
    '[::1]',
    '[::ffff:127.0.0.1]',
    '[::ffff:7f00:1]',
    'localhost',
    'LOCALHOST',
  ])('%s', async (host) => {
    const server = await startServer();
    server.serve('/a.png', { bytes: fixture('still.png') });
    const facts = await probe(server.url('/a.png', host), 'image', guarded);
    expect(facts).toMatchObject({ outcome: 'unreachable', code: 'addressRefused' });
    expect(server.requests).toHaveLength(0);
  });

  test('a public name that leads there', async () => {
    const server = await startServer();
    const lookup = lookupOf({ 'cdn.example.com': [['127.0.0.1']] });
    const facts = await probe(server.url('/a.png', 'cdn.example.com'), 'image', { ...guarded, lookup });
    expect(facts).toMatchObject({
      code: 'addressRefused',
      message: 'cdn.example.com leads to 127.0.0.1, a loopback address: it is not probed',
    });
    expect(server.requests).toHaveLength(0);
  });

  test.each(['db.internal', 'metadata.google.internal.', 'printer.local', 'intranet', 'localhost.'])(
    '%s, a name that only means something there, and is not even looked up',
    async (name) => {
      const lookup = lookupOf({ [name]: [['93.184.216.34']] });
      const facts = await probe(`http://${name}/a.png`, 'image', { ...guarded, lookup });
      expect(facts).toMatchObject({ code: 'addressRefused' });
      expect(lookup.calls).toBe(0);
    },
  );

  test('a name with one private address among public ones', async () => {
    const server = await startServer();
    const lookup = lookupOf({ 'cdn.example.com': [['93.184.216.34', '::ffff:127.0.0.1']] });
    const facts = await probe(server.url('/a.png', 'cdn.example.com'), 'image', { ...guarded, lookup });
    expect(facts).toMatchObject({ code: 'addressRefused' });
    expect(server.requests).toHaveLength(0);
  });
});

test('the address that was checked is the address that is connected to: one lookup, and its answer is used', async () => {
  const lookup = lookupOf({ 'rebinding.example.com': [['93.184.216.34'], ['127.0.0.1']] });
  const resolve = (): Promise<unknown> =>
    new Promise((done) => {
      guardedLookup(lookup)('rebinding.example.com', { all: true }, (error, answer) => done(error ?? answer));
    });
  expect(await resolve()).toEqual([{ address: '93.184.216.34', family: 4 }]);
  expect(lookup.calls).toBe(1);
  expect(await resolve()).toBeInstanceOf(ProbeFailure);
  expect(lookup.calls).toBe(2);
});

test('a caller that wants a single address gets the first one', async () => {
  const lookup = lookupOf({ 'cdn.example.com': [['93.184.216.34', '93.184.216.35']] });
  const answer = await new Promise((done) => {
    guardedLookup(lookup)('cdn.example.com', {}, (...given) => done(given));
  });
  expect(answer).toEqual([null, '93.184.216.34', 4]);
});

describe('behind a proxy, which connects out of our sight', () => {
  async function startProxy(answer: { status: number; location?: string } = { status: 206 }) {
    const asked: string[] = [];
    const bytes = fixture('still.png');
    const proxy = createServer((request, response) => {
      asked.push(`${request.method} ${request.url}`);
      if (answer.location !== undefined) {
        response.writeHead(answer.status, { location: answer.location }).end();
        return;
      }
      response.writeHead(206, { 'content-range': `bytes 0-${bytes.length - 1}/${bytes.length}` }).end(bytes);
    });
    proxy.on('connect', (request, socket) => {
      asked.push(`CONNECT ${request.url}`);
      socket.end('HTTP/1.1 403 Forbidden\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    closing.push(async () => {
      proxy.closeAllConnections();
      await new Promise((resolve) => proxy.close(resolve));
    });
    const url = new URL(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}`);
    const proxyFor = (target: URL): URL | null => (target.hostname === '127.0.0.1' ? null : url);
    return { asked, proxyFor };
  }

  test('media are probed through it, and the facts say that the address was not seen', async () => {
    const { asked, proxyFor } = await startProxy();
    const facts = await probe('http://cdn.example.com/a.png', 'image', {
      ...guarded,
      proxyFor,
      lookup: lookupOf({}),
    });
    expect(facts).toMatchObject({ outcome: 'reached', width: 70, height: 50, addressChecked: false });
    expect(asked).toEqual(['GET http://cdn.example.com/a.png']);
  });

  test.each([
    'http://10.0.0.1/a.png',
    'http://[fd00:ec2::254]/a.png',
    'http://intranet/a.png',
    'http://metadata.google.internal/a.png',
    'http://leads-inside.example.com/a.png',
  ])('%s is refused before the proxy is asked', async (url) => {
    const { asked, proxyFor } = await startProxy();
    const lookup = lookupOf({ 'leads-inside.example.com': [['192.168.1.1']] });
    const facts = await probe(url, 'image', { ...guarded, proxyFor, lookup });
    expect(facts).toMatchObject({ outcome: 'unreachable', code: 'addressRefused' });
    expect(asked).toEqual([]);
  });

  test('a redirect into the network is refused', async () => {
    const server = await startServer();
    server.serve('/secret', { bytes: fixture('still.png') });
    const { proxyFor } = await startProxy({ status: 302, location: server.url('/secret') });
    const facts = await probe('http://cdn.example.com/a.png', 'image', {
      ...guarded,
      proxyFor,
      lookup: lookupOf({}),
    });
    expect(facts).toMatchObject({ outcome: 'unreachable', code: 'addressRefused' });
    expect(server.requests).toHaveLength(0);
  });

  test('a proxy that is down says nothing against the media', async () => {
    const server = await startServer();
    const proxy = new URL(server.url('/'));
    await server.close();
    const facts = await probe('http://cdn.example.com/a.png', 'image', {
      ...guarded,
      proxyFor: () => proxy,
      lookup: lookupOf({}),
    });
    expect(facts).toMatchObject({
      outcome: 'unprobed',
      message: 'the proxy cannot be reached (ECONNREFUSED)',
    });
  });

  test('a tunnel that it refuses says nothing against the media', async () => {
    const { asked, proxyFor } = await startProxy();
    const facts = await probe('https://cdn.example.com/a.png', 'image', {
      ...guarded,
      proxyFor,
      lookup: lookupOf({}),
    });
    expect(facts).toMatchObject({
      outcome: 'unprobed',
      message: 'the proxy does not connect to cdn.example.com',
    });
    expect(asked).toEqual(['CONNECT cdn.example.com:443']);
  });
});

test('no credential, cookie or referrer is sent, and the client says who it is', async () => {
  const server = await startServer();
  server.serve('/b.png', { bytes: fixture('still.png') });
  const url = server.on('/a.png', (_request, response) => {
    response.writeHead(302, { location: '/b.png', 'set-cookie': 'session=1; Path=/' }).end();
  });
  await probe(url);
  expect(server.requests).toHaveLength(2);
  for (const { headers } of server.requests) {
    expect(Object.keys(headers).sort()).toEqual([
      'accept',
      'accept-encoding',
      'connection',
      'host',
      'range',
      'user-agent',
    ]);
    expect(headers['user-agent']).toMatch(/^shotlist\/\d/);
  }
});

test('a URL that carries a password is refused, also as the goal of a redirect', async () => {
  const server = await startServer();
  const withPassword = server.url('/a.png').replace('//', '//name:secret@');
  expect(await probe(withPassword)).toMatchObject({ outcome: 'unreachable', code: 'credentialsInUrl' });
  const url = server.redirect('/moved.png', withPassword);
  expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: 'credentialsInUrl' });
  expect(server.requests).toHaveLength(1);
});

test.each(['ftp://example.com/a.png', 'file:///etc/passwd', 'data:image/png;base64,AA', 'a.png', ''])(
  '%j is no URL for media',
  async (url) => {
    expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: 'badUrl' });
  },
);

test('a redirect to a local file is refused', async () => {
  const server = await startServer();
  expect(await probe(server.redirect('/a.png', 'file:///etc/passwd'))).toMatchObject({ code: 'badUrl' });
});
