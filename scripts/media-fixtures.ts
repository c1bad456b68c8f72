/**
 * Makes the small media files of test/fixtures/media, and facts.json with what ffprobe says about each. Needs ffmpeg and
 * ffprobe. The files are committed, so that the tests need neither.
 *
 *   npx tsx scripts/media-fixtures.ts [folder]
 */
import { execFile, execFileSync } from 'node:child_process';
import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { argv } from 'node:process';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const seconds = '0.8';
const picture = ['-f', 'lavfi', '-i', `testsrc2=size=64x48:rate=25:duration=${seconds}`];
const still = ['-f', 'lavfi', '-i', 'testsrc2=size=70x50:rate=1:duration=1', '-frames:v', '1'];
const sound = ['-f', 'lavfi', '-i', `sine=frequency=440:sample_rate=44100:duration=${seconds}`];
const h264 = ['-c:v', 'libx264', '-preset', 'medium', '-crf', '40', '-pix_fmt', 'yuv420p', '-bf', '2'];
const aac = ['-c:a', 'aac', '-b:a', '24k', '-ac', '1'];
const clean = [
  '-map_metadata',
  '-1',
  '-fflags',
  '+bitexact',
  '-flags:v',
  '+bitexact',
  '-flags:a',
  '+bitexact',
];

const recipes: Readonly<Record<string, readonly string[]>> = {
  'index-first.mp4': [...picture, ...sound, ...h264, ...aac, '-movflags', '+faststart'],
  'index-last.mp4': [...picture, ...sound, ...h264, ...aac],
  'fragmented.mp4': [
    ...picture,
    ...sound,
    ...h264,
    ...aac,
    '-g',
    '5',
    '-movflags',
    'frag_keyframe+empty_moov',
  ],
  'clip.mov': [...picture, ...sound, ...h264, ...aac],
  'vp9.webm': [
    ...picture,
    ...sound,
    '-c:v',
    'libvpx-vp9',
    '-cpu-used',
    '8',
    '-b:v',
    '20k',
    '-c:a',
    'libopus',
    '-b:a',
    '16k',
  ],
  'clip.mkv': [...picture, ...sound, ...h264, ...aac],
  'clip.ts': [...picture, ...sound, ...h264, ...aac],
  'xing.mp3': [...sound, '-c:a', 'libmp3lame', '-b:a', '32k', '-write_xing', '1'],
  'no-xing.mp3': [...sound, '-c:a', 'libmp3lame', '-b:a', '32k', '-write_xing', '0'],
  'tone.wav': [...sound, '-ar', '8000', '-c:a', 'pcm_u8'],
  'tone.m4a': [...sound, ...aac],
  'tone.aac': [...sound, ...aac],
  'vorbis.ogg': [...sound, '-c:a', 'libvorbis', '-q:a', '0'],
  'opus.ogg': [...sound, '-c:a', 'libopus', '-b:a', '16k'],
  'tone.flac': [...sound, '-ar', '8000', '-c:a', 'flac'],
  'audio-only.webm': [...sound, '-c:a', 'libopus', '-b:a', '16k'],
  'still.png': still,
  'still.jpg': [...still, '-q:v', '20'],
  'still.webp': [...still, '-c:v', 'libwebp', '-q:v', '40'],
  'lossless.webp': [...still, '-c:v', 'libwebp', '-lossless', '1'],
  'still.gif': still,
  'still.bmp': [...still, '-vf', 'scale=20:10'],
  'still.tiff': [...still, '-vf', 'scale=20:10'],
  'still.avif': [...still, '-c:v', 'libaom-av1', '-cpu-used', '8', '-still-picture', '1', '-crf', '50'],
  'clip.avi': [...picture, '-c:v', 'mpeg4', '-q:v', '31'],
};

export interface ProbedFacts {
  readonly kind: 'image' | 'video' | 'audio';
  readonly width: number | null;
  readonly height: number | null;
  readonly duration: number | null;
}

interface Probed {
  readonly streams: readonly {
    readonly codec_type: string;
    readonly width?: number;
    readonly height?: number;
    readonly side_data_list?: readonly { readonly rotation?: number }[];
  }[];
  readonly format: { readonly duration?: string };
}

/** Reads ffprobe's facts about a file, turned the way it is displayed. */
export function ffprobe(file: string): ProbedFacts {
  const json = execFileSync('ffprobe', ['-v', 'error', '-show_streams', '-show_format', '-of', 'json', file]);
  const { streams, format } = JSON.parse(json.toString()) as Probed;
  const video = streams.find((stream) => stream.codec_type === 'video');
  const turned = (video?.side_data_list ?? []).some(({ rotation }) => Math.abs(rotation ?? 0) % 180 === 90);
  const isImage = /\.(png|jpg|webp|gif|bmp|tiff|avif)$/.test(file);
  const [width, height] = [video?.width ?? null, video?.height ?? null];
  return {
    kind: isImage ? 'image' : video === undefined ? 'audio' : 'video',
    width: turned ? height : width,
    height: turned ? width : height,
    duration: isImage ? null : Number(format.duration),
  };
}

/** Makes every file of `recipes`, and `facts.json`, in a folder. */
export async function makeFixtures(folder: string): Promise<void> {
  const run = promisify(execFile);
  const ffmpeg = (...args: readonly string[]) => run('ffmpeg', ['-v', 'error', '-y', ...args]);
  await mkdir(folder, { recursive: true });
  for (const [name, recipe] of Object.entries(recipes)) {
    const muxer = name.endsWith('.ts') ? ['-f', 'mpegts'] : [];
    await ffmpeg(...recipe, ...clean, ...muxer, join(folder, name));
  }
  // As a phone held upright films: the pictures lie on their side, and the file says how to turn them.
  const upright = ['-c', 'copy', '-metadata:s:v:0', 'rotate=90', join(folder, 'rotated.mp4')];
  await ffmpeg('-i', join(folder, 'index-last.mp4'), ...upright);
  const names = [...Object.keys(recipes), 'rotated.mp4'];
  const facts = Object.fromEntries(names.map((name) => [name, ffprobe(join(folder, name))]));
  await writeFile(join(folder, 'facts.json'), `${JSON.stringify(facts, null, 2)}\n`);
}

if (argv[1] === fileURLToPath(import.meta.url)) {
  await makeFixtures(argv[2] ?? fileURLToPath(new URL('../test/fixtures/media', import.meta.url)));
}
