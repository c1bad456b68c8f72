import { describe, expect, test } from 'vitest';
import { expectSame } from './expect-same.ts';
import { fixture, fixtureFacts, inflatedMp4 } from './files.ts';
import { probeFiles, probeReached, useServers } from './probing.ts';

const startServer = useServers();

test('facts of the committed files, of each container and image format, equal those of ffprobe', async () => {
  await expectSame(await startServer(), fixtureFacts, fixture);
});

test('the content decides, not the name nor the type that the server claims', async () => {
  const server = await startServer();
  const image = server.serve('/clip.mp4', { bytes: fixture('still.png'), type: 'video/mp4' });
  expect(await probeReached(image, 'video')).toMatchObject({
    kind: 'image',
    format: 'png',
    declaredType: 'video/mp4',
  });
  const video = server.serve('/still.png', { bytes: fixture('index-last.mp4'), type: 'image/png' });
  expect(await probeReached(video, 'image')).toMatchObject({ kind: 'video', format: 'mp4', width: 64 });
});

test('a container without pictures is audio', async () => {
  const facts = await probeFiles(await startServer(), {
    'tone.m4a': fixture('tone.m4a'),
    'audio-only.webm': fixture('audio-only.webm'),
  });
  for (const fact of Object.values(facts)) {
    expect(fact).toMatchObject({ kind: 'audio', width: null, height: null, frameDuration: null });
  }
});

test('the length of a frame is known, so that durations can be compared within half of one', async () => {
  const server = await startServer();
  const facts = await probeReached(server.serve('/a.mp4', { bytes: fixture('index-first.mp4') }), 'video');
  expect(facts.frameDuration).toBeCloseTo(1 / 25, 5);
});

test('what is no media is named for what it is', async () => {
  const contents = [
    ['html', '<!DOCTYPE html><html><body>Sign in to continue</body></html>'],
    ['html', '\ufeff\n  <html lang="en">'],
    ['xml', '<?xml version="1.0"?><Error><Code>AccessDenied</Code></Error>'],
    ['svg', '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"/>'],
    ['svg', '<?xml version="1.0"?><!-- drawn --><svg width="1"/>'],
    ['json', '{"error":"not found"}'],
    ['m3u8', '#EXTM3U\n#EXT-X-VERSION:3'],
    ['pdf', '%PDF-1.7'],
    ['text', 'version https://git-lfs.github.com/spec/v1'],
  ] as const;
  const files = contents.map(([format, content], index) => [
    `${index} ${format}`,
    new TextEncoder().encode(content),
  ]);
  const facts = await probeFiles(await startServer(), Object.fromEntries(files));
  expect(Object.keys(facts)).toHaveLength(contents.length);
  for (const [name, { kind, format, unknown }] of Object.entries(facts)) {
    expect({ kind, format, unknown }).toEqual({ kind: null, format: name.slice(2), unknown: null });
  }
});

test('what cannot be read is unknown, and says so', async () => {
  const facts = await probeFiles(await startServer(), {
    empty: new Uint8Array(0),
    noise: Uint8Array.from({ length: 999 }, (_, index) => index * 7),
    avi: fixture('clip.avi'),
  });
  expect(facts['empty']).toMatchObject({ kind: null, bytes: 0, unknown: 'the file is empty' });
  expect(facts['noise']).toMatchObject({ kind: null, format: null, unknown: expect.any(String) });
  expect(facts['avi']).toMatchObject({
    kind: 'video',
    format: 'avi',
    width: null,
    unknown: 'avi files are not read',
  });
});

test('a file cut off after its first bytes is unknown, not wrong', async () => {
  const names = ['index-last.mp4', 'vp9.webm', 'xing.mp3', 'still.jpg', 'still.avif'];
  const files = names.map((name) => [name, fixture(name).subarray(0, 40)]);
  const facts = await probeFiles(await startServer(), Object.fromEntries(files));
  for (const fact of Object.values(facts)) {
    expect(fact).toMatchObject({ unknown: expect.any(String), width: null, duration: null, bytes: 40 });
  }
});

describe('a 50 MB MP4 costs less than 1.5 MB', () => {
  test.each(['index-first.mp4', 'index-last.mp4'] as const)('%s', async (name) => {
    const server = await startServer();
    const bytes = inflatedMp4(name, 50_000_000);
    const facts = await probeReached(server.serve(`/${name}`, { bytes }), 'video');
    expect(facts).toMatchObject({ bytes: 50_000_000, width: 64, height: 48, duration: 0.8, unknown: null });
    expect(server.bytesSent).toBeLessThan(1_500_000);
    expect(server.requests.length).toBeLessThanOrEqual(3);
  });
});
