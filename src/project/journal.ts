import { readdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { count } from '../cli/render/text.ts';
import { warn } from '../cli/warning.ts';
import { LedgerError, SetupError, systemCode } from '../core/errors.ts';
import type { JournalEvent } from '../ledger/journal/journal-event.ts';
import type { Conflict } from '../ledger/model/moving.ts';
import { followUpOf } from './follow-up.ts';
import { ledgerIn } from './places.ts';
import type { Project } from './project.ts';

/** Where the journal of a call is, and what is done with it. */
interface JournalUse {
  /** Absolute. */
  readonly file: string;
  /** As people are told of it. */
  readonly shown: string;
  /** Whether its new lines are taken in before anything is planned. */
  readonly takenIn: boolean;
}

type JournalProject = Pick<Project, 'linted' | 'scope' | 'ledgerFile' | 'stem'>;

/**
 * The journal of a call; null for `--no-journal`, and for a rehearsal that names none. A ledger that is somewhere else
 * than beside the manifest takes in only a journal that was named.
 */
function journalOf({ io, options }: CommandCall, project: JournalProject): JournalUse | null {
  const asked = options['journal'];
  if (asked === false) return null;
  if (typeof asked === 'string') {
    return { file: path.resolve(io.cwd, asked), shown: asked, takenIn: true };
  }
  if (project.scope.provider === 'loopback') return null;
  const file = `${project.stem}.ledger.jsonl`;
  const inItsPlace = project.ledgerFile === ledgerIn(path.dirname(file));
  return { file, shown: path.relative(io.cwd, file) || file, takenIn: inItsPlace };
}

/**
 * Takes the new lines of the journal into the ledger, before anything is planned on its word. A journal that cannot be
 * read stops the command even where it would only be written: nothing must be sent that it could not take.
 *
 * @throws LedgerError for a journal that cannot be trusted.
 */
export async function takeInJournal(call: CommandCall, project: JournalProject): Promise<void> {
  const use = journalOf(call, project);
  if (use === null) return;
  await takeIn(call, project, use);
  if (typeof call.options['journal'] === 'string' || !use.takenIn) return;
  for (const { file, shown } of await journalsBeside(call, project)) {
    if (file !== use.file) await takeIn(call, project, { file, shown, takenIn: true });
  }
}

/**
 * The journals in the manifest's folder that tell of its project: that of the manifest's former name, or of another
 * manifest of the project, knows of payments that its own may lack.
 */
export async function journalsBeside(
  { io }: CommandCall,
  { scope, stem }: JournalProject,
): Promise<readonly { readonly file: string; readonly shown: string; readonly text: string }[]> {
  const folder = path.dirname(stem);
  const ofProject = new RegExp(`"project"\\s*:\\s*"${scope.project}"`);
  const names = (await readdir(folder).catch(() => [])).filter((name) => name.endsWith('.ledger.jsonl'));
  const journals = [];
  for (const name of names.sort()) {
    const file = path.join(folder, name);
    const shown = path.relative(io.cwd, file);
    // A folder of such a name is no journal of anything.
    const text = await readFile(file, 'utf8').catch(() => '');
    if (ofProject.test(text)) journals.push({ file, shown, text });
  }
  return journals;
}

async function takeIn(call: CommandCall, project: JournalProject, use: JournalUse): Promise<void> {
  const text = await readIfThere(use);
  if (text === null || text === '') return;
  const { journalDigest, readJournal } = await import('../ledger/journal/journal.ts');
  const { openLedger, openLedgerForReading } = await import('../ledger/open-ledger.ts');
  const { clock } = call.io;
  if (use.takenIn) {
    const reader = await openLedgerForReading(project.ledgerFile, { clock });
    const known = await reader.holdsJournal(journalDigest(text)).finally(() => reader.close());
    if (known) return;
  }
  const { events, digest } = readJournal(text, use.shown);
  if (!use.takenIn || events.length === 0) return;
  const ledger = await openLedger(project.ledgerFile, { clock });
  const { added, conflicts } = await ledger.takeIn(events, digest).finally(() => ledger.close());
  if (added > 0 && call.verbosity !== 'quiet') {
    call.io.stderr.write(`${count(added, 'event')} of ${use.shown} taken into the ledger\n`);
  }
  showConflicts(call, project, conflicts);
}

/** What two ledgers say differently is never lost, and never passed over. */
export function showConflicts(
  call: CommandCall,
  { linted }: Pick<Project, 'linted'>,
  conflicts: readonly Conflict[],
): void {
  const followUp = followUpOf(call, linted.manifest.source.file);
  for (const [index, { key, message }] of conflicts.entries()) {
    const isLast = index === conflicts.length - 1;
    const help = isLast ? `both are kept; look at them with: ${followUp('history', key)}` : undefined;
    warn(call.io, `${key}: ${message}`, help);
  }
}

/**
 * Writes the project's history to the journal beside the manifest, or to the one that was named. What the file held and
 * this ledger does not know stays in it. Never throws: what was sent is in the ledger, and the end of a run must show it.
 */
export async function writeJournal(call: CommandCall, project: JournalProject): Promise<void> {
  const use = journalOf(call, project);
  if (use === null) return;
  try {
    await write(call, project, use);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    warn(
      call.io,
      `the journal ${use.shown} was not written: ${why}`,
      'what was sent is in the ledger; the next run or collect of this manifest writes the journal again',
    );
  }
}

/** The events that a journal of this project keeps: those of real providers, or those of a rehearsal on loopback. */
export function journalEvents(
  events: readonly JournalEvent[],
  scope: Project['scope'],
): readonly JournalEvent[] {
  const rehearsal = scope.provider === 'loopback';
  return events.filter(({ provider }) => (provider === 'loopback') === rehearsal);
}

async function write(call: CommandCall, project: JournalProject, use: JournalUse): Promise<void> {
  const { journalDigest, journalText, readJournal } = await import('../ledger/journal/journal.ts');
  const { openLedger } = await import('../ledger/open-ledger.ts');
  const ledger = await openLedger(project.ledgerFile, { clock: call.io.clock });
  try {
    const own = journalEvents(await ledger.exportHistory(project.scope.project), project.scope);
    const before = await readIfThere(use);
    const known = new Set(own.map(({ id }) => id));
    const foreign =
      before === null ? [] : readJournal(before, use.shown).events.filter(({ id }) => !known.has(id));
    const text = journalText([...own, ...foreign]);
    if (text === '' || text === before) return;
    const { writeFileAtomically } = await import('../core/write-file.ts');
    await writeFileAtomically(use.file, text);
    if (foreign.length === 0) await ledger.takeIn([], journalDigest(text));
  } finally {
    await ledger.close();
  }
}

async function readIfThere({ file, shown }: JournalUse): Promise<string | null> {
  try {
    return await readFile(file, 'utf8');
  } catch (error) {
    const code = systemCode(error);
    if (code === 'ENOENT') return null;
    const help = 'Name another with --journal, or go on without one with --no-journal. Nothing was sent.';
    if (code === 'EISDIR') throw new SetupError(`the journal ${shown} is a folder`, { help, cause: error });
    throw new LedgerError(`the journal ${shown} cannot be read: ${String(code)}`, { help, cause: error });
  }
}
