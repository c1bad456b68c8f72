import { execFileSync, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ffconcat } from '../../src/cut/formats/ffconcat.ts';
import { frameRate } from '../../src/cut/frame-rate.ts';
import { mediaPaths } from '../../src/cut/media-path.ts';
import type { CutShot } from '../../src/cut/model.ts';
import { layOut } from '../../src/cut/timeline.ts';
import { otioFrames } from '../cut/read-frames.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const hasFfmpeg = [['ffmpeg'], ['ffprobe']].every(
  ([program = '']) => spawnSync(program, ['-version']).status === 0,
);
if (!hasFfmpeg) {
  console.warn('left out, for want of ffmpeg: what it makes of a cut. Debian: apt-get install ffmpeg');
}

/** Frames that ffprobe decodes of a file. */
function framesOf(file: string, ...how: readonly string[]): number {
  const counted = execFileSync(
    'ffprobe',
    [
      ...['-v', 'error', ...how, '-count_frames', '-select_streams', 'v'],
      ...['-show_entries', 'stream=nb_read_frames', '-of', 'csv=p=0', file],
    ],
    { encoding: 'utf8' },
  );
  return Number.parseInt(counted, 10);
}

describe.skipIf(!hasFfmpeg)('a cut as .ffconcat, as ffmpeg reads it', () => {
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(path.join(tmpdir(), 'shotlist-ffconcat-'));
    mkdirSync(path.join(folder, 'renders'));
    for (const [name, seconds] of [
      ["it's night.mp4", 2],
      ['雨 #2.mp4', 3],
    ] as const) {
      const source = `testsrc=size=64x36:rate=24:duration=${seconds}`;
      // Each frame a key frame: a cut begins at the frame that it names, not at the key frame before it.
      const encode = ['-c:v', 'mpeg4', '-g', '1', '-y', path.join(folder, 'renders', name)];
      execFileSync('ffmpeg', ['-v', 'error', '-f', 'lavfi', '-i', source, ...encode]);
    }
  }, 60_000);
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  const shot = (key: string, name: string, seconds: number): CutShot => ({
    ...{ key, scene: null, sceneTitle: null, title: null, duration: seconds, plate: null, prompt: 'Rain' },
    takes: [
      {
        ...{ key, taskId: `video_${key}`, model: 'videos', prompt: 'Rain', cost: 7, currency: 'CNY' },
        ...{ file: path.join(folder, 'renders', name), seconds, fps: 24, width: 64, height: 36 },
        ...{ hasAudio: false, decision: 'picked' },
      },
    ],
  });

  it.each([0, 6])('plays as many frames as the cut has, with handles of %d frames', (handles) => {
    const shots = [shot('a', "it's night.mp4", 2), shot('b', '雨 #2.mp4', 3)];
    const rate = frameRate(24);
    const timeline = layOut({ project: 'film', title: null, shots, rate, unpicked: 'gap', handles });
    const file = path.join(folder, `film-${handles}.ffconcat`);
    writeFileSync(file, ffconcat.render(timeline, mediaPaths(folder, path)));
    expect(framesOf(file, '-f', 'concat', '-safe', '0')).toBe(timeline.frames);
  });
});

it.skipIf(!hasFfmpeg)(
  'a cut as a film has the frames of the cut, with a card for a shot of which nothing is picked',
  async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      path.join(cwd, 'board.yaml'),
      `version: 1
project: film
defaults: { model: videos, duration: 4 }
budget: { currency: CNY, prices: { videos: 7 } }
shots:
  - { id: a, prompt: Rain }
  - { id: b, prompt: "A card: it's 100% snow, C:\\\\x" }
`,
    );
    const { env } = await emulator({ taskMs: { minMs: 0, maxMs: 1 } });
    const call = (name: string, ...words: readonly string[]) =>
      shotlist([name, 'board.yaml', ...words], { cwd, env });
    await call('run', '--yes', '--wait', '--interval', '0.02');
    await call('pick', 'a');
    for (const file of ['film.otio', 'film.mp4']) {
      const { code, stderr } = await call('cut', '-o', file, '--fps', '12');
      expect([code, stderr]).toEqual([0, expect.stringContaining('2 shots, 1 picked, 1 gap')]);
    }
    const [picked, card] = otioFrames(readFileSync(path.join(cwd, 'film.otio'), 'utf8'));
    expect(card).toBe(48);
    expect(framesOf(path.join(cwd, 'film.mp4'))).toBe((picked ?? 0) + 48);
  },
  60_000,
);
