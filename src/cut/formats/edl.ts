import { timecode } from '../frame-rate.ts';
import type { MediaPaths } from '../media-path.ts';
import type { CutItem, Timeline } from '../model.ts';
import { clipName } from '../timeline.ts';
import type { CutFormat } from './format.ts';

/** CMX3600, the edit decision list that every program reads: eight characters for a reel, so names stand in comments. */
export const edl: CutFormat = {
  extension: 'edl',
  summary: 'CMX3600 edit decision list',
  render: (timeline, paths) =>
    lines(timeline, paths)
      .map((line) => `${line}\r\n`)
      .join(''),
};

/** The hour of time code, in seconds, at which broadcast lets a programme begin. */
const firstHour = 3600;

function lines(timeline: Timeline, paths: MediaPaths): readonly string[] {
  const { rate, items, title } = timeline;
  const reels = reelNames(items);
  const begin = startOf(timeline);
  const events = items.flatMap((item, index) => {
    const number = String(index + 1).padStart(3, '0');
    const reel = (item.take === null ? 'BL' : (reels.get(item.take.file) ?? '')).padEnd(8);
    const channel = item.take?.hasAudio === true ? 'B' : 'V';
    const times = [
      item.sourceStart,
      item.sourceStart + item.frames,
      begin + item.start,
      begin + item.start + item.frames,
    ].map((frame) => timecode(frame, rate));
    return [
      `${number}  ${reel} ${channel.padEnd(5)} C        ${times.join(' ')}`,
      ...comments(item, timeline, paths),
    ];
  });
  return [
    `TITLE: ${plain(title).slice(0, 70)}`,
    `FCM: ${rate.drop ? 'DROP FRAME' : 'NON-DROP FRAME'}`,
    '',
    ...events,
  ];
}

/** The frame whose time code is 01:00:00:00. */
export function startOf({ rate: { base, drop } }: Timeline): number {
  const dropped = drop ? (base / 15) * 54 : 0;
  return firstHour * base - dropped;
}

function comments(item: CutItem, timeline: Timeline, paths: MediaPaths): readonly string[] {
  const { take, shot, scene } = item;
  const at = timecode(startOf(timeline) + item.start, timeline.rate);
  return [
    `* FROM CLIP NAME: ${plain(clipName(item))}`,
    ...(take === null ? [] : [`* SOURCE FILE: ${plain(paths.path(take.file))}`]),
    `* SHOT: ${plain(take?.key ?? shot.key)}`,
    ...(shot.title === null ? [] : [`* COMMENT: ${plain(shot.title)}`]),
    ...(scene === null ? [] : [`* LOC: ${at} GREEN   ${plain(scene.title ?? scene.id)}`]),
  ];
}

/** A comment is one line. */
function plain(text: string): string {
  return text.replace(/[\p{Cc}\u2028\u2029]+/gu, ' ').trim();
}

/** Eight capital letters and digits for each file, each once: what is left of its name, and a number where two meet. */
export function reelNames(items: readonly CutItem[]): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  // `BL` and `AX` mean black and an auxiliary source.
  const taken = new Set(['BL', 'AX']);
  for (const item of items) {
    const { take } = item;
    if (take === null || names.has(take.file)) continue;
    const stem =
      clipName(item)
        .toUpperCase()
        .replace(/[^A-Z0-9]/g, '') || 'CLIP';
    let name = stem.slice(0, 8);
    for (let number = 2; taken.has(name); number += 1) {
      const suffix = String(number);
      name = `${stem.slice(0, 8 - suffix.length)}${suffix}`;
    }
    taken.add(name);
    names.set(take.file, name);
  }
  return names;
}
