import { UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import type { LedgerEntry, RequestIdentity } from '../../ledger/ledger.ts';
import type { Renaming } from '../../ledger/model/moving.ts';
import { renamed } from '../../ledger/model/place.ts';
import { writeJournal } from '../../project/journal.ts';
import { type Project, readEntries, readProject, withLedger } from '../../project/project.ts';
import { type CommandCall, type CommandDefinition, firstArgument, wordsAt } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';
import { count } from '../render/text.ts';

export const adoptCommand: CommandDefinition = {
  name: 'adopt',
  summary: 'say that a shot, variant, scene or project was renamed',
  description:
    "What was paid under the old name counts for the new one from then on. A shot's key takes its variants and takes along, a variant's its takes; a shot that got variants is named as the one that it was. A scene is written with a slash at its end. Where the new name is the manifest's project, the old one is a project too. An old name that stands for something else now gives only what the new one asks for: shots may have got each other's names, or the next one's. The history keeps both names.",
  arguments: [
    { name: '<manifest>', summary: 'the manifest, as it is now; - reads standard input' },
    { name: '<old>', summary: 'the key, scene or project that it had' },
    { name: '<new>', summary: 'what it is called now' },
  ],
  options: [ledgerOption, ...journalOptions, baseUrlOption, modelsOption],
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
};

async function execute(call: CommandCall): Promise<ExitCode> {
  const [from] = wordsAt(call, 1);
  const [to] = wordsAt(call, 2);
  if (from === undefined || to === undefined) throw new UsageError('an old and a new name are needed');
  if (from === to) throw new UsageError('the old and the new name are the same');
  const project = await readProject(call, firstArgument(call), { tolerant: true });
  const renaming = renamingOf(project, from, to);
  const only = isHeld(project, renaming)
    ? comingTo(project, renaming, await readEntries(call, project))
    : undefined;
  const moved = await withLedger(call, project, (ledger) =>
    ledger.adopt(project.scope.provider, renaming, call.io.user, only),
  );
  await writeJournal(call, project);
  for (const move of moved) {
    call.io.stderr.write(
      move.from.project === move.to.project
        ? `${move.from.key} is ${move.to.key} now\n`
        : `${move.from.key} of ${move.from.project} belongs to ${move.to.project} now\n`,
    );
  }
  call.io.stderr.write(`${count(moved.length, 'request')} adopted.\n`);
  return exitCodes.ok.code;
}

/** @throws UsageError for a new name that the manifest does not hold. */
function renamingOf({ linted, scope }: Project, from: string, to: string): Renaming {
  const keys = linted.requests.map(({ key }) => key);
  const { project } = scope;
  if (to === project && !holds(keys, to)) {
    return { from: { project: from, key: null }, to: { project, key: null } };
  }
  if (from.endsWith('/') !== to.endsWith('/')) {
    throw new UsageError('a scene becomes a scene: both are written with a slash at the end');
  }
  if (takeOf(from) !== takeOf(to)) {
    throw new UsageError('another take is another request, so one cannot become the other', {
      help: 'name the shot or the variant: its takes go along',
    });
  }
  if (!holds(keys, to)) {
    throw new UsageError(`${to} is not in the manifest`, {
      help: didYouMean(to, keys, 'shotlist plan lists the keys'),
    });
  }
  return { from: { project, key: from }, to: { project, key: to } };
}

/** Whether the manifest still holds the old name: then something else has it now, or nothing was renamed. */
function isHeld({ linted, scope: { project } }: Project, renaming: Renaming): boolean {
  if (renaming.from.key === null) return false;
  return linted.requests.some(({ key }) => renamed({ project, key }, renaming) !== null);
}

/**
 * What the new name asks for and was paid under the old one, which asks for something else now.
 *
 * @throws UsageError where there is none.
 */
function comingTo(
  { linted: { requests }, scope: { project } }: Project,
  renaming: Renaming,
  entries: readonly LedgerEntry[],
): readonly RequestIdentity[] {
  const asked = new Set(requests.map(identity));
  const coming = entries.flatMap(({ key, fingerprint }) => {
    const to = renamed({ project, key }, renaming);
    if (to === null || asked.has(identity({ key, fingerprint }))) return [];
    return asked.has(identity({ key: to.key, fingerprint })) ? [{ key: to.key, fingerprint }] : [];
  });
  if (coming.length > 0) return coming;
  throw new UsageError(`${renaming.from.key} is still in the manifest, so it was not renamed`, {
    help: 'what was paid under a key that is there counts for that key',
  });
}

function identity({ key, fingerprint }: RequestIdentity): string {
  return `${key} ${fingerprint}`;
}

/** Whether a name is that of a key, or of the scene, shot or variant of one. */
function holds(keys: readonly string[], name: string): boolean {
  return keys.some(
    (key) =>
      key === name || (key.startsWith(name) && (name.endsWith('/') || /^[:@]/.test(key.slice(name.length)))),
  );
}

function takeOf(key: string): string {
  return /@\d+$/.exec(key)?.[0] ?? '';
}
