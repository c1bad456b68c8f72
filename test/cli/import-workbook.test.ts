import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { writeOds } from 'hucre/ods';
import { readXlsx, writeXlsx } from 'hucre/xlsx';
import { describe, expect, it } from 'vitest';
import { archiveOf, odsParts, xlsxParts } from '../helpers/archive.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

async function begun(name: string, bytes: Uint8Array, ...flags: readonly string[]) {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, name), bytes);
  const result = await shotlist(['import', name, ...flags], { cwd });
  return { ...result, said: result.stderr.replace(/\s+/g, ' ') };
}

const inline = (place: string, text: string): string =>
  `<c r="${place}" t="inlineStr"><is><t xml:space="preserve">${text}</t></is></c>`;
const row = (number: number, cells: string, more = ''): string => `<row r="${number}"${more}>${cells}</row>`;

const everyKind = xlsxParts(
  [
    row(1, `${inline('A1', 'Neon Alley, third draft')}<c r="B1"/><c r="C1"/><c r="D1"/>`),
    row(
      2,
      ['Scene', 'Shot', 'Prompt', 'Duration', 'Ratio', 'First Frame', 'Last Frame', 'Skip']
        .map((name, index) => inline(`${String.fromCharCode(65 + index)}2`, name))
        .join(''),
    ),
    // Merged down; a number with zeros; rich text; a number; a time; links.
    row(
      3,
      `<c r="A3" t="s"><v>0</v></c><c r="B3" s="1"><v>10</v></c><c r="C3" t="s"><v>1</v></c><c r="D3"><v>4.5</v></c><c r="E3" s="3"><v>0.67291666666666672</v></c>${inline('F3', 'plate a')}${inline('G3', 'plate b')}<c r="H3" t="b"><v>0</v></c>`,
    ),
    row(
      4,
      `<c r="A4"/><c r="B4" s="2"><v>20</v></c><c r="C4" t="str"><f>"a "&amp;"fox"</f><v>a fox</v></c>${inline('D4', '00:06')}${inline('E4', '9:16')}<c r="H4" t="b"><v>1</v></c>`,
      ' hidden="1"',
    ),
    row(5, `<c r="A5"/>${inline('B5', '1E10')}${inline('C5', '=A city')}<c r="D5"><v>6</v></c>`),
  ].join(''),
  '<si><t>sc010</t><rPh sb="0" eb="1"><t>エス</t></rPh></si><si><r><t xml:space="preserve">Rain </t></r><r><rPr><b/></rPr><t>falls&#10;twice</t></r></si>',
  '<mergeCells count="2"><mergeCell ref="A1:H1"/><mergeCell ref="A3:A5"/></mergeCells><hyperlinks><hyperlink ref="F3" r:id="rId9"/><hyperlink ref="G3" r:id="rId8"/></hyperlinks>',
);
const withLinks = {
  ...everyKind,
  'xl/worksheets/_rels/sheet1.xml.rels':
    '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId9" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://m.example.com/a.png" TargetMode="External"/><Relationship Id="rId8" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/hyperlink" Target="https://m.example.com/b.png" TargetMode="External"/></Relationships>',
};

describe('a workbook', () => {
  it('says what its cells show: strings of every kind, numbers, times, booleans, merged cells and links', async () => {
    const { code, stdout, said } = await begun('shots.xlsx', archiveOf(withLinks));
    expect(stdout).toContain(`scenes:
  - id: sc010
    shots:
      - id: "0010"
        prompt: |-
          Rain falls
          twice
        duration: 5
        ratio: "16:9"
        first_image: https://m.example.com/a.png
        last_image: https://m.example.com/b.png
      - id: SH0020
        skip: true
        prompt: a fox
        duration: 6
        ratio: "9:16"
      - id: "1E10"
        prompt: "=A city"
        duration: 6
`);
    expect(said).toContain('Row 4 is hidden in `Shots`, and read like the others');
    expect(said).toContain('The columns are named in row 2: what stands above it is left out');
    expect(code).toBe(0);
  });

  it('is refused where nobody has worked out a formula, unless its column is left out', async () => {
    const parts = xlsxParts(
      `${row(1, inline('A1', 'Shot') + inline('B1', 'Prompt') + inline('C1', 'Cost'))}${row(2, `${inline('A2', 'a')}${inline('B2', 'x')}<c r="C2"><f>SUM(1,2)</f></c>`)}`,
    );
    const { code, stdout, said } = await begun('shots.xlsx', archiveOf(parts));
    expect(said).toContain('error The cell C2 of `Shots` is a formula that nobody has worked out');
    expect(said).toContain('shots.xlsx, row 2, column Cost');
    expect({ code, stdout }).toEqual({ code: 1, stdout: '' });
    expect((await begun('shots.xlsx', archiveOf(parts), '--ignore-column', 'Cost')).code).toBe(0);
    const ods = archiveOf(
      odsParts(
        '<table:table table:name="S"><table:table-row><table:table-cell office:value-type="string"><text:p>Shot</text:p></table:table-cell><table:table-cell office:value-type="string"><text:p>Prompt</text:p></table:table-cell></table:table-row><table:table-row><table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell><table:table-cell table:formula="of:=[.A2]"/></table:table-row></table:table>',
      ),
    );
    expect((await begun('shots.ods', ods)).said).toContain('The cell B2 of `S` is a formula');
  });

  it('of several sheets is read where one alone is a table of shots, and asked about otherwise', async () => {
    const notes = { name: 'Notes', rows: [['Bring umbrellas']] };
    const first = {
      name: 'Act 1',
      rows: [
        ['Shot', 'Prompt'],
        ['a', 'Rain'],
      ],
    };
    const second = {
      name: 'Act 2',
      rows: [
        ['Shot', 'Prompt'],
        ['b', 'Fog'],
      ],
    };
    const one = await begun('shots.xlsx', await writeXlsx({ sheets: [notes, first] }));
    expect(one.said).toContain('note: `Act 1` is read, of the sheets `Notes`, `Act 1`');
    expect(one.stdout).toContain('prompt: Rain');
    for (const [name, bytes] of [
      ['shots.xlsx', await writeXlsx({ sheets: [notes, first, second] })],
      ['shots.ods', await writeOds({ sheets: [notes, first, second] })],
    ] as const) {
      const { code, stdout, said } = await begun(name, bytes);
      expect(said).toContain(`${name} has several sheets, and more than one looks like a table of shots`);
      expect(said).toContain('--sheet "Act 1". Its sheets are `Notes`, `Act 1`, `Act 2`');
      expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
      expect((await begun(name, bytes, '--sheet', 'act 2')).stdout).toContain('prompt: Fog');
      expect((await begun(name, bytes, '--sheet', 'Act 3')).said).toContain('has no sheet `Act 3`');
    }
    const hidden = await writeXlsx({ sheets: [first, { ...second, hidden: true }] });
    expect((await begun('shots.xlsx', hidden)).stdout).toContain('prompt: Rain');
  });

  it('may have a header of two rows, and headings across the table', async () => {
    const bytes = await writeXlsx({
      sheets: [
        {
          name: 'S',
          rows: [
            ['Scene', 'Shot', 'Prompt', 'Camera', null],
            [null, null, null, 'Lens', 'Move'],
            ['INT. BAR', null, null, null, null],
            ['1', 'a', 'Rain', '35mm', 'pan'],
          ],
          merges: [
            ...[0, 1, 2].map((column) => ({ startRow: 0, endRow: 1, startCol: column, endCol: column })),
            { startRow: 0, endRow: 0, startCol: 3, endCol: 4 },
            { startRow: 2, endRow: 2, startCol: 0, endCol: 4 },
          ],
        },
      ],
    });
    const { code, stdout, said } = await begun('shots.xlsx', bytes);
    expect(stdout).toContain('prompt: Rain\n        x-lens: "35mm"\n        x-move: pan\n');
    expect(said).toContain('Row 3 has words in its first cell only: it is a heading');
    expect(code).toBe(0);
  });
});

describe('a hostile or broken workbook is refused in words, and soon', () => {
  const zeros = Buffer.alloc(300 * 1024 * 1024);
  const sheet = (xml: string): Record<string, string | Buffer> => ({
    ...xlsxParts(''),
    'xl/worksheets/sheet1.xml': xml,
  });
  it.each([
    [
      'a zip bomb',
      'a.xlsx',
      () => archiveOf({ ...xlsxParts(''), 'xl/sharedStrings.xml': zeros }),
      /comes to far more than a table/,
    ],
    [
      'a zip bomb that lies',
      'a.xlsx',
      () => archiveOf({ ...xlsxParts(''), 'xl/sharedStrings.xml': zeros }, 1000),
      /comes to far more|is damaged/,
    ],
    ['a zip bomb', 'a.ods', () => archiveOf({ 'content.xml': zeros }), /comes to far more than a table/],
    [
      'an entity bomb',
      'a.xlsx',
      () =>
        archiveOf(
          sheet('<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><worksheet/>'),
        ),
      /declares entities/,
    ],
    [
      'an entity bomb',
      'a.ods',
      () => archiveOf({ 'content.xml': '<!DOCTYPE x [<!ENTITY a "a">]><a>&a;</a>' }),
      /declares entities/,
    ],
    [
      'cells in far corners',
      'a.xlsx',
      () => archiveOf(xlsxParts(`${row(1, inline('A1', 'Shot'))}${row(1048576, inline('XFD1048576', 'x'))}`)),
      /has cells as far as row 1,048,576 and column 16,384/,
    ],
    [
      'rows that repeat for ever',
      'a.ods',
      () =>
        archiveOf(
          odsParts(
            '<table:table table:name="S"><table:table-row table:number-rows-repeated="1048576"><table:table-cell table:number-columns-repeated="900" office:value-type="string"><text:p>x</text:p></table:table-cell></table:table-row></table:table>',
          ),
        ),
      /repeats its rows/,
    ],
    ['half a file', 'a.xlsx', () => archiveOf(xlsxParts('')).subarray(0, 900), /is damaged/],
    [
      'XML that breaks off',
      'a.ods',
      () => archiveOf(odsParts('<table:table><table:table-row>')),
      /is damaged/,
    ],
    [
      'another archive',
      'a.xlsx',
      () => archiveOf({ 'word/document.xml': '<a/>' }),
      /is an archive, and no \.xlsx or \.ods workbook/,
    ],
    [
      'an old workbook',
      'a.xls',
      () => Buffer.from([0xd0, 0xcf, 0x11, 0xe0, 1, 2]),
      /is a workbook of an old kind/,
    ],
  ])('%s (%s)', async (_, name, bytes, message) => {
    const made = bytes();
    const before = process.memoryUsage().rss;
    const { code, stdout, said } = await begun(name, made);
    expect(said).toMatch(message);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(process.memoryUsage().rss - before).toBeLessThan(250 * 1024 * 1024);
  });

  it.each(['xlsx', 'ods'])('any damage to .%s is refused, or does no harm', async (kind) => {
    const rows = [
      ['Shot', 'Prompt'],
      ...Array.from({ length: 30 }, (_, index) => [`s${index}`, `Rain number ${index}`]),
    ];
    const good =
      kind === 'xlsx'
        ? await writeXlsx({ sheets: [{ name: 'S', rows }] })
        : await writeOds({ sheets: [{ name: 'S', rows }] });
    for (let at = 0; at < good.length; at += Math.ceil(good.length / 60)) {
      const bad = Buffer.from(good);
      bad[at] = (bad[at] ?? 0) ^ 0x55;
      const { code, said } = await begun(`a.${kind}`, bad);
      expect([0, 1, 2]).toContain(code);
      expect(said).not.toContain('unexpected error');
    }
  });
});

describe('export to a workbook', () => {
  const board = `version: 1
project: rain
defaults: { model: videos, duration: 5, ratio: "16:9" }
scenes:
  - id: "010"
    shots:
      - id: "0010"
        prompt: |-
          Rain
            falls
        notes: "=SUM(A1)"
      - id: "1E10"
        prompt: " 'quoted' \\u00e9\\u96e8 _x000D_ "
        x-lens: 35
shots:
  - { id: card, prompt: -5 degrees, skip: true }
`;

  it('writes text that stays as it is, in sight and in reach', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rain.yaml'), board);
    const { code, stderr } = await shotlist(['export', 'rain.yaml', '-o', 'rain.xlsx'], { cwd });
    expect(stderr).toBe('3 shots written to rain.xlsx\n');
    expect(code).toBe(0);
    const { sheets } = await readXlsx(readFileSync(path.join(cwd, 'rain.xlsx')), { readStyles: true });
    const [sheet, choices] = sheets;
    expect(sheet?.rows.slice(0, 2).map((cells) => cells.slice(0, 7))).toEqual([
      ['scene', 'shot', 'title', 'prompt', 'model', 'duration', 'ratio'],
      ['010', '0010', '', 'Rain\n  falls', 'videos', '5', '16:9'],
    ]);
    expect(sheet?.freezePane).toMatchObject({ rows: 1 });
    expect(sheet?.columns?.[3]?.width).toBeGreaterThan(50);
    expect(sheet?.cells?.get('1,3')?.style).toMatchObject({ numFmt: '@', alignment: { wrapText: true } });
    expect(sheet?.dataValidations?.map(({ type, range }) => [type, range.split(':')[0]])).toEqual(
      expect.arrayContaining([
        ['list', 'E2'],
        ['list', 'G2'],
        ['list', 'I2'],
      ]),
    );
    expect(choices?.hidden).toBe(true);
    expect(choices?.rows.map(([model]) => model)).toContain('videos_stable_fast');
  });

  it('comes back unchanged', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rain.yaml'), board);
    await shotlist(['export', 'rain.yaml', '-o', 'rain.xlsx'], { cwd });
    const { code, stderr } = await shotlist(['import', 'rain.xlsx', '--into', 'rain.yaml'], { cwd });
    expect(stderr.replace(/note: .*\n(?: {6}.*\n)*/g, '')).toBe('shots: 3 unchanged\n');
    expect(code).toBe(0);
  });

  it('refuses what no cell can hold, and formats that it does not write', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'rain.yaml'), board.replace('-5 degrees', 'x'.repeat(32_768)));
    const long = await shotlist(['export', 'rain.yaml', '-o', 'rain.xlsx'], { cwd });
    expect(long.stderr).toContain('`card` has a `prompt` of 32,768 characters');
    expect(long.code).toBe(2);
    expect((await shotlist(['export', 'rain.yaml', '-o', 'rain.ods'], { cwd })).code).toBe(2);
  });
});
