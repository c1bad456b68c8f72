import { billOptions } from './bill-input.ts';
import type { CallOf, Signature } from './command.ts';
import { baseUrlOption, formatOption, journalOption, ledgerOption, modelsOption } from './options.ts';

export const resolveSignature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
    keys: { name: '[key...]', summary: 'the requests to settle', completion: 'doubts' },
  },
  options: {
    all: { flags: '--all', summary: 'settle every request that is in doubt' },
    taskId: { flags: '--task-id <id>', summary: 'a task exists: this is its id (one request at a time)' },
    notSubmitted: { flags: '--not-submitted', summary: 'no task exists: the request may be sent again' },
    abandon: { flags: '--abandon', summary: 'give the request up: it is not sent again, and counts as paid' },
    reopen: { flags: '--reopen', summary: 'take a decision back: the request is in doubt again' },
    force: {
      flags: '--force',
      summary:
        'take a task although it is not what was asked for, or although a person gave it to another request',
    },
    from: {
      flags: '--from <file>',
      summary:
        'a bill, or what the console exports (CSV, .xlsx, .ods): proposes which of its lines are these requests, and settles after a yes',
      completion: 'files',
    },
    yes: { flags: '--yes', summary: 'with --from: settle what is proposed without asking' },
    ...billOptions,
    ...formatOption,
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
export type ResolveCall = CallOf<typeof resolveSignature>;
