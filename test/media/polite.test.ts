import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import type { Clock } from '../../src/core/clock.ts';
import { systemClock } from '../../src/core/clock.ts';
import type { MediaKind } from '../../src/media/facts.ts';
import { type ProbeEvent, probeMedia } from '../../src/media/probe.ts';
import { join } from './boxes.ts';
import { fixture, inflatedMp4 } from './files.ts';
import { probe, probeReached, useServers } from './probing.ts';

const startServer = useServers();
const png = fixture('still.png');
const open = { clock: systemClock, cacheFile: null, allowPrivateMedia: true };

function images(urls: readonly string[]): { url: string; expected: MediaKind }[] {
  return urls.map((url) => ({ url, expected: 'image' }));
}

/** Written down instead of waited for. */
function clockThatNotes(waits: number[]): Clock {
  return {
    now: () => Date.parse('2026-01-01T00:00:00Z'),
    monotonic: () => 0,
    sleep: async (ms) => void waits.push(ms),
  };
}

test('each URL is probed once, however often and in whatever spelling it is asked for', async () => {
  const server = await startServer();
  const url = server.serve('/a.png', { bytes: png });
  const spellings = [url, url, `${url}#x`, url.replace('http', 'HTTP'), url.replace('/a.png', '/b/../a.png')];
  const facts = await probeMedia(images(spellings), open);
  expect(server.requests).toHaveLength(1);
  expect([...facts.keys()]).toEqual([...new Set(spellings)]);
  for (const [key, fact] of facts) expect(fact).toMatchObject({ outcome: 'reached', url: key, width: 70 });
});

test('no more files at a time than the limits say, in all and on one host', async () => {
  const [one, two] = [await startServer(), await startServer()];
  for (const server of [one, two]) server.latencyMs = 10;
  const urls = [one, two].flatMap((server) =>
    Array.from({ length: 12 }, (_, index) => server.serve(`/${index}.png`, { bytes: png })),
  );
  await probeMedia(images(urls), { ...open, limits: { concurrency: 4, concurrencyPerHost: 3 } });
  expect([one.requests.length, two.requests.length]).toEqual([12, 12]);
  expect(Math.max(one.mostInFlight, two.mostInFlight)).toBeLessThanOrEqual(3);
  expect(one.mostInFlight).toBeGreaterThan(1);
  await probeMedia(images(urls), { ...open, limits: { concurrency: 1 } });
  expect([one.inFlight, two.inFlight]).toEqual([0, 0]);
});

test('only ranges are asked for, by GET', async () => {
  const server = await startServer();
  const bytes = inflatedMp4('index-last.mp4', 3_000_000);
  await probeReached(server.serve('/a.mp4', { bytes }), 'video');
  expect(server.requests.length).toBeGreaterThan(1);
  for (const { method, headers } of server.requests) {
    expect(method).toBe('GET');
    expect(headers.range).toMatch(/^bytes=\d+-\d+$/);
    expect(headers['accept-encoding']).toBe('identity');
  }
});

describe('a server that ignores ranges is cut off after a small budget', () => {
  test('and what lies beyond it is unknown, which is said', async () => {
    const server = await startServer();
    const url = server.serve('/a.mp4', { bytes: inflatedMp4('index-last.mp4', 60_000_000), ranges: false });
    const facts = await probeReached(url, 'video');
    expect(facts).toMatchObject({
      kind: 'video',
      format: 'mp4',
      bytes: 60_000_000,
      duration: null,
      unknown: `${new URL(url).host} ignores range requests, and was cut off after 256 KB`,
    });
    // What the system's buffers swallow before the connection closes is out of our hands.
    expect(server.bytesSent).toBeLessThan(20_000_000);
    expect(server.requests).toHaveLength(1);
  });

  test('and what lies before it is known', async () => {
    const server = await startServer();
    const video = server.serve('/a.mp4', { bytes: inflatedMp4('index-first.mp4', 9_000_000), ranges: false });
    expect(await probeReached(video, 'video')).toMatchObject({
      duration: 0.8,
      bytes: 9_000_000,
      unknown: null,
    });
    const image = server.serve('/a.png', { bytes: join([png, new Uint8Array(900_000)]), ranges: false });
    expect(await probeReached(image)).toMatchObject({ width: 70, height: 50, unknown: null });
  });

  test('and a file that it does not tell the size of has none, unless it ended', async () => {
    const server = await startServer();
    const endless = server.serve('/a.png', {
      bytes: join([png, new Uint8Array(900_000)]),
      ranges: false,
      sized: false,
    });
    expect(await probeReached(endless)).toMatchObject({ width: 70, bytes: null });
    const short = server.serve('/b.png', { bytes: png, ranges: false, sized: false });
    expect(await probeReached(short)).toMatchObject({ width: 70, bytes: png.length });
  });
});

describe('redirects', () => {
  test('are followed, and the rest of the file is asked for where they led', async () => {
    const server = await startServer();
    server.serve('/real.mp4', { bytes: inflatedMp4('index-last.mp4', 3_000_000) });
    server.redirect('/two', '/real.mp4', 307);
    const url = server.redirect('/one', server.url('/two'), 301);
    expect(await probeReached(url, 'video')).toMatchObject({ url, duration: 0.8 });
    expect(server.requests.map((request) => request.url)).toEqual(['/one', '/two', '/real.mp4', '/real.mp4']);
  });

  test('in a circle end', async () => {
    const server = await startServer();
    const url = server.redirect('/one', '/two');
    server.redirect('/two', '/one');
    expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: 'tooManyRedirects' });
    expect(server.requests).toHaveLength(6);
  });
});

describe('what a server does wrong is told apart', () => {
  test.each([
    [401, /401: the file cannot be read without credentials/],
    [403, /403: the file cannot be read without credentials/],
    [404, /404: there is no such file/],
    [410, /410: there is no such file/],
    [500, /answers 500 in place of the file/],
    [302, /answers 302 in place of the file/],
  ])('%i', async (status, message) => {
    const server = await startServer();
    const url = server.on('/a.png', (_request, response) => response.writeHead(status).end('no'));
    expect(await probe(url)).toMatchObject({
      outcome: 'unreachable',
      code: 'status',
      message: expect.stringMatching(message),
      help: expect.any(String),
    });
  });

  test('nobody listens', async () => {
    const server = await startServer();
    const url = server.url('/a.png');
    await server.close();
    expect(await probe(url)).toMatchObject({
      code: 'connectionFailed',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });

  test('a host without an address', async () => {
    const lookup = (
      _name: string,
      _options: unknown,
      callback: (error: NodeJS.ErrnoException, answer: []) => void,
    ) => callback(Object.assign(new Error('no'), { code: 'ENOTFOUND' }), []);
    expect(await probe('http://gone.example.com/a.png', 'image', { lookup })).toMatchObject({
      code: 'hostNotFound',
      message: 'there is no host gone.example.com',
    });
  });

  test('no network here says nothing against the media', async () => {
    const lookup = (
      _name: string,
      _options: unknown,
      callback: (error: NodeJS.ErrnoException, answer: []) => void,
    ) => callback(Object.assign(new Error('no'), { code: 'EAI_AGAIN' }), []);
    expect(await probe('http://cdn.example.com/a.png', 'image', { lookup })).toMatchObject({
      outcome: 'unprobed',
    });
  });

  test('TLS on a port without it', async () => {
    const server = await startServer();
    expect(await probe(server.url('/a.png').replace('http', 'https'))).toMatchObject({ code: 'certificate' });
  });

  test('a range that was not asked for', async () => {
    const server = await startServer();
    const url = server.on('/a.png', (_request, response) => {
      response
        .writeHead(206, { 'content-range': `bytes 5-${png.length - 1}/${png.length}` })
        .end(png.subarray(5));
    });
    expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: 'badAnswer' });
  });

  test('a compressed file, whose parts cannot be read', async () => {
    const server = await startServer();
    const url = server.on('/a.png', (_request, response) => {
      response.writeHead(200, { 'content-encoding': 'gzip' }).end(gzipSync(png));
    });
    expect(await probeReached(url)).toMatchObject({
      kind: null,
      unknown: expect.stringContaining('compresses the file'),
    });
  });

  test('a file that changes while it is read', async () => {
    const server = await startServer();
    const bytes = inflatedMp4('index-last.mp4', 3_000_000);
    let version = 0;
    const url = server.serve('/a.mp4', () => ({ bytes, etag: `"${version++}"` }));
    expect(await probeReached(url, 'video')).toMatchObject({
      duration: null,
      unknown: 'the file changed while it was read',
    });
  });
});

describe('a server that asks for patience', () => {
  test.each([
    ['7', 5000],
    ['2', 2000],
    ['Thu, 01 Jan 2026 00:00:03 GMT', 3000],
    ['soon', 5000],
    [undefined, 1000],
  ])('with Retry-After %j is given it once', async (retryAfter, expected) => {
    const server = await startServer();
    const waits: number[] = [];
    let refusals = 1;
    const url = server.on('/a.png', (_request, response) => {
      if (refusals-- > 0)
        response.writeHead(429, retryAfter === undefined ? {} : { 'retry-after': retryAfter }).end();
      else response.writeHead(200, { 'content-length': png.length }).end(png);
    });
    expect(await probeReached(url, 'image', { clock: clockThatNotes(waits) })).toMatchObject({ width: 70 });
    expect(waits).toEqual([expected]);
  });

  test('for ever is left alone, and nothing is held against the file', async () => {
    const server = await startServer();
    const waits: number[] = [];
    const url = server.on('/a.png', (_request, response) => response.writeHead(503).end());
    expect(await probe(url, 'image', { clock: clockThatNotes(waits) })).toMatchObject({
      outcome: 'unprobed',
    });
    expect(server.requests).toHaveLength(2);
  });
});

describe('a server that is too slow', () => {
  test('to answer', async () => {
    const server = await startServer();
    const url = server.on('/a.png', () => undefined);
    const facts = await probe(url, 'image', { limits: { fileTimeoutMs: 150 } });
    expect(facts).toMatchObject({
      outcome: 'unreachable',
      code: 'timeout',
      message: 'the file took longer than 0.15 s',
    });
  });

  test('in the midst of its answer', async () => {
    const server = await startServer();
    const url = server.on('/a.png', (_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-9999/10000', 'content-length': 10_000 });
      const drip = setInterval(() => response.write('.'), 20);
      response.on('close', () => clearInterval(drip));
    });
    const facts = await probe(url, 'image', { limits: { fileTimeoutMs: 200 } });
    expect(facts).toMatchObject({ outcome: 'unreachable', code: 'timeout' });
  });

  test('for many files keeps a probe no longer than all of them may take together', async () => {
    const server = await startServer();
    const urls = Array.from({ length: 30 }, (_, index) => server.on(`/${index}.png`, () => undefined));
    const facts = await probeMedia(images(urls), { ...open, limits: { maxTotalMs: 300 } });
    expect(facts.size).toBe(30);
    for (const fact of facts.values()) {
      expect(fact).toMatchObject({ outcome: 'unprobed', message: expect.stringContaining('are used up') });
    }
    expect(server.requests.length).toBeLessThan(30);
  });
});

test('a connection that is lost is tried once more', async () => {
  const server = await startServer();
  let losses = 1;
  const url = server.on('/a.png', (_request, response) => {
    if (losses-- > 0) response.socket?.destroy();
    else response.writeHead(200, { 'content-length': png.length }).end(png);
  });
  expect(await probeReached(url)).toMatchObject({ width: 70 });
  losses = 2;
  expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: 'connectionFailed' });
});

test('one probe reads no more than its total budget, whatever is left over', async () => {
  const server = await startServer();
  const urls = Array.from({ length: 20 }, (_, index) =>
    server.serve(`/${index}.png`, { bytes: join([png, new Uint8Array(100_000)]) }),
  );
  const facts = [
    ...(await probeMedia(images(urls), { ...open, limits: { maxTotalBytes: 150_000 } })).values(),
  ];
  expect(server.bytesSent).toBeLessThanOrEqual(150_000);
  expect(facts.some(({ outcome }) => outcome === 'reached')).toBe(true);
  expect(facts.find(({ outcome }) => outcome === 'unprobed')).toMatchObject({
    message: 'the 147 KB that one probe may read are used up',
  });
});

test('one file costs no more than its own budget, and what could not be known is said', async () => {
  const server = await startServer();
  const url = server.serve('/a.mp4', { bytes: inflatedMp4('index-last.mp4', 9_000_000) });
  const facts = await probeReached(url, 'video', { limits: { maxBytes: 33_000 } });
  expect(server.bytesSent).toBeLessThanOrEqual(33_000);
  expect(facts).toMatchObject({ kind: 'video', bytes: 9_000_000, duration: null });
  expect(facts.unknown).toBe('what is missing lies beyond the 33 KB that were read of the file');
});

test('progress is told file by file', async () => {
  const server = await startServer();
  const urls = [server.serve('/a.png', { bytes: png }), server.url('/missing.png')];
  const events: ProbeEvent[] = [];
  await probeMedia(images(urls), { ...open, onEvent: (event) => events.push(event) });
  expect(events[0]).toEqual({ type: 'started', total: 2 });
  expect(events.slice(1)).toMatchObject([
    { type: 'probed', done: 1, total: 2 },
    { type: 'probed', done: 2, total: 2 },
  ]);
});

test('nothing to probe asks nobody', async () => {
  expect((await probeMedia([], open)).size).toBe(0);
});

test('an abort ends the probe at once with its reason, and asks for nothing more', async () => {
  const server = await startServer();
  const stop = new AbortController();
  const urls = Array.from({ length: 40 }, (_, index) =>
    server.on(`/${index}.png`, () => {
      if (server.requests.length === 3) stop.abort(new Error('enough'));
    }),
  );
  await expect(probeMedia(images(urls), { ...open, signal: stop.signal })).rejects.toThrow('enough');
  expect(server.requests.length).toBeLessThan(40);
});

test('500 files on a host with 50 ms of latency take less than 10 s', { retry: 2 }, async () => {
  const server = await startServer();
  const bytes = fixture('index-last.mp4');
  const urls = Array.from({ length: 500 }, (_, index) => server.serve(`/${index}.mp4`, { bytes }));
  server.latencyMs = 50;
  const started = performance.now();
  const facts = await probeMedia(
    urls.map((url) => ({ url, expected: 'video' as const })),
    open,
  );
  expect(performance.now() - started).toBeLessThan(10_000);
  expect([...facts.values()].every((fact) => fact.outcome === 'reached' && fact.duration === 0.8)).toBe(true);
});
