import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { checkQuality, findingsIn } from '../../src/collect/quality-check.ts';
import { clipHost, serve } from './clip-host.ts';
import { completed, type Rig, rig, ScriptedProvider, scope, temporaryFolder } from './rig.ts';

const hasFfmpeg = spawnSync('ffmpeg', ['-version'], { stdio: 'ignore' }).status === 0;
if (!hasFfmpeg) console.warn('left out: a look at clips with ffmpeg itself. Debian: apt-get install ffmpeg');

async function saved(clip: Buffer): Promise<Rig> {
  const rigged = await rig(['a']);
  const { origin } = await clipHost((request, response) => serve(request, response, clip));
  const provider = new ScriptedProvider((id) => completed(id, `${origin}/${id}`), rigged.clock);
  await rigged.collect(provider, {
    download: { folder: path.join(rigged.folder, 'renders'), root: rigged.folder },
  });
  return rigged;
}

describe('what ffmpeg reports', () => {
  it('becomes findings with times, in their order', () => {
    const stderr = [
      '[silencedetect @ 0x1] silence_start: 0.5',
      '[blackdetect @ 0x2] black_start:0 black_end:1.95833 black_duration:1.95833',
      '[silencedetect @ 0x1] silence_end: 2.02014 | silence_duration: 1.52',
      '[freezedetect @ 0x3] lavfi.freezedetect.freeze_start: 3',
    ].join('\n');
    expect(findingsIn(stderr)).toEqual([
      'black from 0 s to 1.96 s',
      'silent from 0.5 s to 2.02 s',
      'frozen from 3 s to the end',
    ]);
  });

  it('is nothing where nothing was found', () => {
    expect(findingsIn('frame=  48 fps=0.0\nsize=N/A time=00:00:02.00')).toEqual([]);
  });
});

describe('a look at saved clips', () => {
  it('is said to be impossible where there is no ffmpeg, and changes nothing', async () => {
    const rigged = await saved(
      readFileSync(path.join(import.meta.dirname, '../fixtures/media/index-first.mp4')),
    );
    const { ledger, folder, events } = rigged;
    const ffmpeg = path.join(folder, 'no-such-program');
    await checkQuality({ ledger, scope, root: folder, ffmpeg, onEvent: (event) => events.push(event) });
    expect(events.at(-1)).toMatchObject({ type: 'qcUnavailable' });
    expect((await ledger.read(scope))[0]).not.toHaveProperty('qc');
  });

  it.skipIf(!hasFfmpeg)(
    'finds a black and silent clip, notes it in the history, and looks once',
    async () => {
      const file = path.join(temporaryFolder(), 'black.mp4');
      const black = [
        '-f',
        'lavfi',
        '-i',
        'color=black:s=320x180:d=2:r=24',
        '-f',
        'lavfi',
        '-i',
        'anullsrc=d=2',
      ];
      execFileSync('ffmpeg', ['-loglevel', 'error', '-y', ...black, '-shortest', file]);
      const { ledger, folder, events } = await saved(readFileSync(file));
      const look = () =>
        checkQuality({ ledger, scope, root: folder, onEvent: (event) => events.push(event) });
      await look();
      await look();
      const found = events.filter(({ type }) => type === 'inspected');
      expect(found).toEqual([{ type: 'inspected', key: 'a', findings: expect.any(Array) }]);
      const [entry] = await ledger.read(scope);
      expect(entry?.qc?.join('; ')).toMatch(/black from 0 s to \S+ s/);
      expect(entry?.qc?.join('; ')).toMatch(/silent from 0 s to/);
      expect(await ledger.history(scope, 'a')).toContainEqual(expect.objectContaining({ type: 'inspected' }));
    },
  );
});
