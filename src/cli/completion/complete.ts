import { readdir } from 'node:fs/promises';
import path from 'node:path';
import {
  type CommandDefinition,
  type Completion,
  type Flag,
  flagsIn,
  type OptionDefinition,
} from '../command.ts';
import type { ExitCode } from '../exit-codes.ts';
import { exitCodes } from '../exit-codes.ts';
import type { Io } from '../io.ts';
import { commonOptions } from '../options.ts';

/** One thing that could be typed next. */
interface Candidate {
  readonly value: string;
  readonly summary?: string | undefined;
}

/** Candidates, or that the shell should offer files. */
type Offer = readonly Candidate[] | 'files';

/**
 * Answers the completion scripts: `words` are those after the program's name, the last one unfinished. Writes one
 * candidate a line, value and summary apart by a tab; `:files` stands for what the shell itself offers. A mistake in what
 * is being typed is no error here: then there is nothing to offer.
 */
export async function complete(io: Io, words: readonly string[]): Promise<ExitCode> {
  const { loadCommands } = await import('../commands/index.ts');
  const commands = await loadCommands();
  const unfinished = words.at(-1) ?? '';
  const offer = await offerFor(io, commands, words.slice(0, -1), unfinished).catch(() => []);
  if (offer === 'files') io.stdout.write(':files\n');
  else {
    for (const { value, summary } of offer) {
      if (value.startsWith(unfinished))
        io.stdout.write(`${value}\t${(summary ?? '').replace(/\s+/g, ' ')}\n`);
    }
  }
  return exitCodes.ok.code;
}

async function offerFor(
  io: Io,
  commands: readonly CommandDefinition[],
  finished: readonly string[],
  unfinished: string,
): Promise<Offer> {
  const [name, ...rest] = finished;
  const named = commands.map((command) => ({ value: command.name, summary: command.summary }));
  if (name === undefined) {
    return [...named, { value: 'help', summary: 'show help for a command' }, ...programFlags];
  }
  if (name === 'help') return named;
  const command = commands.find((each) => each.name === name);
  if (command === undefined) return [];
  const { args, waiting } = readWords(command, rest);
  if (waiting !== undefined) return valuesOf(io, waiting, { args, unfinished });
  const [, flag] = /^(--[^=]+)=/.exec(unfinished) ?? [];
  if (flag !== undefined) return joinedValuesOf(io, optionNamed(command, flag), flag, { args, unfinished });
  if (unfinished.startsWith('-')) return flagsOf(command);
  return argumentOf(io, command, { args, unfinished });
}

const programFlags: readonly Candidate[] = [
  { value: '--help', summary: 'show help' },
  { value: '--version', summary: 'print the version' },
];

/** The words on the line so far. */
interface Line {
  readonly args: readonly string[];
  readonly unfinished: string;
}

/** The arguments among the words, and the option that still waits for its value. */
function readWords(
  command: CommandDefinition,
  words: readonly string[],
): { args: readonly string[]; waiting: OptionDefinition | undefined } {
  const args: string[] = [];
  let waiting: OptionDefinition | undefined;
  let onlyArguments = false;
  for (const word of words) {
    if (waiting !== undefined) waiting = undefined;
    else if (onlyArguments || !word.startsWith('-') || word === '-') args.push(word);
    else if (word === '--') onlyArguments = true;
    else {
      waiting = optionNamed(command, word);
    }
  }
  return { args, waiting };
}

/** The option that takes a value after this flag. */
function optionNamed({ options }: CommandDefinition, flag: string): OptionDefinition | undefined {
  return [...Object.values(options), ...Object.values<OptionDefinition>(commonOptions)].find(
    (option) => option.flags.includes('<') && flagNames(option).includes(flag),
  );
}

function flagNames({ flags }: Flag): readonly string[] {
  return flags.split(/[ ,|]+/).filter((part) => part.startsWith('-'));
}

function flagsOf({ options }: CommandDefinition): readonly Candidate[] {
  const help = { flags: '--help', summary: 'show help' };
  return [...flagsIn(options), ...flagsIn(commonOptions), help].flatMap((option) =>
    flagNames(option)
      .filter((flag) => flag.startsWith('--'))
      .map((value) => ({ value, summary: option.summary })),
  );
}

/** Offers what an option's value can be. */
async function valuesOf(io: Io, option: OptionDefinition, line: Line): Promise<Offer> {
  const completion = option.choices ?? option.completion;
  return completion === undefined ? [] : offered(io, completion, line);
}

async function offered(io: Io, completion: Completion, { args, unfinished }: Line): Promise<Offer> {
  // The one on the line, if it is there already.
  const [manifest] = args;
  if (typeof completion !== 'string') return completion.map((value) => ({ value }));
  switch (completion) {
    case 'files':
      return 'files';
    case 'manifests':
      return manifestsNear(io, unfinished);
    case 'keys':
      return keysOf(io, manifest);
    case 'doubts':
      return doubtsOf(io, manifest);
    case 'tags':
      return distinct(
        (await manifestOf(io, manifest)).flatMap(({ tags }) => tags.map((value) => ({ value }))),
      );
    case 'scenes':
      return scenesOf(io, manifest);
    case 'models':
      return modelsOf();
    case 'rules':
      return rulesOf();
    case 'refs':
      return refsOf(io, manifest);
  }
}

/** The same where flag and value are one word, as in `--format=json`. */
async function joinedValuesOf(
  io: Io,
  option: OptionDefinition | undefined,
  flag: string,
  line: Line,
): Promise<Offer> {
  const offer = option === undefined ? [] : await valuesOf(io, option, line);
  return offer === 'files' ? offer : offer.map((each) => ({ ...each, value: `${flag}=${each.value}` }));
}

/** Offers what the next argument of a command can be. */
async function argumentOf(io: Io, command: CommandDefinition, line: Line): Promise<Offer> {
  const { args } = line;
  const known = Object.values(command.arguments);
  const at = Math.min(args.length, known.length - 1);
  const argument = known[at];
  const isVariadic = argument?.name.includes('...') === true;
  if (argument === undefined || (args.length > at && !isVariadic)) return [];
  return argument.completion === undefined ? [] : offered(io, argument.completion, line);
}

async function rulesOf(): Promise<readonly Candidate[]> {
  const { documentedRules } = await import('../../lint/rules-doc.ts');
  return documentedRules.map(({ id, summary }) => ({ value: id, summary }));
}

async function modelsOf(): Promise<readonly Candidate[]> {
  const { shippedCatalog } = await import('../../catalog/shipped.ts');
  return [...shippedCatalog.values()].map(({ id, title }) => ({ value: id, summary: title }));
}

interface KnownRequest {
  readonly key: string;
  readonly shotKey: string;
  readonly scene: string | null;
  readonly tags: readonly string[];
  readonly prompt: string;
}

/** The manifest that is meant where a line names none. */
async function usualManifest(io: Io): Promise<string> {
  const names = ['storyboard.yaml', 'storyboard.yml'];
  for (const name of names) if (await isFile(path.resolve(io.cwd, name))) return name;
  return 'storyboard.yaml';
}

async function isFile(file: string): Promise<boolean> {
  const { stat } = await import('node:fs/promises');
  return stat(file).then(
    (stats) => stats.isFile(),
    () => false,
  );
}

/** Reads the requests of the manifest on the line, as far as its text allows while somebody writes it; those of `storyboard.yaml` where the line names none. */
async function manifestOf(io: Io, named?: string): Promise<readonly KnownRequest[]> {
  if (named === '-') return [];
  const file = named ?? (await usualManifest(io));
  const [{ readManifest }, { expandRequests }, { shotKey }] = await Promise.all([
    import('../../manifest/read.ts'),
    import('../../manifest/requests.ts'),
    import('../../core/request-key.ts'),
  ]);
  return expandRequests(await readManifest(file, { cwd: io.cwd })).map((request) => ({
    key: request.key,
    shotKey: shotKey(request),
    scene: request.scene,
    tags: request.tags,
    prompt: String(request.body['prompt'] ?? ''),
  }));
}

/** Keys of shots, which take all their requests, and of the requests. */
async function keysOf(io: Io, file: string | undefined): Promise<readonly Candidate[]> {
  const requests = await manifestOf(io, file);
  return distinct(
    requests.flatMap(({ key, shotKey, prompt }) => {
      const summary = Array.from(prompt.slice(0, 200)).slice(0, 50).join('');
      return [shotKey, key].map((value) => ({ value, summary }));
    }),
  );
}

/** Keys that wait for a decision, by the ledger beside the manifest; where none does, every key. */
async function doubtsOf(io: Io, file = 'storyboard.yaml'): Promise<readonly Candidate[]> {
  const { openProject } = await import('../../project/open.ts');
  const { cwd, env, clock } = io;
  const project = await openProject(file, { cwd, env, clock, readOnly: true, journal: false });
  try {
    const open = (await project.entries()).filter(({ state }) => state === 'inDoubt');
    const candidates = open.map(({ key, error }) => ({ value: key, summary: error ?? 'in doubt' }));
    return candidates.length > 0 ? distinct(candidates) : keysOf(io, file);
  } finally {
    await project.close();
  }
}

/** Bytes of a file that are enough to tell a manifest. */
const headBytes = 64 * 1024;

/** Manifests and saved plans in the folder that is being typed; the shell's own files where there are none. */
async function manifestsNear(io: Io, unfinished: string): Promise<Offer> {
  const folder = unfinished.slice(0, unfinished.lastIndexOf('/') + 1);
  const names = await readdir(path.resolve(io.cwd, folder)).catch(() => []);
  const { headOf } = await import('../../core/read-file.ts');
  const candidates: Candidate[] = [];
  for (const name of names.filter((each) => /\.(?:ya?ml|json)$/i.test(each)).sort()) {
    const head = await headOf(path.resolve(io.cwd, folder, name), headBytes);
    // A report names its project too.
    const isMeant = /^(?:project:|\s*["']project["']\s*:)/m.test(head) && !/"generatedAt"/.test(head);
    if (isMeant) candidates.push({ value: folder + name });
  }
  return candidates.some(({ value }) => value.startsWith(unfinished)) ? candidates : 'files';
}

async function scenesOf(io: Io, file: string | undefined): Promise<readonly Candidate[]> {
  const requests = await manifestOf(io, file);
  return distinct(requests.flatMap(({ scene }) => (scene === null ? [] : { value: scene })));
}

/** Branches and tags of the repository that the manifest is in. */
async function refsOf(io: Io, file: string | undefined): Promise<readonly Candidate[]> {
  const { gitRefs } = await import('../../project/git/git.ts');
  const folder = file === undefined ? io.cwd : path.dirname(path.resolve(io.cwd, file));
  return (await gitRefs({ env: io.env, folder })).map((value) => ({ value }));
}

/** Each value once, as it came first. */
function distinct(candidates: readonly Candidate[]): readonly Candidate[] {
  const byValue = new Map<string, Candidate>();
  for (const each of candidates) if (!byValue.has(each.value)) byValue.set(each.value, each);
  return [...byValue.values()];
}
