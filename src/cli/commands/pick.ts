import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError, UsageError } from '../../core/errors.ts';
import { limits } from '../../manifest/limits.ts';
import type { Project } from '../../project/project.ts';
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
    keys: { name: '[key...]', summary: 'the requests whose clips are used', completion: 'keys' },
  },
  options: {
    note: { flags: '--note <text>', summary: 'why, for the people who cut' },
    from: {
      flags: '--from <file>',
      summary: 'take in the decisions that the report page exported, rejections and notes too',
      completion: 'files',
    },
    ...decisionOptions,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const pickCommand = defineCommand({
  name: 'pick',
  summary: 'choose the clip of a shot that is used',
  description:
    'Of all takes of a shot, or of one of its variants, one is picked: another pick moves it. The decision is kept with time and name in the history, goes with the journal, and changes nothing of what is paid. Where two clones picked differently, the later pick holds, and it is said. shotlist cut writes the picked clips for an editor.',
  ...signature,
  examples: [
    { command: 'shotlist pick storyboard.yaml sc010/sh0030@2', summary: 'the second take' },
    {
      command: 'shotlist pick storyboard.yaml sc010/sh0030 --attempt 1 --note "softer light"',
      summary: 'an earlier clip of a request that was sent again',
    },
    { command: 'shotlist pick storyboard.yaml sc010/sh0030@2 --clear', summary: 'take it back' },
    {
      command: 'shotlist pick storyboard.yaml --from decisions.json',
      summary: 'what somebody decided on the page, and mailed',
    },
  ],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const { keys, manifest } = call.arguments;
  const { note, clear, attempt, from } = call.options;
  if (from !== undefined && (keys.length > 0 || clear || note !== undefined || attempt !== undefined)) {
    throw new UsageError('--from takes the decisions of a file as they are', {
      help: 'leave keys, --note, --attempt and --clear out',
    });
  }
  if (from === undefined && keys.length === 0) {
    throw new UsageError('which clips?', { help: 'name their keys, or a file of decisions with --from' });
  }
  refuseAttemptOfMany(keys, attempt);
  refuseBesideClear(clear, { '--note': note });
  return withProject(call, manifest, {}, async (project) => {
    const decided =
      from === undefined
        ? await project.clips.decide(
            keys.map((key) => ({
              ...{ key, attempt },
              decision: clear
                ? ({ type: 'cleared', what: 'picked' } as const)
                : ({ type: 'picked', note: note ?? null } as const),
            })),
          )
        : await takeIn(call, project, from);
    tellDecided(call.io, decided);
    return exitCodes.ok.code;
  });
}

async function takeIn({ io }: Call, project: Project, file: string) {
  const { readDecisionFile } = await import('../../project/decision-file.ts');
  const content = await readText(path.resolve(io.cwd, file), file);
  return project.clips.decide(readDecisionFile(content, file, project.scope.project));
}

async function readText(absolute: string, shown: string): Promise<string> {
  const bytes = await readFile(absolute).catch((cause: unknown) => {
    throw new SetupError(
      `${shown} cannot be read: ${cause instanceof Error ? cause.message : String(cause)}`,
      {
        cause,
      },
    );
  });
  if (bytes.byteLength > limits.manifestBytes) throw new UsageError(`${shown} is too large for decisions`);
  return bytes.toString('utf8');
}
