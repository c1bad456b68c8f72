import { describe, expect, it } from 'vitest';
import { lintText, shots } from './linting.ts';

async function helpFor(url: string): Promise<string | null | undefined> {
  const text = shots(
    `  - { id: one, model: videos, duration: 5, prompt: Rain, referenceImages: [${JSON.stringify(url)}] }\n`,
  );
  const { diagnostics } = await lintText(text);
  return diagnostics.find(({ rule }) => rule === 'share-link')?.help;
}

describe('a link for people', () => {
  it.each([
    [
      'https://drive.google.com/file/d/1aB-c_2/view?usp=sharing',
      'https://drive.google.com/uc?export=download&id=1aB-c_2',
    ],
    ['https://drive.google.com/open?id=1aB', 'https://drive.google.com/uc?export=download&id=1aB'],
    [
      'https://www.dropbox.com/scl/fi/a1/mika.png?rlkey=k2&dl=0',
      'https://www.dropbox.com/scl/fi/a1/mika.png?rlkey=k2&dl=1',
    ],
    [
      'https://github.com/studio/plates/blob/main/art/mika.png',
      'https://raw.githubusercontent.com/studio/plates/main/art/mika.png',
    ],
    ['https://gitlab.com/a/b/-/blob/main/mika.png', 'https://gitlab.com/a/b/-/raw/main/mika.png'],
  ])('is told with the address of the file: %s', async (url, direct) => {
    expect(await helpFor(url)).toContain(`\`${direct}\``);
  });

  it.each([
    'https://we.tl/t-abc123',
    'https://1drv.ms/i/s!abc',
    'https://pan.baidu.com/s/1abc',
    'https://studio.sharepoint.com/:i:/g/mika',
    'https://imgur.com/a1b2',
    'https://www.dropbox.com/sh/a1/b2?dl=0',
  ])('without one is told all the same: %s', async (url) => {
    expect(await helpFor(url)).toContain('address of the file itself');
  });

  it.each([
    'https://drive.google.com/uc?export=download&id=1aB',
    'https://www.dropbox.com/s/k3/mika.png?dl=1',
    'https://dl.dropboxusercontent.com/s/k3/mika.png',
    'https://raw.githubusercontent.com/studio/plates/main/mika.png',
    'https://github.com/studio/plates/releases/download/v1/mika.png',
    'https://i.imgur.com/a1b2.png',
    'https://cdn.example.com/file/d/1aB/view.png',
  ])('is not what leads to the file: %s', async (url) => {
    expect(await helpFor(url)).toBeUndefined();
  });
});
