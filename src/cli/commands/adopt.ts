import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';
import { count } from '../render/text.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest, as it is now; - reads standard input',
      completion: 'manifests',
    },
    old: { name: '<old>', summary: 'the key, scene or project that it had', completion: 'keys' },
    new: { name: '<new>', summary: 'what it is called now', completion: 'keys' },
  },
  options: { ...ledgerOption, ...journalOption, ...baseUrlOption, ...modelsOption },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const adoptCommand = defineCommand({
  name: 'adopt',
  summary: 'say that a shot, variant, scene or project was renamed',
  description:
    "What was paid under the old name counts for the new one from then on. A shot's key takes its variants and takes along, a variant's its takes; a shot that got variants is named as the one that it was. A scene is written with a slash at its end. Where the new name is the manifest's project, the old one is a project too. An old name that stands for something else now gives only what the new one asks for: shots may have got each other's names, or the next one's. The history keeps both names. Files of clips keep their names: reports and cuts that exist point to them, and `collect --link` gives them the new ones.",
  ...signature,
  examples: [
    {
      command: 'shotlist adopt storyboard.yaml sc010/sh0030 sc010/sh0035',
      summary: 'a shot, with all its takes',
    },
    {
      command: 'shotlist adopt storyboard.yaml sc010/sh0030 sc010/sh0030:wide',
      summary: 'a shot that has variants now: what was paid is this one',
    },
    { command: 'shotlist adopt storyboard.yaml sc010/ sc015/', summary: 'a scene, with all its shots' },
    { command: 'shotlist adopt storyboard.yaml neon-alley neon-alley-2', summary: 'the whole project' },
  ],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const { manifest, old: from, new: to } = call.arguments;
  const moved = await withProject(call, manifest, {}, (project) => project.adopt(from, to));
  const { stderr } = call.io;
  for (const move of moved) {
    stderr.write(
      move.from.project === move.to.project
        ? `${move.from.key} is ${move.to.key} now\n`
        : `${move.from.key} of ${move.from.project} belongs to ${move.to.project} now\n`,
    );
  }
  stderr.write(`${count(moved.length, 'request')} adopted.\n`);
  return exitCodes.ok.code;
}
