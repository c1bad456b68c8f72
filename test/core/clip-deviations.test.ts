import { describe, expect, it } from 'vitest';
import { clipDeviations } from '../../src/core/clip-deviations.ts';

const asked = { duration: 5, ratio: '16:9', resolution: '720p' };
const found = { seconds: 5, width: 1280, height: 720 };

describe('how a clip is not what was asked for', () => {
  it.each([
    ['exactly that', asked, found],
    ['whole frames more', asked, { ...found, seconds: 5.21 }],
    ['whole blocks', asked, { ...found, width: 1280, height: 704 }],
    ['21:9 with the pixels of 720p', { ...asked, ratio: '21:9' }, { ...found, width: 1470, height: 630 }],
    ['21:9 with the lines of 720p', { ...asked, ratio: '21:9' }, { ...found, width: 1680, height: 720 }],
    ['1:1 with the pixels of 720p', { ...asked, ratio: '1:1' }, { ...found, width: 960, height: 960 }],
    ['1:1 with the lines of 720p', { ...asked, ratio: '1:1' }, { ...found, width: 720, height: 720 }],
    ['upright', { ...asked, ratio: '9:16' }, { ...found, width: 720, height: 1280 }],
    ['nothing asked', { duration: null, ratio: null, resolution: null }, found],
    ['nothing known', asked, { seconds: null, width: null, height: null }],
    ['words that are no numbers', { ...asked, ratio: 'adaptive', resolution: 'high' }, found],
  ])('says nothing of %s', (_name, wanted, clip) => {
    expect(clipDeviations(wanted, clip)).toEqual([]);
  });

  it.each([
    ['length', asked, { ...found, seconds: 4 }, ['plays for 4 s, not 5 s']],
    ['ratio', { ...asked, ratio: '9:16' }, found, ['is 1280 × 720, not 9:16']],
    ['fewer pixels', asked, { ...found, width: 854, height: 480 }, ['is 854 × 480, not 720p']],
    ['more pixels', asked, { ...found, width: 1920, height: 1080 }, ['is 1920 × 1080, not 720p']],
    [
      'all of it',
      asked,
      { seconds: 0.8, width: 64, height: 48 },
      ['plays for 0.8 s, not 5 s', 'is 64 × 48, not 16:9', 'is 64 × 48, not 720p'],
    ],
  ])('tells of another %s', (_name, wanted, clip, expected) => {
    expect(clipDeviations(wanted, clip)).toEqual(expected);
  });
});
