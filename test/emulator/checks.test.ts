import { describe, expect, it } from 'vitest';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { checkCreate } from '../../src/emulator/checks.ts';
import { key, shot, startRig } from './rig.ts';

const path = '/v1/videos/videos';
const fast = { ...shot, model: 'videos_stable_fast' };
const url = (n: number | string): string => `https://cdn.example.com/${n}`;
const urls = (count: number): string[] => Array.from({ length: count }, (_, n) => url(n));
const check = (body: object): string | null =>
  checkCreate(JSON.parse(JSON.stringify(body)), path, shippedCatalog);

describe('the checks of a create call', () => {
  it.each<[string, object]>([
    ['the shortest body', shot],
    ['both ends of the duration', { ...shot, duration: 4 }],
    ['both ends of the duration', { ...shot, duration: 15 }],
    ['a prompt at the limit, counted in code points', { ...fast, prompt: '🎬'.repeat(5000) }],
    ['a long prompt for the model without a limit', { ...shot, prompt: 'x'.repeat(20_000) }],
    ['every ratio of the model', { ...shot, ratio: '21:9', resolution: '720p' }],
    ['two frames', { ...shot, first_image: url(1), last_image: url(2) }],
    ['two frames under the legacy names', { ...shot, image: url(1), lastFrameImage: url(2) }],
    ['both names where they agree', { ...shot, first_image: url(1), image: url(1), last_image: url(2) }],
    [
      'as many references as the model takes',
      { ...shot, referenceImages: urls(9), referenceVideos: urls(3), referenceAudios: urls(3) },
    ],
    ['audio alone', { ...fast, referenceAudios: urls(1) }],
    ['null for what is not stated', { ...shot, ratio: null, first_image: null, referenceImages: null }],
    ['empty lists beside frames', { ...shot, first_image: url(1), last_image: url(2), referenceImages: [] }],
    ['parameters that it does not know', { ...shot, autoFace: true }],
  ])('take %s', (_, body) => {
    expect(check(body)).toBeNull();
  });

  it.each<[string, object, string]>([
    ['no model', { ...shot, model: undefined }, 'model is required'],
    ['an unknown model', { ...shot, model: 'videos_pro' }, 'model "videos_pro" is not supported'],
    ['a model that is no string', { ...shot, model: 7 }, 'model 7 is not supported'],
    ['no prompt', { ...shot, prompt: ' \n' }, 'prompt is required'],
    [
      'a prompt over the limit',
      { ...fast, prompt: '🎬'.repeat(5001) },
      'prompt has 5001 characters, the limit is 5000',
    ],
    ['no duration', { ...shot, duration: null }, 'duration is required'],
    ['a duration too short', { ...shot, duration: 3 }, 'duration must be an integer from 4 to 15'],
    ['a duration too long', { ...shot, duration: 16 }, 'duration must be an integer from 4 to 15'],
    ['a duration with a fraction', { ...shot, duration: 4.5 }, 'duration must be an integer from 4 to 15'],
    ['a duration as a string', { ...shot, duration: '5' }, 'duration must be an integer from 4 to 15'],
    ['a ratio of another model', { ...fast, ratio: '21:9' }, 'ratio must be one of 16:9, 9:16, 1:1'],
    ['a resolution not offered', { ...shot, resolution: '1080p' }, 'resolution must be one of 720p'],
    [
      'a frame that is no URL',
      { ...shot, first_image: 'a.png', last_image: url(2) },
      'first_image must be an http(s) URL',
    ],
    ['a legacy frame of another scheme', { ...shot, image: 'file:///a.png' }, 'image must be an http(s) URL'],
    [
      'a first frame alone',
      { ...shot, first_image: url(1) },
      'last_image is required: first and last frame go together',
    ],
    [
      'a last frame alone',
      { ...shot, lastFrameImage: url(1) },
      'first_image is required: first and last frame go together',
    ],
    [
      'two names that differ',
      { ...shot, first_image: url(1), image: url(3), last_image: url(2) },
      'parameter conflict: first_image and image differ',
    ],
    [
      'frames with references',
      { ...shot, first_image: url(1), last_image: url(2), referenceAudios: urls(1) },
      'first and last frame cannot be combined with references',
    ],
    ['too many images', { ...fast, referenceImages: urls(5) }, 'referenceImages has 5 items, the limit is 4'],
    ['too many videos', { ...shot, referenceVideos: urls(4) }, 'referenceVideos has 4 items, the limit is 3'],
    ['too many audios', { ...fast, referenceAudios: urls(2) }, 'referenceAudios has 2 items, the limit is 1'],
    [
      'a list that is a string',
      { ...shot, referenceImages: url(1) },
      'referenceImages must be a list of http(s) URLs',
    ],
    [
      'a list with a path in it',
      { ...shot, referenceVideos: ['b.mp4'] },
      'referenceVideos must be a list of http(s) URLs',
    ],
  ])('refuse %s', (_, body, message) => {
    expect(check(body)).toBe(message);
  });

  it('know a model only at its own path, and a mode only where the catalog has it', () => {
    const videos = shippedCatalog.get('videos');
    if (videos === undefined) throw new Error('no videos model');
    const elsewhere = new Map([
      ['videos', { ...videos, createPath: '/v1/sora/videos', modes: ['frames'] as const }],
    ]);
    expect(checkCreate(shot, path, elsewhere)).toBe('model "videos" is not supported');
    expect(checkCreate(shot, '/v1/sora/videos', elsewhere)).toBe('text mode is not supported by videos');
  });
});

describe('a create call that breaks a rule', () => {
  it('is answered in an envelope, without a task and unbilled', async () => {
    const { create, emulator } = await startRig();
    const answer = await create({ ...shot, duration: 99 });
    expect(answer.status).toBe(200);
    expect(answer.json).toMatchObject({
      code: 400,
      data: null,
      msg: 'duration must be an integer from 4 to 15',
    });
    expect(emulator.books()).toEqual([]);
  });

  it('is answered with 400 where the emulator says no by status', async () => {
    const { create, emulator } = await startRig({ errors: 'status' });
    expect((await create({ ...shot, duration: 99 })).status).toBe(400);
    expect(emulator.books()).toEqual([]);
  });

  it.each([
    ['not JSON', '{"model":', 'application/json', 'The body is not JSON'],
    ['no object', '["videos"]', 'application/json', 'The body must be a JSON object'],
    [
      'of another type',
      JSON.stringify(shot),
      'text/plain',
      'Content type is not supported, application/json is',
    ],
  ])('is refused where its body is %s', async (_, body, type, message) => {
    const { emulator, send } = await startRig();
    const headers = { authorization: `Bearer ${key}`, 'content-type': type };
    const answer = await send('POST', `${emulator.baseUrl}${path}`, body, { headers });
    expect(answer.json['msg']).toBe(message);
    expect(emulator.books()).toEqual([]);
  });

  it('is refused where its body is larger than any request', async () => {
    const { create, emulator } = await startRig({ errors: 'status' });
    expect((await create({ ...shot, prompt: 'x'.repeat(9_000_000) })).status).toBe(413);
    expect(emulator.books()).toEqual([]);
  });
});
