import { xmlAttributes, xmlText } from '../../core/xml.ts';
import { framesIn } from '../frame-rate.ts';
import type { MediaPaths } from '../media-path.ts';
import type { CutItem, CutTake, FrameRate, Timeline } from '../model.ts';
import { clipName } from '../timeline.ts';
import { startOf } from './edl.ts';
import type { CutFormat } from './format.ts';

/** Final Cut Pro's XML, version 1.10, which other programs read, too. */
export const fcpxml: CutFormat = {
  extension: 'fcpxml',
  summary: 'Final Cut Pro XML 1.10',
  render: (timeline, paths) => [...elements(timeline, paths)].map((line) => `${line}\n`).join(''),
};

function* elements(timeline: Timeline, paths: MediaPaths): Iterable<string> {
  const { items, rate, frames, title } = timeline;
  const sources = sourcesOf(items);
  const sized = [...sources.keys()].find(({ width, height }) => width !== null && height !== null);
  const format = {
    id: 'r1',
    frameDuration: time(1, rate),
    width: sized?.width ?? 1280,
    height: sized?.height ?? 720,
  };
  const sequence = {
    format: 'r1',
    duration: time(frames, rate),
    tcStart: time(startOf(timeline), rate),
    tcFormat: codeFormat(rate),
  };
  yield '<?xml version="1.0" encoding="UTF-8"?>';
  yield '<!DOCTYPE fcpxml>';
  yield '<fcpxml version="1.10">';
  yield '  <resources>';
  yield `    <format${xmlAttributes(format)}/>`;
  for (const [take, id] of sources) yield* asset(take, id, rate, paths);
  yield '  </resources>';
  yield '  <library>';
  yield `    <event${xmlAttributes({ name: timeline.project })}>`;
  yield `      <project${xmlAttributes({ name: title })}>`;
  yield `        <sequence${xmlAttributes(sequence)}>`;
  yield '          <spine>';
  for (const item of items) yield* element(item, timeline, sources);
  yield '          </spine>';
  yield '        </sequence>';
  yield '      </project>';
  yield '    </event>';
  yield '  </library>';
  yield '</fcpxml>';
}

/** Each clip that is used, once, by its id in the document. */
function sourcesOf(items: readonly CutItem[]): ReadonlyMap<CutTake, string> {
  const sources = new Map<CutTake, string>();
  for (const { take } of items)
    if (take !== null && !sources.has(take)) sources.set(take, `r${sources.size + 2}`);
  return sources;
}

function* asset(take: CutTake, id: string, rate: FrameRate, paths: MediaPaths): Iterable<string> {
  const facts = {
    id,
    name: take.key,
    start: '0s',
    duration: time(Math.max(1, framesIn(take.seconds, rate)), rate),
    hasVideo: 1,
    videoSources: 1,
    format: 'r1',
    ...(take.hasAudio ? { hasAudio: 1, audioSources: 1, audioChannels: 2 } : {}),
  };
  yield `    <asset${xmlAttributes(facts)}>`;
  yield `      <media-rep${xmlAttributes({ kind: 'original-media', src: paths.url(take.file) })}/>`;
  yield '    </asset>';
}

function* element(
  item: CutItem,
  timeline: Timeline,
  sources: ReadonlyMap<CutTake, string>,
): Iterable<string> {
  const { take, shot, scene } = item;
  const { rate } = timeline;
  const name = take === null ? 'gap' : 'asset-clip';
  const start = time(item.sourceStart, rate);
  const facts = {
    ref: take === null ? undefined : sources.get(take),
    name: clipName(item),
    offset: time(startOf(timeline) + item.start, rate),
    duration: time(item.frames, rate),
    start,
    ...(take === null ? {} : { format: 'r1', tcFormat: codeFormat(rate) }),
  };
  const marker = { start, duration: time(1, rate), value: scene?.title ?? scene?.id };
  yield `            <${name}${xmlAttributes(facts)}>`;
  if (shot.title !== null) yield `              <note>${xmlText(shot.title)}</note>`;
  if (scene !== null) yield `              <marker${xmlAttributes(marker)}/>`;
  yield `            </${name}>`;
}

function codeFormat({ drop }: FrameRate): string {
  return drop ? 'DF' : 'NDF';
}

/** A time is a fraction of a second, a multiple of one frame. */
function time(frames: number, { numerator, denominator }: FrameRate): string {
  return frames === 0 ? '0s' : `${frames * denominator}/${numerator}s`;
}
