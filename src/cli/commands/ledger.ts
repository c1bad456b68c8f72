import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError, UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { journalEvents, showConflicts, writeJournal } from '../../project/journal.ts';
import { type Project, readProject, refuseOverwriting, withLedger } from '../../project/project.ts';
import { type CommandCall, type CommandDefinition, wordsAt } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOptions, ledgerOption, modelsOption } from '../options.ts';
import { count } from '../render/text.ts';

const actions = {
  export: exportLedger,
  import: importInto,
  verify: verifyLedger,
} as const;

export const ledgerCommand: CommandDefinition = {
  name: 'ledger',
  summary: 'move and check the ledger: export, import, verify',
  description:
    'export writes the history of the project in the format of the journal: one event a line, no URLs, no secrets. import takes in what other ledgers exported; doing it again changes nothing, nothing is lost or overwritten, and what contradicts the ledger is told. verify checks every invariant of the ledger, and exits with 1 when one does not hold.',
  arguments: [
    { name: '<action>', summary: 'export, import or verify' },
    { name: '<manifest>', summary: 'the manifest' },
    { name: '[file...]', summary: 'what import takes in; - reads standard input' },
  ],
  options: [
    { flags: '-o, --output <file>', summary: 'where export writes', default: 'standard output' },
    {
      flags: '--format <format>',
      summary: 'how verify tells what it found',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
    ledgerOption,
    ...journalOptions,
    baseUrlOption,
    modelsOption,
  ],
  examples: [
    { command: 'shotlist ledger export storyboard.yaml -o history.jsonl', summary: 'on the old machine' },
    { command: 'shotlist ledger import storyboard.yaml history.jsonl', summary: 'on the new one' },
    { command: 'shotlist ledger verify storyboard.yaml', summary: 'whether the ledger can be trusted' },
  ],
  async execute(call) {
    const [name = ''] = wordsAt(call, 0);
    const [manifest = ''] = wordsAt(call, 1);
    const known = Object.keys(actions);
    if (!isAction(name)) {
      throw new UsageError(`ledger does not know how to ${name}`, {
        help: didYouMean(name, known, `choose one of ${known.join(', ')}`),
      });
    }
    return actions[name](call, await readProject(call, manifest, { tolerant: true }));
  },
};

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

async function exportLedger(call: CommandCall, project: Project): Promise<ExitCode> {
  const { io, options } = call;
  const [{ openLedgerForReading }, { journalText }] = await Promise.all([
    import('../../ledger/open-ledger.ts'),
    import('../../ledger/journal/journal.ts'),
  ]);
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: io.clock });
  const all = await ledger.exportHistory(project.scope.project).finally(() => ledger.close());
  const events = journalEvents(all, project.scope);
  const text = journalText(events);
  const output = options['output'];
  if (typeof output !== 'string') {
    io.stdout.write(text);
    return exitCodes.ok.code;
  }
  const { writeFileAtomically } = await import('../../core/write-file.ts');
  const target = path.resolve(io.cwd, output);
  // A journal that could not be written is written here, later.
  if (target !== `${project.stem}.ledger.jsonl`) refuseOverwriting(call, project, target);
  await writeFileAtomically(target, text);
  io.stderr.write(`${count(events.length, 'event')} written to ${output}\n`);
  return exitCodes.ok.code;
}

async function importInto(call: CommandCall, project: Project): Promise<ExitCode> {
  const files = wordsAt(call, 2);
  if (files.length === 0)
    throw new UsageError('import what?', { help: 'name a file, or - for standard input' });
  const { readJournal } = await import('../../ledger/journal/journal.ts');
  // Read whole before anything is changed: a file that cannot be trusted must not leave half of the others behind.
  const journals = [];
  for (const file of files) journals.push(readJournal(await textOf(call, file), file));
  const events = journals.flatMap((journal) => journal.events);
  const taken = await withLedger(call, project, (ledger) => ledger.takeIn(events, null));
  await writeJournal(call, project);
  showConflicts(call, project, taken.conflicts);
  call.io.stderr.write(`${count(taken.added, 'event')} taken in, ${taken.known} known before.\n`);
  return taken.conflicts.length > 0 ? exitCodes.problems.code : exitCodes.ok.code;
}

/** The most that standard input may hold, in bytes. */
const stdinBytes = 512 * 1024 * 1024;

async function textOf({ io }: CommandCall, file: string): Promise<string> {
  if (file === '-') return new TextDecoder().decode(await io.stdin.read(stdinBytes));
  try {
    return await readFile(path.resolve(io.cwd, file), 'utf8');
  } catch (error) {
    throw new SetupError(`${file} cannot be read`, {
      help: 'check the path and the permissions',
      cause: error,
    });
  }
}

async function verifyLedger(call: CommandCall, project: Project): Promise<ExitCode> {
  const { io, options } = call;
  const [{ openLedgerForReading }, { fingerprint }] = await Promise.all([
    import('../../ledger/open-ledger.ts'),
    import('../../manifest/fingerprint.ts'),
  ]);
  const ledger = await openLedgerForReading(project.ledgerFile, { clock: io.clock });
  const violations = await ledger
    .verify((body, take) => fingerprint({ ...body, model: String(body['model']) }, take))
    .finally(() => ledger.close());
  if (options['format'] === 'json') {
    io.stdout.write(`${JSON.stringify({ version: 1, violations }, null, 2)}\n`);
  } else {
    for (const { subject, message } of violations) io.stdout.write(`${subject}: ${message}\n`);
    io.stdout.write(
      violations.length === 0
        ? 'The ledger keeps every invariant.\n'
        : `${count(violations.length, 'problem')}.\n`,
    );
  }
  return violations.length === 0 ? exitCodes.ok.code : exitCodes.problems.code;
}
