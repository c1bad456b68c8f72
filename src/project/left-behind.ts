import path from 'node:path';
import { isRehearsalScope } from '../core/rehearsal.ts';
import { workTreeOf } from '../core/work-tree.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import { ledgerBeside } from '../ledger/location.ts';
import { anyFingerprintOf } from '../manifest/filed.ts';
import type { ProjectContext } from './context.ts';
import type { ProjectFiles } from './files.ts';
import { projectsIn } from './projects-in.ts';
import { type SentAttempt, sentIn } from './sent-events.ts';

/** A history in another folder that knows of payments for what this manifest asks for. */
export interface LeftBehind {
  /** As people are told of it. */
  readonly source: string;
  readonly rows: readonly SentAttempt[];
  readonly help: string;
}

/** Limits of the search for a manifest, in folders and in names: it was moved, not hidden. */
const most = { up: 8, down: 3, names: 2_000 };

/**
 * The history that a manifest left in the folder it was moved from: a journal or a ledger above or below it, in the same
 * work tree, that paid for what it asks for, in a project that no manifest there names any more. Null for none.
 */
export async function findLeftBehind(context: ProjectContext): Promise<LeftBehind | null> {
  const { scope, linted, options, stem, files } = context;
  if (options.journal === false || isRehearsalScope(scope.provider)) return null;
  const asked = anyFingerprintOf(linted.requests);
  let known: ReadonlyMap<string, SentAttempt> | undefined;
  for await (const folder of foldersNear(path.dirname(stem), files)) {
    for (const history of await historiesIn(folder, context)) {
      const events = await history.read();
      const isMeant = ({ provider, fingerprint }: JournalEvent): boolean =>
        provider === scope.provider && asked.has(fingerprint);
      const sent = sentIn(events, isMeant);
      if (sent.size === 0) continue;
      const there = await projectsIn(folder, files);
      known ??= sentIn(await (await context.ledger.reader()).exportHistory(null), isMeant);
      const rows = [...sent].flatMap(([name, attempt]) =>
        known?.has(name) === true || there.has(attempt.project) ? [] : [attempt],
      );
      if (rows.length > 0) return { source: history.shown, rows, help: history.help };
    }
  }
  return null;
}

interface History {
  readonly shown: string;
  readonly help: string;
  read(): Promise<readonly JournalEvent[]>;
}

/** The journals of a folder, then its ledger. */
async function historiesIn(folder: string, context: ProjectContext): Promise<readonly History[]> {
  const { files, cwd, options, clock, followUp } = context;
  const goOn =
    'To go on without it, add --no-journal: then what only it knows can be paid for again. Nothing was sent.';
  const journals = (await files.names(folder)).filter((name) => name.endsWith('.ledger.jsonl')).sort();
  const histories: History[] = journals.map((name) => {
    const shown = path.relative(cwd, path.join(folder, name));
    const take = `The storyboard was there before: take its history along with: ${followUp('ledger import', shown)}`;
    return {
      shown,
      help: `${take}\n${goOn}`,
      read: async () => {
        const { readJournal } = await import('../ledger/journal/journal.ts');
        // A line that cannot be trusted there is for the commands on it to tell.
        return files.read(path.join(folder, name)).then(
          (text) => readJournal(text, shown).events,
          () => [],
        );
      },
    };
  });
  const location = ledgerBeside(folder);
  const ledgers = context.ledgers;
  if (location.equals(context.ledger.location) || !(await ledgers.exists(location))) return histories;
  const shown = location.shownFrom(cwd);
  const name = `The storyboard was there before: move the folder .shotlist along with it, or name its ledger with --ledger ${shown}`;
  histories.push({
    shown,
    help: `${name}\n${goOn}`,
    read: async () => {
      const ledger = await ledgers.openForReading(location, { clock, onSpooled: () => {} });
      return ledger.exportHistory(null).finally(() => ledger.close());
    },
  });
  return options.ledger === undefined ? histories : histories.slice(0, -1);
}

/** The folders above one, up to the top of its work tree, then those below it. */
async function* foldersNear(folder: string, files: ProjectFiles): AsyncGenerator<string> {
  const { names } = await workTreeOf(folder);
  let at = folder;
  for (let step = 0; step < most.up && !names.includes(at) && path.dirname(at) !== at; step += 1) {
    at = path.dirname(at);
    yield at;
  }
  let left = most.names;
  const below = async function* (parent: string, depth: number): AsyncGenerator<string> {
    if (depth === 0) return;
    for (const name of await files.names(parent)) {
      // A name with an extension is a file's, and what begins with a dot is nobody's storyboard.
      if (/^\.|^node_modules$|\.[A-Za-z0-9]{1,5}$/.test(name)) continue;
      left -= 1;
      if (left < 0) return;
      const file = path.join(parent, name);
      if ((await files.kindOf(file)) !== 'folder') continue;
      yield file;
      yield* below(file, depth - 1);
    }
  };
  yield* below(folder, most.down);
}
