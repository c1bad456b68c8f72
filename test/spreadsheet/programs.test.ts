import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';
import { diffLines } from 'diff';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { hasLibreOffice, saveAs } from '../helpers/libreoffice.ts';

const fixtures = path.resolve(import.meta.dirname, '../fixtures/tables/programs');
const examples = path.resolve(import.meta.dirname, '../../examples/manifests');

/** Tables by the headings that each program documents, or that its users' templates have. */
const programs: readonly {
  readonly name: string;
  readonly prompt: string;
  readonly delimiter?: string;
  readonly flags?: readonly string[];
  /** A mapping, where the import asks for one. */
  readonly mapping?: string;
  readonly shots: readonly string[];
}[] = [
  { name: 'studiobinder', prompt: 'DESCRIPTION', shots: ['1/1A', '1/1B', '2/2A'] },
  { name: 'kitsu', prompt: 'Description', shots: ['SQ010/SH0010', 'SQ010/SH0020', 'SQ020/SH0010'] },
  {
    name: 'shotgrid',
    prompt: 'Description',
    shots: ['SQ010/SQ010_0010', 'SQ010/SQ010_0020', 'SQ020/SQ020_0010'],
  },
  { name: 'ftrack', prompt: 'Description', shots: ['sq010/sh0010', 'sq010/sh0020'] },
  { name: 'netflix-vfx', prompt: 'Description', shots: ['TCC/AGM_104_TCC_0010', 'TCC/AGM_104_TCC_0020'] },
  { name: 'chinese-shot-list', prompt: '画面内容', shots: ['1/1', '1/2', '2/1'] },
  { name: 'ai-drama', prompt: '图生视频提示词', shots: ['1', '2', '3'] },
  {
    name: 'ai-drama-episodes',
    prompt: '图像描述',
    mapping: 'columns: { "集数": scene }',
    shots: ['1/1', '1/2', '2/1'],
  },
  { name: 'japanese', prompt: '内容', flags: ['--fps', '24'], shots: ['1/1', '1/2', '2/1'] },
  { name: 'korean', prompt: '화면', shots: ['1/1', '1/2'] },
  { name: 'german', prompt: 'Beschreibung', delimiter: ';', shots: ['1/1A', '1/1B'] },
  { name: 'french', prompt: 'Description', delimiter: ';', shots: ['1/1A', '1/1B'] },
  { name: 'spanish', prompt: 'Descripción', shots: ['1/1A', '1/1B'] },
  {
    name: 'without-ids',
    prompt: 'Prompt',
    flags: ['--number', 'sh{0010}'],
    shots: ['sh0010', 'sh0020', 'sh0030'],
  },
];

const rowsOf = (name: string, delimiter = ','): string[][] =>
  parse(readFileSync(path.join(fixtures, `${name}.csv`), 'utf8'), { delimiter });

function flagsFor({ flags = [], mapping }: (typeof programs)[number], cwd: string): readonly string[] {
  if (mapping === undefined) return flags;
  writeFileSync(path.join(cwd, 'mapping.yaml'), `${mapping}\n`);
  return [...flags, '--map', 'mapping.yaml'];
}

/** Keys of the shots of a manifest, and what each says. */
async function shotsOf(cwd: string): Promise<readonly { key: string; prompt: string; duration: number }[]> {
  const { stdout } = await shotlist(['plan', 'film.yaml', '--format', 'json', '--no-journal'], { cwd });
  const plan = JSON.parse(stdout) as {
    requests: { key: string; body: { prompt: string; duration: number } }[];
  };
  return plan.requests.map(({ key, body: { prompt, duration } }) => ({ key, prompt, duration }));
}

describe('tables of other programs', () => {
  it('are all tried', () => {
    expect(programs.map(({ name }) => `${name}.csv`).sort()).toEqual(readdirSync(fixtures).sort());
  });

  it.each(programs)('$name goes in without a mapping, or with the line that is proposed', async (program) => {
    const cwd = temporaryFolder();
    const { name, prompt, delimiter, mapping, shots } = program;
    copyFileSync(path.join(fixtures, `${name}.csv`), path.join(cwd, 'shots.csv'));
    if (mapping !== undefined) {
      const refused = await shotlist(['import', 'shots.csv'], { cwd });
      expect(refused.stderr).toContain(mapping);
      expect(refused).toMatchObject({ code: 1, stdout: '' });
    }
    const { code, stderr } = await shotlist(
      ['import', 'shots.csv', ...flagsFor(program, cwd), '--into', 'film.yaml', '--yes'],
      { cwd },
    );
    expect(stderr).toContain('written: film.yaml');
    expect(code).toBe(0);
    const [header = [], ...rows] = rowsOf(name, delimiter);
    const column = header.indexOf(prompt);
    const words = new Set(rows.map((cells) => cells[column]).filter((cell) => cell !== ''));
    const requests = (await shotsOf(cwd)).filter(({ key }) => !key.includes('@'));
    expect(requests.map(({ key }) => key)).toEqual(shots);
    expect(new Set(requests.map((request) => request.prompt))).toEqual(words);
    const again = await shotlist(
      ['import', 'shots.csv', ...flagsFor(program, cwd), '--into', 'film.yaml', '--quiet'],
      { cwd },
    );
    expect(again).toEqual({ code: 0, stdout: '', stderr: '' });
  });
});

if (!hasLibreOffice) {
  console.warn(
    'left out, for want of LibreOffice: tables that are edited and saved in it. Debian: apt-get install libreoffice-calc',
  );
}

describe.runIf(hasLibreOffice)('in LibreOffice', () => {
  it('tables are edited and saved in every format, and exactly the edited cells change', {
    timeout: 600_000,
  }, async () => {
    const folder = temporaryFolder();
    const [csv, flat, own] = ['csv-files', 'flat', 'own'].map((name) => path.join(folder, name));
    if (csv === undefined || flat === undefined || own === undefined) throw new Error('no folders');
    for (const each of [csv, flat, own]) mkdirSync(each);
    for (const { name } of programs) {
      copyFileSync(path.join(fixtures, `${name}.csv`), path.join(csv, `${name}.csv`));
    }
    // What this program writes, to be saved once more.
    for (const file of manifests) {
      const stem = path.basename(file, '.yaml');
      const cwd = path.dirname(path.join(examples, file));
      await shotlist(['export', path.basename(file), '-o', path.join(own, `${stem}.xlsx`)], { cwd });
    }
    for (const delimiter of [',', ';']) {
      const files = programs.filter((each) => (each.delimiter ?? ',') === delimiter);
      saveAs(
        'fods',
        files.map(({ name }) => path.join(csv, `${name}.csv`)),
        { folder, to: flat, delimiter },
      );
    }
    for (const { name, prompt, delimiter } of programs) {
      const [header = [], ...rows] = rowsOf(name, delimiter);
      const before = rows.at(-1)?.[header.indexOf(prompt)] ?? '';
      const document = readFileSync(path.join(flat, `${name}.fods`), 'utf8');
      const after = document.replaceAll(`<text:p>${before}</text:p>`, `<text:p>${edited}</text:p>`);
      expect(after).not.toBe(document);
      writeFileSync(path.join(flat, `${name}.edited.fods`), after);
    }
    const documents = readdirSync(flat).map((name) => path.join(flat, name));
    const saved = manifests.map((file) => path.join(own, `${path.basename(file, '.yaml')}.xlsx`));
    for (const kind of kinds) saveAs(kind, [...documents, ...saved], { folder, to: path.join(folder, kind) });

    for (const program of programs) {
      const { name } = program;
      const cwd = temporaryFolder();
      copyFileSync(path.join(fixtures, `${name}.csv`), path.join(cwd, 'shots.csv'));
      const flags = flagsFor(program, cwd);
      await shotlist(['import', 'shots.csv', ...flags, '--into', 'film.yaml', '--yes'], { cwd });
      const before = readFileSync(path.join(cwd, 'film.yaml'), 'utf8');
      for (const kind of kinds) {
        const { code, stderr } = await shotlist(
          [
            'import',
            path.join(folder, kind, `${name}.edited.${kind}`),
            ...flags,
            '--into',
            'film.yaml',
            '--yes',
          ],
          { cwd },
        );
        expect({ name, kind, code, stderr }).toMatchObject({ code: 0 });
        const after = readFileSync(path.join(cwd, 'film.yaml'), 'utf8');
        const lines = diffLines(before, after).filter(({ added, removed }) => added || removed);
        expect(lines.map(({ count, value }) => [count, value.includes(edited)])).toEqual([
          [1, false],
          [1, true],
        ]);
        writeFileSync(path.join(cwd, 'film.yaml'), before);
      }
    }
    for (const file of manifests) {
      const cwd = path.dirname(path.join(examples, file));
      const stem = path.basename(file, '.yaml');
      const files = [`own/${stem}.xlsx`, ...kinds.map((kind) => `${kind}/${stem}.${kind}`)];
      for (const name of files) {
        const { code, stdout, stderr } = await shotlist(
          ['import', path.join(folder, name), '--into', path.basename(file), '--dry-run'],
          { cwd },
        );
        expect({ name, code, stdout }).toEqual({ name, code: 0, stdout: '' });
        expect(stderr).toMatch(/shots: [\d,]+ unchanged\n$/);
      }
    }
  });
});

const kinds = ['xlsx', 'ods', 'csv'] as const;
const manifests = ['neon-alley/neon-alley.yaml', 'smallest.yaml'];
const edited = 'Edited in the spreadsheet: snow, at last';
