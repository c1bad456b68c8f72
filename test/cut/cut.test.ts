import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { cutFormats } from '../../src/cut/formats/index.ts';
import { frameRate, framesIn, timecode } from '../../src/cut/frame-rate.ts';
import { mediaPaths } from '../../src/cut/media-path.ts';
import type { CutRequest, CutShot, CutTake } from '../../src/cut/model.ts';
import { layOut } from '../../src/cut/timeline.ts';
import { edlFrames, fcpxmlFrames, otioFrames } from './read-frames.ts';

function take(key: string, changes: Partial<CutTake> = {}): CutTake {
  return {
    key,
    taskId: `video_${key}`,
    model: 'videos',
    prompt: 'Rain',
    cost: 7,
    currency: 'CNY',
    file: `/film/renders/${key.replace('/', '_')}_v001.mp4`,
    seconds: 5,
    fps: 24,
    width: 1280,
    height: 720,
    hasAudio: false,
    decision: 'picked',
    ...changes,
  };
}

function shot(key: string, takes: readonly CutTake[], changes: Partial<CutShot> = {}): CutShot {
  const [scene = null] = key.includes('/') ? key.split('/') : [];
  return {
    key,
    scene,
    sceneTitle: null,
    title: null,
    duration: 5,
    plate: null,
    prompt: 'Rain',
    takes,
    ...changes,
  };
}

const storyboard: readonly CutShot[] = [
  shot('sc010/sh0010', [take('sc010/sh0010')], { sceneTitle: 'Rooftop', title: 'Skyline & rain' }),
  shot('sc010/sh0020', [], { duration: 4 }),
  shot('sc020/sh0010', [
    take('sc020/sh0010', { decision: null }),
    take('sc020/sh0010@2', { hasAudio: true, seconds: 10 }),
  ]),
];

function request(fps: number, changes: Partial<CutRequest> = {}): CutRequest {
  return {
    project: 'neon-alley',
    title: null,
    shots: storyboard,
    rate: frameRate(fps),
    unpicked: 'gap',
    handles: 0,
    ...changes,
  };
}

function written(extension: string, fps: number, changes: Partial<CutRequest> = {}): string {
  const format = cutFormats.find((each) => each.extension === extension);
  if (format === undefined) throw new Error(`no format ${extension}`);
  return format.render(layOut(request(fps, changes)), mediaPaths('/film', path.posix));
}

describe('time code', () => {
  test('counts whole frames at whole rates', () => {
    expect(timecode(0, frameRate(24))).toBe('00:00:00:00');
    expect(timecode(24 * 3600 + 23, frameRate(24))).toBe('01:00:00:23');
    expect(timecode(25 * 61, frameRate(25))).toBe('00:01:01:00');
  });

  // The figures of SMPTE 12M: numbers 0 and 1 are left out each minute but every tenth.
  test.each([
    [1799, '00:00:59;29'],
    [1800, '00:01:00;02'],
    [17_981, '00:09:59;29'],
    [17_982, '00:10:00;00'],
    [107_892, '01:00:00;00'],
  ])('drops the numbers that keep 29.97 with the clock: frame %i is %s', (frame, expected) => {
    expect(timecode(frame, frameRate(29.97))).toBe(expected);
  });

  test('drops four numbers at 59.94, and none at 23.976', () => {
    expect(timecode(3600, frameRate(59.94))).toBe('00:01:00;04');
    expect(timecode(24 * 60, frameRate(23.976))).toBe('00:01:00:00');
  });

  test('never shows a number twice, and never goes back', () => {
    const rate = frameRate(29.97);
    const seen = new Set(Array.from({ length: 40_000 }, (_, frame) => timecode(frame, rate)));
    expect(seen.size).toBe(40_000);
    expect([...seen]).toEqual([...seen].sort());
  });

  test('a rate that no program knows is refused, and says which there are', () => {
    expect(() => frameRate(17.3)).toThrow('17.3 frames a second');
  });
});

test('a clip holds whole frames only, and a length that is stated a little short loses none', () => {
  expect(framesIn(5, frameRate(24))).toBe(120);
  expect(framesIn(5, frameRate(29.97))).toBe(149);
  expect(framesIn(5.005, frameRate(29.97))).toBe(150);
  expect(framesIn(4.9999, frameRate(24))).toBe(120);
  expect(framesIn(4.99, frameRate(24))).toBe(119);
});

describe('the cut', () => {
  test('shows the picked takes in the order of the storyboard, and a gap where nothing is picked', () => {
    const { items, frames } = layOut(request(24));
    expect(items.map(({ take: used, start, frames: length }) => [used?.key ?? null, start, length])).toEqual([
      ['sc010/sh0010', 0, 120],
      [null, 120, 96],
      ['sc020/sh0010@2', 216, 240],
    ]);
    expect(frames).toBe(456);
    expect(items.map(({ scene }) => scene?.id ?? null)).toEqual(['sc010', null, 'sc020']);
  });

  test('takes the newest take that nobody rejected where that is wanted', () => {
    const takes = [
      take('sh1', { decision: null }),
      take('sh1@2', { decision: null }),
      take('sh1@3', { decision: 'rejected' }),
    ];
    const { items } = layOut(request(24, { shots: [shot('sh1', takes)], unpicked: 'latest' }));
    expect(items[0]?.take?.key).toBe('sh1@2');
  });

  test('leaves handles at both ends, and of a short clip what it has', () => {
    const shots = [shot('a', [take('a')]), shot('b', [take('b', { seconds: 0.5 })])];
    const { items } = layOut(request(24, { shots, handles: 12 }));
    expect(items.map(({ sourceStart, frames }) => [sourceStart, frames])).toEqual([
      [12, 96],
      [5, 2],
    ]);
  });
});

describe('OTIO, EDL and FCPXML say the same frames', () => {
  test.each([24, 25, 29.97, 30])('at %d frames a second', (fps) => {
    const { items } = layOut(request(fps));
    const expected = items.map(({ frames }) => frames);
    expect(otioFrames(written('otio', fps))).toEqual(expected);
    expect(edlFrames(written('edl', fps), fps)).toEqual(expected);
    expect(fcpxmlFrames(written('fcpxml', fps), fps)).toEqual(expected);
  });
});

test('OTIO holds every take as an alternate, with what it was made from and what it cost', () => {
  const { tracks } = JSON.parse(written('otio', 24));
  const clip = tracks.children[0].children[2];
  expect(clip.active_media_reference_key).toBe('DEFAULT_MEDIA');
  expect(
    Object.values(clip.media_references).map((each) => (each as { target_url: string }).target_url),
  ).toEqual(['renders/sc020_sh0010_v001.mp4', 'renders/sc020_sh0010%402_v001.mp4']);
  expect(clip.metadata.shotlist).toMatchObject({ taskId: 'video_sc020/sh0010@2', model: 'videos', cost: 7 });
  expect(tracks.children[1].kind).toBe('Audio');
});

test('an EDL has reels of eight characters, each once, and the whole names in comments', () => {
  const shots = ['sc010_sh0010_wide', 'sc010_sh0010_tall'].map((name) =>
    shot(name, [take(name, { file: `/film/renders/${name}.mp4` })]),
  );
  const text = written('edl', 24, { shots });
  expect([...text.matchAll(/^\d{3} {2}(.{8}) V/gm)].map(([, reel]) => reel)).toEqual([
    'SC010SH0',
    'SC010SH2',
  ]);
  expect(text).toContain(
    '* FROM CLIP NAME: sc010_sh0010_wide\r\n* SOURCE FILE: renders/sc010_sh0010_wide.mp4\r\n',
  );
});

test('an EDL says drop-frame where the rate asks for it', () => {
  expect(written('edl', 29.97)).toContain('FCM: DROP FRAME\r\n');
  expect(written('edl', 30)).toContain('FCM: NON-DROP FRAME\r\n');
});

test('no title can add a line to an EDL, or an element to FCPXML', () => {
  const shots = [shot('a', [take('a')], { title: 'x\r\n002  EVIL     V     C\u2028"<gap/>&' })];
  expect(written('edl', 24, { shots }).match(/^\d{3} /gm)).toHaveLength(1);
  expect(written('fcpxml', 24, { shots }).match(/<gap/g)).toBeNull();
});

describe('paths', () => {
  test('are relative with forward slashes, on Windows, too', () => {
    const paths = mediaPaths('C:\\film\\cut', path.win32);
    expect(paths.path('C:\\film\\renders\\a b#1.mp4')).toBe('../renders/a b#1.mp4');
    expect(paths.url('C:\\film\\renders\\a b#1.mp4')).toBe('../renders/a%20b%231.mp4');
  });

  test('to another drive are absolute', () => {
    expect(mediaPaths('C:\\film', path.win32).url('D:\\plates\\雨.mp4')).toBe(
      'file:///D:/plates/%E9%9B%A8.mp4',
    );
  });
});

test('ffconcat quotes names as ffmpeg reads them, and leaves gaps out', () => {
  const shots = [shot('a', [take('a', { file: "/film/it's.mp4" })]), shot('b', [])];
  expect(written('ffconcat', 24, { shots })).toBe(
    "ffconcat version 1.0\nfile 'it'\\''s.mp4'\n# b: no take is picked\n",
  );
});
