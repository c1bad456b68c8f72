import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { nearest } from '../../src/core/suggest.ts';

const shotKeys = [
  'id',
  'title',
  'mode',
  'model',
  'prompt',
  'promptFile',
  'duration',
  'ratio',
  'resolution',
  'first_image',
  'last_image',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
  'takes',
  'tags',
];

describe('the nearest name', () => {
  it.each([
    ['promt', 'prompt'],
    ['prompts', 'prompt'],
    ['prompt_file', 'promptFile'],
    ['firstImage', 'first_image'],
    ['FIRST-IMAGE', 'first_image'],
    ['first image', 'first_image'],
    ['reference_image', 'referenceImages'],
    ['durration', 'duration'],
    ['raito', 'ratio'],
    ['tkaes', 'takes'],
    ['modle', 'model'],
    ['take', 'takes'],
    ['ttile', 'title'],
  ])('of %s is %s', (word, name) => {
    expect(nearest(word, shotKeys)).toBe(name);
  });

  it.each(['fps', 'camera', 'negative', 'x', '', 'seed'])(
    'is none for %j, which resembles nothing',
    (word) => {
      expect(nearest(word, shotKeys)).toBeUndefined();
    },
  );

  it('is none where nothing is known', () => {
    expect(nearest('prompt', [])).toBeUndefined();
  });

  it('prefers the exact name to one that differs in case only', () => {
    expect(nearest('Mika', ['mika', 'Mika'])).toBe('Mika');
  });

  it('is the first of equally near ones', () => {
    expect(nearest('sh0015', ['sh0010', 'sh0011'])).toBe('sh0010');
  });

  it('finds a known name from any one slip in it', () => {
    const slip = fc
      .constantFrom(...shotKeys.filter((name) => name.length > 4))
      .chain((name) => fc.record({ name: fc.constant(name), at: fc.nat(name.length - 2), slip: fc.nat(2) }));
    fc.assert(
      fc.property(slip, ({ name, at, slip }) => {
        const letters = [...name];
        if (slip === 0) letters.splice(at, 1);
        if (slip === 1) letters.splice(at, 0, 'z');
        if (slip === 2) letters.splice(at, 2, letters[at + 1] ?? '', letters[at] ?? '');
        expect(nearest(letters.join(''), shotKeys)).toBe(name);
      }),
    );
  });
});
