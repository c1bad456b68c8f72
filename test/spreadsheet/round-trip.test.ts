import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';
import { diffLines } from 'diff';
import { describe, expect, it } from 'vitest';
import { findMojibake } from '../../src/core/mojibake.ts';
import { TableError } from '../../src/spreadsheet/problem.ts';
import { fc } from '../helpers/fast-check.ts';
import { begin, exported, type Files, importInto } from './memory.ts';
import { act, styles } from './styles.ts';

const examples = path.resolve(import.meta.dirname, '../../examples/manifests');
const nasty: Files = { 'styles.yaml': styles, 'act.yaml': act };

/** An example with its fragments and prompt files, the manifest first. */
function example(manifest: string): Files {
  const folder = path.dirname(path.join(examples, manifest));
  const base = path.basename(manifest);
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    /\.(?:yaml|md)$/.test(name),
  );
  const others = manifest.includes('/') ? names.filter((name) => name !== base) : [];
  return Object.fromEntries(
    [base, ...others].map((name) => [name, readFileSync(path.join(folder, name), 'utf8')]),
  );
}

const rowsOf = (csv: string): string[][] => parse(csv, { bom: true, relax_column_count: true });
const csvOf = (rows: readonly (readonly string[])[]): string =>
  stringify(
    rows.map((row) => [...row]),
    { quoted_match: /[\r\n]/ },
  );

/** Text of the kind that people, and spreadsheets, make trouble with. */
const text = fc.oneof(
  // What reads as text in the wrong encoding (a U+FFFD is enough) is refused, which tests of its own show.
  fc
    .string({ unit: 'grapheme', maxLength: 60 })
    .map((words) => (findMojibake(words) === undefined ? words : '')),
  fc.lorem({ mode: 'sentences', maxCount: 4 }),
  fc
    .array(
      fc.constantFrom(
        ...[
          'a',
          ' ',
          '  ',
          '\n',
          ': ',
          ' #',
          '- ',
          '"',
          "'",
          '雨夜',
          '=1+1',
          '@',
          '16:9',
          '0010',
          'null',
          'yes',
          '{',
          ']',
          ',',
          '&x',
          '*',
          '|',
          '>',
          '\\',
          '%',
          '\t',
          '${',
          '$${',
          '#REF!',
          '🌃',
        ],
      ),
      { maxLength: 12 },
    )
    .map((parts) => parts.join(''))
    // A cell that is nothing but an error of the spreadsheet is refused.
    .map((words) => (/^['\s]*#REF!\s*$/.test(words) ? '' : words)),
);
const id = fc.oneof(
  fc.stringMatching(/^[A-Za-z][A-Za-z0-9._-]{0,10}$/),
  fc.integer({ min: 0, max: 9999 }).map((n) => String(n).padStart(4, '0')),
);
const url = fc.integer({ min: 1, max: 99 }).map((n) => `https://m.example.com/${n}.png?a=1,2;b`);
const shot = fc.record({
  scene: fc.oneof(fc.constant(''), fc.constantFrom('sc1', '0020', 'B-3')),
  shot: id,
  title: text,
  prompt: text,
  notes: text,
  model: fc.constantFrom('', 'videos', '1e3'),
  duration: fc.constantFrom('', '5', '12'),
  ratio: fc.constantFrom('', '16:9', '9:16'),
  mode: fc.constantFrom('', 'text', 'frames'),
  first_image: fc.oneof(fc.constant(''), url),
  referenceImages: fc.array(url, { maxLength: 3 }).map((urls) => urls.join('\n')),
  takes: fc.constantFrom('', '1', '3'),
  tags: fc.array(text, { maxLength: 3 }).map((tags) => (tags.length === 0 ? '' : JSON.stringify(tags))),
  skip: fc.constantFrom('', 'true', 'false'),
  'x-own': text,
});
const table = fc
  .uniqueArray(shot, { minLength: 1, maxLength: 8, selector: (row) => `${row.scene}/${row.shot}` })
  .map((rows) => csvOf([Object.keys(rows[0] ?? {}), ...rows.map((row) => Object.values(row))]));

describe('an export, imported', () => {
  it.each(['smallest.yaml', 'neon-alley/neon-alley.yaml', 'vbench2.yaml'])(
    'changes nothing in %s',
    async (name) => {
      const files = example(name);
      for (const expand of [false, true]) {
        const csv = await exported(files, expand);
        const { result } = await importInto(files, csv);
        expect(result.files).toEqual([]);
        expect(result.summary.unchanged).toBe(rowsOf(csv).length - 1);
      }
    },
  );

  it('changes nothing however the storyboard is written', async () => {
    for (const expand of [false, true]) {
      expect((await importInto(nasty, await exported(nasty, expand))).result.files).toEqual([]);
    }
  });

  it('changes nothing in what a table began, whatever it says', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (csv) => {
        const files = { 'new.yaml': await begin(csv) };
        const csvAgain = await exported(files);
        expect((await importInto(files, csvAgain)).result.files).toEqual([]);
        expect((await importInto(files, csv)).result.files).toEqual([]);
        expect((await importInto(files, await exported(files, true))).result.files).toEqual([]);
      }),
      { numRuns: 80 },
    );
  });
});

describe('a table that was begun as a manifest', () => {
  it('has every text again when it is exported', async () => {
    await fc.assert(
      fc.asyncProperty(table, async (csv) => {
        const [header = [], ...rows] = rowsOf(csv);
        const [headerAgain = [], ...rowsAgain] = rowsOf(await exported({ 'new.yaml': await begin(csv) }));
        const cells = (all: string[][], names: string[], name: string): Map<string, string> =>
          new Map(
            all.map((row) => [
              `${row[names.indexOf('scene')]}/${row[names.indexOf('shot')]}`,
              tidied(row[names.indexOf(name)] ?? ''),
            ]),
          );
        for (const name of ['title', 'prompt', 'notes', 'first_image', 'takes', 'duration']) {
          const before = [...cells(rows, header, name)].filter(([, cell]) => cell !== 'null' && cell !== '');
          const after = cells(rowsAgain, headerAgain, name);
          for (const [key, cell] of before) expect([key, after.get(key)]).toEqual([key, cell]);
        }
      }),
      { numRuns: 40 },
    );
  });
});

/** A cell without what an import makes no difference of, and without the guard of an export. */
function tidied(cell: string): string {
  return (
    cell
      // Apostrophes before the text are guards, or text behind a guard: which, the tests of the guard say.
      .replace(/^[\s']+/, '')
      .replace(/\r\n?/g, '\n')
      .split('\n')
      .map((line) => line.trimEnd())
      .join('\n')
      .trim()
  );
}

describe('a table that says otherwise', () => {
  const change = fc.record({
    row: fc.nat(20),
    column: fc.constantFrom(
      'title',
      'prompt',
      'duration',
      'ratio',
      'tags',
      'notes',
      'referenceImages',
      'takes',
      'x-lens',
    ),
    text,
    number: fc.integer({ min: 1, max: 12 }),
    url,
  });
  const edits = fc.record({
    changes: fc.array(change, { maxLength: 6 }),
    gone: fc.uniqueArray(fc.nat(20), { maxLength: 3 }),
    added: fc.array(
      fc.record({ at: fc.nat(20), scene: fc.constantFrom('', 'sc1', 'sc2', 'sc3', 'sc9', 'new'), text }),
      {
        maxLength: 3,
      },
    ),
  });

  it('is what the storyboard says afterwards, and every line of other shots stays', async () => {
    await fc.assert(
      fc.asyncProperty(edits, async ({ changes, gone, added }) => {
        const [header = [], ...rows] = rowsOf(await exported(nasty));
        for (const { row, column, text: words, number, url: link } of changes) {
          const cells = rows[row % rows.length];
          const at = header.indexOf(column);
          // What is written by an anchor or an alias is refused, and tested elsewhere.
          if (cells === undefined || at === -1 || (column === 'prompt' && /^[de]$/.test(cells[1] ?? '')))
            continue;
          const list = column === 'referenceImages' ? link : undefined;
          const count = column === 'duration' || column === 'takes' ? String(number) : undefined;
          const ratio = column === 'ratio' ? '1:1' : undefined;
          cells[at] = list ?? count ?? ratio ?? words.replace(/^#(?=[A-Z])/, '').replace(/^null$/i, '');
        }
        const fresh = added.map(({ at, scene, text: words }, index) => ({
          at: at % rows.length,
          cells: header.map((name) =>
            name === 'scene'
              ? scene
              : name === 'shot'
                ? `new${index}`
                : name === 'prompt'
                  ? words.replace(/#|null/g, '')
                  : '',
          ),
        }));
        const kept = rows.flatMap((cells, index) => [
          ...(gone.includes(index) ? [] : [cells]),
          ...fresh.filter(({ at }) => at === index).map((each) => each.cells),
        ]);
        fc.pre(kept.length > 0);
        const csv = csvOf([header, ...kept]);
        const { files, result } = await importInto(nasty, csv);
        expect((await importInto(files, csv)).result.files).toEqual([]);
        expect(result.summary.skipped.length).toBeLessThanOrEqual(gone.length);
        for (const name of Object.keys(nasty)) {
          const touched = linesOf(name, [...result.summary.changed, ...result.summary.skipped]);
          for (const line of lost(nasty[name] ?? '', files[name] ?? '')) {
            expect(
              touched.has(line) || /^ *shots: \[/.test((nasty[name] ?? '').split('\n')[line] ?? ''),
            ).toBe(true);
          }
        }
      }),
      { numRuns: 80 },
    );
  });

  it('leaves nothing behind of shots that were gone for a while', async () => {
    const csv = await exported(nasty);
    const [header = [], ...rows] = rowsOf(csv);
    await fc.assert(
      fc.asyncProperty(fc.subarray(rows, { minLength: 1 }), async (kept) => {
        const { files } = await importInto(nasty, csvOf([header, ...kept]));
        const withoutSkip = csvOf(
          [header, ...rows].map((row) => row.filter((_, index) => header[index] !== 'skip')),
        );
        expect((await importInto(files, withoutSkip)).files).toEqual(nasty);
      }),
      { numRuns: 80 },
    );
  });
});

/** Indices of lines that a file lost. */
function lost(before: string, after: string): readonly number[] {
  const lines: number[] = [];
  let at = 0;
  for (const { added, removed, count } of diffLines(before, after)) {
    if (added) continue;
    if (removed) for (let line = at; line < at + count; line += 1) lines.push(line);
    at += count;
  }
  return lines;
}

/** Lines in which shots of the storyboard of styles stand, worked out from their indentation alone. */
function linesOf(name: string, keys: readonly string[]): ReadonlySet<number> {
  const lines = (nasty[name] ?? '').split('\n');
  const found = new Set<number>();
  let scene = '';
  let key = '';
  for (const [index, line] of lines.entries()) {
    const sceneId = /^ {2}- id: (\S+)/.exec(line)?.[1];
    const id = /^ {6}(?:- | {2})\{? ?id: "?([\w]+)/.exec(line)?.[1] ?? /^- id: (\w+)/.exec(line)?.[1];
    if (/^\S/.test(line)) scene = '';
    if (sceneId !== undefined) scene = sceneId;
    if (/^ {6}- /.test(line)) key = `${scene}/${id ?? /id: (\w+)/.exec(lines[index + 1] ?? '')?.[1]}`;
    if (/^- /.test(line)) key = id ?? '';
    if (/^ {4}\S/.test(line)) key = '';
    const inFlow = keys.some((each) => each.startsWith(`${scene}/`) && line.includes('shots: [{'));
    if (keys.includes(key) || inFlow) found.add(index);
  }
  return found;
}

describe('any bytes', () => {
  it('are a table, or refused in words', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }),
      fc
        .tuple(
          fc.constantFrom('shot,prompt\n', 'scene;shot;时长\r\n', '\ufeffshot\tduration\n', 'Name,Name\n'),
          fc.uint8Array({ maxLength: 120 }),
        )
        .map(([header, rest]) => Buffer.concat([Buffer.from(header), rest])),
      fc
        .string({ unit: 'binary', maxLength: 100 })
        .map((each) => Buffer.from(`shot,frames,in,out,fps\n${each}`)),
    );
    await fc.assert(
      fc.asyncProperty(bytes, async (each) => {
        try {
          const files = { 'new.yaml': await begin(each) };
          await importInto(files, await exported(files));
          await importInto(nasty, each);
        } catch (error) {
          expect(error).toBeInstanceOf(TableError);
        }
      }),
      { numRuns: 300 },
    );
  });
});
