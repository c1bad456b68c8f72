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

  it('finds a long name from any one slip in it', () => {
    for (const name of shotKeys.filter((candidate) => candidate.length > 5)) {
      for (let at = 0; at < name.length; at += 1) {
        const [before, letter, after] = [name.slice(0, at), name.slice(at, at + 1), name.slice(at + 1)];
        const slips = [before + after, `${before}z${letter}${after}`, `${before}z${after}`];
        if (after !== '') slips.push(before + after.slice(0, 1) + letter + after.slice(1));
        for (const slip of slips) expect(nearest(slip, shotKeys), slip).toBe(name);
      }
    }
  });
});
