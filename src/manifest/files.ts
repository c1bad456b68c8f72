import path from 'node:path';
import { number } from '../core/count.ts';
import { Bounds } from './bounds.ts';
import type { ReadBytes } from './file-text.ts';
import { limits } from './limits.ts';
import type { Finding, Path, Source } from './model.ts';
import type { UsableFile } from './names.ts';
import type { Problem } from './problem.ts';
import { findingAt } from './problem.ts';
import { type ReadBudget, readBudget, type YamlReader } from './read-budget.ts';
import { shapeFinding } from './shape-findings.ts';
import type { FileName, ReadSource } from './source.ts';
import { emptySource, readSource, readSourceBytes, resolveName } from './source.ts';
import type { Validated } from './validate.ts';
import { validate } from './validate.ts';

export interface ReadManifestOptions {
  /** Absolute folder in which relative names are looked up, and a manifest from standard input counts as being. */
  readonly cwd: string;
  /** Bytes of standard input, for `-`. Asked for once; more than 10 MiB are refused. */
  readonly stdin?: (() => Promise<Uint8Array>) | undefined;
  /** The file that standard input is the text of: what it is called, and where it counts as being. */
  readonly stdinFilename?: string | undefined;
  /** Reads the bytes of a file; from the disk where this is left out. */
  readonly readFile?: ReadBytes | undefined;
  /** The file is a fragment: what the manifest that includes it says is not known, and never a mistake of the fragment. */
  readonly fragment?: boolean | undefined;
  /** The reader of YAML; `fast` where this is left out. Both give the same. */
  readonly yaml?: YamlReader | undefined;
}

/** A manifest with everything that it includes, held against the schema. */
export interface ManifestFiles {
  /** The manifest first, then each include with its own includes, in the order listed. */
  readonly files: readonly UsableFile[];
  /** Every file that was read, also those that could not be used. */
  readonly sources: readonly Source[];
  /** False where a file could not be read or parsed. */
  readonly complete: boolean;
  readonly findings: readonly Finding[];
}

/** Reads a manifest and its fragments; `-` stands for what `stdin` gives. */
export async function readFiles(file: string, options: ReadManifestOptions): Promise<ManifestFiles> {
  const reader = new FilesReader(options);
  await reader.readManifest(file);
  return reader;
}

class FilesReader implements ManifestFiles {
  readonly files: UsableFile[] = [];
  readonly sources: Source[] = [];
  readonly findings: Finding[] = [];
  complete = true;
  readonly #options: ReadManifestOptions;
  readonly #budget: ReadBudget;
  /** Name under which each file that was met is known, by identity. */
  readonly #met = new Map<string, string>();
  readonly #open = new Set<string>();
  #count = 0;
  #bounds: Bounds | undefined;

  constructor(options: ReadManifestOptions) {
    this.#options = options;
    this.#budget = readBudget(options.yaml);
  }

  async readManifest(file: string): Promise<void> {
    const read =
      file === '-'
        ? await this.#standardInput()
        : await this.#read({ file, absolutePath: path.resolve(this.#options.cwd, file) });
    this.#count = 1;
    if (read.identity !== null) this.#met.set(read.identity, file);
    const { fragment = false } = this.#options;
    if (fragment) this.complete = false;
    if (read.unreadable === null) return this.#take(read, fragment ? 'fragment' : 'manifest');
    this.complete = false;
    this.sources.push(read.source);
    const named = file === '-' ? 'Standard input' : `\`${file}\``;
    this.findings.push(findingAt({ source: read.source, path: [] }, 'value', about(named, read.unreadable)));
  }

  #read(name: FileName): Promise<ReadSource> {
    return readSource(name, this.#budget, this.#options.readFile);
  }

  async #standardInput(): Promise<ReadSource> {
    const { stdin, stdinFilename, cwd } = this.#options;
    if (stdin !== undefined) {
      const name = stdinFilename ?? '-';
      const absolutePath = stdinFilename === undefined ? null : path.resolve(cwd, stdinFilename);
      return readSourceBytes(name, absolutePath, await stdin(), this.#budget);
    }
    const unreadable = {
      rule: 'unreadable-file',
      message: 'cannot be read here',
      help: 'Name a file; a file that is called `-` is named `./-`',
    } as const;
    return { source: emptySource('-', null), value: undefined, findings: [], unreadable, identity: null };
  }

  async #take(read: ReadSource, kind: 'manifest' | 'fragment'): Promise<void> {
    const { source, value, findings, identity, partial = false, lost = [] } = read;
    if (partial) this.complete = false;
    this.sources.push(source);
    this.findings.push(...findings);
    if (value === undefined) {
      this.complete = false;
      return;
    }
    const validated = validate(value, kind, lost);
    for (const error of validated.errors) {
      this.findings.push(shapeFinding(source, error, shotKeyAt(validated, error.path)));
    }
    const usable = { source, ...validated };
    this.files.push(usable);
    if (usable.broken.get(usable.file)?.has('include')) this.complete = false;
    if (identity !== null) this.#open.add(identity);
    for (const [index, item] of (usable.file.include ?? []).entries()) {
      if (typeof item === 'string') await this.#include(source, item, ['include', index]);
      else this.complete = false;
    }
    if (identity !== null) this.#open.delete(identity);
  }

  async #include(from: Source, named: string, at: Path): Promise<void> {
    const refuse = (problem: Problem): void => {
      this.complete = false;
      this.findings.push(findingAt({ source: from, path: at }, 'value', problem));
    };
    this.#count += 1;
    if (this.#count > limits.files) {
      if (this.#count === limits.files + 1) refuse(tooManyFiles);
      return;
    }
    const name = resolveName(from, this.#options.cwd, named);
    this.#bounds ??= new Bounds(this.#options.cwd, this.sources[0]?.absolutePath ?? null);
    const refusal = await this.#bounds.refusal(name.absolutePath);
    if (refusal !== null) return refuse(about(`The fragment \`${name.file}\``, refusal));
    const read = await this.#read(name);
    if (read.unreadable !== null) return refuse(about(`The fragment \`${name.file}\``, read.unreadable));
    const before = read.identity === null ? undefined : this.#met.get(read.identity);
    if (before !== undefined) return refuse(metBefore(this.#open.has(read.identity ?? ''), name.file));
    if (read.identity !== null) this.#met.set(read.identity, name.file);
    await this.#take(read, 'fragment');
  }
}

const tooManyFiles: Problem = {
  rule: 'file-too-large',
  message: `With this one the manifest has more than ${number(limits.files)} files`,
  help: 'Merge fragments, or split the manifest',
};

function about(file: string, problem: Problem): Problem {
  return { ...problem, message: `${file} ${problem.message}` };
}

function metBefore(cycle: boolean, file: string): Problem {
  return {
    rule: 'include-cycle',
    message: cycle ? `\`${file}\` includes itself by way of this line` : `\`${file}\` is included already`,
    help: 'Delete this line: each file is taken in once, and its names hold in all files',
  };
}

/** The key of the shot that a path leads into, as far as its ids are usable. */
function shotKeyAt({ file }: Validated, path: Path): string | undefined {
  const [list, index, inner, shotIndex] = path;
  if (list === 'shots') return file.shots?.[Number(index)]?.id;
  if (list !== 'scenes' || inner !== 'shots' || shotIndex === undefined) return undefined;
  const scene = file.scenes?.[Number(index)];
  const shot = scene?.shots?.[Number(shotIndex)];
  return scene?.id === undefined || shot?.id === undefined ? undefined : `${scene.id}/${shot.id}`;
}
