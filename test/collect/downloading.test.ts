import { createHash } from 'node:crypto';
import { lookup } from 'node:dns';
import { linkSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { OutgoingHttpHeaders, ServerResponse } from 'node:http';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import type { CollectOptions } from '../../src/collect/collect.ts';
import type { CollectResult } from '../../src/collect/events.ts';
import { fetchClip } from '../../src/collect/fetch-clip.ts';
import { SetupError } from '../../src/core/errors.ts';
import { openNetwork } from '../../src/media/network.ts';
import { request } from '../helpers/requests.ts';
import { clipHost, type Handler, longClip, serve } from './clip-host.ts';
import {
  accept,
  completed,
  filesIn,
  type Rig,
  rig,
  ScriptedProvider,
  scope,
  temporaryFolder,
} from './rig.ts';

const clip = longClip();
const sha256 = createHash('sha256').update(clip).digest('hex');

function downloading(
  { folder, clock, collect }: Rig,
  urlOf: (taskId: string, nth: number) => string,
  more: Partial<CollectOptions> = {},
): { provider: ScriptedProvider; result: Promise<CollectResult> } {
  const provider = new ScriptedProvider((id, nth) => completed(id, urlOf(id, nth)), clock);
  const download = { folder: path.join(folder, 'renders'), root: folder };
  return { provider, result: collect(provider, { download, ...more }) };
}

describe('downloading', () => {
  it('saves each clip whole under the name of its key, and notes path, size and SHA-256', async () => {
    const rigged = await rig(['sc010/sh0030:tall@2', 'sc010/sh0030', 'sh1']);
    const { origin, requests } = await clipHost((asked, response) => serve(asked, response, clip));
    const { result } = downloading(rigged, (id) => `${origin}/${id}.mp4?Signature=secret`);
    expect(await result).toMatchObject({ saved: 3, completed: 3, problems: [], stopped: null });
    expect(filesIn(rigged.folder)).toEqual([
      'renders/sc010_sh0030_tall_t02_v001.mp4',
      'renders/sc010_sh0030_v001.mp4',
      'renders/sh1_v001.mp4',
    ]);
    for (const file of filesIn(rigged.folder)) {
      expect(readFileSync(path.join(rigged.folder, file)).equals(clip)).toBe(true);
    }
    const [entry] = await rigged.ledger.read(scope);
    expect(entry).toMatchObject({
      ...{ state: 'completed', videoUrl: null },
      file: { path: 'renders/sc010_sh0030_tall_t02_v001.mp4', bytes: clip.length, sha256, seconds: 5 },
    });
    expect(requests).toHaveLength(3);
    for (const { headers } of requests) {
      expect(headers).not.toHaveProperty('authorization');
      expect(headers).not.toHaveProperty('cookie');
    }
  });

  it('downloads nothing twice', async () => {
    const rigged = await rig(['a', 'b']);
    const { origin, requests } = await clipHost((asked, response) => serve(asked, response, clip));
    const urlOf = (id: string): string => `${origin}/${id}`;
    await downloading(rigged, urlOf).result;
    const again = downloading(rigged, urlOf);
    expect(await again.result).toMatchObject({ saved: 0, polls: 0 });
    expect(requests).toHaveLength(2);
  });

  it('goes on where a broken download ended, if the validator proves that it is the same file', async () => {
    const rigged = await rig(['a']);
    const { origin, requests } = await clipHost((asked, response, before) => {
      serve(asked, response, clip, before < 2 ? { cutAfter: 150_000 } : {});
    });
    const { result, provider } = downloading(rigged, () => `${origin}/a`);
    expect(await result).toMatchObject({ saved: 1, bytes: clip.length });
    expect(requests.map(({ headers }) => [headers.range, headers['if-range']])).toEqual([
      [undefined, undefined],
      ['bytes=150000-', '"one"'],
      ['bytes=300000-', '"one"'],
    ]);
    expect(provider.asked.get('video_a')).toBe(1);
    expect(readFileSync(path.join(rigged.folder, 'renders/a_v001.mp4')).equals(clip)).toBe(true);
  });

  it('starts again where the file has changed since', async () => {
    const rigged = await rig(['a']);
    const other = longClip(300_000);
    const { origin } = await clipHost((asked, response, before) => {
      if (before === 0) serve(asked, response, clip, { cutAfter: 150_000 });
      else serve(asked, response, other, { etag: '"two"' });
    });
    expect(await downloading(rigged, () => `${origin}/a`).result).toMatchObject({ saved: 1 });
    expect(readFileSync(path.join(rigged.folder, 'renders/a_v001.mp4')).equals(other)).toBe(true);
  });

  it.each([
    ['a weak ETag', { etag: 'W/"one"' }],
    ['no validator', {}],
    ['a Last-Modified of this very moment', { 'last-modified': new Date().toUTCString() }],
  ])('starts again with %s, which proves nothing', async (_name, headers) => {
    const rigged = await rig(['a']);
    const { origin, requests } = await clipHost((_asked, response, before) => {
      response.writeHead(200, { 'content-length': clip.length, ...headers });
      if (before > 0) response.end(clip);
      else response.write(clip.subarray(0, 100_000), () => setTimeout(() => response.destroy(), 20));
    });
    expect(await downloading(rigged, () => `${origin}/a`).result).toMatchObject({ saved: 1 });
    expect(requests.map(({ headers: { range } }) => range)).toEqual([undefined, undefined]);
    expect(readFileSync(path.join(rigged.folder, 'renders/a_v001.mp4')).equals(clip)).toBe(true);
  });

  it('takes no part of another file for the rest, whatever the server claims', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((asked, response, before) => {
      if (before === 0) return serve(asked, response, clip, { cutAfter: 150_000 });
      if (before === 1) {
        const rest = Buffer.alloc(100, 1);
        response.writeHead(206, {
          ...{ etag: '"other"', 'content-length': rest.length },
          'content-range': `bytes 150000-150099/150100`,
        });
        return void response.end(rest);
      }
      serve(asked, response, clip);
    });
    expect(await downloading(rigged, () => `${origin}/a`).result).toMatchObject({ saved: 1 });
    expect(readFileSync(path.join(rigged.folder, 'renders/a_v001.mp4')).equals(clip)).toBe(true);
  });

  it.each<[string, Buffer, RegExp]>([
    [
      'an HTML error page',
      Buffer.from(`<!doctype html><title>Error</title>${' '.repeat(5000)}`),
      /no video but html/,
    ],
    ['a truncated file', clip.subarray(0, clip.length - 1000), /cut short/],
    ['nothing', Buffer.alloc(0), /empty/],
    ['an image', Buffer.from(`\x89PNG\r\n\x1a\n${'x'.repeat(3000)}`, 'latin1'), /no video but png/],
  ])('does not take %s for a clip, and leaves the task completed', async (_name, body, why) => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((_asked, response) => {
      response.writeHead(200, { 'content-length': body.length, etag: '"page"' });
      response.end(body);
    });
    const result = await downloading(rigged, () => `${origin}/a`).result;
    expect(result.problems).toMatchObject([
      { kind: 'download', key: 'a', message: expect.stringMatching(why) },
    ]);
    expect(filesIn(rigged.folder)).toEqual([]);
    expect(await rigged.ledger.read(scope)).toMatchObject([{ state: 'completed', file: null, error: null }]);
  });

  it('asks the provider for another URL when one has expired, and gives up when none works', async () => {
    const rigged = await rig(['a', 'b']);
    const { origin } = await clipHost((asked, response) => {
      if (asked.url === '/new-a') return serve(asked, response, clip);
      response.writeHead(403).end('<Error><Code>AccessDenied</Code></Error>');
    });
    const first = downloading(
      rigged,
      (id, nth) => `${origin}/${id === 'video_a' && nth > 1 ? 'new-a' : 'old'}`,
    );
    const result = await first.result;
    expect(result).toMatchObject({ saved: 1 });
    expect(result.problems).toMatchObject([
      { kind: 'expired', key: 'b', message: 'the host of the clip answers 403' },
    ]);
    expect(first.provider.asked.get('video_a')).toBe(2);
    expect(first.provider.asked.get('video_b')).toBe(4);
    // Nothing is lost: a later collect asks again.
    const later = await downloading(rigged, () => `${origin}/new-a`).result;
    expect(later).toMatchObject({ saved: 1, problems: [] });
    expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.mp4', 'renders/b_v001.mp4']);
  });

  it('follows redirects within bounds, to https or this machine only', async () => {
    const rigged = await rig(['a', 'loop', 'file', 'cloud']);
    const { origin } = await clipHost((asked, response) => {
      const to: Record<string, string> = {
        '/hop': '/video_a',
        '/video_loop': '/video_loop',
        '/video_file': 'file:///etc/passwd',
        '/video_cloud': 'http://169.254.169.254/latest',
      };
      const location = to[asked.url ?? ''];
      if (location === undefined) return serve(asked, response, clip);
      response.writeHead(302, { location }).end();
    });
    const { result } = downloading(rigged, (id) => `${origin}/${id === 'video_a' ? 'hop' : id}`);
    const { saved, problems } = await result;
    expect(saved).toBe(1);
    expect(Object.fromEntries(problems.map(({ key, message }) => [key, message]))).toEqual({
      loop: 'the URL redirects more than 5 times',
      file: 'the URL is not https (file://)',
      cloud: 'the URL is not https (http://169.254.169.254)',
    });
  });

  it('keeps trying a host that fails for a while, and waits as long as it asks', async () => {
    const rigged = await rig(['a']);
    const times: number[] = [];
    const { origin } = await clipHost((asked, response, before) => {
      times.push(rigged.clock.now());
      if (before === 0) response.writeHead(503, { 'retry-after': '120' }).end();
      else if (before === 1) response.destroy();
      else serve(asked, response, clip);
    });
    expect(await downloading(rigged, () => `${origin}/a`).result).toMatchObject({ saved: 1 });
    expect((times[1] ?? 0) - (times[0] ?? 0)).toBeGreaterThanOrEqual(120_000);
  });

  describe('from a host that never gets done', () => {
    const part = { etag: '"one"', 'content-length': clip.length };
    const rangeOf = (from: number) => ({
      ...part,
      'content-range': `bytes ${from}-${clip.length - 1}/${clip.length}`,
    });
    const cut = (response: ServerResponse, headers: OutgoingHttpHeaders): void => {
      response.writeHead(200, headers);
      response.write(clip.subarray(0, 150_000), () => setTimeout(() => response.destroy(), 20));
    };

    it.each<[string, Handler]>([
      [
        'cuts a file that cannot be gone on with',
        (_asked, response) => cut(response, { 'content-length': clip.length }),
      ],
      ['cuts an endless file', (_asked, response) => cut(response, {})],
      [
        'sends the end when it is asked for the whole',
        (_asked, response) => void response.writeHead(206, rangeOf(9)).end(clip.subarray(9)),
      ],
      [
        'sends another part than it is asked for',
        (asked, response) => {
          if (asked.headers.range === undefined) cut(response, part);
          else response.writeHead(206, rangeOf(5)).end(clip.subarray(5));
        },
      ],
      [
        'says that there is no more when there is',
        (asked, response) => {
          if (asked.headers.range === undefined) cut(response, part);
          else response.writeHead(416, { 'content-range': `bytes */${clip.length}` }).end();
        },
      ],
      [
        'announces a file that fills every disk',
        (_asked, response) => cut(response, { 'content-length': 10 ** 13 }),
      ],
    ])('that %s: it is left after some tries, and the others get their turn', async (_name, handler) => {
      const rigged = await rig(['a', 'b', 'c', 'good']);
      const { origin, requests } = await clipHost((asked, response, before) => {
        if (asked.url === '/video_good') serve(asked, response, clip);
        else handler(asked, response, before);
      });
      const { saved, problems } = await downloading(rigged, (id) => `${origin}/${id}`).result;
      expect(saved).toBe(1);
      expect(problems.map(({ kind, key }) => `${kind} ${key}`).sort()).toEqual([
        'download a',
        'download b',
        'download c',
      ]);
      expect(requests.filter(({ path: asked }) => asked === '/video_a').length).toBeLessThan(12);
    });
  });

  it('leaves a host that sends too slowly, with what it has got', async () => {
    const { origin } = await clipHost((_asked, response) => {
      response.writeHead(200, { 'content-length': clip.length, etag: '"one"' });
      const drip = setInterval(() => response.write(clip.subarray(0, 1024)), 5);
      response.on('close', () => clearInterval(drip));
    });
    const network = await openNetwork({
      ...{ allowPrivate: true, proxyFor: undefined, lookup, connectionsPerHost: 1 },
      ...{ connectTimeoutMs: 10_000, silenceTimeoutMs: 10_000 },
    });
    onTestFinished(() => network.close());
    const file = await open(path.join(temporaryFolder(), 'clip.part'), 'w+');
    onTestFinished(() => file.close());
    const unfinished = { file, path: 'clip.part', length: 0, validator: null, size: null };
    const events = { begin: async () => {}, received: () => {}, plain: () => {} };
    const { signal } = new AbortController();
    const options = { network, allowLoopback: true, plainHosts: new Set<string>(), signal, now: Date.now };
    const slowest = { bytes: clip.length, ms: 50 };
    const result = await fetchClip(`${origin}/a`, unfinished, events, { ...options, slowest });
    expect(result).toMatchObject({ kind: 'broken', error: 'the server sends too slowly' });
    expect((await file.stat()).size).toBeGreaterThan(0);
  });

  it('keeps no part of a clip that can never be had any more', async () => {
    const rigged = await rig(['a']);
    let isGone = false;
    const { origin } = await clipHost((asked, response, before) => {
      if (before === 0) serve(asked, response, clip, { cutAfter: 150_000 });
      else if (isGone) response.writeHead(403).end();
      else response.writeHead(503, { 'retry-after': '3600' }).end();
    });
    const collected = (): Promise<CollectResult> => downloading(rigged, () => `${origin}/a`).result;
    expect((await collected()).problems).toMatchObject([{ kind: 'download' }]);
    isGone = true;
    expect((await collected()).problems).toMatchObject([{ kind: 'expired' }]);
    expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.part']);
    await rigged.clock.advance(25 * 3_600_000);
    const message = 'the host of the clip answers 403, more than a day after it was finished';
    expect((await collected()).problems).toMatchObject([{ kind: 'expired', message }]);
    expect(filesIn(rigged.folder)).toEqual([]);
  });

  it('never overwrites: a new result is the next version, whatever lies there', async () => {
    const rigged = await rig(['a', 'b']);
    const { origin } = await clipHost((asked, response) => serve(asked, response, clip));
    mkdirSync(path.join(rigged.folder, 'renders'));
    writeFileSync(path.join(rigged.folder, 'renders/B_V001.mov'), 'mine');
    await downloading(rigged, (id) => `${origin}/${id}`).result;
    await accept(rigged.ledger, [request('a', { body: { prompt: 'edited' } })], () => 'video_a2');
    await downloading(rigged, (id) => `${origin}/${id}`).result;
    expect(filesIn(rigged.folder)).toEqual([
      'renders/B_V001.mov',
      'renders/a_v001.mp4',
      'renders/a_v002.mp4',
      'renders/b_v002.mp4',
    ]);
    expect(readFileSync(path.join(rigged.folder, 'renders/B_V001.mov'), 'utf8')).toBe('mine');
  });

  it('gives way to a file that takes its name while it loads', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((asked, response) => {
      writeFileSync(path.join(rigged.folder, 'renders/a_v001.mp4'), 'mine');
      serve(asked, response, clip);
    });
    expect(await downloading(rigged, () => `${origin}/a`).result).toMatchObject({ saved: 1 });
    expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.mp4', 'renders/a_v002.mp4']);
    expect(readFileSync(path.join(rigged.folder, 'renders/a_v001.mp4'), 'utf8')).toBe('mine');
    expect(await rigged.ledger.read(scope)).toMatchObject([{ file: { path: 'renders/a_v002.mp4', sha256 } }]);
  });

  describe('after an end between two writes', () => {
    /** A download that was noted to be whole, at the moment before `lay` puts files where the end left them. */
    async function interrupted(lay: (part: string, final: string) => void) {
      const rigged = await rig(['a']);
      const { origin, requests } = await clipHost((asked, response) => serve(asked, response, clip));
      mkdirSync(path.join(rigged.folder, 'renders'));
      const stem = path.join(rigged.folder, 'renders', 'a_v001');
      const [task] = await rigged.ledger.tasks(scope);
      if (task === undefined) throw new TypeError('no task');
      const collector = await rigged.ledger.startCollector(scope);
      await collector.takeDownload(task);
      const whole = { extension: 'mp4', sha256 };
      await collector.noteDownload(task, { stem, validator: '"one"', size: clip.length, whole });
      await collector.close();
      lay(`${stem}.part`, `${stem}.mp4`);
      const result = await downloading(rigged, () => `${origin}/a`).result;
      return { rigged, requests, result };
    }

    it.each<[string, (part: string, final: string) => void]>([
      ['before the file got its name', (part) => writeFileSync(part, clip)],
      [
        'while it had both names',
        (part, final) => {
          writeFileSync(part, clip);
          linkSync(part, final);
        },
      ],
      ['after it got its name and before the ledger knew', (_part, final) => writeFileSync(final, clip)],
    ])('%s, the clip is there once and not loaded again', async (_name, lay) => {
      const { rigged, requests, result } = await interrupted(lay);
      expect(result).toMatchObject({ saved: 1, problems: [] });
      expect(requests).toEqual([]);
      expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.mp4']);
      expect(await rigged.ledger.read(scope)).toMatchObject([
        { file: { path: 'renders/a_v001.mp4', sha256, seconds: 5 }, videoUrl: null },
      ]);
    });

    it('with the file gone, it is loaded again', async () => {
      const { rigged, result } = await interrupted(() => {});
      expect(result).toMatchObject({ saved: 1, bytes: clip.length });
      expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.mp4']);
    });

    it('with another file under that name, both are kept', async () => {
      const { rigged, result } = await interrupted((_part, final) => writeFileSync(final, 'mine'));
      expect(result).toMatchObject({ saved: 1 });
      expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.mp4', 'renders/a_v002.mp4']);
      expect(readFileSync(path.join(rigged.folder, 'renders/a_v001.mp4'), 'utf8')).toBe('mine');
    });
  });

  it('does not go on with a part that a loss of power left full of zeros', async () => {
    const rigged = await rig(['a']);
    const { origin, requests } = await clipHost((asked, response) => serve(asked, response, clip));
    mkdirSync(path.join(rigged.folder, 'renders'));
    const stem = path.join(rigged.folder, 'renders', 'a_v001');
    const [task] = await rigged.ledger.tasks(scope);
    if (task === undefined) throw new TypeError('no task');
    const collector = await rigged.ledger.startCollector(scope);
    await collector.takeDownload(task);
    await collector.noteDownload(task, { stem, validator: '"one"', size: clip.length, whole: null });
    await collector.close();
    writeFileSync(`${stem}.part`, Buffer.concat([clip.subarray(0, 90_000), Buffer.alloc(10_000)]));
    await downloading(rigged, () => `${origin}/a`).result;
    expect(requests.map(({ headers: { range } }) => range)).toEqual([undefined]);
    expect(readFileSync(`${stem}.mp4`).equals(clip)).toBe(true);
  });

  it('moves on to another folder without leaving a part behind', async () => {
    const rigged = await rig(['a']);
    const interrupt = new AbortController();
    const { origin } = await clipHost((asked, response, before) => {
      if (before > 0) return serve(asked, response, clip);
      response.writeHead(200, { etag: '"one"', 'content-length': clip.length });
      response.write(clip.subarray(0, 100_000));
    });
    let received = 0;
    const first = await downloading(rigged, () => `${origin}/a`, {
      signal: interrupt.signal,
      onEvent: (event) => {
        if (event.type === 'received') received += event.bytes;
        if (received === 100_000) interrupt.abort();
      },
    }).result;
    expect(first).toMatchObject({ saved: 0, stopped: { reason: 'interrupted' } });
    expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.part']);
    const elsewhere = { folder: path.join(rigged.folder, 'cut'), root: rigged.folder };
    expect(await downloading(rigged, () => `${origin}/a`, { download: elsewhere }).result).toMatchObject({
      saved: 1,
    });
    expect(filesIn(rigged.folder)).toEqual(['cut/a_v001.mp4']);
  });

  it('collects a task of an earlier attempt too: it was paid', async () => {
    const rigged = await rig(['a']);
    await accept(rigged.ledger, [request('a')], () => 'video_again');
    const { origin } = await clipHost((asked, response) => serve(asked, response, clip));
    expect(await downloading(rigged, (id) => `${origin}/${id}`).result).toMatchObject({ saved: 2 });
    expect(filesIn(rigged.folder)).toEqual(['renders/a_v001.mp4', 'renders/a_v002.mp4']);
  });

  it('says so when the clip plays for another time than the provider says', async () => {
    const rigged = await rig(['a']);
    const { origin } = await clipHost((asked, response) => serve(asked, response, longClip(1000, 4)));
    await downloading(rigged, () => `${origin}/a`).result;
    expect(rigged.events).toContainEqual({ type: 'durationDiffers', key: 'a', stated: 5, found: 4 });
  });

  it('tells of finished clips that are about to expire unfetched', async () => {
    const rigged = await rig(['a']);
    const provider = new ScriptedProvider((id) => completed(id, 'https://cdn.example.com/a'), rigged.clock);
    expect(await rigged.collect(provider)).toMatchObject({ expiring: [] });
    await rigged.clock.advance(20 * 3_600_000);
    expect((await rigged.collect(provider)).expiring).toMatchObject([{ key: 'a' }]);
  });

  it('asks nothing where the folder cannot be made', async () => {
    const rigged = await rig(['a']);
    writeFileSync(path.join(rigged.folder, 'renders'), 'a file');
    const { provider, result } = downloading(rigged, () => 'https://cdn.example.com/a');
    await expect(result).rejects.toThrow(SetupError);
    expect(provider.asked.size).toBe(0);
  });

  it('stops when the disk takes no more, since it would refuse every other clip too', async () => {
    const rigged = await rig(['sc010/a', 'sc010/b']);
    const { origin } = await clipHost((asked, response) => serve(asked, response, clip));
    const folder = path.join(rigged.folder, 'renders');
    mkdirSync(folder);
    writeFileSync(path.join(folder, 'sc010'), 'a file where the folder of the scene would be');
    const download = { folder, root: rigged.folder, nameTemplate: '{scene}/{shot}' };
    const { stopped, problems } = await downloading(rigged, () => `${origin}/a`, { download }).result;
    expect(stopped).toMatchObject({ reason: 'disk', help: expect.stringContaining('--download') });
    expect(stopped?.message).toMatch(/^cannot write .*sc010: a file is in the way$/);
    expect(problems).toEqual([]);
    // The second task may not have been asked about any more; neither is taken for failed.
    const states = (await rigged.ledger.read(scope)).map(({ state }) => state);
    expect(states).toContain('completed');
    expect(states).not.toContain('failed');
  });

  it('lets two collectors share the work: each clip is loaded once', async () => {
    const keys = Array.from({ length: 12 }, (_, i) => `s${i}`);
    const rigged = await rig(keys);
    const { origin, requests } = await clipHost((asked, response) => serve(asked, response, clip));
    const both = [
      downloading(rigged, (id) => `${origin}/${id}`).result,
      downloading(rigged, (id) => `${origin}/${id}`).result,
    ];
    const results = await Promise.all(both);
    expect(results.reduce((sum, { saved }) => sum + saved, 0)).toBe(12);
    expect(requests.map(({ path: asked }) => asked).sort()).toEqual(
      keys.map((key) => `/video_${key}`).sort(),
    );
    expect(filesIn(rigged.folder)).toEqual(keys.map((key) => `renders/${key}_v001.mp4`).sort());
  });
});
