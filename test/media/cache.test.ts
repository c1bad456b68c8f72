import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { type ProbeEvent, probeMedia } from '../../src/media/probe.ts';
import { fixture, inflatedMp4 } from './files.ts';
import type { ServedFile } from './media-server.ts';
import { probeReached, useServers } from './probing.ts';

const startServer = useServers();
let folder = '';
let cacheFile = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'shotlist-media-cache-'));
  cacheFile = join(folder, '.shotlist', 'media-cache.json');
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const clip = inflatedMp4('index-last.mp4', 2_000_000);

describe('a second probe costs one conditional request for each file', () => {
  test.each<[string, Omit<ServedFile, 'bytes'>, number]>([
    ['by ETag', { etag: '"v1"' }, 0],
    ['by Last-Modified', { lastModified: 'Thu, 01 Jan 2026 00:00:00 GMT' }, 0],
    ['by size and first bytes, where the server names no version', {}, 32_768],
  ])('%s', async (_what, versions, bytesSent) => {
    const server = await startServer();
    const url = server.serve('/a.mp4', { bytes: clip, ...versions });
    const first = await probeReached(url, 'video', { cacheFile });
    expect(first).toMatchObject({ cached: false, duration: 0.8 });
    server.requests.length = 0;
    server.bytesSent = 0;
    expect(await probeReached(url, 'video', { cacheFile })).toEqual({ ...first, cached: true });
    expect(server.requests).toHaveLength(1);
    expect(server.bytesSent).toBe(bytesSent);
  });
});

describe('a file that changed is read again', () => {
  test.each<[string, Omit<ServedFile, 'bytes'>, Omit<ServedFile, 'bytes'>]>([
    ['with another ETag', { etag: '"v1"' }, { etag: '"v2"' }],
    ['without its ETag', { etag: '"v1"' }, {}],
    ['without any', {}, {}],
  ])('%s', async (_what, before, after) => {
    const server = await startServer();
    let now: ServedFile = { bytes: fixture('still.png'), ...before };
    const url = server.serve('/a', () => now);
    expect(await probeReached(url, 'image', { cacheFile })).toMatchObject({ width: 70, height: 50 });
    now = { bytes: fixture('still.bmp'), ...after };
    expect(await probeReached(url, 'image', { cacheFile })).toMatchObject({
      width: 20,
      height: 10,
      cached: false,
    });
    expect(await probeReached(url, 'image', { cacheFile })).toMatchObject({
      width: 20,
      height: 10,
      cached: true,
    });
  });
});

test('what could not be read is asked for again', async () => {
  const server = await startServer();
  const url = server.serve('/a.mp4', { bytes: clip, etag: '"v1"', ranges: false });
  expect((await probeReached(url, 'video', { cacheFile })).unknown).not.toBeNull();
  const again = await probeReached(url, 'video', { cacheFile });
  expect(again).toMatchObject({ cached: false });
  expect(server.requests.map(({ headers }) => headers['if-none-match'])).toEqual([undefined, undefined]);
});

test('no URL is written down, since URLs may be signed', async () => {
  const server = await startServer();
  const url = `${server.serve('/a.png', { bytes: fixture('still.png') })}?X-Amz-Signature=topsecret`;
  await probeReached(url, 'image', { cacheFile });
  const content = readFileSync(cacheFile, 'utf8');
  expect(content).not.toContain('topsecret');
  expect(content).not.toContain('127.0.0.1');
});

describe('a cache that cannot be used counts as empty, and is replaced', () => {
  test.each([
    ['cut off', (whole: string) => whole.slice(0, 100)],
    ['no JSON', () => '\0\0\0'],
    ['empty', () => ''],
    ['of another shape', () => '[1,2,3]'],
    ['of another release', (whole: string) => whole.replace(/"version":"[^"]*"/, '"version":"0.0.0"')],
    ['with values of other types', (whole: string) => whole.replace('"width":70', '"width":"<b>"')],
  ])('%s', async (_what, damage) => {
    const server = await startServer();
    const url = server.serve('/a.png', { bytes: fixture('still.png'), etag: '"v1"' });
    await probeReached(url, 'image', { cacheFile });
    writeFileSync(cacheFile, damage(readFileSync(cacheFile, 'utf8')));
    expect(await probeReached(url, 'image', { cacheFile })).toMatchObject({ cached: false, width: 70 });
    expect(await probeReached(url, 'image', { cacheFile })).toMatchObject({ cached: true, width: 70 });
  });
});

test('probes that end at the same time keep what each other found', async () => {
  const server = await startServer();
  const urls = ['/a.png', '/b.png'].map((path) =>
    server.serve(path, { bytes: fixture('still.png'), etag: '"v1"' }),
  );
  server.latencyMs = 20;
  await Promise.all(urls.map((url) => probeReached(url, 'image', { cacheFile })));
  for (const url of urls) await probeReached(url, 'image', { cacheFile });
  const kept = JSON.parse(readFileSync(cacheFile, 'utf8')) as { files: object };
  expect(Object.keys(kept.files)).toHaveLength(2);
});

test('a cache that cannot be written costs the facts nothing, and is told', async () => {
  const server = await startServer();
  const url = server.serve('/a.png', { bytes: fixture('still.png') });
  writeFileSync(join(folder, 'file'), '');
  const events: ProbeEvent[] = [];
  const facts = await probeMedia([{ url, expected: 'image' }], {
    clock: systemClock,
    allowPrivateMedia: true,
    cacheFile: join(folder, 'file', 'media-cache.json'),
    onEvent: (event) => events.push(event),
  });
  expect(facts.get(url)).toMatchObject({ width: 70 });
  expect(events.at(-1)).toMatchObject({ type: 'cacheNotSaved', error: { name: 'SetupError' } });
});
