import { type CellValue, wholeSeconds } from './cells.ts';
import { framesToSeconds, parseDuration, parseInOut, type Seconds } from './times.ts';

/** A cell, and the header of its column. */
export interface FoundCell {
  readonly text: string;
  readonly header: string;
}

/** The length of a row's shot, as its cells state it. */
export interface RowLength {
  readonly header: string;
  /** The cell as it stands; empty where the length was worked out. */
  readonly text: string;
  readonly read: CellValue;
}

/** One way in which a row says it. */
interface Statement {
  readonly header: string;
  readonly text: string;
  /** As the cells have it, for people. */
  readonly said: string;
  readonly length: Seconds;
}

/**
 * Works out the length of a shot from its cells: its duration, else its count of frames, else its in and out points. Of
 * several that disagree by more than a frame, none is taken.
 *
 * @param cell the first cell of a target that is not empty.
 */
export function lengthOf(
  cell: (target: string) => FoundCell | undefined,
  fps: number | null,
): RowLength | undefined {
  const stated = [fromDuration(cell, fps), fromFrames(cell, fps), fromPoints(cell, fps)].filter(
    (statement) => statement !== undefined,
  );
  const [first, ...others] = stated;
  if (first === undefined) return undefined;
  const { header, text, said, length } = first;
  const other = others.find((each) => contradicts(first, each, fps));
  if (other === undefined) return { header, text, read: wholeSeconds(length, said) };
  return {
    header,
    text,
    read: {
      message: `\`${header}\` says ${inSeconds(first)}, and \`${other.header}\` ${inSeconds(other)}: nobody can tell which is meant`,
      help: `Correct one of the two; or leave out the column that does not count: --ignore-column "${other.header}"`,
    },
  };
}

function fromDuration(
  cell: (target: string) => FoundCell | undefined,
  fps: number | null,
): Statement | undefined {
  const duration = cell('duration');
  if (duration === undefined) return undefined;
  const text = duration.text.trim();
  const rest = cell('plusFrames');
  const length = parseDuration(text, fps);
  if (rest === undefined || 'message' in length) return { ...duration, said: text, length };
  const more = countOf(rest);
  const part = 'message' in more || more.seconds === 0 ? more : framesToSeconds(more.seconds, fps);
  const said = `${text}+${rest.text.trim()}`;
  if ('message' in part) return { ...rest, said, length: part };
  return { header: duration.header, text: said, said, length: { seconds: length.seconds + part.seconds } };
}

function fromFrames(
  cell: (target: string) => FoundCell | undefined,
  fps: number | null,
): Statement | undefined {
  const frames = cell('frames') ?? (cell('duration') === undefined ? cell('plusFrames') : undefined);
  if (frames === undefined) return undefined;
  const { header } = frames;
  const count = countOf(frames);
  if ('message' in count) return { header, text: '', said: '', length: count };
  // Programs write 0 where they do not know.
  if (count.seconds === 0) return undefined;
  const said = `${count.seconds} frames at ${fps} fps`;
  return { header, text: '', said, length: framesToSeconds(count.seconds, fps) };
}

function fromPoints(
  cell: (target: string) => FoundCell | undefined,
  fps: number | null,
): Statement | undefined {
  const from = cell('in');
  const to = cell('out');
  if (from === undefined || to === undefined) return undefined;
  const [start, end] = [from.text.trim(), to.text.trim()];
  return { header: to.header, text: '', said: `${start} to ${end}`, length: parseInOut(start, end, fps) };
}

function countOf({ text }: FoundCell): Seconds {
  const count = /^(\d+)(?:[.,]0+)?$/.exec(text.trim())?.[1];
  if (count !== undefined) return { seconds: Number(count) };
  return { message: `\`${text.trim()}\` is no number of frames`, help: 'Write a whole number' };
}

/** True for lengths more than a frame apart, and more than rounding to tenths explains; unread ones contradict none. */
function contradicts(one: Statement, other: Statement, fps: number | null): boolean {
  if ('message' in one.length || 'message' in other.length) return false;
  const apart = Math.abs(one.length.seconds - other.length.seconds);
  if (apart <= Math.max(1 / (fps ?? 24), 0.05) + 1e-6) return false;
  // A duration in whole seconds may be rounded up from the other.
  return one.text === '' || Math.ceil(one.length.seconds - 1e-6) !== Math.ceil(other.length.seconds - 1e-6);
}

function inSeconds({ said, length }: Statement): string {
  if ('message' in length) return said;
  const seconds = `${Number(length.seconds.toFixed(2))} s`;
  return said === seconds || /^\d+(?:[.,]\d+)?\s*s?$/.test(said) ? seconds : `${said}, ${seconds}`;
}
