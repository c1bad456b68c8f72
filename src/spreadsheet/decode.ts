import { decodedAs, isChinese, likelyEncoding } from './encodings.ts';

/** The text of a table, and how it was read. */
export interface DecodedTable {
  readonly text: string;
  /** "UTF-8", "UTF-16LE", "UTF-16BE", "GB18030", or what was asked for. */
  readonly encoding: string;
}

/** The reason why bytes cannot be read as a table. */
export interface DecodeProblem {
  readonly message: string;
  readonly help: string;
}

/**
 * Turns the bytes of a CSV file into text: by its byte-order mark, else UTF-16 where every other byte is empty, else
 * UTF-8, else GB18030 where it is Chinese. Other encodings are refused rather than guessed at, since nearly any bytes are
 * text in them; the one that fits is named.
 */
export function decodeTable(bytes: Uint8Array, wanted?: string): DecodedTable | DecodeProblem {
  if (wanted !== undefined) return decodeAs(bytes, wanted);
  const [first, second, third] = bytes;
  if (first === 0xef && second === 0xbb && third === 0xbf) return strict(bytes, 'UTF-8');
  if (first === 0xff && second === 0xfe) return strict(bytes, 'UTF-16LE');
  if (first === 0xfe && second === 0xff) return strict(bytes, 'UTF-16BE');
  if (first === 0xd0 && second === 0xcf) return workbook;
  const wide = utf16Without(bytes);
  if (wide !== null) return strict(bytes, wide);
  const utf8 = decodedAs(bytes, 'utf-8');
  if (utf8 !== null) return withoutControls(utf8, 'UTF-8');
  const chinese = isPaired(bytes) ? decodedAs(bytes, 'gb18030') : null;
  if (chinese !== null && isChinese(bytes, chinese)) return withoutControls(chinese, 'GB18030');
  return notUnicode(bytes);
}

const workbook: DecodeProblem = {
  message: 'is a workbook of an old kind (.xls), or one that is protected by a password',
  help: 'Open it in a spreadsheet and save it as .xlsx, .ods or “CSV UTF-8”, without a password',
};

function notUnicode(bytes: Uint8Array): DecodeProblem {
  const likely = likelyEncoding(bytes);
  if (likely === undefined) {
    return {
      message: 'is neither UTF-8 nor UTF-16 nor GB18030',
      help: 'Save it as “CSV UTF-8”, or name its encoding with --encoding, for example windows-1252',
    };
  }
  const { encoding, language } = likely;
  return {
    message: `is neither UTF-8 nor UTF-16 nor GB18030: most likely it is ${language}, in ${encoding}`,
    help: `Call again with --encoding ${encoding}, and look whether the words are right; or save it as “CSV UTF-8”`,
  };
}

function decodeAs(bytes: Uint8Array, wanted: string): DecodedTable | DecodeProblem {
  try {
    new TextDecoder(wanted);
  } catch {
    return { message: `cannot be read as ${wanted}`, help: 'Name an encoding such as utf-8 or gb18030' };
  }
  return strict(bytes, wanted);
}

function strict(bytes: Uint8Array, encoding: string): DecodedTable | DecodeProblem {
  const text = decodedAs(bytes, encoding);
  if (text !== null) return withoutControls(text, encoding);
  return {
    message: `is not ${encoding} from beginning to end`,
    help: 'Save it once more as “CSV UTF-8”; it may have been cut off or joined with another file',
  };
}

function withoutControls(text: string, encoding: string): DecodedTable | DecodeProblem {
  if (!text.includes('\0')) return { text, encoding };
  return { message: 'holds NUL characters: it is not text', help: 'Check that it is the right file' };
}

/** UTF-16 without its mark shows by the empty halves of line ends, commas and digits, always on the same side. */
function utf16Without(bytes: Uint8Array): 'UTF-16LE' | 'UTF-16BE' | null {
  if (bytes.length < 2 || bytes.length % 2 !== 0) return null;
  const empty = [0, 0];
  for (let at = 0; at < Math.min(bytes.length, 64 * 1024); at += 1) {
    if (bytes[at] === 0) empty[at % 2] = (empty[at % 2] ?? 0) + 1;
  }
  const [even = 0, odd = 0] = empty;
  if (odd > 0 && even === 0) return 'UTF-16LE';
  return even > 0 && odd === 0 ? 'UTF-16BE' : null;
}

/**
 * True where bytes above 0x80 come in pairs, as in GB18030. Accents of western code pages do not: there such a byte
 * stands beside ASCII letters.
 */
function isPaired(bytes: Uint8Array): boolean {
  let pairs = 0;
  let odd = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    if ((bytes[at] ?? 0) < 0x80) continue;
    if ((bytes[at + 1] ?? 0) >= 0x80) {
      pairs += 1;
      at += 1;
    } else {
      odd += 1;
    }
  }
  return pairs > odd * 3;
}
