import { execFileSync, spawnSync } from 'node:child_process';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export const hasLibreOffice = spawnSync('soffice', ['--version']).status === 0;

const filters: Readonly<Record<string, string>> = {
  xlsx: 'xlsx:Calc MS Excel 2007 XML',
  ods: 'ods:calc8',
  csv: 'csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true,false',
  // One XML document, in which a cell can be found and edited.
  fods: 'fods:OpenDocument Spreadsheet Flat XML',
};

/**
 * Opens files in LibreOffice and saves them as another kind, all in one run of it.
 *
 * @param folder has a profile of the run's own, so that no other run of the program is in the way.
 * @param delimiter of CSV files; they are opened as a double click does, numbers found out.
 */
export function saveAs(
  kind: 'xlsx' | 'ods' | 'csv' | 'fods',
  files: readonly string[],
  { folder, to, delimiter }: { readonly folder: string; readonly to: string; readonly delimiter?: string },
): void {
  const reading =
    delimiter === undefined ? [] : [`--infilter=CSV:${delimiter.charCodeAt(0)},34,76,1,,1033,false,true`];
  execFileSync(
    'soffice',
    [
      `-env:UserInstallation=${pathToFileURL(path.join(folder, 'profile')).href}`,
      '--headless',
      '--norestore',
      ...reading,
      '--convert-to',
      filters[kind] ?? kind,
      '--outdir',
      to,
      ...files,
    ],
    { env: { ...process.env, LC_ALL: 'C.UTF-8' }, stdio: 'pipe', timeout: 200_000 },
  );
}
