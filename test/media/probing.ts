import { afterEach } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import type { MediaFacts, MediaKind, ReachedMedia } from '../../src/media/facts.ts';
import { type ProbeOptions, probeMedia } from '../../src/media/probe.ts';
import { MediaServer } from './media-server.ts';

/** A server for one test, closed after it. */
export function useServers(): () => Promise<MediaServer> {
  const servers: MediaServer[] = [];
  afterEach(async () => {
    await Promise.all(servers.splice(0).map((server) => server.close()));
  });
  return async () => {
    const server = await MediaServer.start();
    servers.push(server);
    return server;
  };
}

/** Facts of one URL; loopback is allowed, since that is where the tests' servers are. */
export async function probe(
  url: string,
  expected: MediaKind = 'image',
  options: Partial<ProbeOptions> = {},
): Promise<MediaFacts> {
  const all = { clock: systemClock, cacheFile: null, allowPrivateMedia: true, ...options };
  const facts = (await probeMedia([{ url, expected }], all)).get(url);
  if (facts === undefined) throw new Error(`no facts of ${url}`);
  return facts;
}

export async function probeReached(
  url: string,
  expected: MediaKind = 'image',
  options: Partial<ProbeOptions> = {},
): Promise<ReachedMedia> {
  const facts = await probe(url, expected, options);
  if (facts.outcome !== 'reached') throw new Error(`${url}: ${facts.message}`);
  return facts;
}

/**
 * Serves and probes files all at once, which starts the reading thread once. Facts by name; a name says what a file is
 * expected to be no more than a URL does.
 */
export async function probeFiles(
  server: MediaServer,
  files: Readonly<Record<string, Uint8Array>>,
  expected: MediaKind = 'image',
  options: Partial<ProbeOptions> = {},
): Promise<Readonly<Record<string, ReachedMedia>>> {
  const urls = Object.entries(files).map(([name, bytes]) => [
    name,
    server.serve(`/${encodeURIComponent(name)}`, { bytes }),
  ]);
  const all = { clock: systemClock, cacheFile: null, allowPrivateMedia: true, ...options };
  const facts = await probeMedia(
    urls.map(([, url = '']) => ({ url, expected })),
    all,
  );
  return Object.fromEntries(
    urls.map(([name = '', url = '']) => {
      const found = facts.get(url);
      if (found?.outcome !== 'reached') throw new Error(`${name}: ${found?.message ?? 'no facts'}`);
      return [name, found];
    }),
  );
}
