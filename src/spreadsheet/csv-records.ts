import { parse } from 'csv-parse/sync';
import { decodeTable } from './decode.ts';
import { headerAt } from './header.ts';
import type { Mapping } from './mapping.ts';
import { TableError, type TableProblem } from './problem.ts';
import { hasWords, type Records, type TableRow } from './records.ts';

/**
 * The rows of a CSV file: encoding and delimiter (comma, semicolon, tab or pipe) are found out.
 *
 * @throws TableError for what is no CSV file.
 */
export function csvRecords(
  file: string,
  bytes: Uint8Array,
  encoding: string | undefined,
  mapping: Mapping,
): Records {
  const decoded = decodeTable(bytes, encoding);
  if (!('text' in decoded)) throw new TableError([{ ...decoded, subject: file }]);
  const { text, skipped, likely } = delimited(decoded.text.replace(/^\ufeff/, ''));
  const notes = /^utf-?8$/i.test(decoded.encoding) ? [] : [`${file} is read as ${decoded.encoding}`];
  let first: ReturnType<typeof parseRecords> | undefined;
  // Titles above the header may not show what the delimiter is.
  for (const delimiter of likely) {
    const { records, problem } = parseRecords(text, delimiter, skipped);
    first ??= { records, problem };
    const at = headerAt(records, mapping);
    if (at === undefined) continue;
    if (problem !== undefined) throw new TableError([problem]);
    return { records, at, notes };
  }
  const { records = [], problem } = first ?? {};
  if (problem !== undefined) throw new TableError([problem]);
  return { records, at: records.findIndex(hasWords), notes };
}

interface Parsed {
  readonly records: readonly TableRow[];
  readonly problem?: TableProblem | undefined;
}

/**
 * The records, up to the first place that cannot be read. Blanks around a quoted cell are no part of it. Where words
 * follow a closing quote (`"Rain" she said`), they are the cell's, and blanks beside quotes cannot be told apart from it.
 */
function parseRecords(text: string, delimiter: string, skipped: number): Parsed {
  const trimmed = parseWith(text, delimiter, skipped, true);
  if (trimmed.code !== 'CSV_NON_TRIMABLE_CHAR_AFTER_CLOSING_QUOTE') return trimmed;
  const { records, problem } = parseWith(text, delimiter, skipped, false);
  for (const { row, line, cells } of records) {
    if (!cells.some((cell) => /^[ \t]+"|"[ \t]+$/.test(cell))) continue;
    const blank = {
      message: 'A blank stands beside the quotes of a cell in this row',
      help: 'Delete the blank before or behind the quotes',
      line,
      row,
    };
    return { records, problem: problem ?? blank };
  }
  return { records, problem };
}

function parseWith(
  text: string,
  delimiter: string,
  skipped: number,
  trim: boolean,
): Parsed & { readonly code?: unknown } {
  const records: TableRow[] = [];
  let lines = skipped;
  try {
    parse(text, {
      delimiter,
      record_delimiter: ['\r\n', '\n', '\r'],
      relax_column_count: true,
      // A quote amid a cell that is not quoted is just a quote: 5" lens.
      relax_quotes: true,
      trim,
      onRecord: (cells: string[], context) => {
        records.push({ row: records.length + 1 + skipped, line: lines + 1, cells });
        lines = skipped + context.lines;
        return null;
      },
    });
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error)) throw error;
    const problem = {
      message:
        error.code === 'CSV_QUOTE_NOT_CLOSED'
          ? 'A cell that begins with a quote in this row is never closed'
          : error.message,
      help: 'Close it with a quote; a quote inside such a cell is written twice',
      line: lines + 1,
      row: records.length + 1 + skipped,
    };
    return { records, problem, code: error.code };
  }
  return { records };
}

const delimiters = [',', ';', '\t', '|'] as const;

/**
 * The text without a `sep=;` line, as some spreadsheets write it, and the delimiters that it may have: the one that its
 * first line uses most comes first.
 */
function delimited(text: string): { text: string; skipped: number; likely: readonly string[] } {
  const said = /^"?sep=([,;\t|])"?\r?\n/i.exec(text);
  if (said?.[1] !== undefined) return { text: text.slice(said[0].length), skipped: 1, likely: [said[1]] };
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  let isEmpty = true;
  for (const character of text) {
    if (character === '"') quoted = !quoted;
    else if (!quoted && /[\r\n]/.test(character)) {
      if (!isEmpty) break;
      continue;
    } else if (!quoted && counts.has(character)) {
      counts.set(character, (counts.get(character) ?? 0) + 1);
    }
    isEmpty &&= /[\s,;|"]/.test(character);
  }
  const likely = [...counts].sort(([, a], [, b]) => b - a).map(([delimiter]) => delimiter);
  return { text, skipped: 0, likely };
}
