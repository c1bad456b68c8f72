/** An id as it can be written into a manifest, or why it cannot. */
export type ReadId =
  | { readonly id: string; readonly changed: boolean }
  | { readonly message: string; readonly help: string };

const asText =
  'Format the column as text before the ids are typed or pasted in, and correct the cell: a shot that is called otherwise is another shot, and is paid for again';

const months =
  'jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mär|mrz|mai|okt|dez|fév|avr|juin|juil|aoû|déc';

/** What a spreadsheet makes of `1E10`, `3-5` or `10:30` while they are typed. */
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

/** What a spreadsheet made of a text, in words; undefined where it left it alone. */
export function spreadsheetMadeOf(text: string): string | undefined {
  return mangled.find(({ pattern }) => pattern.test(text))?.what;
}

/**
 * Reads an id. It stays as it is typed, zeros included; characters that an id cannot have become a hyphen.
 *
 * @param isKnown whether the manifest has such an id: then it was meant, whatever it looks like.
 */
export function readId(cell: string, what: 'scene' | 'shot', isKnown: (id: string) => boolean): ReadId {
  // Text in the only way in which a spreadsheet leaves it alone: ="0010".
  const text = /^="([^"]*)"$/.exec(cell.trim())?.[1] ?? cell.trim().normalize('NFKC');
  if (isKnown(text)) return { id: text, changed: false };
  const made = spreadsheetMadeOf(text);
  if (made !== undefined) {
    return {
      message: `The ${what} \`${cell.trim()}\` is ${made}: a spreadsheet turned the id into it`,
      help: asText,
    };
  }
  if (validId.test(text)) return { id: text, changed: false };
  const id = text.replace(/[^A-Za-z0-9._-]+/g, '-').replace(/^[^A-Za-z0-9]+|-+$/g, '');
  if (validId.test(id) && !hidesWords(text)) return { id, changed: id !== text };
  return {
    message: `The ${what} \`${cell.trim()}\` cannot be an id: ids are letters, digits, \`.\`, \`_\` and \`-\`, at most 64`,
    help: `Give it a number or a short name in a column of its own, called ${what === 'scene' ? 'Scene or 场号' : 'Shot or 镜号'}`,
  };
}

const validId = /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/;

/** Letters of other scripts would just be dropped, and two names could become one. */
function hidesWords(text: string): boolean {
  return /[^\P{L}A-Za-z]/u.test(text.normalize('NFD').replace(/\p{M}/gu, ''));
}

/** The id of the manifest that lost its zeros on the way through a spreadsheet: `0010` for `10`, `1.10` for `1.1`. */
export function lostZeros(id: string, isKnown: (id: string) => boolean): string | undefined {
  const padded: string[] = [];
  for (let zeros = 1; zeros <= 8; zeros += 1) {
    const lost = '0'.repeat(zeros);
    if (/^[1-9]\d*$/.test(id)) padded.push(lost + id, `${id}.${lost}`);
    if (/^\d+\.\d+$/.test(id)) padded.push(id + lost);
  }
  return padded.find(isKnown);
}

export const zerosHelp = asText;
