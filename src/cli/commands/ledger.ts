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
      summary: 'init, status, migrate, copy, export, import or verify',
      completion: ['init', 'status', 'migrate', 'copy', 'export', 'import', 'verify'],
    },
    manifest: {
      name: '[manifest]',
      summary:
        'the manifest; for init, status, migrate and copy a ledger may be named instead: postgres://host/database, or its file',
      completion: 'manifests',
    },
    files: {
      name: '[file...]',
      summary:
        'what import takes in; - reads standard input; what verify holds the ledger against; where copy puts its copy',
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
      summary: 'how verify and status tell what they found',
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
  summary: 'make, move and check the ledger',
  description:
    'init makes a ledger where one is named, on a server for example; run does that too. status says what it is kept in, the version of its schema, and who is at work on it. migrate brings the schema forward to this release. copy puts a whole ledger into an empty one, from a file to a server or back, all of it or nothing, and compares them. export writes the history of the project in the format of the journal: one event a line, no URLs, no secrets. import takes in what other ledgers exported; doing it again changes nothing, nothing is lost or overwritten, and what contradicts the ledger is told. verify checks every invariant of the ledger, holds it against other ledgers and journals where some are named, and exits with 1 when one does not hold or they disagree.',
  ...signature,
  examples: [
    {
      command: 'shotlist ledger init postgres://mika@db.studio.example/studio',
      summary: 'make a ledger for a team',
    },
    {
      command: 'shotlist ledger copy .shotlist/ledger.db postgres://mika@db.studio.example/studio',
      summary: 'move there what this machine has paid',
    },
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
    const known = [...Object.keys(ofLedgers), ...Object.keys(actions)];
    if (isOfLedgers(name)) return ofLedgers[name](call);
    if (!isAction(name)) {
      throw new UsageError(`ledger does not know how to ${name}`, {
        help: didYouMean(name, known, `choose one of ${known.join(', ')}`),
      });
    }
    if (manifest === undefined) {
      throw new UsageError(`${name} the ledger of which manifest?`, {
        help: `shotlist ledger ${name} <manifest>`,
      });
    }
    const readOnly = name !== 'import';
    return withProject(call, manifest, { readOnly }, (project) => actions[name](call, project));
  },
});

/** Of a ledger by itself: no manifest is read. */
const ofLedgers = { init: makeOne, status: tellOf, migrate: bringForward, copy: copyOne } as const;

function isOfLedgers(name: string): name is keyof typeof ofLedgers {
  return Object.hasOwn(ofLedgers, name);
}

const actions = {
  export: exportLedger,
  import: importInto,
  verify: verifyLedger,
} as const;

function isAction(name: string): name is keyof typeof actions {
  return Object.hasOwn(actions, name);
}

async function makeOne(call: Call): Promise<ExitCode> {
  const { locateLedger, makeLedger } = await import('../../project/ledgers-at.ts');
  const location = await locateLedger(call.io, call.arguments.manifest, call.options);
  const { wasThere, shown, about } = await makeLedger(call.io, location, false);
  const what = `${about?.name}, schema ${about?.schema}`;
  call.io.stderr.write(`${shown} ${wasThere ? 'is there already' : 'is made'}: ${what}.\n`);
  return exitCodes.ok.code;
}

async function bringForward(call: Call): Promise<ExitCode> {
  const { locateLedger, makeLedger } = await import('../../project/ledgers-at.ts');
  const location = await locateLedger(call.io, call.arguments.manifest, call.options);
  const { shown, about } = await makeLedger(call.io, location, true);
  call.io.stderr.write(`${shown} has schema ${about?.schema}, the newest that this release knows.\n`);
  return exitCodes.ok.code;
}

async function tellOf(call: Call): Promise<ExitCode> {
  const { locateLedger, lookAtLedger } = await import('../../project/ledgers-at.ts');
  const location = await locateLedger(call.io, call.arguments.manifest, call.options);
  const found = await lookAtLedger(call.io, location);
  const { shown, about } = found;
  const { stdout } = call.io;
  if (call.options.format === 'json') {
    const { name: medium = null, schema = null, runs = [] } = about ?? {};
    const view = { version: 1, ledger: shown, exists: about !== null, medium, schema, runs };
    stdout.write(`${JSON.stringify(view, null, 2)}\n`);
    return exitCodes.ok.code;
  }
  const { renderLedger } = await import('../render/ledger.ts');
  stdout.write(renderLedger(found));
  return exitCodes.ok.code;
}

async function copyOne(call: Call): Promise<ExitCode> {
  const { manifest: from, files } = call.arguments;
  const [to] = files;
  if (from === undefined || to === undefined || files.length > 1) {
    throw new UsageError('copy which ledger, and where to?', { help: 'shotlist ledger copy FROM TO' });
  }
  const { moveLedger } = await import('../../project/ledgers-at.ts');
  const copied = await moveLedger(call.io, from, to);
  const what = `${count(copied.requests, 'request')}, ${count(copied.events, 'event')}`;
  call.io.stderr.write(
    copied.wasThere
      ? `${copied.to} holds the same already: ${what}.\n`
      : `${what} copied from ${copied.from} to ${copied.to}, and compared.\nFrom now on name ${copied.to} everywhere, with --ledger or SHOTLIST_LEDGER, and move the old one away: what one of them pays, the other does not know.\n`,
  );
  return exitCodes.ok.code;
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
    const followUp = followUpOf(call, project.linted.manifest.source.file);
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
