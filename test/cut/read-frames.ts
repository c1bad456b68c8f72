import { expect } from 'vitest';

/** Frames of each item of the picture, gaps included, as OpenTimelineIO says them. */
export function otioFrames(text: string): readonly number[] {
  const { tracks } = JSON.parse(text) as {
    tracks: { children: { children: { source_range: { duration: { value: number } } }[] }[] };
  };
  return tracks.children[0]?.children.map(({ source_range }) => source_range.duration.value) ?? [];
}

/** The record times of each event, read back to frames without this program's own code. */
export function edlFrames(text: string, fps: number): readonly number[] {
  const base = Math.round(fps);
  const toFrame = (code: string): number => {
    const [hours = 0, minutes = 0, seconds = 0, frames = 0] = code.split(/[:;]/).map(Number);
    const total = hours * 60 + minutes;
    const left = code.includes(';') ? 2 * (total - Math.floor(total / 10)) : 0;
    return (total * 60 + seconds) * base + frames - left;
  };
  return [...text.matchAll(/^\d{3} .* (\S+) (\S+)\r$/gm)].map(
    ([, from = '', to = '']) => toFrame(to) - toFrame(from),
  );
}

/** The lengths of clips and gaps, at a rate that the file has to say. */
export function fcpxmlFrames(text: string, fps: number): readonly number[] {
  const [, top = '1', bottom = '1'] = /frameDuration="(\d+)\/(\d+)s"/.exec(text) ?? [];
  expect(Math.abs(Number(bottom) / Number(top) - fps)).toBeLessThan(0.005);
  return [...text.matchAll(/<(?:asset-clip|gap)[^>]* duration="(\d+)\/(\d+)s"/g)].map(
    ([, over, under]) => (Number(over) / Number(under)) * (Number(bottom) / Number(top)),
  );
}
