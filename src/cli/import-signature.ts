import { UsageError } from '../core/errors.ts';
import type { CallOf, Signature } from './command.ts';
import { modelsOption } from './options.ts';

export const importSignature = {
  arguments: {
    file: { name: '<file>', summary: 'the CSV file; - reads standard input', completion: 'files' },
  },
  options: {
    into: {
      flags: '--into <manifest>',
      summary: 'the storyboard to update; begun where it is missing',
      completion: 'files',
    },
    map: {
      flags: '--map <file>',
      summary: 'a mapping file: what columns mean, constants, frames in a second',
      completion: 'files',
    },
    partial: {
      flags: '--partial',
      summary: 'the table is only a part: shots that it lacks stay as they are',
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
