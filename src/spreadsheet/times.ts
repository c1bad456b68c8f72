/** Seconds that a cell says, or why it says none. */
export type Seconds =
  | {
      readonly seconds: number;
      /** The part that was taken of several that the cell names. */
      readonly of?: string | undefined;
    }
  | { readonly message: string; readonly help: string };

const number = String.raw`(\d+(?:[.,]\d+)?)`;
const inSeconds = String.raw`(?:(?:s|secs?|seconds?|秒钟?|초|sek(?:unden?)?|secondes?|seg(?:undos?)?|"|″|''|′′|”)\.?)`;
const inMinutes = String.raw`(?:(?:m|mins?|minutes?|分钟?|분|minuten|minutos?|'|′|’)\.?)`;
const plain = new RegExp(`^${number}\\s*${inSeconds}?$`, 'i');
const minutes = new RegExp(`^(\\d+)\\s*${inMinutes}\\s*(?:${number}\\s*${inSeconds}?)?$`, 'i');
const range = new RegExp(
  `^${number}\\s*${inSeconds}?\\s*(?:-|–|—|~|～|至|到|to)\\s*${number}\\s*${inSeconds}?$`,
  'i',
);
const frames = /^(\d+)\s*(?:f|fr|frames?|帧|コマ|프레임)$/i;
/** Seconds and frames, as drawn storyboards count: 6+12. */
const secondsAndFrames = /^(\d+)\s*\+\s*(\d+)\s*(?:f|fr|frames?|帧|コマ|k)?$/i;
const clock = /^(\d+):(\d{1,2})(?::(\d{1,2}(?:[.,]\d+)?))?$/;
const timecode = /^(\d+):(\d{1,2}):(\d{1,2})[:;](\d{1,3})$/;

/** Reads a length from a cell: `5`, `4,5 s`, `1 min 30 s`, `120f`, `6+12`, `3-5秒`, `00:05`, `00:00:05:00`. */
export function parseDuration(text: string, fps: number | null): Seconds {
  const trimmed = text
    .normalize('NFKC')
    .trim()
    .replace(/^(?:约|約|大约|ca\.?|approx\.?|about|~|≈)\s*/i, '');
  const seconds = plain.exec(trimmed)?.[1];
  if (seconds !== undefined) return { seconds: decimal(seconds) };
  const [, whole, rest] = minutes.exec(trimmed) ?? [];
  if (whole !== undefined) return { seconds: Number(whole) * 60 + decimal(rest ?? '0') };
  const count = frames.exec(trimmed)?.[1];
  if (count !== undefined) return framesToSeconds(Number(count), fps);
  const [, full, more] = secondsAndFrames.exec(trimmed) ?? [];
  if (full !== undefined && more !== undefined) return plusFrames(Number(full), Number(more), fps);
  const [, least, most] = range.exec(trimmed) ?? [];
  // A clip that is too long can be cut.
  if (least !== undefined && most !== undefined && decimal(most) >= decimal(least)) {
    return { seconds: decimal(most), of: trimmed };
  }
  const time = parseTime(trimmed, fps);
  return (
    time ?? {
      message: `\`${text}\` is no duration`,
      help: 'Write seconds (5), a time (00:05 or 00:00:05:00), or frames (120f)',
    }
  );
}

function plusFrames(seconds: number, count: number, fps: number | null): Seconds {
  if (count === 0) return { seconds };
  const part = framesToSeconds(count, fps);
  return 'seconds' in part ? { seconds: seconds + part.seconds } : part;
}

/** The length between an in and an out point: frame numbers, both counted in, or times, the second not. */
export function parseInOut(from: string, to: string, fps: number | null): Seconds {
  if (/^\d+$/.test(from) && /^\d+$/.test(to)) {
    const count = Number(to) - Number(from) + 1;
    return count > 0 ? framesToSeconds(count, fps) : backwards(from, to);
  }
  const start = parseTime(from, fps);
  const end = parseTime(to, fps);
  if (start === undefined || end === undefined) {
    return {
      message: `\`${start === undefined ? from : to}\` is neither a frame number nor a time`,
      help: 'Write both as frames (1001) or both as times (00:00:05:00)',
    };
  }
  if ('message' in start) return start;
  if ('message' in end) return end;
  return end.seconds > start.seconds ? { seconds: end.seconds - start.seconds } : backwards(from, to);
}

export function framesToSeconds(count: number, fps: number | null): Seconds {
  if (fps !== null) return { seconds: count / nominal(fps) };
  return {
    message: 'Frames say nothing without their rate',
    help: 'Add a column FPS, call with --fps 24, or write `fps: 24` into a mapping file',
  };
}

/** A rate of frames as a cell says it. */
export function parseFps(text: string): number | undefined {
  const value = /^(\d+(?:[.,]\d+)?)\s*(?:fps)?$/i.exec(text.trim())?.[1];
  const fps = value === undefined ? 0 : decimal(value);
  return fps > 0 && fps <= 1000 ? fps : undefined;
}

function parseTime(text: string, fps: number | null): Seconds | undefined {
  const [, hours, minute, second, frame] = timecode.exec(text) ?? [];
  if (frame !== undefined) {
    const seconds = Number(hours) * 3600 + Number(minute) * 60 + Number(second);
    return plusFrames(seconds, Number(frame), fps);
  }
  const [, first, middle, last] = clock.exec(withoutHalf(text)) ?? [];
  if (first === undefined) return undefined;
  if (last === undefined) return { seconds: Number(first) * 60 + Number(middle) };
  return { seconds: Number(first) * 3600 + Number(middle) * 60 + decimal(last) };
}

const hoursAndMinutes = /^\d{1,2}:\d{2}:00(?:\s*[AP]\.?M\.?)?$/i;

/** True where a column of lengths was taken for times of day: `0:06` became `00:06:00` in each of its cells. */
export function areHours(cells: readonly string[]): boolean {
  const times = cells.filter((cell) => cell.includes(':'));
  return times.length > 0 && times.every((cell) => hoursAndMinutes.test(cell.trim()));
}

/** `00:06:00` is `0:06` again, minutes and seconds. */
export function minutesOf(cell: string): string {
  const text = cell.trim();
  return hoursAndMinutes.test(text) ? withoutHalf(text).replace(/:00$/, '') : cell;
}

/** `12:00:05 AM` is 0:00:05: a spreadsheet took a length for a time of day. */
function withoutHalf(text: string): string {
  const [, hour, rest, half] = /^(\d{1,2})(:\d{2}:\d{2})\s*([AP])\.?M\.?$/i.exec(text) ?? [];
  if (hour === undefined || rest === undefined) return text;
  return `${(Number(hour) % 12) + (/p/i.test(half ?? '') ? 12 : 0)}${rest}`;
}

/** Broadcast rates run a thousandth slow, and are counted as if they did not: 120 frames at 23.976 are five seconds. */
function nominal(fps: number): number {
  const whole = Math.round(fps);
  return Math.abs((whole * 1000) / 1001 - fps) < 0.01 ? whole : fps;
}

function decimal(text: string): number {
  return Number(text.replace(',', '.'));
}

function backwards(from: string, to: string): Seconds {
  return { message: `The out point ${to} is not after the in point ${from}`, help: 'Correct one of the two' };
}
