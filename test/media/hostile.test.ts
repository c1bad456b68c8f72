import { afterEach, describe, expect, test } from 'vitest';
import type { Inspection } from '../../src/media/inspect.ts';
import { Inspector } from '../../src/media/inspector.ts';
import { fc } from '../helpers/fast-check.ts';
import { fixture, fixtureFacts } from './files.ts';
import { makeMp4 } from './hostile-mp4.ts';
import { probe, probeFiles, useServers } from './probing.ts';

const startServer = useServers();
const inspectors: Inspector[] = [];
afterEach(async () => {
  await Promise.all(inspectors.splice(0).map((inspector) => inspector.close()));
});

function startInspector(options: Partial<ConstructorParameters<typeof Inspector>[0]> = {}): Inspector {
  const inspector = new Inspector({ fileTimeoutMs: 5000, memoryMiB: 128, maxGivenUp: 3, ...options });
  inspectors.push(inspector);
  return inspector;
}

function inspectWhole(inspector: Inspector, bytes: Uint8Array): Promise<Inspection> {
  return inspector.inspect({ pieces: [{ start: 0, bytes }], size: bytes.length });
}

/** One damaged byte, the size of an element, keeps the reader at the same place for ever. */
const endless = fixture('clip.mkv');
endless[Buffer.from(endless).lastIndexOf(Uint8Array.of(0x16, 0x54, 0xae, 0x6b)) + 4] = 0;

/** Four billion samples out of order, in 700 bytes: a reader that sorts them needs more memory than there is. */
const greedy = makeMp4({
  samples: 0xffffffff,
  offsets: [
    [1, 0x7fffffff],
    [0xfffffffe, 0],
  ],
  width: 64,
  height: 48,
});
const honest = makeMp4({ samples: 25, offsets: [[25, 0]], width: 64, height: 48 });

describe('a file made to keep its reader busy for ever', () => {
  test('is given up on, and the files after it are read', async () => {
    const inspector = startInspector({ fileTimeoutMs: 1000 });
    expect((await inspectWhole(inspector, honest)).reading).toMatchObject({ width: 64, unknown: null });
    expect((await inspectWhole(inspector, endless)).reading).toMatchObject({
      kind: 'video',
      format: 'matroska',
      width: null,
      unknown: 'reading it took longer than 1 s, so it was given up on',
    });
    expect((await inspectWhole(inspector, honest)).reading).toMatchObject({ width: 64, unknown: null });
  });

  test('does not end a probe, and many of them end the reading', async () => {
    const server = await startServer();
    const files = Object.fromEntries(Array.from({ length: 6 }, (_, index) => [`endless ${index}`, endless]));
    const limits = { readingTimeoutMs: 300, maxGivenUp: 2 };
    const facts = await probeFiles(server, files, 'video', { limits });
    const whys = Object.values(facts).map(({ unknown }) => unknown ?? '');
    expect(whys.filter((why) => why.endsWith('given up on'))).toHaveLength(2);
    expect(whys.filter((why) => why.startsWith('2 other files had to be given up on'))).toHaveLength(4);
  });
});

test('a file made to eat the memory is given up on, and the files after it are read', async () => {
  const inspector = startInspector({ fileTimeoutMs: 30_000, memoryMiB: 64 });
  const before = process.memoryUsage().rss;
  expect((await inspectWhole(inspector, greedy)).reading).toMatchObject({
    kind: 'video',
    unknown: 'reading it took too much memory, so it was given up on',
  });
  expect(process.memoryUsage().rss - before).toBeLessThan(400e6);
  expect((await inspectWhole(inspector, honest)).reading).toMatchObject({ width: 64, unknown: null });
});

test('a reader that was stopped answers, for the file under way and for those after it', async () => {
  const inspector = startInspector({ fileTimeoutMs: 60_000 });
  const underWay = inspectWhole(inspector, endless);
  const next = inspectWhole(inspector, honest);
  await inspectWhole(startInspector(), honest);
  await inspector.close();
  expect((await underWay).reading.unknown).not.toBeNull();
  expect((await next).reading.unknown).toBe('the probe was stopped');
});

describe('damaged files never hang or crash the reader', () => {
  const names = Object.keys(fixtureFacts);

  test('with bytes changed, cut off, repeated or swapped, each is read or unknown within its time', async () => {
    const inspector = startInspector({ fileTimeoutMs: 1500, maxGivenUp: 20 });
    const edit = fc.oneof(
      fc.record({
        kind: fc.constant('set' as const),
        at: fc.nat(),
        value: fc.constantFrom(0, 1, 0x7f, 0x80, 0xff),
      }),
      fc.record({ kind: fc.constant('set' as const), at: fc.nat(400), value: fc.nat(255) }),
      fc.record({ kind: fc.constant('fill' as const), at: fc.nat(), value: fc.constantFrom(0, 0xff) }),
      fc.record({ kind: fc.constant('cut' as const), at: fc.nat(), value: fc.constant(0) }),
      fc.record({ kind: fc.constant('double' as const), at: fc.nat(), value: fc.nat(255) }),
    );
    let givenUp = 0;
    const files = fc.tuple(fc.constantFrom(...names), fc.array(edit, { minLength: 1, maxLength: 6 }));
    await fc.assert(
      fc.asyncProperty(files, async ([name, edits]) => {
        const { reading, missing } = await inspectWhole(inspector, edits.reduce(damaged, fixture(name)));
        if (/given up on|reader/.test(reading.unknown ?? '')) givenUp += 1;
        expect(missing).toEqual([]);
        for (const fact of [reading.width, reading.height, reading.duration, reading.frameDuration]) {
          expect(fact === null || (Number.isFinite(fact) && fact >= 0)).toBe(true);
        }
        if (reading.kind === 'image' && reading.unknown === null) expect(reading.width).toBeGreaterThan(0);
        if (reading.kind === 'video' && reading.unknown === null) expect(reading.duration).not.toBeNull();
      }),
      { numRuns: 300 },
    );
    // Some damage does keep the library busy for ever. Were it more than a few files, something else would be wrong.
    expect(givenUp).toBeLessThan(20);
  }, 120_000);

  test('with only some of its parts at hand, each asks for others or says why not', async () => {
    const inspector = startInspector();
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names),
        fc.array(fc.tuple(fc.nat(12_000), fc.nat(4000)), { maxLength: 4 }),
        fc.option(fc.nat(2 ** 31), { nil: null }),
        async (name, cuts, size) => {
          const bytes = fixture(name);
          const pieces = [[0, 64] as const, ...cuts].map(([start, length]) => ({
            start,
            bytes: bytes.subarray(start, start + length),
          }));
          const { reading, missing } = await inspector.inspect({ pieces, size: size ?? bytes.length });
          for (const { start, end } of missing) expect(start).toBeLessThan(end);
          if (missing.length > 0) expect(reading.unknown).not.toBeNull();
        },
      ),
      { numRuns: 150 },
    );
  }, 120_000);
});

interface Edit {
  readonly kind: 'set' | 'fill' | 'cut' | 'double';
  readonly at: number;
  readonly value: number;
}

function damaged(bytes: Uint8Array, { kind, at, value }: Edit): Uint8Array {
  const index = bytes.length === 0 ? 0 : at % bytes.length;
  switch (kind) {
    case 'set':
      return bytes.map((byte, position) => (position === index ? value : byte));
    case 'fill':
      return bytes.map((byte, position) => (position >= index && position < index + 8 ? value : byte));
    case 'cut':
      return bytes.slice(0, index);
    case 'double':
      return new Uint8Array(
        Buffer.concat([bytes.subarray(0, index), bytes.subarray(Math.max(0, index - value))]),
      );
  }
}

describe('hostile servers', () => {
  test('a file that claims to be a petabyte is probed within its budget', async () => {
    const server = await startServer();
    const bytes = fixture('index-last.mp4');
    const url = server.on('/a.mp4', (request, response) => {
      const [, start = '0', end = '0'] = /bytes=(\d+)-(\d+)/.exec(request.headers.range ?? '') ?? [];
      const part = Buffer.alloc(Number(end) - Number(start) + 1);
      Buffer.from(bytes).copy(part, 0, Number(start));
      response.writeHead(206, { 'content-range': `bytes ${start}-${end}/1125899906842624` }).end(part);
    });
    const facts = await probe(url, 'video');
    expect(facts).toMatchObject({ outcome: 'reached', kind: 'video', bytes: 2 ** 50 });
    expect(server.requests.length).toBeLessThanOrEqual(32);
  });

  test('an answer without end is cut off', async () => {
    const server = await startServer();
    const chunk = Buffer.alloc(65_536, 0x41);
    const url = server.on('/a.png', (_request, response) => {
      response.writeHead(206, { 'content-range': 'bytes 0-16383/99999999' });
      const more = (): void => {
        while (!response.destroyed && response.write(chunk));
        if (!response.destroyed) response.once('drain', more);
      };
      more();
    });
    expect(await probe(url)).toMatchObject({ outcome: 'reached', kind: null });
  });

  test('more than the asked-for range is not taken in', async () => {
    const server = await startServer();
    const bytes = fixture('still.png');
    const url = server.on('/a.png', (_request, response) => {
      response
        .writeHead(206, { 'content-range': 'bytes 0-19/999999' })
        .end(Buffer.concat([bytes, Buffer.alloc(500_000)]));
    });
    const facts = await probe(url);
    expect(facts).toMatchObject({ outcome: 'reached', bytes: 999_999, width: null });
  });

  test('headers without end are an unreadable answer', async () => {
    const server = await startServer();
    const url = server.on('/a.png', (_request, response) => {
      response.writeHead(200, { 'x-long': 'a'.repeat(100_000) }).end();
    });
    expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: 'badAnswer' });
  });

  test.each([
    ['416 for the start of a file', 416, {}],
    ['304 to a request without conditions', 304, {}],
    ['a range of no file', 206, {}],
    ['a range in another unit', 206, { 'content-range': 'lines 0-9/10' }],
    ['a range that runs backwards', 206, { 'content-range': 'bytes 0--5/10' }],
    ['a redirect to nowhere', 302, { location: 'http://' }],
  ])('%s', async (_what, status, headers) => {
    const server = await startServer();
    const url = server.on('/a.png', (_request, response) => response.writeHead(status, headers).end());
    expect(await probe(url)).toMatchObject({ outcome: 'unreachable', code: expect.stringMatching(/^bad/) });
  });

  test('an empty file is empty, by either answer', async () => {
    const server = await startServer();
    const empty = { outcome: 'reached', bytes: 0, unknown: 'the file is empty' };
    expect(await probe(server.serve('/a', { bytes: new Uint8Array(0) }))).toMatchObject(empty);
    expect(await probe(server.serve('/b', { bytes: new Uint8Array(0), ranges: false }))).toMatchObject(empty);
  });
});
