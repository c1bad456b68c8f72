import path from 'node:path';
import { isJsonObject } from '../core/canonical-json.ts';
import { UsageError } from '../core/errors.ts';
import type { LintOptions } from '../lint/lint.ts';
import type { ReadBytes } from '../manifest/file-text.ts';
import { checkSize, readBytes } from '../manifest/file-text.ts';
import { limits } from '../manifest/limits.ts';
import { filesBelow } from './manifest-files.ts';

/** The files that a call names. */
export interface NamedFiles {
  /** As they are named; `-` stands for standard input. */
  readonly named: readonly string[];
  /** Absolute. */
  readonly cwd: string;
  readonly stdin: () => Promise<Uint8Array>;
  /** The file that standard input is the text of. */
  readonly stdinFilename: string | undefined;
  /** True where the bytes of standard input are to be given back, so that nothing else can stand in for them. */
  readonly keepStdin: boolean;
}

/** The files to lint for them, and options of the lint. */
export interface FilesToLint extends Pick<LintOptions, 'stdin' | 'readFile'> {
  /** A fragment gives way to the manifests that include it, each file once. */
  readonly files: readonly string[];
  /** The fragments among them, as they are named. */
  readonly fragments: ReadonlyMap<string, 'included' | 'alone'>;
  /** Absolute paths of the manifests that stand in for fragments, and were not named themselves. */
  readonly found: ReadonlySet<string>;
}

/**
 * Finds out which files of a call are fragments, and the manifests that include them: among the other files of the call,
 * or else below the working directory.
 */
export async function filesToLint(call: NamedFiles): Promise<FilesToLint> {
  const { named, cwd } = call;
  const { readFile, ...input } = await readingStdin(call);
  const includes = new Includes(readFile);
  const places = named.map((file) => path.resolve(cwd, file === '-' ? (call.stdinFilename ?? '-') : file));
  const files: string[] = [];
  const fragments = new Map<string, 'included' | 'alone'>();
  const found = new Set<string>();
  for (const [index, file] of named.entries()) {
    const place = places[index] ?? file;
    const kind = await includes.kindOf(place);
    if (kind === 'manifest' || kind === 'unreadable') {
      files.push(file);
      continue;
    }
    for (const each of places) await includes.follow(each);
    // A manifest of the call is there already.
    if (includes.manifestsOf(place).length > 0) continue;
    await includes.search(isInside(place, cwd) ? cwd : path.dirname(place));
    const manifests = includes.manifestsOf(place);
    const stays = manifests.length === 0 || (call.keepStdin && file === '-');
    if (stays) files.push(file);
    if (stays && kind === 'fragment') fragments.set(file, manifests.length === 0 ? 'alone' : 'included');
    if (stays) continue;
    for (const manifest of manifests) {
      found.add(manifest);
      files.push(path.isAbsolute(file) ? manifest : path.relative(cwd, manifest));
    }
  }
  return { files: [...new Set(files)], fragments, found, readFile, ...input };
}

/**
 * Names the manifest that a fragment belongs to: what is missing from a fragment alone is no mistake of it.
 *
 * @throws UsageError for a file that is a fragment.
 */
export async function refuseFragment(file: string, cwd: string): Promise<void> {
  if (file === '-') return;
  const stdin = async (): Promise<Uint8Array> => new Uint8Array();
  const call = { named: [file], cwd, stdin, stdinFilename: undefined, keepStdin: false };
  const { files, found, fragments } = await filesToLint(call);
  if (found.size > 0) {
    throw new UsageError(`${file} is a fragment of ${files.join(' and ')}`, {
      help: `name the manifest: ${files.join(' or ')}`,
    });
  }
  if (fragments.get(file) !== 'alone') return;
  throw new UsageError(`${file} is a fragment, and no manifest includes it`, {
    help: 'add `version: 1` and `project: NAME` to make it a manifest, or list it under `include` of one',
  });
}

/** Reads the file that standard input is the text of from there, as it is in an editor and not yet on the disk. */
async function readingStdin({
  named,
  cwd,
  stdin,
  stdinFilename,
}: NamedFiles): Promise<
  Required<Pick<LintOptions, 'stdin' | 'readFile'>> & { readonly readFile: ReadBytes }
> {
  if (!named.includes('-')) return { stdin, readFile: readBytes };
  const bytes = await stdin();
  const place = path.resolve(cwd, stdinFilename ?? '-');
  return {
    stdin: async () => bytes,
    readFile: async (file, limit) =>
      file === place
        ? (checkSize(bytes, limit) ?? { bytes, identity: `standard input as ${place}` })
        : readBytes(file, limit),
  };
}

/** `unclear`: it may be either. What is wrong with it, or why it cannot be read, is for the lint to say. */
type Kind = 'manifest' | 'fragment' | 'unclear' | 'unreadable';

interface Known {
  readonly kind: Kind;
  /** Absolute paths. */
  readonly includes: readonly string[];
}

/** Files that are met in a search, and YAML files among them that are looked at: more are no storyboards. */
const most = { met: 100_000, looked: 5_000 };

/** The files that include each file, as far as they have been looked at. */
class Includes {
  readonly #readFile: ReadBytes;
  readonly #known = new Map<string, Known>();
  readonly #includers = new Map<string, Set<string>>();
  readonly #searched = new Set<string>();

  constructor(readFile: ReadBytes) {
    this.#readFile = readFile;
  }

  /** Tells what a file is. Nearly all manifests show it in one of their first lines, without being parsed. */
  async kindOf(file: string): Promise<Kind> {
    const read = await this.#readFile(file, limits.manifestBytes);
    const begins = 'bytes' in read ? Buffer.from(read.bytes.subarray(0, 64 * 1024)).toString() : '';
    return ownKey.test(begins) ? 'manifest' : (await this.#look(file)).kind;
  }

  /** Looks at a file, and at everything that it includes. */
  async follow(file: string): Promise<void> {
    const waiting = [file];
    const met = new Set(waiting);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const included of (await this.#look(next)).includes) {
        if (met.has(included)) continue;
        met.add(included);
        waiting.push(included);
      }
    }
  }

  /** Looks at all YAML files below a folder. */
  async search(folder: string): Promise<void> {
    if (this.#searched.has(folder)) return;
    this.#searched.add(folder);
    let met = 0;
    let looked = 0;
    for await (const name of filesBelow(folder, '')) {
      met += 1;
      if (met > most.met || looked >= most.looked) return;
      if (!/\.ya?ml$/i.test(name)) continue;
      looked += 1;
      await this.#look(path.resolve(folder, name));
    }
  }

  /** The manifests that include a file, directly or by way of fragments, in alphabetical order. */
  manifestsOf(file: string): readonly string[] {
    const manifests: string[] = [];
    const waiting = [file];
    const met = new Set(waiting);
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      for (const includer of this.#includers.get(next) ?? []) {
        if (met.has(includer)) continue;
        met.add(includer);
        waiting.push(includer);
        if (this.#known.get(includer)?.kind === 'manifest') manifests.push(includer);
      }
    }
    return manifests.sort();
  }

  async #look(file: string): Promise<Known> {
    const before = this.#known.get(file);
    if (before !== undefined) return before;
    const known = await readKind(file, this.#readFile);
    this.#known.set(file, known);
    for (const included of known.includes) {
      const includers = this.#includers.get(included) ?? new Set();
      this.#includers.set(included, includers.add(file));
    }
    return known;
  }
}

/** The keys that a manifest has, and a fragment has not, at the beginning of a line. */
const ownKey = /^(?:version|project)\s*:/m;

async function readKind(file: string, readFile: ReadBytes): Promise<Known> {
  const read = await readFile(file, limits.manifestBytes);
  // Nearly every file is a manifest without fragments, and need not be parsed to be known for one.
  if ('bytes' in read) {
    const bytes = Buffer.from(read.bytes.buffer, read.bytes.byteOffset, read.bytes.byteLength);
    if (!bytes.includes('include') && ownKey.test(bytes.toString('latin1'))) {
      return { kind: 'manifest', includes: [] };
    }
  }
  const { readSource } = await import('../manifest/source.ts');
  const { source, value, unreadable } = await readSource({ file, absolutePath: file }, undefined, readFile);
  if (unreadable !== null) return { kind: 'unreadable', includes: [] };
  if (!isJsonObject(value)) return { kind: ownKey.test(source.text) ? 'manifest' : 'unclear', includes: [] };
  const { include } = value;
  const includes = (Array.isArray(include) ? include : [])
    .filter((each) => typeof each === 'string')
    .map((each) => path.resolve(path.dirname(file), each));
  return { kind: kindOf(Object.keys(value)), includes };
}

function isInside(file: string, folder: string): boolean {
  const from = path.relative(folder, file);
  return !path.isAbsolute(from) && from.split(path.sep)[0] !== '..';
}

const keysOfFragments: ReadonlySet<string> = new Set(['vars', 'assets', 'include', 'scenes', 'shots']);

function kindOf(keys: readonly string[]): Kind {
  if (keys.includes('version') || keys.includes('project')) return 'manifest';
  const own = keys.filter((key) => !key.startsWith('x-'));
  return own.length > 0 && own.every((key) => keysOfFragments.has(key)) ? 'fragment' : 'unclear';
}
