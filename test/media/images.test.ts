import { describe, expect, test } from 'vitest';
import { box, full, join, text, u16, u32 } from './boxes.ts';
import { exif, fixture, jpegSegment, jpegWith } from './files.ts';
import { probeFiles, probeReached, useServers } from './probing.ts';

const startServer = useServers();

test('a JPEG with megabytes of profiles before the picture costs less than 64 KB', async () => {
  const server = await startServer();
  const profile = jpegSegment(0xe2, new Uint8Array(65_000));
  const bytes = jpegWith([exif(1, { length: 60_000 }), ...new Array<Uint8Array>(25).fill(profile)]);
  expect(bytes.length).toBeGreaterThan(1_600_000);
  const facts = await probeReached(server.serve('/a.jpg', { bytes }));
  expect(facts).toMatchObject({ format: 'jpeg', width: 70, height: 50, unknown: null });
  expect(server.bytesSent).toBeLessThan(64_000);
});

test('a large image of any format costs less than 64 KB', async () => {
  const names = ['still.png', 'still.webp', 'still.gif', 'still.tiff', 'still.avif'];
  const server = await startServer();
  const files = names.map((name) => [name, join([fixture(name), new Uint8Array(5_000_000)])]);
  const facts = await probeFiles(server, Object.fromEntries(files));
  for (const fact of Object.values(facts)) expect(fact).toMatchObject({ kind: 'image', unknown: null });
  expect(server.bytesSent).toBeLessThan(names.length * 20_000);
});

describe('a JPEG is as large as it is displayed', () => {
  test('in each orientation and byte order', async () => {
    const files = [1, 2, 3, 4, 5, 6, 7, 8].flatMap((orientation) =>
      [true, false].map((littleEndian) => [
        `${orientation} ${littleEndian}`,
        jpegWith([exif(orientation, { littleEndian })]),
      ]),
    );
    const facts = await probeFiles(await startServer(), Object.fromEntries(files));
    expect(Object.keys(facts)).toHaveLength(16);
    for (const [name, { width, height }] of Object.entries(facts)) {
      expect([width, height], name).toEqual(name < '5' ? [70, 50] : [50, 70]);
    }
  });

  test('Exif data that make no sense are passed over', async () => {
    const server = await startServer();
    const broken = exif(6);
    broken.fill(0xff, 14, 18);
    const facts = await probeReached(server.serve('/a.jpg', { bytes: jpegWith([broken]) }));
    expect(facts).toMatchObject({ width: 70, height: 50, unknown: null });
  });
});

describe('a HEIC or AVIF is as large as its main picture is displayed', () => {
  const size = (width: number, height: number): Uint8Array => full('ispe', u32(width), u32(height));
  const rotated = (quarterTurns: number): Uint8Array => box('irot', Uint8Array.of(quarterTurns));

  /** A phone's picture: small tiles as items 1 to 3, and the grid of them as the main item. */
  function heic(properties: readonly Uint8Array[], main: readonly number[], brand = 'heic'): Uint8Array {
    const associations = full(
      'ipma',
      u32(2),
      u16(1),
      Uint8Array.of(1, 1),
      u16(4),
      Uint8Array.of(main.length, ...main),
    );
    const meta = full('meta', full('pitm', u16(4)), box('iprp', box('ipco', ...properties), associations));
    return join([box('ftyp', text(brand), u32(0), text('mif1')), box('mdat', new Uint8Array(100_000)), meta]);
  }

  const pictures: Readonly<Record<string, readonly [Uint8Array, number, number]>> = {
    'not the size of a tile': [heic([size(512, 512), size(4032, 3024)], [2]), 4032, 3024],
    'turned by a quarter': [heic([size(512, 512), size(4032, 3024), rotated(1)], [2, 3]), 3024, 4032],
    'turned by a half': [heic([size(512, 512), size(4032, 3024), rotated(2)], [2, 3]), 4032, 3024],
    'with an essential property': [heic([size(512, 512), size(40, 30), rotated(3)], [2, 0x83]), 30, 40],
    cropped: [
      heic([size(512, 512), size(64, 64), box('clap', ...[50, 1, 40, 1, 0, 1, 0, 1].map(u32))], [2, 3]),
      50,
      40,
    ],
    'of a general brand': [heic([size(512, 512), size(8, 6)], [2], 'mif1'), 8, 6],
  };

  test('not as large as a tile of it, turned and cropped as it says', async () => {
    const server = await startServer();
    const files = Object.entries(pictures).map(([name, [bytes]]) => [name, bytes]);
    const facts = await probeFiles(server, Object.fromEntries(files));
    for (const [name, [, width, height]] of Object.entries(pictures)) {
      expect(facts[name], name).toMatchObject({
        kind: 'image',
        format: 'heic',
        width,
        height,
        unknown: null,
      });
    }
    expect(server.bytesSent).toBeLessThan(files.length * 64_000);
  });

  test('one whose main picture has no size is unknown', async () => {
    const server = await startServer();
    const facts = await probeReached(server.serve('/a.heic', { bytes: heic([size(512, 512)], [9]) }));
    expect(facts).toMatchObject({ width: null, unknown: 'its main picture has no size' });
  });
});

test('a TIFF says its size wherever its directory is, in either byte order and as a BigTIFF', async () => {
  const files = [true, false].flatMap((littleEndian) =>
    [true, false].map((big) => [`${littleEndian} ${big}`, tiffWithDirectoryLast(littleEndian, big)]),
  );
  const facts = await probeFiles(await startServer(), Object.fromEntries(files));
  expect(Object.keys(facts)).toHaveLength(4);
  for (const [name, fact] of Object.entries(facts)) {
    expect(fact, name).toMatchObject({ format: 'tiff', width: 1234, height: 777, unknown: null });
  }
});

function tiffWithDirectoryLast(littleEndian: boolean, big: boolean): Uint8Array {
  const directory = 80_000;
  const bytes = new Uint8Array(directory + 100);
  const view = new DataView(bytes.buffer);
  bytes.set(text(littleEndian ? 'II' : 'MM'));
  view.setUint16(2, big ? 43 : 42, littleEndian);
  if (big) {
    view.setUint16(4, 8, littleEndian);
    view.setBigUint64(8, BigInt(directory), littleEndian);
    view.setBigUint64(directory, 2n, littleEndian);
  } else {
    view.setUint32(4, directory, littleEndian);
    view.setUint16(directory, 2, littleEndian);
  }
  for (const [index, [tag, value]] of (
    [
      [256, 1234],
      [257, 777],
    ] as const
  ).entries()) {
    const at = directory + (big ? 8 + index * 20 : 2 + index * 12);
    view.setUint16(at, tag, littleEndian);
    view.setUint16(at + 2, 3, littleEndian);
    if (big) view.setBigUint64(at + 4, 1n, littleEndian);
    else view.setUint32(at + 4, 1, littleEndian);
    view.setUint16(at + (big ? 12 : 8), value, littleEndian);
  }
  return bytes;
}

test('an image that claims to have no pixels is unknown', async () => {
  const server = await startServer();
  const bytes = fixture('still.png');
  bytes.fill(0, 16, 20);
  expect(await probeReached(server.serve('/a.png', { bytes }))).toMatchObject({
    kind: 'image',
    width: null,
    unknown: 'it says that it has no pixels',
  });
});
