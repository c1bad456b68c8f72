import type { TableProblem } from './problem.ts';
import type { Table } from './table.ts';

/** An id as it can be written into a manifest, or why it cannot. */
export type ReadId =
  | { readonly id: string; readonly changed: boolean }
  | { readonly message: string; readonly help: string };

const asText =
  'Format the column as text before the ids are typed or pasted in, and correct the cell: a shot that is called otherwise is another shot, and is paid for again';

const months =
  'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mrz|mai|okt|dez|fév|avr|juin|juil|aoû|déc';

/** Things that a spreadsheet makes of `1E10`, `3-5` or `10:30` while they are typed. */
const mangled: readonly { readonly pattern: RegExp; readonly what: string }[] = [
  { pattern: /^[-+]?\d(?:[.,]\d+)?E[-+]\d+$/i, what: 'a number with an exponent' },
  { pattern: /^(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4})(?:[ T].*)?$/, what: 'a date' },
  { pattern: /^\d{1,2}\/\d{1,2}(?:\/\d{2})?$/, what: 'a date' },
  { pattern: /^(?:\d{2,4}年)?\d{1,2}月(?:\d{1,2}日)?$/, what: 'a date' },
  { pattern: new RegExp(`^\\d{1,2}[-. ](?:${months})[a-z]*\\.?(?:[- ]\\d{2,4})?$`, 'i'), what: 'a date' },
  { pattern: new RegExp(`^(?:${months})[a-z]*[- ]\\d{1,4}$`, 'i'), what: 'a date' },
  { pattern: /^\d{1,2}:\d{2}(?::\d{2})?(?: [AP]M)?$/i, what: 'a time' },
  { pattern: /^#(?:REF!|NAME\?|VALUE!|DIV\/0!|N\/A|NUM!|NULL!)$/, what: 'an error' },
];

/** Tells what a spreadsheet made of a text, in words; undefined where it left it alone. */
export function spreadsheetMadeOf(text: string): string | undefined {
  return mangled.find(({ pattern }) => pattern.test(text))?.what;
}

/**
 * Reads an id. It stays as it is typed, zeros included; characters that an id cannot have become a hyphen.
 *
 * @param isKnown whether the manifest has such an id: then it was meant, whatever it looks like.
 */
export function readId(cell: string, what: 'scene' | 'shot', isKnown: (id: string) => boolean): ReadId {
  const text = cell.trim().normalize('NFKC');
  if (isKnown(text)) return { id: text, changed: false };
  const made = spreadsheetMadeOf(text);
  if (made !== undefined) {
    return {
      message: `The ${what} \`${cell.trim()}\` is ${made}: a spreadsheet turned the id into it`,
      help: asText,
    };
  }
  if (validId.test(text)) return { id: text, changed: false };
  const counted = numberIn(text);
  if (counted !== undefined) return { id: counted, changed: true };
  const id = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  if (validId.test(id) && !hidesWords(text)) return { id, changed: id !== text };
  return {
    message: `The ${what} \`${cell.trim()}\` cannot be an id: ids are letters, digits, \`.\`, \`_\` and \`-\`, at most 64`,
    help: `Give it a number or a short name in a column of its own, called ${what === 'scene' ? 'Scene or 场号' : 'Shot or 镜号'}`,
  };
}

/** `第1场`, `镜头1`, `カット12`, `컷 3`: a number, and a word that says what is counted. */
function numberIn(text: string): string | undefined {
  const [, number] =
    new RegExp(
      `^(?:第|${counted})?\\s*([0-9]+[A-Za-z]?|(?<=第)[〇零一二三四五六七八九十百]+)\\s*(?:${counted})?$`,
      'u',
    ).exec(text) ?? [];
  if (number === undefined || !/\P{ASCII}/u.test(text)) return undefined;
  return /^[0-9]/.test(number) ? number : chineseNumber(number);
}

const counted =
  '(?:分镜头|分镜|镜头|镜号|镜|场景|场次|场|集|幕|段|組|组|号|條|条|鏡頭|鏡|場|シーン|カット|ショット|話|씬|컷|샷|숏|화|회|장면)';

/** `十二` is 12. */
function chineseNumber(text: string): string | undefined {
  const digits = '零一二三四五六七八九';
  const plain = text.replaceAll('〇', '零');
  if (!/[十百]/.test(plain)) return [...plain].map((each) => digits.indexOf(each)).join('');
  const [, hundreds, tens, ones] =
    /^(?:([一二三四五六七八九])百零?)?(?:([一二三四五六七八九])?十)?([一二三四五六七八九])?$/.exec(plain) ??
    [];
  if (hundreds === undefined && tens === undefined && ones === undefined && plain !== '十') return undefined;
  const value = (digit: string | undefined): number => (digit === undefined ? 0 : digits.indexOf(digit));
  const ten = plain.includes('十') ? value(tens) || 1 : 0;
  return String(value(hundreds) * 100 + ten * 10 + value(ones));
}

const validId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Letters of other scripts would just be dropped, and two names could become one. */
function hidesWords(text: string): boolean {
  return /[^\P{L}A-Za-z]/u.test(text.normalize('NFD').replace(/\p{M}/gu, ''));
}

/** The id of the manifest that became a number on its way: `0010` for `10` and for `10.0`, `1.10` for `1.1`. */
export function lostZeros(id: string, isKnown: (id: string) => boolean): string | undefined {
  const padded: string[] = [];
  for (let zeros = 1; zeros <= 8; zeros += 1) {
    const lost = '0'.repeat(zeros);
    if (/^[1-9]\d*$/.test(id)) padded.push(lost + id, `${id}.${lost}`);
    if (/^\d+\.\d+$/.test(id)) padded.push(id + lost);
    const whole = /^(\d+)\.0+$/.exec(id)?.[1];
    if (whole !== undefined) padded.push(lost + whole);
  }
  const whole = /^(\d+)\.0+$/.exec(id)?.[1];
  if (whole !== undefined) padded.push(whole);
  return padded.find(isKnown);
}

export const zerosHelp = asText;

/** A column of ids that are all numbers with a fraction of nothing, as programs write them that took ids for numbers. */
export function floatIds(
  { rows }: Pick<Table, 'rows'>,
  index: number,
  header: string,
  what: 'scene' | 'shot',
): readonly TableProblem[] {
  const filled = rows.filter(({ cells }) => (cells[index] ?? '').trim() !== '');
  const [first] = filled;
  if (first === undefined || !filled.every(({ cells }) => /^\d+\.0$/.test((cells[index] ?? '').trim())))
    return [];
  return [
    {
      message: `The ${what} \`${first.cells[index]?.trim()}\` is a number with a fraction, as all are in this column: a program turned the ids into numbers`,
      help: `${asText}. In Python: read_csv(…, dtype=str)`,
      line: first.line,
      row: first.row,
      column: header,
    },
  ];
}
