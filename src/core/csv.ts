/** Text that a spreadsheet would run as a formula, or take apart, when it opens a CSV file. */
const risky = /^(?:[\s']*[\t\r\n]|[\s\p{Z}\p{Cf}'"`“”‘’]*[=+\-@＝＋－＠])/u;

/**
 * Text that a spreadsheet must not run as a formula gets an apostrophe before it, as OWASP advises: text that begins
 * with = + - @ (full-width forms included), also behind white space or quotes, which some spreadsheets strip. A tab, a
 * carriage return or a line feed at the start can move what follows into a cell of its own, so it counts too. Reading
 * it back is exact: one apostrophe goes where the rest is such a text.
 */
export function guardFormula(text: string): string {
  return risky.test(text) ? `'${text}` : text;
}

/** A cell without the apostrophe that `guardFormula` put before it. */
export function unguardFormula(cell: string): string {
  return cell.startsWith("'") && risky.test(cell.slice(1)) ? cell.slice(1) : cell;
}

/**
 * The form of every CSV file (RFC 4180, CRLF): with a byte-order mark, without which spreadsheets take UTF-8 for the
 * local encoding; formulas defused; a lone line feed or carriage return in a cell quoted too, since it ends a row for
 * most readers.
 */
export const csvFormat = {
  bom: true,
  record_delimiter: 'windows',
  quoted_match: /[\r\n]/,
  cast: { string: guardFormula, boolean: String },
} as const;
