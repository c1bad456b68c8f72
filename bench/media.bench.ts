import { systemClock } from '../src/core/clock.ts';
import type { MediaKind } from '../src/media/facts.ts';
import { probeMedia } from '../src/media/probe.ts';
import { exif, fixture, inflatedMp4, jpegSegment, jpegWith } from '../test/media/files.ts';
import { MediaServer } from '../test/media/media-server.ts';

export interface MediaBar {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly ok: boolean;
}

/** What probing costs: bytes for the largest files, time for many. */
export async function benchMedia(): Promise<readonly MediaBar[]> {
  const profile = jpegSegment(0xe2, new Uint8Array(65_000));
  const photo = jpegWith([exif(1, { length: 60_000 }), ...new Array<Uint8Array>(25).fill(profile)]);
  return [
    await bytesRead('50 MB MP4, index first', inflatedMp4('index-first.mp4', 50_000_000), 'video', 1_500_000),
    await bytesRead('50 MB MP4, index last', inflatedMp4('index-last.mp4', 50_000_000), 'video', 1_500_000),
    await bytesRead('1.7 MB before the picture of a JPEG', photo, 'image', 64_000),
    await fiveHundred(),
  ];
}

async function bytesRead(
  what: string,
  bytes: Uint8Array,
  expected: MediaKind,
  bar: number,
): Promise<MediaBar> {
  return withServer(async (server) => {
    await probe([server.serve('/file', { bytes })], expected);
    const measured = `${(server.bytesSent / 1000).toFixed(0)} kB`;
    return { what, measured, bar: `under ${bar / 1000} kB`, ok: server.bytesSent < bar };
  });
}

async function fiveHundred(): Promise<MediaBar> {
  return withServer(async (server) => {
    const bytes = fixture('index-last.mp4');
    const urls = Array.from({ length: 500 }, (_, index) => server.serve(`/${index}.mp4`, { bytes }));
    server.latencyMs = 50;
    const started = performance.now();
    await probe(urls, 'video');
    const seconds = (performance.now() - started) / 1000;
    return {
      what: '500 files, 50 ms of latency',
      measured: `${seconds.toFixed(1)} s`,
      bar: 'under 10 s',
      ok: seconds < 10,
    };
  });
}

/** @throws Error where a file was not read: then the measurement would be of nothing. */
async function probe(urls: readonly string[], expected: MediaKind): Promise<void> {
  const requests = urls.map((url) => ({ url, expected }));
  const facts = await probeMedia(requests, { clock: systemClock, cacheFile: null, allowPrivateMedia: true });
  for (const [url, fact] of facts) {
    if (fact.outcome !== 'reached' || fact.unknown !== null) throw new Error(`${url} was not read`);
  }
}

async function withServer(measure: (server: MediaServer) => Promise<MediaBar>): Promise<MediaBar> {
  const server = await MediaServer.start();
  try {
    return await measure(server);
  } finally {
    await server.close();
  }
}
