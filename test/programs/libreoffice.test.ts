import { copyFileSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { diffLines } from 'diff';
import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { hasLibreOffice, saveAs } from '../helpers/libreoffice.ts';
import { fixtures, flagsFor, programs, rowsOf } from '../spreadsheet/other-programs.ts';

const examples = path.resolve(import.meta.dirname, '../../examples/manifests');

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
