import { isDeepStrictEqual } from 'node:util';
import { isJsonObject, type Json } from '../core/canonical-json.ts';
import { nearest } from '../core/suggest.ts';
import { spreadsheetMadeOf } from './ids.ts';
import { mediaListKeys } from './keys.ts';
import { parseDuration } from './times.ts';

/** The meaning of a cell: a value, null where it takes one away, or the reason why it says nothing that can be used. */
export type CellValue =
  | { readonly value: Json; readonly rounded?: string | undefined }
  | { readonly message: string; readonly help: string };

/** A value as a cell. What no cell can hold is null. */
export function cellOf(key: string, value: Json | undefined): string | null {
  if (value === undefined || value === null) return '';
  if (mediaListKeys.has(key) || key === 'tags') return listCell(key, value);
  if (key === 'extra') return JSON.stringify(value);
  if (typeof value === 'object') return null;
  return String(value);
}

/** True where two cells say the same, apart from line ends and from white space at the ends of lines. */
export function sameCell(a: string, b: string): boolean {
  return a === b || tidy(a) === tidy(b);
}

/** A text without what cells gain and lose: the line ends of another system, white space around lines. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();
}

/** Reads a cell that is not empty as a value of a key. */
export function readCell(key: string, cell: string, fps: number | null): CellValue {
  const text = tidy(cell);
  if (text.toLowerCase() === 'null') return { value: null };
  if (/^#(?:REF!|NAME\?|VALUE!|DIV\/0!|N\/A|NUM!|NULL!|SPILL!)$/.test(text)) {
    return {
      message: `\`${text}\` is an error of the spreadsheet`,
      help: 'It took the text for a formula: format the cell as text and type it again',
    };
  }
  if (mediaListKeys.has(key)) return { value: urlsIn(text) };
  switch (key) {
    case 'duration':
      return wholeSeconds(parseDuration(text, fps), text);
    case 'takes':
      return takes(text);
    case 'skip':
      return yesOrNo(text);
    case 'mode':
      return mode(text);
    case 'tags':
      return { value: tagsIn(text) };
    case 'ratio':
      return ratio(text);
    case 'extra':
      return jsonMap(text);
    default:
      return { value: text };
  }
}

/** Seconds as a manifest has them. A clip that is too long can be cut, so parts of a second count as a whole one. */
export function wholeSeconds(read: ReturnType<typeof parseDuration>, said: string): CellValue {
  if ('message' in read) return read;
  const { seconds, of } = read;
  if (of !== undefined)
    return { value: Math.ceil(seconds), rounded: `${of} is taken as ${Math.ceil(seconds)} s` };
  if (Math.abs(seconds - Math.round(seconds)) < 1e-6) return { value: Math.round(seconds) };
  const value = Math.ceil(seconds);
  return { value, rounded: `${said} is ${Number(seconds.toFixed(3))} s, taken as ${value} s` };
}

function takes(text: string): CellValue {
  if (/^\d+(?:[.,]0+)?$/.test(text)) return { value: Math.trunc(Number(text.replace(',', '.'))) };
  return { message: `\`${text}\` is no number of takes`, help: 'Write a whole number from 1 to 99' };
}

function yesOrNo(text: string): CellValue {
  if (/^(?:true|yes|y|x|1|✓|✔|是|wahr|vrai|verdadero)$/i.test(text)) return { value: true };
  if (/^(?:false|no|n|0|否|falsch|faux|falso)$/i.test(text)) return { value: false };
  return { message: `\`${text}\` says neither yes nor no`, help: 'Write true or false' };
}

const modes: Readonly<Record<string, string>> = {
  text: 'text',
  frames: 'frames',
  references: 'references',
  文生视频: 'text',
  首尾帧: 'frames',
  参考: 'references',
  参考生视频: 'references',
};

function mode(text: string): CellValue {
  const value = modes[text.toLowerCase()];
  if (value !== undefined) return { value };
  const near = nearest(text, ['text', 'frames', 'references']);
  return {
    message: `\`${text}\` is no mode`,
    help: near === undefined ? 'Write text, frames or references' : `Did you mean \`${near}\`?`,
  };
}

/** `16:9`, also as spreadsheets show it once they took it for a time: `09:16`, `16:09:00`, `04:09:00 PM`. */
function ratio(text: string): CellValue {
  const plain = text.normalize('NFKC');
  const [, before, hour, minute, after] =
    /^(上午|下午|午前|午後|오전|오후)?\s*(\d{1,2}):(\d{2})(?::00)?\s*([ap]\.?m\.?)?$/i.exec(plain) ?? [];
  const half = before ?? after;
  if (hour !== undefined && half !== undefined) {
    const isAfternoon = /^(?:下午|午後|오후|p)/i.test(half);
    return { value: `${(Number(hour) % 12) + (isAfternoon ? 12 : 0)}:${Number(minute)}` };
  }
  const [, width, height] = /^0?(\d+(?:\.\d+)?)\s*[:x×/]\s*0?(\d+(?:\.\d+)?)(?::00)?$/i.exec(plain) ?? [];
  if (width !== undefined) return { value: `${width}:${height}` };
  const made = spreadsheetMadeOf(text);
  if (made === undefined) return { value: text };
  return { message: `The ratio \`${text}\` is ${made}`, help: 'Format the column as text, and write 16:9' };
}

function jsonMap(text: string): CellValue {
  try {
    const value = JSON.parse(text) as Json;
    if (isJsonObject(value)) return { value };
  } catch {
    // Said below.
  }
  return { message: 'This is no JSON map', help: 'Write for example {"seed": 42}' };
}

function listCell(key: string, value: Json): string | null {
  if (!Array.isArray(value) || !value.every((item) => typeof item === 'string')) return null;
  const [plain, read] = key === 'tags' ? [value.join(', '), tagsIn] : [value.join('\n'), urlsIn];
  return isDeepStrictEqual(read(tidy(plain)), value) ? plain : JSON.stringify(value);
}

/**
 * URLs and references in a cell, apart by line ends, white space, commas or semicolons. A comma or semicolon inside a URL
 * belongs to it, so they part only where another begins.
 */
function urlsIn(text: string): readonly string[] {
  return (
    jsonList(text) ??
    text
      .split(/\s*\n\s*|(?:\s*[,;，；、|]\s*|\s+)(?=https?:\/\/|\$\{)/i)
      .map((each) => each.replace(/[,;，；、|\s]+$/, ''))
      .filter((each) => each !== '')
  );
}

function tagsIn(text: string): readonly string[] {
  return (
    jsonList(text) ??
    text
      .split(/[\n,;，；、|]/)
      .map((each) => each.trim())
      .filter((each) => each !== '')
  );
}

function jsonList(text: string): readonly string[] | undefined {
  if (!text.startsWith('[')) return undefined;
  try {
    const value: unknown = JSON.parse(text);
    return Array.isArray(value) && value.every((item) => typeof item === 'string') ? value : undefined;
  } catch {
    return undefined;
  }
}
