import { UsageError } from '../../core/errors.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { decisionOptions, tellDecided } from '../deciding.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
    key: { name: '<key>', summary: 'the request whose clip it is about', completion: 'keys' },
    text: { name: '[text...]', summary: 'the note' },
  },
  options: decisionOptions,
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const noteCommand = defineCommand({
  name: 'note',
  summary: 'write a note on a clip',
  description:
    'The note is kept with time and name in the history, beside whatever is decided on the clip; the latest one stands in the report. Notes on a shot that is not made yet belong in the manifest.',
  ...signature,
  examples: [
    {
      command: 'shotlist note storyboard.yaml sc010/sh0030@2 "use the first two seconds"',
      summary: 'for the people who cut',
    },
    { command: 'shotlist note storyboard.yaml sc010/sh0030@2 --clear', summary: 'take it back' },
  ],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const { manifest, key, text } = call.arguments;
  const { clear, attempt } = call.options;
  const note = text.join(' ');
  if (clear && text.length > 0) {
    throw new UsageError('--clear and a text exclude each other', { help: 'give one of them' });
  }
  if (!clear && note.trim() === '') {
    throw new UsageError('which note?', { help: 'write it after the key, or take it back with --clear' });
  }
  const decision = clear ? ({ type: 'cleared', what: 'noted' } as const) : ({ type: 'noted', note } as const);
  return withProject(call, manifest, {}, async (project) => {
    tellDecided(call.io, await project.clips.decide([{ key, attempt, decision }]));
    return exitCodes.ok.code;
  });
}
