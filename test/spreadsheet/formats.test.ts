import { stringify } from 'csv-stringify/sync';
import { describe, expect, it } from 'vitest';
import { unguardFormula } from '../../src/core/csv.ts';
import { asCsv, asXlsx, tableFormat } from '../../src/spreadsheet/export.ts';
import { readTable } from '../../src/spreadsheet/table.ts';
import { odsOf } from '../helpers/archive.ts';
import { fc } from '../helpers/fast-check.ts';
import { begin, exported, exportedWorkbook, type Files, importInto } from './memory.ts';

/** Text of the kind that people, and spreadsheets, make trouble with; none that was decoded twice. */
const words = fc
  .array(
    fc.constantFrom(
      ...[
        'a',
        'Rain',
        ' ',
        '  ',
        '\n',
        '"',
        "'",
        ',',
        ';',
        '\t',
        '|',
        '雨夜',
        '🌃',
        'é',
        '=1+1',
        '=A2',
        '@x',
        '-5',
        '+',
      ],
      ...[
        '16:9',
        '0010',
        '1E10',
        '10.0',
        'null',
        'TRUE',
        '<b>',
        '&amp;',
        ']]>',
        '_x000D_',
        '#REF!x',
        '5/3',
        '{',
        '%',
        '\\',
      ],
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));
const id = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,10}$/),
  fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0')),
  fc.constantFrom('1E10', '1.10', '007'),
);
const row = fc.record({
  scene: fc.constantFrom('', '010', 'sc1'),
  shot: id,
  prompt: words,
  notes: words,
  'x-own': words,
});
const table = fc.uniqueArray(row, {
  minLength: 1,
  maxLength: 12,
  selector: ({ scene, shot }) => `${scene}/${shot}`,
});

const writers: Readonly<Record<string, (rows: readonly (readonly string[])[]) => Promise<Uint8Array>>> = {
  csv: async (rows) => Buffer.from(asCsv({ rows }).csv),
  'csv with semicolons': async (rows) =>
    Buffer.from(
      stringify(
        rows.map((cells) => [...cells]),
        { ...tableFormat, delimiter: ';' },
      ),
    ),
  xlsx: (rows) => asXlsx({ rows }, new Map([['notes', ['wet', 'dry']]])),
  ods: async (rows) => odsOf(rows),
};

/** A cell without what no import makes a difference of: the ends of lines, and white space at them. */
const tidied = (cell: string): string =>
  cell
    .replace(/\r\n?/g, '\n')
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')
    .trim();

describe('a table that is written and read', () => {
  it.each(Object.entries(writers))('is what it was: %s', async (_, write) => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const cells = [Object.keys(rows[0] ?? {}), ...rows.map((each) => Object.values(each))];
        const read = await readTable('shots', await write(cells));
        const [header = [], ...body] = cells;
        expect(read.header).toEqual(header);
        expect(
          read.rows.map((each) => header.map((__, index) => tidied(unguardFormula(each.cells[index] ?? '')))),
        ).toEqual(body.map((each) => each.map(tidied)));
      }),
      { numRuns: 60 },
    );
  });

  it('begins the same storyboard in every format, and changes nothing in it', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (rows) => {
        const cells = [Object.keys(rows[0] ?? {}), ...rows.map((each) => Object.values(each))];
        const made = await Promise.all(
          Object.values(writers).map(async (write) => begin(await write(cells))),
        );
        expect(new Set(made).size).toBe(1);
        const files: Files = { 'new.yaml': made[0] ?? '' };
        expect((await importInto(files, await exported(files))).result.files).toEqual([]);
        expect((await importInto(files, await exportedWorkbook(files))).result.files).toEqual([]);
      }),
      { numRuns: 40 },
    );
  });
});
