import { lookup } from 'node:dns';
import { readFileSync } from 'node:fs';
import { open } from 'node:fs/promises';
import type { OutgoingHttpHeaders } from 'node:http';
import path from 'node:path';
import { brotliCompressSync, deflateSync, gzipSync } from 'node:zlib';
import type { Dispatcher } from 'undici';
import { describe, expect, it, onTestFinished } from 'vitest';
import { askForClip } from '../../src/collect/ask-for-clip.ts';
import type { CollectOptions } from '../../src/collect/collect.ts';
import { fetchClip } from '../../src/collect/fetch-clip.ts';
import { clipOf } from '../../src/emulator/clip.ts';
import { type Network, openNetwork } from '../../src/media/network.ts';
import { clipHost, type Handler, longClip, serve } from './clip-host.ts';
import { completed, filesIn, type Rig, rig, ScriptedProvider, temporaryFolder } from './rig.ts';

const clip = longClip();

function collecting(rigged: Rig, origin: string, more: Partial<CollectOptions> = {}) {
  const provider = new ScriptedProvider((id) => completed(id, `${origin}/${id}`), rigged.clock);
  const download = { folder: path.join(rigged.folder, 'renders'), root: rigged.folder };
  return { provider, result: rigged.collect(provider, { download, ...more }) };
}

/** What a collect of one clip from such a host leaves on the disk, by name. */
async function savedFrom(handler: Handler) {
  const rigged = await rig(['a']);
  const { origin, requests } = await clipHost(handler);
  const { result } = collecting(rigged, origin);
  const { saved, problems } = await result;
  const files = filesIn(rigged.folder).map((name) => readFileSync(path.join(rigged.folder, name)));
  return { saved, problems, files, events: rigged.events, requests };
}

const answering =
  (headers: OutgoingHttpHeaders, body: Buffer, status = 200): Handler =>
  (_request, response) =>
    void response.writeHead(status, { 'content-length': body.length, ...headers }).end(body);

describe('a host that labels the file as packed', () => {
  it.each(['', ' ', 'Identity', 'IDENTITY', 'identity, identity', 'aws-chunked', 'AWS-Chunked,identity'])(
    'with %j, which changes no byte: it is saved as it comes',
    async (coding) => {
      const { saved, files } = await savedFrom(answering({ 'content-encoding': coding }, clip));
      expect(saved).toBe(1);
      expect(files[0]?.equals(clip)).toBe(true);
    },
  );

  it.each(['utf-8', 'binary', 'none', 'gzip', 'br', 'UTF-8, gzip'])(
    'with %j, and sends the clip as it is: what came decides',
    async (coding) => {
      const { saved, files } = await savedFrom(answering({ 'content-encoding': coding }, clip));
      expect(saved).toBe(1);
      expect(files[0]?.equals(clip)).toBe(true);
    },
  );

  it.each([
    ['gzip', gzipSync(clip)],
    ['X-GZIP', gzipSync(clip)],
    ['deflate', deflateSync(clip)],
    ['br', brotliCompressSync(clip)],
    ['gzip, br', brotliCompressSync(gzipSync(clip))],
  ])('with %j, and has packed it: it is unpacked', async (coding, body) => {
    const { saved, files } = await savedFrom(answering({ 'content-encoding': coding, etag: '"one"' }, body));
    expect(saved).toBe(1);
    expect(files[0]?.equals(clip)).toBe(true);
  });

  it('with a coding that nobody knows, and sends no clip: nothing is saved, and why is said', async () => {
    const body = Buffer.alloc(5000, 1);
    const { saved, problems, files } = await savedFrom(answering({ 'content-encoding': 'x-odd' }, body));
    expect({ saved, files }).toEqual({ saved: 0, files: [] });
    expect(problems).toMatchObject([{ kind: 'download', message: expect.stringContaining('x-odd') }]);
  });

  it('and cuts what it packed: no part is taken for the whole', async () => {
    const packed = gzipSync(clip);
    const { saved, files } = await savedFrom(
      answering({ 'content-encoding': 'gzip' }, packed.subarray(0, packed.length - 200)),
    );
    expect({ saved, files }).toEqual({ saved: 0, files: [] });
  });

  it('and packs the rest of a file: its bytes never get between those of the beginning', async () => {
    const { saved, files } = await savedFrom((request, response, before) => {
      const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
      if (start === undefined)
        return serve(request, response, clip, before === 0 ? { cutAfter: 150_000 } : {});
      const rest = gzipSync(clip.subarray(Number(start)));
      response.writeHead(206, {
        ...{ etag: '"one"', 'content-encoding': 'gzip', 'content-length': rest.length },
        'content-range': `bytes ${start}-${clip.length - 1}/${clip.length}`,
      });
      response.end(rest);
    });
    expect(saved).toBe(1);
    expect(files[0]?.equals(clip)).toBe(true);
  });
});

describe('a 206 that nobody asked for', () => {
  const last = clip.length - 1;

  it.each<[string, OutgoingHttpHeaders]>([
    ['the whole file', { 'content-range': `bytes 0-${last}/${clip.length}` }],
    ['the whole file of a size that is not told', { 'content-range': `bytes 0-${last}/*` }],
    ['no range', {}],
    ['a range in capitals', { 'content-range': `Bytes 0-${last}/${clip.length}` }],
  ])('with %s is taken', async (_name, headers) => {
    const { saved, files } = await savedFrom(answering(headers, clip, 206));
    expect(saved).toBe(1);
    expect(files[0]?.equals(clip)).toBe(true);
  });

  it('with the beginning is gone on with', async () => {
    const { saved, files, requests } = await savedFrom((request, response) => {
      if (request.headers.range !== undefined) return serve(request, response, clip);
      answering(
        { etag: '"one"', 'content-range': `bytes 0-149999/${clip.length}` },
        clip.subarray(0, 150_000),
        206,
      )(request, response, 0);
    });
    expect(saved).toBe(1);
    expect(files[0]?.equals(clip)).toBe(true);
    expect(requests.map(({ headers }) => headers.range)).toEqual([undefined, 'bytes=150000-']);
  });

  it('a rest that begins at a block of the host, before what was asked for, is the rest', async () => {
    const { saved, files } = await savedFrom((request, response) => {
      const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
      if (start === undefined) return serve(request, response, clip, { cutAfter: 150_777 });
      const from = Math.floor(Number(start) / 4096) * 4096;
      answering(
        { etag: '"one"', 'content-range': `bytes ${from}-${last}/${clip.length}` },
        clip.subarray(from),
        206,
      )(request, response, 0);
    });
    expect(saved).toBe(1);
    expect(files[0]?.equals(clip)).toBe(true);
  });

  it('a 203 of a proxy is a file as well', async () => {
    expect(await savedFrom(answering({}, clip, 203))).toMatchObject({ saved: 1 });
  });
});

describe('bytes behind a whole MP4', () => {
  const whole = clipOf(5);
  const odd = Buffer.from('APETAGEX\xd0\x07\x00\x00 some tag', 'latin1');

  it.each<[string, Buffer]>([
    ['four zeros', Buffer.alloc(4)],
    ['sixteen zeros', Buffer.alloc(16)],
    ['text', Buffer.from('\n<!-- served by edge -->\n')],
    ['a tag', odd],
    ['one byte', Buffer.from('x')],
  ])('%s: the clip is saved as it came, and that is said', async (_name, more) => {
    const body = Buffer.concat([whole, more]);
    const { saved, files, events } = await savedFrom(answering({}, body));
    expect(saved).toBe(1);
    expect(files[0]?.equals(body)).toBe(true);
    expect(events).toContainEqual({
      ...{ type: 'warning', key: 'a' },
      message: expect.stringMatching(new RegExp(`^${more.length} bytes? behind the end`)),
    });
  });

  it('a whole box of the user kind is part of the file', async () => {
    const box = Buffer.alloc(40, 1);
    box.writeUInt32BE(40, 0);
    box.write('uuid', 4);
    const { saved, events } = await savedFrom(answering({}, Buffer.concat([whole, box])));
    expect(saved).toBe(1);
    expect(events.filter(({ type }) => type === 'warning')).toEqual([]);
  });

  it.each<[string, Buffer]>([
    ['within its pictures', whole.subarray(0, whole.length - 9)],
    ['before its pictures', whole.subarray(0, Math.max(whole.indexOf('mdat'), whole.indexOf('moov')) - 4)],
    ['within a box that it ends with', clip.subarray(0, clip.length - 9)],
  ])('a clip that is cut %s stays cut', async (_name, body) => {
    const { saved, problems } = await savedFrom(answering({}, body));
    expect(saved).toBe(0);
    expect(problems).toMatchObject([{ kind: 'download', message: 'the file is cut short' }]);
  });
});

describe('a clip whose host has not heard of it yet', () => {
  /** A host that has the clip from the nth request on. */
  const readyAt =
    (nth: number, status: number): Handler =>
    (request, response, before) => {
      if (before >= nth) serve(request, response, clip);
      else response.writeHead(status).end('{"code":"video_not_ready"}');
    };

  it.each([403, 404, 400, 401, 409, 425, 202, 204])(
    'answers %i at first: it is asked again until it is there',
    async (status) => {
      const rigged = await rig(['a']);
      const { origin } = await clipHost(readyAt(8, status));
      const { result, provider } = collecting(rigged, origin, { timeoutMs: 10 * 3_600_000 });
      expect(await result).toMatchObject({ saved: 1, problems: [], stopped: null });
      expect(provider.asked.get('video_a')).toBeLessThanOrEqual(4);
      expect(rigged.events.filter(({ type }) => type === 'notYet')).toHaveLength(1);
    },
  );

  it('is waited for as long as the wait lasts, and no longer', async () => {
    const rigged = await rig(['a', 'b']);
    const { origin } = await clipHost(readyAt(1_000_000, 404));
    const started = rigged.clock.now();
    const { result } = collecting(rigged, origin, { timeoutMs: 3_600_000 });
    expect(await result).toMatchObject({ saved: 0, problems: [{ kind: 'expired' }, { kind: 'expired' }] });
    // The clock of the test goes on while the host answers, so what a busy machine takes for that comes on top.
    expect(rigged.clock.now() - started).toBeGreaterThanOrEqual(3_600_000);
    expect(rigged.clock.now() - started).toBeLessThan(6 * 3_600_000);
  });

  it('is not waited for with --once beyond some tries', async () => {
    const rigged = await rig(['a']);
    const { origin, requests } = await clipHost(readyAt(1_000_000, 404));
    const { result } = collecting(rigged, origin, { once: true });
    expect(await result).toMatchObject({ saved: 0, problems: [{ kind: 'expired' }] });
    expect(requests.length).toBeLessThan(12);
  });

  it('holds up no other clip, however many there are', async () => {
    const keys = Array.from({ length: 8 }, (_, i) => `late${i}`);
    const rigged = await rig([...keys, 'good']);
    let [late, lateBeforeGood] = [0, Number.POSITIVE_INFINITY];
    const { origin } = await clipHost((request, response) => {
      if (request.url !== '/video_good') {
        late += 1;
        return void response.writeHead(404).end();
      }
      lateBeforeGood = late;
      serve(request, response, clip);
    });
    await collecting(rigged, origin, { timeoutMs: 600_000 }).result;
    // Each of the others was asked for a few times at most, and then made way.
    expect(lateBeforeGood).toBeLessThan(4 * keys.length);
  });

  it('is taken for lost at once where the day of its URL is over', async () => {
    const rigged = await rig(['a']);
    const { origin, requests } = await clipHost((_request, response) => void response.writeHead(404).end());
    const { result } = collecting(rigged, origin, { download: null });
    await result;
    await rigged.clock.advance(25 * 3_600_000);
    expect(await collecting(rigged, origin).result).toMatchObject({ problems: [{ kind: 'expired' }] });
    expect(requests.length).toBeLessThan(6);
  });
});

describe('a plain http URL of another machine', () => {
  interface Asked {
    readonly urls: string[];
    readonly network: Network;
  }

  /** A network in which every URL gives what the test says; an error where it says none. */
  function networkOf(answers: Readonly<Record<string, { status: number; location?: string }>>): Asked {
    const urls: string[] = [];
    return {
      urls,
      network: {
        async get(url) {
          urls.push(url.href);
          const answer = answers[url.href];
          if (answer === undefined) throw Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
          const { status, location } = answer;
          const headers = location === undefined ? {} : { location };
          return {
            statusCode: status,
            headers,
            body: { destroy: () => {} },
          } as unknown as Dispatcher.ResponseData;
        },
        checksAddress: () => false,
        close: async () => {},
      },
    };
  }

  const ask = (url: string, { network }: Asked, plainHosts = new Set<string>()) =>
    askForClip(url, {}, { network, allowLoopback: false, plainHosts, signal: new AbortController().signal });

  it('is asked for over https first', async () => {
    const asked = networkOf({ 'https://oss.example.com/a.mp4?sig=1': { status: 200 } });
    const found = await ask('http://oss.example.com/a.mp4?sig=1', asked);
    expect(found).toMatchObject({ kind: 'answered', isUpgraded: true, isPlain: false });
    expect(asked.urls).toEqual(['https://oss.example.com/a.mp4?sig=1']);
  });

  it.each<[string, Readonly<Record<string, { status: number; location?: string }>>]>([
    ['gives nothing', {}],
    ['answers 404', { 'https://oss.example.com/a.mp4': { status: 404 } }],
    [
      'leads back',
      { 'https://oss.example.com/a.mp4': { status: 302, location: 'http://oss.example.com/a.mp4' } },
    ],
  ])('is then asked for as it is given, where https %s', async (_name, answers) => {
    const asked = networkOf({ ...answers, 'http://oss.example.com/a.mp4': { status: 200 } });
    const found = await ask('http://oss.example.com/a.mp4', asked);
    expect(found).toMatchObject({ kind: 'answered', isUpgraded: false, isPlain: true });
    expect(asked.urls).toEqual(['https://oss.example.com/a.mp4', 'http://oss.example.com/a.mp4']);
  });

  it('is not tried over https again on a host that has none', async () => {
    const asked = networkOf({ 'http://oss.example.com/a.mp4': { status: 200 } });
    const plainHosts = new Set<string>();
    await ask('http://oss.example.com/a.mp4', asked, plainHosts);
    await ask('http://oss.example.com/a.mp4', asked, plainHosts);
    expect(asked.urls).toHaveLength(3);
  });

  it('of this machine is refused where the provider is another one', async () => {
    const asked = networkOf({});
    expect(await ask('http://127.0.0.1/a.mp4', asked)).toMatchObject({ kind: 'gone' });
    expect(asked.urls).toEqual([]);
  });

  it('is saved, and said to have come so', async () => {
    const { origin } = await clipHost((request, response) => serve(request, response, clip));
    const network = await openNetwork({
      ...{ allowPrivate: true, proxyFor: undefined, connectionsPerHost: 1 },
      ...{ connectTimeoutMs: 10_000, silenceTimeoutMs: 10_000 },
      // Another name for this machine, that does not say so.
      lookup: (_host, options, callback) => lookup('127.0.0.1', options, callback),
    });
    onTestFinished(() => network.close());
    const file = await open(path.join(temporaryFolder(), 'clip.part'), 'w+');
    onTestFinished(() => file.close());
    const plain: string[] = [];
    const { port } = new URL(origin);
    const result = await fetchClip(
      `http://clips.example.com:${port}/a`,
      { file, path: 'clip.part', length: 0, validator: null, size: null },
      { begin: async () => {}, received: () => {}, plain: (host) => plain.push(host) },
      {
        ...{ network, allowLoopback: false, plainHosts: new Set<string>(), now: Date.now },
        ...{ signal: new AbortController().signal, slowest: { bytes: 1, ms: 60_000 } },
      },
    );
    expect(result).toEqual({ kind: 'whole', size: clip.length });
    expect(plain).toEqual([`clips.example.com:${port}`]);
  });
});
