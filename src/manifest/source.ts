import path from 'node:path';
import type { Json } from '../core/canonical-json.ts';
import { FastFile } from './fast-yaml/file.ts';
import { readFast } from './fast-yaml/read.ts';

import type { ReadBytes } from './file-text.ts';
import { checkSize, decodeText, readBytes } from './file-text.ts';
import { limits } from './limits.ts';
import type { Finding, Source } from './model.ts';
import type { Problem, TextProblem } from './problem.ts';
import { findingInText } from './problem.ts';
import { type ReadBudget, readBudget } from './read-budget.ts';
import { SourceIndex } from './source-index.ts';

/** A file to read: as people know it, and where it is. */
export interface FileName {
  readonly file: string;
  readonly absolutePath: string;
}

/** A YAML or JSON file, read and parsed as far as its mistakes allow. */
export interface ReadSource {
  readonly source: Source;
  /** Undefined where the file could not be read or parsed; `unreadable` or `findings` say why. */
  readonly value: Json | undefined;
  /** Findings inside the file. */
  readonly findings: readonly Finding[];
  /** Some of the file's items could not be read, and are left out of `value`. */
  readonly partial?: boolean;
  /** Keys of the file whose values could not be read, and are null in `value`. */
  readonly lost?: readonly string[];
  /**
   * The reason why the file could not be read at all, as a sentence without its subject ("does not exist"). It has
   * no place inside the file: the caller reports it where the file is named.
   */
  readonly unreadable: Problem | null;
  /** The same for two names of the same file; null where nothing was read. */
  readonly identity: string | null;
}

/** Reads one YAML or JSON file, at most 10 MiB of it. Never throws for anything that the file is or holds. */
export async function readSource(
  name: FileName,
  budget: ReadBudget = readBudget(),
  readFile: ReadBytes = readBytes,
): Promise<ReadSource> {
  const read = await readFile(name.absolutePath, limits.manifestBytes);
  if (!('bytes' in read)) return unreadable(emptySource(name.file, name.absolutePath), read);
  return {
    ...(await parseSource(name.file, name.absolutePath, read.bytes, budget)),
    identity: read.identity,
  };
}

/** Parses what came from standard input. */
export async function readSourceBytes(
  file: string,
  absolutePath: string | null,
  bytes: Uint8Array,
  budget: ReadBudget,
): Promise<ReadSource> {
  const problem = checkSize(bytes, limits.manifestBytes);
  if (problem !== null) return unreadable(emptySource(file, absolutePath), problem);
  return parseSource(file, absolutePath, bytes, budget);
}

/** A prompt file's text as it stands in the file, or what is wrong with it. */
export async function readPromptText(
  name: FileName,
  readFile: ReadBytes = readBytes,
): Promise<{ readonly source: Source; readonly problem: Problem | TextProblem | null }> {
  const read = await readFile(name.absolutePath, limits.promptBytes);
  if (!('bytes' in read)) return { source: emptySource(name.file, name.absolutePath), problem: read };
  const { text, problem } = decodeText(read.bytes);
  return { source: sourceOf(name.file, name.absolutePath, text), problem };
}

/** A file that `named` in `from` stands for: relative to the file that names it. */
export function resolveName(from: Source, cwd: string, named: string): FileName {
  const base = from.absolutePath === null ? cwd : path.dirname(from.absolutePath);
  const shown = from.absolutePath === null ? '.' : path.dirname(from.file);
  return {
    file: path.isAbsolute(named) ? named : path.join(shown, named),
    absolutePath: path.resolve(base, named),
  };
}

/** A source that nothing is known of but its name. */
export function emptySource(file: string, absolutePath: string | null): Source {
  return sourceOf(file, absolutePath, '');
}

function sourceOf(file: string, absolutePath: string | null, text: string): Source {
  return { file, absolutePath, text, root: null, index: new SourceIndex(text) };
}

function unreadable(source: Source, problem: Problem): ReadSource {
  return { source, value: undefined, findings: [], unreadable: problem, identity: null };
}

async function parseSource(
  file: string,
  absolutePath: string | null,
  bytes: Uint8Array,
  budget: ReadBudget,
): Promise<ReadSource> {
  const { text, problem } = decodeText(bytes);
  const plainText = sourceOf(file, absolutePath, text);
  const failed = (problems: readonly TextProblem[]): ReadSource => ({
    source: plainText,
    value: undefined,
    findings: problems.map((each) => findingInText(plainText, each)),
    unreadable: null,
    identity: null,
  });
  const unusable = problem ?? loneCarriageReturn(text);
  if (unusable !== null) return failed([unusable]);
  const fast = budget.reader === 'fast' ? readFast(text) : undefined;
  if (typeof fast === 'object' && fast.tokens <= budget.tokens) {
    budget.tokens -= fast.tokens;
    const source = new FastFile(plainText, fast.tape);
    return { source, value: fast.value, findings: [], unreadable: null, identity: null };
  }
  const [{ parseYaml }, { toPlain }, { writtenIn }] = await Promise.all([
    import('./yaml-document.ts'),
    import('./plain.ts'),
    import('./yaml-written.ts'),
  ]);
  const document = parseYaml(text, budget);
  if (document.root === null) {
    return failed(document.problems.length > 0 ? document.problems : [empty(text)]);
  }
  const plain = toPlain(document.root, text);
  if (plain.value === undefined) return failed(plain.problems);
  if (plain.value === null && plain.problems.length === 0) return failed([empty(text)]);
  const source: Source = { ...plainText, ...writtenIn(text, document.root, plain.aliases) };
  const findings = [...document.problems, ...plain.problems].map((each) => findingInText(source, each));
  const { partial = false, lost = [] } = document;
  return { source, value: plain.value, findings, partial, lost, unreadable: null, identity: null };
}

function loneCarriageReturn(text: string): TextProblem | null {
  const at = text.search(/\r(?!\n)/);
  if (at === -1) return null;
  return {
    rule: 'encoding',
    message: 'A line ends with a carriage return alone',
    help: 'Save the file with LF or CRLF line ends in your editor',
    start: at,
    end: at,
  };
}

function empty(text: string): TextProblem {
  return {
    rule: 'empty-file',
    message: text.trim() === '' ? 'The file is empty' : 'The file holds nothing but comments',
    help: 'Check that it is the right file, and that it was saved; `shotlist init` writes a manifest to start from',
    start: 0,
    end: 0,
  };
}
