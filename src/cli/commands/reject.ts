import { UsageError } from '../../core/errors.ts';
import { offeredReasons } from '../../project/deciding.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { decisionOptions, refuseAttemptOfMany, refuseBesideClear, tellDecided } from '../deciding.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
    keys: { name: '<key...>', summary: 'the requests whose clips are of no use', completion: 'keys' },
  },
  options: {
    reason: {
      flags: '--reason <word>',
      summary: `why, in a word that reports count by: ${offeredReasons.join(', ')}, or any other`,
      completion: offeredReasons,
    },
    note: { flags: '--note <text>', summary: 'what is wrong with it' },
    ...decisionOptions,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const rejectCommand = defineCommand({
  name: 'reject',
  summary: 'say that a clip is not used, and why',
  description:
    'The decision is kept with time and name in the history, and ends a pick of the clip. It changes nothing of what is paid, and sends nothing again. Reports count rejected clips by reason, so one word for one kind of fault tells where the money goes.',
  ...signature,
  examples: [
    { command: 'shotlist reject storyboard.yaml sc010/sh0030@2 --reason hands', summary: 'six fingers' },
    {
      command:
        'shotlist reject storyboard.yaml sc010/sh0030 sc010/sh0040 --reason motion --note "drifts left"',
      summary: 'several at once',
    },
    { command: 'shotlist reject storyboard.yaml sc010/sh0030@2 --clear', summary: 'take it back' },
  ],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const { keys, manifest } = call.arguments;
  const { reason, note = null, clear, attempt } = call.options;
  refuseAttemptOfMany(keys, attempt);
  refuseBesideClear(clear, { '--reason': reason, '--note': call.options.note });
  if (!clear && reason === undefined) {
    throw new UsageError('a rejection needs a reason', {
      help: `add --reason with a word: ${offeredReasons.join(', ')}, or any other`,
    });
  }
  const decision = clear
    ? ({ type: 'cleared', what: 'rejected' } as const)
    : ({ type: 'rejected', reason: reason ?? '', note } as const);
  return withProject(call, manifest, {}, async (project) => {
    tellDecided(call.io, await project.clips.decide(keys.map((key) => ({ key, attempt, decision }))));
    return exitCodes.ok.code;
  });
}
