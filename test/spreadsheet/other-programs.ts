import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { parse } from 'csv-parse/sync';

/** Where a table of each program lies, by its name. */
export const fixtures = path.resolve(import.meta.dirname, '../fixtures/tables/programs');

/** Tables by the headings that each program documents, or that its users' templates have. */
export const programs: readonly {
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

export const rowsOf = (name: string, delimiter = ','): string[][] =>
  parse(readFileSync(path.join(fixtures, `${name}.csv`), 'utf8'), { delimiter });

export function flagsFor({ flags = [], mapping }: (typeof programs)[number], cwd: string): readonly string[] {
  if (mapping === undefined) return flags;
  writeFileSync(path.join(cwd, 'mapping.yaml'), `${mapping}\n`);
  return [...flags, '--map', 'mapping.yaml'];
}
