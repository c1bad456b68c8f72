import { windows1252Text } from '../core/windows-1252.ts';
import { meaningsOf } from './aliases.ts';

/** An encoding that bytes may be in, and how its words look. */
interface Candidate {
  readonly encoding: string;
  /** As people know it. */
  readonly language: string;
  /** A word with anything beside ASCII in it. */
  readonly word: RegExp;
  /** Frequent letters, and their share in most texts: what tells apart scripts that have the same bytes. */
  readonly frequent?: readonly [RegExp, number];
}

/** A word of some letters and signs, and of nothing else, with one of some letters in it. */
function wordOf(letters: string, one = letters, signs = String.raw`\p{P}\p{S}\p{M}\d`): RegExp {
  return new RegExp(`^(?=.*[${one}])[${letters}${signs}]+$`, 'u');
}

const han = String.raw`\p{Script=Han}々〆`;
const kana = 'ぁ-ゖァ-ヺー';
const latin = String.raw`\p{Script=Latin}`;
const latinSigns = String.raw`’‘“”„…–—°«»¿¡€ºª\d`;

/** The first of two that fit alike is the one that is named. */
const candidates: readonly Candidate[] = [
  {
    encoding: 'euc-kr',
    language: 'Korean',
    word: wordOf(`\\p{Script=Hangul}a-zA-Z`, `\\p{Script=Hangul}`),
    frequent: [/[이다는을를의가에고하지로도한사리아기서나오어인은]/gu, 0.15],
  },
  {
    encoding: 'shift_jis',
    language: 'Japanese',
    word: wordOf(`${kana}${han}a-zA-Z`, kana),
    frequent: [/[ぁ-ゖァ-ヺー]/gu, 0.35],
  },
  {
    encoding: 'euc-jp',
    language: 'Japanese',
    word: wordOf(`${kana}${han}a-zA-Z`, kana),
    frequent: [/[ぁ-ゖァ-ヺー]/gu, 0.35],
  },
  {
    encoding: 'windows-1255',
    language: 'Hebrew',
    word: wordOf(`\\p{Script=Hebrew}`),
    frequent: [/[יוהלאמרתבשנ]/gu, 0.65],
  },
  {
    encoding: 'windows-1251',
    language: 'Russian',
    word: wordOf('А-яёЁ'),
    frequent: [/[оеаинтсрвлкмдп]/gu, 0.75],
  },
  { encoding: 'koi8-r', language: 'Russian', word: wordOf('А-яёЁ'), frequent: [/[оеаинтсрвлкмдп]/gu, 0.75] },
  {
    encoding: 'windows-1253',
    language: 'Greek',
    word: wordOf(`\\p{Script=Greek}`),
    frequent: [/[αοιετσνηρπκςλμυάέήίόύώ]/gu, 0.8],
  },
  {
    encoding: 'windows-1256',
    language: 'Arabic',
    word: wordOf(`\\p{Script=Arabic}`),
    frequent: [/[اليمونرتبةعد]/gu, 0.65],
  },
  {
    encoding: 'windows-874',
    language: 'Thai',
    word: wordOf(`\\p{Script=Thai}`),
    frequent: [/[านรอกเงมยลวดทสตะั่้ีิ]/gu, 0.65],
  },
  {
    encoding: 'big5',
    language: 'traditional Chinese',
    word: wordOf(`${han}`),
    frequent: [/[的一是了不在人有我他這個們來時中大上下小夜雨光街她你說手水到著門車走看]/gu, 0.12],
  },
  {
    encoding: 'windows-1252',
    language: 'a western European language',
    word: wordOf(latin, 'a-zA-ZàÀéÉ', latinSigns),
  },
  {
    encoding: 'windows-1250',
    language: 'a central European language',
    word: wordOf(latin, 'a-zA-Z', latinSigns),
  },
];

/**
 * The encoding that bytes are most likely in that are neither UTF-8 nor UTF-16 nor Chinese: the one in which their words are
 * words of one script. Undefined where there is none.
 */
export function likelyEncoding(
  bytes: Uint8Array,
): { readonly encoding: string; readonly language: string } | undefined {
  let best: { readonly candidate: Candidate; readonly score: number } | undefined;
  for (const candidate of candidates) {
    const score = scoreOf(bytes, candidate);
    if (score > (best?.score ?? 0.6)) best = { candidate, score };
  }
  return best?.candidate;
}

/** The share of words that look right, from 0 to 1. */
function scoreOf(bytes: Uint8Array, { encoding, word, frequent }: Candidate): number {
  const text = decodedAs(bytes, encoding);
  if (text === null || /[\ue000-\uf8ff\u0080-\u009f]/.test(text)) return 0;
  const words = (text.match(/[^\0-/:-@[-`{-\x7f\s]+/gu) ?? []).filter((each) => /[^\0-\x7f]/.test(each));
  if (words.length === 0) return 0;
  const share = words.filter((each) => word.test(each)).length / words.length;
  if (frequent === undefined) return share;
  const letters = words
    .join('')
    .toLowerCase()
    .replace(/[^\p{L}\p{M}]/gu, '');
  const [pattern, usual] = frequent;
  return (
    share * Math.min(1, (letters.match(pattern)?.length ?? 0) / Math.max(1, [...letters].length) / usual)
  );
}

/** The text, in an encoding by its WHATWG name; null where the bytes are not in it. */
export function decodedAs(bytes: Uint8Array, encoding: string): string | null {
  try {
    const decoder = new TextDecoder(encoding, { fatal: true });
    return decoder.encoding === 'windows-1252' ? windows1252Text(bytes) : decoder.decode(bytes);
  } catch {
    return null;
  }
}

/**
 * True where text that was read as GB18030 is Chinese. That encoding takes nearly any bytes, so it counts only where a
 * heading is a Chinese one that is known, or where the characters are those that Chinese is written with: nearly all of
 * the first level of GB 2312, of all of its range. Korean is written with its first half alone, and what was Hebrew, Thai
 * or Japanese has characters that hardly anybody uses.
 */
export function isChinese(bytes: Uint8Array, text: string): boolean {
  if (hasChineseHeading(text)) return true;
  let common = 0;
  let beyondKorean = 0;
  let others = 0;
  let punctuation = 0;
  for (let at = 0; at < bytes.length; at += 1) {
    const lead = bytes[at] ?? 0;
    if (lead < 0x80) continue;
    const trail = bytes[at + 1] ?? 0;
    at += 1;
    if (trail >= 0xa1 && lead >= 0xb0 && lead <= 0xd7) {
      common += 1;
      if (lead > 0xc8) beyondKorean += 1;
    } else if (trail >= 0xa1 && (lead === 0xa1 || lead === 0xa3)) punctuation += 1;
    else others += 1;
  }
  if (common === 0 || others > (common + punctuation) / 8) return false;
  return beyondKorean >= Math.max(1, common / 6);
}

/** Rows that a header may be in, below titles. */
const rowsLookedAt = 20;

function hasChineseHeading(text: string): boolean {
  const rows = text.split(/[\r\n]+/, rowsLookedAt);
  return rows.some((row) =>
    row.split(/[,;\t|]/).some((cell) => {
      if (!/\p{Script=Han}{2}/u.test(cell)) return false;
      const { sure, likely } = meaningsOf(cell);
      return sure !== undefined || likely.length > 0;
    }),
  );
}
