import { box, full, join, text, u16, u32 } from './boxes.ts';

/** An MP4 made of hand-written boxes, so that its tables can say what no encoder would write. */
export interface Tables {
  /** How many samples the tables claim; all of one size, so that no table has to be long. */
  readonly samples: number;
  /** Runs of composition offsets. */
  readonly offsets: readonly (readonly [count: number, offset: number])[];
  readonly width: number;
  readonly height: number;
}

export function makeMp4({ samples, offsets, width, height }: Tables): Uint8Array {
  const sampleEntry = box(
    'avc1',
    u32(0),
    u16(0),
    u16(1),
    new Uint8Array(16),
    u16(width),
    u16(height),
    u32(0x480000),
    u32(0x480000),
    u32(0),
    u16(1),
    new Uint8Array(32),
    u16(24),
    u16(0xffff),
    box('avcC', Uint8Array.of(1, 0x42, 0, 0x1e, 0xff, 0xe0, 0)),
  );
  const table = box(
    'stbl',
    full('stsd', u32(1), sampleEntry),
    full('stts', u32(1), u32(samples), u32(1)),
    full('ctts', u32(offsets.length), ...offsets.flatMap(([count, offset]) => [u32(count), u32(offset)])),
    full('stsc', u32(1), u32(1), u32(1), u32(1)),
    full('stsz', u32(1), u32(samples)),
    full('stco', u32(1), u32(0)),
  );
  const media = box(
    'mdia',
    full('mdhd', u32(0), u32(0), u32(25), u32(Math.min(samples, 25)), u16(0x55c4), u16(0)),
    full('hdlr', u32(0), text('vide'), new Uint8Array(12), text('v\0')),
    box('minf', full('vmhd', new Uint8Array(8)), table),
  );
  const identity = [0x10000, 0, 0, 0, 0x10000, 0, 0, 0, 0x40000000].map(u32);
  const track = box(
    'trak',
    full(
      'tkhd',
      u32(0),
      u32(0),
      u32(1),
      u32(0),
      u32(1000),
      new Uint8Array(8),
      u16(0),
      u16(0),
      u16(0),
      u16(0),
      ...identity,
      u32(width << 16),
      u32(height << 16),
    ),
    media,
  );
  const header = full(
    'mvhd',
    u32(0),
    u32(0),
    u32(1000),
    u32(1000),
    u32(0x10000),
    u16(0x100),
    new Uint8Array(10),
    ...identity,
    new Uint8Array(24),
    u32(2),
  );
  return join([
    box('ftyp', text('isom'), u32(512), text('isom')),
    box('moov', header, track),
    box('mdat', new Uint8Array(16)),
  ]);
}
