import type { MediaKind } from './facts.ts';

/**
 * A file's format by its first bytes. The kind is what such files usually are: a container may still turn out to hold
 * sound alone. null for what is no media at all, such as the page of a web site.
 */
export interface Format {
  readonly name: string;
  readonly kind: MediaKind | null;
}

/** Number of a file's first bytes that `formatOf` looks at. */
export const magicLength = 1024;

/** The format of a file that begins with `head`; undefined where the bytes are like nothing that is known. */
export function formatOf(head: Uint8Array): Format | undefined {
  return (
    signatures.find((signature) => signature.matches(head))?.format ?? isoMedia(head) ?? textFormat(head)
  );
}

interface Signature {
  readonly format: Format;
  readonly matches: (head: Uint8Array) => boolean;
}

const image = (name: string): Format => ({ name, kind: 'image' });
const video = (name: string): Format => ({ name, kind: 'video' });
const audio = (name: string): Format => ({ name, kind: 'audio' });
const other = (name: string): Format => ({ name, kind: null });

/** Signatures in the order in which they are tried: the surest first. `.` in a pattern is any byte. */
const signatures: readonly Signature[] = [
  starts(image('png'), '\x89PNG\r\n\x1a\n'),
  starts(image('jpeg'), '\xff\xd8\xff'),
  starts(image('gif'), 'GIF87a', 'GIF89a'),
  starts(image('webp'), 'RIFF....WEBP'),
  starts(audio('wav'), 'RIFF....WAVE', 'RF64....WAVE', 'RIFX....WAVE'),
  starts(video('avi'), 'RIFF....AVI '),
  starts(image('tiff'), 'II*\0', 'MM\0*', 'II+\0', 'MM\0+'),
  starts(image('jxl'), '\0\0\0\x0cJXL \r\n\x87\n'),
  starts(image('jp2'), '\0\0\0\x0cjP  \r\n\x87\n'),
  starts(image('psd'), '8BPS\0'),
  { format: image('bmp'), matches: isBmp },
  { format: image('ico'), matches: isIco },
  { format: video('webm'), matches: (head) => has(head, 0, '\x1aE\xdf\xa3') && isWebm(head) },
  starts(video('matroska'), '\x1aE\xdf\xa3'),
  starts(audio('ogg'), 'OggS\0'),
  starts(audio('flac'), 'fLaC'),
  starts(audio('aiff'), 'FORM....AIFF', 'FORM....AIFC'),
  starts(audio('caf'), 'caff'),
  starts(audio('amr'), '#!AMR'),
  starts(audio('midi'), 'MThd'),
  starts(video('flv'), 'FLV\x01'),
  starts(video('wmv'), '\x30\x26\xb2\x75\x8e\x66\xcf\x11'),
  starts(video('mpeg'), '\0\0\x01\xba', '\0\0\x01\xb3'),
  { format: video('mpegts'), matches: (head) => [0, 188, 376].every((at) => has(head, at, 'G')) },
  starts(audio('mp3'), 'ID3'),
  { format: audio('aac'), matches: (head) => mpegAudioLayer(head) === 'aac' || has(head, 0, 'ADIF') },
  { format: audio('mp3'), matches: (head) => mpegAudioLayer(head) === 'mp3' },
  starts(image('jxl'), '\xff\x0a'),
  starts(other('pdf'), '%PDF-'),
  starts(other('zip'), 'PK\x03\x04', 'PK\x05\x06'),
  starts(other('gzip'), '\x1f\x8b\x08'),
];

function starts(format: Format, ...patterns: readonly string[]): Signature {
  return { format, matches: (head) => patterns.some((pattern) => has(head, 0, pattern)) };
}

function has(head: Uint8Array, at: number, pattern: string): boolean {
  if (head.length < at + pattern.length) return false;
  for (let index = 0; index < pattern.length; index++) {
    if (pattern[index] !== '.' && head[at + index] !== pattern.charCodeAt(index)) return false;
  }
  return true;
}

/** "BM" begins words too, so the size of the header that follows has to be one of those that exist. */
function isBmp(head: Uint8Array): boolean {
  return (
    has(head, 0, 'BM') && [12, 40, 52, 56, 64, 108, 124].some((size) => head[14] === size) && head[15] === 0
  );
}

function isIco(head: Uint8Array): boolean {
  return has(head, 0, '\0\0\x01\0') && (head[4] ?? 0) > 0 && head[5] === 0 && head[9] === 0;
}

function isWebm(head: Uint8Array): boolean {
  return latin1(head.subarray(0, 128)).includes('webm');
}

/** The header of an MPEG audio frame, with the values that no encoder writes ruled out. */
function mpegAudioLayer(head: Uint8Array): 'aac' | 'mp3' | null {
  const [first = 0, second = 0, third = 0] = head;
  if (first !== 0xff) return null;
  if ((second & 0xf6) === 0xf0) return ((third >> 2) & 0xf) <= 12 ? 'aac' : null;
  const versionIsReserved = ((second >> 3) & 3) === 1;
  const bitrate = third >> 4;
  const isFrame =
    (second & 0xe6) === 0xe2 &&
    !versionIsReserved &&
    bitrate !== 0 &&
    bitrate !== 15 &&
    ((third >> 2) & 3) !== 3;
  return isFrame ? 'mp3' : null;
}

/** Files made of boxes: MP4, QuickTime, and the image formats built the same way. */
function isoMedia(head: Uint8Array): Format | undefined {
  if (has(head, 4, 'ftyp')) {
    const brands = latin1(head.subarray(8, Math.min(head.length, ((head[2] ?? 0) << 8) | (head[3] ?? 0))));
    const major = brands.slice(0, 4);
    if (/^(avif|avis)/.test(brands) || (/^(mif1|msf1)/.test(brands) && brands.includes('avif')))
      return image('avif');
    if (/^(hei[cxms]|hev[cxms]|mif1|msf1)$/.test(major)) return image('heic');
    if (major === 'qt  ') return video('mov');
    if (/^M4[AB] $/.test(major)) return audio('m4a');
    return video('mp4');
  }
  return ['moov', 'mdat', 'wide', 'pnot'].some((box) => has(head, 4, box)) ? video('mov') : undefined;
}

/** Recognises pages, listings and errors, which wrong links lead to. */
function textFormat(head: Uint8Array): Format | undefined {
  const text = latin1(head)
    .replace(/^\xef\xbb\xbf/, '')
    .trimStart()
    .toLowerCase();
  if (text.startsWith('#extm3u')) return other('m3u8');
  if (/^(<!doctype html|<html|<head|<body|<script)/.test(text)) return other('html');
  if (/^<svg[\s>]/.test(text) || (/^<(\?xml|!--|!doctype svg)/.test(text) && text.includes('<svg')))
    return other('svg');
  if (text.startsWith('<?xml') || /^<[a-z][\w:]*[\s>]/.test(text))
    return text.includes('<html') ? other('html') : other('xml');
  if (/^[{[]\s*(["{[\]}\d-]|true|false|null)/.test(text)) return other('json');
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells text from other bytes.
  return head.length > 0 && !/[\x00-\x08\x0e-\x1a\x1c-\x1f\x7f]/.test(latin1(head))
    ? other('text')
    : undefined;
}

function latin1(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).toString('latin1');
}
