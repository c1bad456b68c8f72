import { UsageError } from '../core/errors.ts';
import { parseNumbering } from '../spreadsheet/numbering.ts';
import type { CallOf, Signature } from './command.ts';
import { modelsOption } from './options.ts';

export const importSignature = {
  arguments: {
    file: {
      name: '<file>',
      summary: 'the table: CSV, .xlsx or .ods; - reads standard input',
      completion: 'files',
    },
  },
  options: {
    into: {
      flags: '--into <manifest>',
      summary: 'the storyboard to update; begun where it is missing',
      completion: 'files',
    },
    map: {
      flags: '--map <file>',
      summary: 'a mapping file: what columns mean, and what values are made of',
      completion: 'files',
    },
    partial: {
      flags: '--partial',
      summary: 'the table is only a part: shots that it lacks stay as they are',
    },
    whole: {
      flags: '--whole',
      summary: 'the table is the whole storyboard, though most of what is there would be skipped or replaced',
    },
    ignoreColumn: {
      flags: '--ignore-column <name>',
      summary: 'leave a column out; repeatable',
      repeatable: true,
    },
    number: {
      flags: '--number <pattern>',
      summary: 'number the shots of a table without ids, for example sh{0010}; a number that was given stays',
      parse: numbering,
    },
    sheet: { flags: '--sheet <name>', summary: 'which sheet of a workbook' },
    guess: {
      flags: '--guess',
      summary: 'print the mapping by which the table would be read, to be edited and kept',
    },
    yes: { flags: '--yes', summary: 'write without asking' },
    dryRun: { flags: '--dry-run', summary: 'write nothing, and print what would change as a diff' },
    fps: {
      flags: '--fps <n>',
      summary: 'frames in a second, where a row says none',
      parse: framesPerSecond,
    },
    encoding: {
      flags: '--encoding <name>',
      summary: 'the encoding of the file, for example windows-1252',
      default: 'found out',
    },
    ...modelsOption,
  },
} as const satisfies Signature;
export type ImportCall = CallOf<typeof importSignature>;

function framesPerSecond(text: string): number {
  const fps = /^\d+(?:\.\d+)?$/.test(text) ? Number(text) : 0;
  if (fps > 0 && fps <= 1000) return fps;
  throw new UsageError(`'${text}' is not a number of frames in a second such as 24`);
}

function numbering(text: string): string {
  if (parseNumbering(text) !== undefined) return text;
  throw new UsageError(`'${text}' is no numbering`, {
    help: 'put the first number in braces, for example sh{0010}: sh0010, sh0020, …',
  });
}
