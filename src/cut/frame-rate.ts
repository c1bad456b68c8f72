import { UsageError } from '../core/errors.ts';
import type { FrameRate } from './model.ts';

/** Rates that cameras and broadcasters call 23.976, 29.97, 47.95, 59.94 and 119.88: a thousand frames in 1001 parts. */
const broadcast: readonly number[] = [24, 30, 48, 60, 120];

/** A rate is one of those of broadcast where it is this near: people write 29.97 and 29.970, files say 29.970029. */
const nearly = 0.006;

/**
 * The rate that a number of frames a second means.
 *
 * @throws UsageError for one that no editing program knows.
 */
export function frameRate(fps: number): FrameRate {
  const base = broadcast.find((whole) => Math.abs((whole * 1000) / 1001 - fps) < nearly);
  if (base !== undefined && !Number.isInteger(fps)) {
    return { numerator: base * 1000, denominator: 1001, base, drop: base === 30 || base === 60 };
  }
  const whole = Math.round(fps);
  if (Math.abs(whole - fps) > nearly || whole < 1 || whole > 240) {
    throw new UsageError(`${fps} frames a second is no rate that editing programs know`, {
      help: 'use one of 23.976, 24, 25, 29.97, 30, 48, 50, 59.94 and 60',
    });
  }
  return { numerator: whole, denominator: 1, base: whole, drop: false };
}

/** The rate that most clips have, the higher one of two; null where none is known. */
export function commonRate(rates: readonly (number | null)[]): FrameRate | null {
  const counts = new Map<number, number>();
  for (const rate of rates) {
    if (rate === null || !isUsual(rate)) continue;
    const { numerator, denominator } = frameRate(rate);
    const exact = numerator / denominator;
    counts.set(exact, (counts.get(exact) ?? 0) + 1);
  }
  const [first] = [...counts].sort(([a, timesA], [b, timesB]) => timesB - timesA || b - a);
  return first === undefined ? null : frameRate(first[0]);
}

function isUsual(fps: number): boolean {
  try {
    frameRate(fps);
    return true;
  } catch {
    return false;
  }
}

/** Frames a second as a decimal number: 29.97002997…. */
export function framesPerSecond({ numerator, denominator }: FrameRate): number {
  return numerator / denominator;
}

/**
 * The whole frames that so many seconds hold. Files state their length a little short or long, so a hundredth of a frame
 * counts as none.
 */
export function framesIn(seconds: number, rate: FrameRate): number {
  return Math.floor((seconds * rate.numerator) / rate.denominator + 0.01);
}

export function secondsOf(frames: number, { numerator, denominator }: FrameRate): number {
  return (frames * denominator) / numerator;
}

/** The rate as people write it: `29.97`, `24`. */
export function rateText({ numerator, denominator, base }: FrameRate): string {
  return denominator === 1 ? String(base) : (Math.floor((numerator / denominator) * 1000) / 1000).toString();
}

/**
 * SMPTE time code of a frame. Drop-frame time code, written with a semicolon, leaves out the first numbers of each minute
 * (two at 29.97, four at 59.94) except every tenth, so that it stays with the clock.
 */
export function timecode(frame: number, { base, drop }: FrameRate): string {
  const number = drop ? frame + dropped(frame, base) : frame;
  const seconds = Math.floor(number / base);
  const parts = [Math.floor(seconds / 3600) % 24, Math.floor(seconds / 60) % 60, seconds % 60].map(twoDigits);
  return `${parts.join(':')}${drop ? ';' : ':'}${twoDigits(number % base)}`;
}

/** Counts the numbers that drop-frame time code has left out before a frame. */
function dropped(frame: number, base: number): number {
  const aMinute = base / 15;
  const framesOfMinute = base * 60 - aMinute;
  const framesOfTen = framesOfMinute * 10 + aMinute;
  const tens = Math.floor(frame / framesOfTen);
  const rest = frame % framesOfTen;
  const minutes = rest < base * 60 ? 0 : Math.floor((rest - base * 60) / framesOfMinute) + 1;
  return tens * 9 * aMinute + minutes * aMinute;
}

function twoDigits(value: number): string {
  return String(value).padStart(2, '0');
}
