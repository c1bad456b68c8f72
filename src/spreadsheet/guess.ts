import { stringify } from 'yaml';
import { cellsIn } from './column-contents.ts';
import { readColumns } from './columns.ts';
import type { Mapping } from './mapping.ts';
import type { Table } from './table.ts';

/**
 * The mapping by which a table would be read, as a file to be edited: every column with what it is, a sample beside it.
 * What would be asked about is answered as well as it can be, and marked.
 */
export function guessMapping(table: Table, mapping: Mapping): string {
  const { columns, questions } = readColumns(table, mapping, { guess: true });
  const targets = new Map(columns.map(({ index, target }) => [index, target]));
  const lines = [
    `# How ${table.file} is read. A column is a key of a shot, scene, shot, project, frames, fps, in, out or ignore,`,
    '# or x- and a name for data of your own. docs/spreadsheets.md says more.',
    'columns:',
  ];
  const seen = new Set<string>();
  for (const [index, header] of table.header.entries()) {
    if (header === '' || seen.has(header)) continue;
    seen.add(header);
    const target = targets.get(index) ?? 'ignore';
    const question = questions.get(index);
    const [sample] = cellsIn(table, index);
    const comment = [question, sample === undefined ? 'empty' : shortened(sample)].filter(
      (part) => part !== undefined,
    );
    lines.push(`  ${quoted(header)}: ${target}  # ${comment.join('; for example ')}`);
  }
  const { fps, number, sheet } = mapping;
  if (fps !== null) lines.push(`fps: ${fps}`);
  if (number !== null) lines.push(`number: ${quoted(number)}`);
  if (sheet !== null) lines.push(`sheet: ${quoted(sheet)}`);
  lines.push(
    '# values:                  # build a value from columns, or translate what cells say',
    `#   prompt: "{${[...seen][0] ?? 'A'}}, {${[...seen][1] ?? 'B'}}"`,
    '#   model: { fast: videos_stable_fast }',
    '# constants: { ratio: "16:9" }   # what every shot says where its cells say nothing',
    '# defaults: { model: videos }    # what a new storyboard begins with',
    '# fillDown: []                   # columns in which an empty cell means the one above',
  );
  return `${lines.join('\n')}\n`;
}

function quoted(text: string): string {
  return stringify(text, { defaultStringType: 'QUOTE_DOUBLE', lineWidth: 0 }).trim();
}

function shortened(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.length > 40 ? `${line.slice(0, 39)}…` : line;
}
