import { windows1252Byte } from './windows-1252.ts';

/** A place in a text that was decoded twice. */
export interface Mojibake {
  /** As it stands: `å¤œæ™š`. */
  readonly found: string;
  /** The text as it was before, where that can be told: `夜晚`. */
  readonly meant: string | undefined;
  /** Its begin, in UTF-16 units. */
  readonly index: number;
}

/** Characters that people do write behind an accented letter: `été…”`, `CAFÉ»`, a footnote's ². */
const ordinary = new Set('‚„…‹‘’“”•–—›\u00a0«»¹²³');

/** Chinese that was read as another Chinese encoding after its bytes were lost: nothing brings it back. */
const lost = /锟斤拷|\ufffd/;

/** C1 controls: no text has them, apart from text whose bytes were read in a western encoding. */
const control = /[\u0080-\u009f]/;

/** A UTF-8 sequence of which the last byte was cut off, or lost: `å¤`. */
const cut = /[à-ï][¤¥¦§¨ª¬¯±´µ¶¸¼½¾]/;

/**
 * Finds text that was decoded twice: UTF-8 that some program read as windows-1252 or Latin-1 and saved again (`ï»¿`, `Ã©`,
 * `å¤œ`), C1 control characters, and the marks of bytes that are lost (`U+FFFD`, 锟斤拷).
 *
 * @returns the first such place; undefined for text that is what it was meant to be.
 */
export function findMojibake(text: string): Mojibake | undefined {
  // Nearly every text is ASCII, or has nothing of what such text begins with.
  if (!/[\u0080-\u009f\u00c2-\u00f4\ufffd锟]/.test(text)) return undefined;
  const twice = decodedTwice(text);
  const others = [lost, control, cut].flatMap((pattern) => {
    const match = pattern.exec(text);
    return match === null ? [] : [{ found: match[0], meant: undefined, index: match.index }];
  });
  return [...(twice === undefined ? [] : [twice]), ...others].sort((a, b) => a.index - b.index)[0];
}

/** A run of characters whose bytes, in windows-1252, are UTF-8 from the first to the last sequence. */
function decodedTwice(text: string): Mojibake | undefined {
  let index = 0;
  let bytes: number[] = [];
  let isCertain = false;
  const result = (): Mojibake | undefined => {
    if (!isCertain) return undefined;
    const meant = new TextDecoder('utf-8', { ignoreBOM: false }).decode(Uint8Array.from(bytes));
    return { found: text.slice(index, index + bytes.length), meant: meant === '' ? undefined : meant, index };
  };
  for (let at = 0; at < text.length; ) {
    const sequence = sequenceAt(text, at);
    if (sequence === undefined) {
      const found = result();
      if (found !== undefined) return found;
      at += 1;
      bytes = [];
      isCertain = false;
      continue;
    }
    if (bytes.length === 0) index = at;
    // Two sequences side by side are no accident: Ð¿Ñ€.
    isCertain ||= sequence.isOdd || bytes.length > 0;
    bytes.push(...sequence.bytes);
    at += sequence.bytes.length;
  }
  return result();
}

function sequenceAt(
  text: string,
  at: number,
): { readonly bytes: readonly number[]; readonly isOdd: boolean } | undefined {
  const lead = byteAt(text, at);
  const length =
    lead >= 0xc2 && lead <= 0xdf
      ? 2
      : lead >= 0xe0 && lead <= 0xef
        ? 3
        : lead >= 0xf0 && lead <= 0xf4
          ? 4
          : 0;
  if (length === 0) return undefined;
  const bytes = [lead];
  let isOdd = false;
  for (let offset = 1; offset < length; offset += 1) {
    const byte = byteAt(text, at + offset);
    if (byte < 0x80 || byte > 0xbf) return undefined;
    isOdd ||= !ordinary.has(text.charAt(at + offset));
    bytes.push(byte);
  }
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.from(bytes));
  } catch {
    return undefined;
  }
  // In a pair, any letter may stand before a sign such as ° or ½; only Â and Ã do so in text that was decoded twice.
  return { bytes, isOdd: isOdd && (length > 2 || lead <= 0xc3) };
}

/** 0 behind the end, and for characters that windows-1252 does not have. */
function byteAt(text: string, at: number): number {
  return windows1252Byte(text.charAt(at)) ?? 0;
}
