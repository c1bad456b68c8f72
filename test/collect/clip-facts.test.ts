import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { clipOf } from '../../src/emulator/clip.ts';
import { clipHost, serve } from './clip-host.ts';
import { completed, rig, ScriptedProvider, scope } from './rig.ts';

const fixture = (name: string): Buffer =>
  readFileSync(path.join(import.meta.dirname, '../fixtures/media', name));

const asked = { duration: 5, ratio: '16:9', resolution: '720p' };

async function savedClip(file: Buffer) {
  const rigged = await rig(['a']);
  const { origin } = await clipHost((request, response) => serve(request, response, file));
  const provider = new ScriptedProvider((id) => completed(id, `${origin}/${id}`), rigged.clock);
  const download = { folder: path.join(rigged.folder, 'renders'), root: rigged.folder };
  await rigged.collect(provider, { download, asked: () => asked });
  const [entry] = await rigged.ledger.read(scope);
  const warnings = rigged.events.flatMap((event) => (event.type === 'warning' ? [event.message] : []));
  return { entry, warnings };
}

describe('what a saved clip is', () => {
  it.each([
    ['index-first.mp4', { width: 64, height: 48, fps: 25, videoCodec: 'avc', audioCodec: 'aac' }, 0.8],
    ['rotated.mp4', { width: 48, height: 64, fps: 25, videoCodec: 'avc' }, 0.8],
    ['fragmented.mp4', { width: 64, height: 48, fps: 25, videoCodec: 'avc' }, 0.88],
  ])('is read from the file and kept in the history: %s', async (name, media, seconds) => {
    const { entry, warnings } = await savedClip(fixture(name));
    expect(entry?.file).toMatchObject({ media });
    expect(entry?.file?.seconds).toBeCloseTo(seconds, 1);
    expect(warnings).toContainEqual(expect.stringMatching(/^the clip is \d+ × \d+, not 720p$/));
  });

  it('the pictures of the emulator stand for any, and are not held against the ratio and pixels asked for', async () => {
    const { entry, warnings } = await savedClip(clipOf(5));
    expect(entry?.file?.media).toMatchObject({ width: 320, height: 180, isStandIn: true });
    expect(warnings).toEqual([]);
    expect((await savedClip(clipOf(9))).warnings).toEqual(['the clip plays for 9 s, not 5 s']);
  });
});
