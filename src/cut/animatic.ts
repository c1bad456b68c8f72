import { secondsOf } from './frame-rate.ts';
import type { CutItem, FrameRate, Timeline } from './model.ts';

/** Size of an animatic, in pixels. */
export interface FrameSize {
  readonly width: number;
  readonly height: number;
}

/** Arguments of ffmpeg, and the cards that it reads: text files to be written before, by name. */
export interface AnimaticCommand {
  readonly arguments: readonly string[];
  readonly cards: ReadonlyMap<string, string>;
}

export interface AnimaticOptions {
  /** The file that the film is written to. */
  readonly output: string;
  /** A folder for the cards' texts, which ffmpeg reads while it works. */
  readonly cardFolder: string;
  /** A font file for the cards; null where ffmpeg finds one by itself. */
  readonly font: string | null;
  /** True where this ffmpeg can write text: not every build has `drawtext`. */
  readonly canWriteText: boolean;
}

/**
 * The call of ffmpeg that makes a film of a cut: the clips, and for a shot without one its plate, or else a card with its
 * prompt. Everything is scaled into one size and rate, with silence where a clip has no sound.
 */
export function animaticCommand(timeline: Timeline, options: AnimaticOptions): AnimaticCommand {
  const { rate, items } = timeline;
  const size = sizeOf(timeline);
  const inputs: string[] = [];
  const filters: string[] = [];
  const cards = new Map<string, string>();
  for (const [index, item] of items.entries()) {
    const length = seconds(secondsOf(item.frames, rate));
    inputs.push(...inputOf(item, rate, size, length));
    filters.push(`[${index}:v]${videoFilters(item, index, rate, size, options, cards).join(',')}[v${index}]`);
    filters.push(
      item.take?.hasAudio === true
        ? `[${index}:a]aresample=48000,aformat=channel_layouts=stereo,apad,atrim=end=${length},asetpts=PTS-STARTPTS[a${index}]`
        : `anullsrc=r=48000:cl=stereo,atrim=end=${length}[a${index}]`,
    );
  }
  const joined = items.map((_, index) => `[v${index}][a${index}]`).join('');
  filters.push(`${joined}concat=n=${items.length}:v=1:a=1[v][a]`);
  return {
    arguments: [
      ...['-hide_banner', '-nostdin', '-loglevel', 'error', '-y'],
      ...inputs,
      ...['-filter_complex', filters.join(';'), '-map', '[v]', '-map', '[a]'],
      ...['-r', rateOf(rate), '-frames:v', String(timeline.frames)],
      ...['-c:v', 'libx264', '-preset', 'veryfast', '-crf', '20', '-pix_fmt', 'yuv420p'],
      ...['-c:a', 'aac', '-b:a', '160k', '-movflags', '+faststart'],
      options.output,
    ],
    cards,
  };
}

/** The size of the first clip that tells one, made even, as the codec wants it. */
export function sizeOf({ items }: Timeline): FrameSize {
  for (const { take } of items) {
    if (take?.width == null || take.height == null) continue;
    return { width: take.width - (take.width % 2), height: take.height - (take.height % 2) };
  }
  return { width: 1280, height: 720 };
}

function inputOf(
  item: CutItem,
  rate: FrameRate,
  { width, height }: FrameSize,
  length: string,
): readonly string[] {
  if (item.take !== null) return ['-ss', seconds(secondsOf(item.sourceStart, rate)), '-i', item.take.file];
  if (item.shot.plate !== null)
    return ['-loop', '1', '-framerate', rateOf(rate), '-t', length, '-i', item.shot.plate];
  return ['-f', 'lavfi', '-t', length, '-i', `color=c=0x1b1d21:s=${width}x${height}:r=${rateOf(rate)}`];
}

function videoFilters(
  item: CutItem,
  index: number,
  rate: FrameRate,
  { width, height }: FrameSize,
  { cardFolder, font, canWriteText }: AnimaticOptions,
  cards: Map<string, string>,
): readonly string[] {
  const fitted = [
    `scale=${width}:${height}:force_original_aspect_ratio=decrease`,
    `pad=${width}:${height}:(ow-iw)/2:(oh-ih)/2`,
    'setsar=1',
    `fps=${rateOf(rate)}`,
    // A clip that ends a frame early holds its last picture.
    'tpad=stop_mode=clone:stop_duration=1',
    `trim=end_frame=${item.frames}`,
    'setpts=PTS-STARTPTS',
    'format=yuv420p',
  ];
  if (item.take !== null || !canWriteText) return fitted;
  const name = `card-${index + 1}.txt`;
  cards.set(name, cardText(item, item.shot.plate === null));
  const text = [
    `textfile=${escaped(`${cardFolder}/${name}`)}`,
    ...(font === null ? [] : [`fontfile=${escaped(font)}`]),
    'fontcolor=white',
    `fontsize=${Math.round(height / 24)}`,
    `line_spacing=${Math.round(height / 80)}`,
    'expansion=none',
    ...(item.shot.plate === null
      ? ['x=(w-text_w)/2', 'y=(h-text_h)/2']
      : ['x=w/40', 'y=h-text_h-h/30', 'box=1', 'boxcolor=black@0.5', 'boxborderw=8']),
  ];
  return [...fitted, `drawtext=${text.join(':')}`];
}

/** The shot's key and title, and on an empty card its prompt, in lines that fit. */
function cardText({ shot }: CutItem, withPrompt: boolean): string {
  const head = shot.title === null ? shot.key : `${shot.key}  ${shot.title}`;
  return withPrompt ? [head, '', ...wrapped(shot.prompt, 56).slice(0, 12)].join('\n') : head;
}

/** Characters that are two columns wide count as two. */
function wrapped(text: string, columns: number): readonly string[] {
  const lines: string[] = [];
  let line = '';
  let width = 0;
  for (const word of text.match(/[\u2e80-\uffef]|[^\s\u2e80-\uffef]+\s*|\s+/g) ?? []) {
    const size = [...word].reduce((sum, character) => sum + (/[\u2e80-\uffef]/.test(character) ? 2 : 1), 0);
    if (width + size > columns && line !== '') {
      lines.push(line.trimEnd());
      line = '';
      width = 0;
    }
    line += word;
    width += size;
  }
  return line.trim() === '' ? lines : [...lines, line.trimEnd()];
}

/** Escapes a value within a filter graph: what separates options and filters there is escaped twice. */
function escaped(text: string): string {
  return text
    .replaceAll('\\', '/')
    .replace(/[:']/g, '\\$&')
    .replace(/[\\'[\],;]/g, '\\$&');
}

function rateOf({ numerator, denominator }: FrameRate): string {
  return `${numerator}/${denominator}`;
}

function seconds(value: number): string {
  return value.toFixed(6);
}
