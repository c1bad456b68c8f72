import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { SetupError, UsageError } from '../../core/errors.ts';
import { didYouMean } from '../../core/suggest.ts';
import { afterChecks } from '../../project/next-actions.ts';
import type { Project } from '../../project/project.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, type CommandCall, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';
import { count } from '../render/text.ts';

const signature = {
  arguments: {
    action: {
      name: '<action>',
      summary: 'export, import or verify',
      completion: ['export', 'import', 'verify'],
    },
    manifest: { name: '<manifest>', summary: 'the manifest', completion: 'manifests' },
    files: {
      name: '[file...]',
      summary: 'what import takes in; - reads standard input; what verify holds the ledger against',
      completion: 'files',
    },
  },
  options: {
    output: {
      flags: '-o, --output <file>',
      summary: 'where export writes',
      default: 'standard output',
      completion: 'files',
    },
    format: {
      flags: '--format <format>',
      summary: 'how verify tells what it found',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const ledgerCommand = defineCommand({
  name: 'ledger',
  summary: 'move and check the ledger: export, import, verify',
  description:
    'export writes the history of the project in the format of the journal: one event a line, no URLs, no secrets. import takes in what other ledgers exported; doing it again changes nothing, nothing is lost or overwritten, and what contradicts the ledger is told. verify checks every invariant of the ledger, holds it against other ledgers and journals where some are named, and exits with 1 when one does not hold or they disagree.',
  ...signature,
  examples: [
    { command: 'shotlist ledger export storyboard.yaml -o history.jsonl', summary: 'on the old machine' },
    { command: 'shotlist ledger import storyboard.yaml history.jsonl', summary: 'on the new one' },
    { command: 'shotlist ledger verify storyboard.yaml', summary: 'whether the ledger can be trusted' },
    {
      command: 'shotlist ledger verify storyboard.yaml history.jsonl',
      summary: 'and in what way it disagrees with another one',
    },
  ],
  async execute(call) {
    const { action: name, manifest } = call.arguments;
    const known = Object.keys(actions);
    if (!isAction(name)) {
      throw new UsageError(`ledger does not know how to ${name}`, {
        help: didYouMean(name, known, `choose one of ${known.join(', ')}`),
      });
    }
    const readOnly = name !== 'import';
    return withProject(call, manifest, { readOnly }, (project) => actions[name](call, project));
  },
});

const actions = {
  export: exportLedger,
  import: importInto,
  verify: verifyLedger,
} as const;

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

async function exportLedger(call: Call, project: Project): Promise<ExitCode> {
  const { io, options } = call;
  const { output } = options;
  if (output === undefined) {
    io.stdout.write((await project.exportHistory()).text);
    return exitCodes.ok.code;
  }
  const { events } = await project.exportHistory(output);
  io.stderr.write(`${count(events, 'event')} written to ${output}\n`);
  return exitCodes.ok.code;
}

async function importInto(call: Call, project: Project): Promise<ExitCode> {
  const { files } = call.arguments;
  if (files.length === 0)
    throw new UsageError('import what?', { help: 'name a file, or - for standard input' });
  const journals = [];
  for (const name of files) journals.push({ name, text: await textOf(call, name) });
  const taken = await project.importHistory(journals);
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

async function verifyLedger(call: Call, project: Project): Promise<ExitCode> {
  const { io, options } = call;
  const violations = await project.verify(call.arguments.files);
  if (options.format === 'json') {
    const followUp = followUpOf(call, call.arguments.manifest);
    const isWell = violations.length === 0;
    const nextActions = afterChecks(isWell, followUp('ledger verify'), followUp('plan'));
    io.stdout.write(`${JSON.stringify({ version: 1, violations, nextActions }, null, 2)}\n`);
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
