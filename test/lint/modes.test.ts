import { describe, expect, it } from 'vitest';
import { lintText, shots, told } from './linting.ts';

const image = (name: string): string => `https://cdn.example.com/${name}.png`;
const first = `first_image: ${image('a')}`;
const last = `last_image: ${image('b')}`;
const images = `referenceImages: [${image('c')}]`;
const audios = 'referenceAudios: [https://cdn.example.com/c.mp3]';

/** What is found in one shot of these keys, with these in the manifest's defaults. */
async function foundIn(
  keys: readonly string[],
  defaults: readonly string[] = [],
): Promise<readonly string[]> {
  const lines = (indent: string, all: readonly string[]): string =>
    all.map((key) => `${indent}${key}\n`).join('');
  const text = shots(
    `  - id: one\n    prompt: Rain\n${lines('    ', keys)}`,
    `defaults:\n  model: videos\n  duration: 5\n${lines('  ', defaults)}`,
  );
  return told(await lintText(text));
}

describe('mode and media', () => {
  it.each<[what: string, keys: string[], found: string[]]>([
    ['words alone', [], []],
    ['both frames', [first, last], []],
    ['references of two kinds', [images, audios], []],
    ['empty lists, which are not sent', [first, last, 'referenceImages: []'], []],
    ['a stated mode that the media imply', ['mode: frames', first, last], []],
    ['a first frame alone', [first], ['frame-pair: id: one']],
    ['a last frame alone', [last], ['frame-pair: id: one']],
    ['a frame alone with its mode stated', ['mode: frames', first], ['frame-pair: id: one']],
    ['frames with references', [first, last, images], ['frames-with-references: referenceImages']],
    ['frames with audio references', [first, last, audios], ['frames-with-references: referenceAudios']],
    [
      'one frame with references, whatever the mode',
      [first, images, 'mode: text'],
      ['frames-with-references: referenceImages'],
    ],
    ['frames that are stated and not there', ['mode: frames'], ['mode-mismatch: frames']],
    ['references that are stated and not there', ['mode: references'], ['mode-mismatch: references']],
    ['references under the mode of words', ['mode: "text"', images], ['mode-mismatch: "text"']],
    ['one frame under the mode of words', ['mode: text', first], ['mode-mismatch: text']],
    [
      'both frames under the mode of references',
      [first, last, 'mode: references'],
      ['mode-mismatch: references'],
    ],
    ['references under the mode of frames', ['mode: frames', images], ['mode-mismatch: frames']],
  ])('%s: one mistake, one finding', async (_, keys, found) => {
    expect(await foundIn(keys)).toEqual(found);
  });

  it.each<[what: string, keys: string[], defaults: string[], found: string[]]>([
    ['a stated mode drops inherited media of another', ['mode: text'], [images], []],
    ['a stated mode drops inherited references beside frames', ['mode: frames', first, last], [images], []],
    [
      'inherited references clash with frames',
      [first, last],
      [images],
      ['frames-with-references: referenceImages'],
    ],
    ['media clash with a mode by default', [images], ['mode: frames'], ['mode-mismatch: referenceImages']],
    ['media lack for a mode by default', [], ['mode: frames'], ['mode-mismatch: id: one']],
    ['a frame in the defaults is completed by the shot', [last], [first], []],
    ['a frame in the defaults is completed by nobody', [], [first], ['frame-pair: model: videos']],
    ['an inherited frame is removed', ['last_image: null', first], [last], ['frame-pair: id: one']],
    ['inherited media are removed', ['referenceImages: null', first, last], [images], []],
  ])('%s', async (_, keys, defaults, found) => {
    expect(await foundIn(keys, defaults)).toEqual(found);
  });

  it('marks the media where it was stated, not the asset that it names', async () => {
    const text = shots(
      '  - { id: one, model: videos, duration: 5, prompt: Rain, first_image: "${assets.a}" }\n',
      `assets: { a: "${image('a')}" }\ndefaults: { mode: references }\n`,
    );
    expect(told(await lintText(text))).toEqual(['mode-mismatch: first_image']);
  });

  it('says nothing about the absence of what was reported already', async () => {
    expect(await foundIn([first, 'last_image: 5'])).toEqual(['schema: 5']);
    expect(await foundIn(['mode: references', 'referenceImages: 5'])).toEqual(['schema: 5']);
    expect(await foundIn(['mode: frame', images])).toEqual(['schema: frame']);
    expect(await foundIn(['image: 5', last])).toEqual(['schema: 5']);
  });

  it('finds the lack of a frame once at a shot, or at the one variant that causes it', async () => {
    const head = '  - id: one\n    model: videos\n    duration: 5\n    prompt: Rain\n';
    const whole = await lintText(
      shots(`${head}    ${first}\n    variants:\n      wide: {}\n      tall: { ratio: "9:16" }\n`),
    );
    expect(told(whole)).toEqual(['frame-pair: id: one']);
    expect(whole.diagnostics[0]?.key).toBe('one');
    const variant = await lintText(shots(`${head}    variants:\n      wide: {}\n      tall: { ${first} }\n`));
    expect(told(variant)).toEqual([`frame-pair: { ${first} }`]);
    expect(variant.diagnostics[0]?.key).toBe('one:tall');
  });
});

describe('legacy spellings', () => {
  it('are one warning each, and the pair is whole', async () => {
    expect(await foundIn([`image: ${image('a')}`, `lastFrameImage: ${image('b')}`])).toEqual([
      'legacy-field: image',
      'legacy-field: lastFrameImage',
    ]);
  });

  it('beside the new spelling of the same image are told to go', async () => {
    const text = shots(
      `  - { id: one, model: videos, duration: 5, prompt: Rain, ${first}, image: ${image('a')}, ${last} }\n`,
    );
    const { diagnostics } = await lintText(text);
    expect(diagnostics.map(({ rule, help }) => [rule, help])).toEqual([
      ['legacy-field', 'Remove it: `first_image` beside it says the same'],
    ]);
  });

  it('in the defaults are found there, once for all shots', async () => {
    const text = shots(
      '  - { id: one, prompt: Rain }\n  - { id: two, prompt: Snow }\n  - { id: three, prompt: Fog }\n',
      `defaults: { model: videos, duration: 5, image: ${image('a')}, ${last} }\n`,
    );
    const result = await lintText(text);
    expect(told(result)).toEqual(['legacy-field: image']);
    expect(result.diagnostics[0]?.message).toMatch(/ \(one and 2 more\)$/);
    expect(result.diagnostics[0]?.key).toBeNull();
  });
});
