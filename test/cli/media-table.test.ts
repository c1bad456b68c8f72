import stringWidth from 'string-width';
import { describe, expect, it } from 'vitest';
import { renderMedia } from '../../src/cli/render/media.ts';
import { image } from '../../src/lint/example-media.ts';
import type { ProbedMedium } from '../../src/lint/used-media.ts';

const medium = (url: string): ProbedMedium => ({
  facts: image(url),
  expected: 'image',
  usedBy: ['sc010/sh0010'],
});
const lost = (url: string): ProbedMedium => ({
  facts: { outcome: 'unprobed', url: new URL(url).href, message: 'no time was left', help: null },
  expected: 'video',
  usedBy: ['sc010/sh0020'],
});
const linesOf = (media: readonly ProbedMedium[], width: number): readonly string[] =>
  renderMedia(media, false, width).trim().split('\n');

describe('the table of media', () => {
  it('keeps to the width of the terminal, wide characters counted, and to the end of each name', () => {
    const media = [1, 2].map((n) =>
      medium(`https://cdn.example.com/素材/米卡-角色设定-雨衣-转面图-第${n}版.png`),
    );
    const lines = linesOf(media, 80);
    expect(lines.every((line) => stringWidth(line) <= 80)).toBe(true);
    expect(lines.slice(2).map((line) => line.slice(-7))).toEqual(['第1版.png', '第2版.png']);
  });

  it('shows names as people write them, and nothing that a terminal would obey', () => {
    const [, , wide, hostile] = linesOf(
      [
        medium('https://cdn.example.com/%E9%9B%A8.png'),
        medium('https://cdn.example.com/%1b%5B31m%E2%80%AEgnp.png'),
      ],
      200,
    );
    expect(wide).toMatch(/cdn\.example\.com\/雨\.png$/);
    expect(hostile).toMatch(/cdn\.example\.com\/%1B\[31m%E2%80%AEgnp\.png$/);
  });

  it('leaves out no file that could not be looked at while it lists others', () => {
    const media = Array.from({ length: 60 }, (_, i) => medium(`https://cdn.example.com/${i}.png`));
    const lines = linesOf([...media, lost('https://cdn.example.com/lost.mp4')], 100);
    expect(lines[2]).toMatch(/^ {2}video, not known .*lost\.mp4$/);
    expect(lines.at(-1)).toContain('… and 21 more files');
  });
});
