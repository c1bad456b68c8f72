import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import { ffprobe, makeFixtures } from '../../scripts/media-fixtures.ts';
import { expectSame } from '../media/expect-same.ts';
import { fixtureFacts, fixturePath } from '../media/files.ts';
import { useServers } from '../media/probing.ts';

const startServer = useServers();

const hasFfprobe = spawnSync('ffprobe', ['-version']).status === 0;
if (!hasFfprobe) {
  console.warn('left out, for want of ffprobe: readings of files made now. Debian: apt-get install ffmpeg');
}

describe.skipIf(!hasFfprobe)(
  'facts of files made now equal those of ffprobe: duration within 50 ms, pixels exact',
  () => {
    const folder = mkdtempSync(join(tmpdir(), 'shotlist-media-'));
    const read = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
    const make = (...args: readonly string[]): void => {
      execFileSync('ffmpeg', ['-v', 'error', '-y', ...args], { cwd: folder });
    };
    afterAll(() => rmSync(folder, { recursive: true, force: true }));

    test('each container and image format', async () => {
      await makeFixtures(folder);
      const made = JSON.parse(readFileSync(join(folder, 'facts.json'), 'utf8')) as typeof fixtureFacts;
      expect(Object.keys(made)).toEqual(Object.keys(fixtureFacts));
      await expectSame(await startServer(), made, read);
    }, 120_000);

    test('clips that start late, were trimmed, were streamed, or stand on their side', async () => {
      make('-i', fixturePath('index-last.mp4'), '-c', 'copy', 'plain.mp4');
      make('-itsoffset', '0.5', '-i', 'plain.mp4', '-c', 'copy', 'late.mp4');
      make('-ss', '0.3', '-i', 'plain.mp4', '-c', 'copy', 'trimmed.mp4');
      make('-i', 'plain.mp4', '-c', 'copy', '-use_editlist', '0', 'without-edit-list.mp4');
      make('-i', 'plain.mp4', '-c', 'copy', '-metadata:s:v:0', 'rotate=270', 'on-its-side.mov');
      make('-i', 'plain.mp4', '-c', 'copy', '-f', 'ismv', 'smooth.mp4');
      make(
        '-i',
        fixturePath('tone.wav'),
        '-c:a',
        'libmp3lame',
        '-q:a',
        '4',
        '-metadata',
        `title=${'t'.repeat(70_000)}`,
        'big-tag.mp3',
      );
      const names = readdirSync(folder).filter((name) => !(name in fixtureFacts) && name !== 'facts.json');
      expect(names).toHaveLength(7);
      const made = Object.fromEntries(names.map((name) => [name, ffprobe(join(folder, name))]));
      await expectSame(await startServer(), made, read);
    }, 60_000);
  },
);
