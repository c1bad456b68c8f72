import path from 'node:path';
import pLimit from 'p-limit';
import type { ReadBytes } from './file-text.ts';
import type { Finding, Origin, Resolved, Source } from './model.ts';
import type { Problem, TextProblem } from './problem.ts';
import { findingAt, findingInText } from './problem.ts';
import type { Interpolation } from './references.ts';
import type { FileName } from './source.ts';
import { readPromptText, resolveName } from './source.ts';

/** Prompt files that are read at the same time. */
const filesAtOnce = 16;

/** A prompt's text as it is sent: LF line ends, no byte-order mark, no white space at the ends of lines and of the text. */
export function normalizedPrompt(text: string): string {
  if (!/[\ufeff\r\n]/.test(text)) return text.trimEnd();
  const lines = text
    .replace(/^\ufeff/, '')
    .replaceAll('\r\n', '\n')
    .replaceAll('\r', '\n')
    .split('\n');
  return lines
    .map((line) => line.trimEnd())
    .join('\n')
    .trimEnd();
}

/** The prompt files of a manifest, each read once, however many shots use it. */
export class PromptFiles {
  readonly #cwd: string;
  readonly #folder: string;
  readonly #interpolation: Interpolation;
  readonly #report: (finding: Finding) => void;
  readonly #readFile: ReadBytes | undefined;
  readonly #wanted = new Map<string, FileName>();
  readonly #read = new Map<
    string,
    { readonly source: Source; readonly problem: Problem | TextProblem | null }
  >();
  readonly #prompts = new Map<string, Resolved<string> | null>();
  readonly #missing = new Set<Origin>();
  readonly #outside = new Set<Origin>();
  /** Shots that use a file, by its absolute path. */
  readonly #users = new Map<string, Set<string>>();

  /** @param folder absolute: the manifest's, where prompt files are expected, or below. */
  constructor(
    cwd: string,
    folder: string,
    interpolation: Interpolation,
    report: (finding: Finding) => void,
    readFile?: ReadBytes,
  ) {
    this.#cwd = cwd;
    this.#folder = folder;
    this.#interpolation = interpolation;
    this.#report = report;
    this.#readFile = readFile;
  }

  /** Notes that a version of the shot needs the file that `named` names. */
  want(named: Resolved<string>, shotKey: string): void {
    const name = this.#name(named);
    const users = this.#users.get(name.absolutePath) ?? new Set();
    this.#users.set(name.absolutePath, users.add(shotKey));
    if (!this.#wanted.has(name.absolutePath)) this.#wanted.set(name.absolutePath, name);
  }

  /** Reads every file that is wanted. Returns their sources, in the order in which they were first wanted. */
  async read(): Promise<readonly Source[]> {
    const limit = pLimit(filesAtOnce);
    const reads = await Promise.all(
      [...this.#wanted].map(([absolutePath, name]) =>
        limit(async () => ({ absolutePath, ...(await readPromptText(name, this.#readFile)) })),
      ),
    );
    for (const { absolutePath, source, problem } of reads) {
      this.#read.set(absolutePath, { source, problem });
      if (problem !== null && 'start' in problem)
        this.#report({ ...findingInText(source, problem), ...this.#userOf(absolutePath) });
    }
    return reads
      .filter(({ source, problem }) => problem === null || 'start' in problem || source.text !== '')
      .map(({ source }) => source);
  }

  /** The prompt that a `promptFile` stands for, its references put in; undefined where that was reported as a mistake. */
  prompt(named: Resolved<string>, key: string): Resolved<string> | undefined {
    const { absolutePath } = this.#name(named);
    const read = this.#read.get(absolutePath);
    if (read === undefined) return undefined;
    const { source, problem } = read;
    if (problem !== null) {
      if (!('start' in problem)) this.#reportMissing(named, problem, key);
      return undefined;
    }
    this.#reportOutside(named, absolutePath, key);
    const known = this.#prompts.get(absolutePath);
    const text = known === undefined ? this.#text(source, this.#userOf(absolutePath).key) : known;
    this.#prompts.set(absolutePath, text);
    return text === null ? undefined : { ...text, stated: named.stated, level: named.level };
  }

  /** The shot that a file's mistakes are about, where it is one. */
  #userOf(absolutePath: string): { readonly key?: string } {
    const [first, ...others] = this.#users.get(absolutePath) ?? [];
    return first === undefined || first === '' || others.length > 0 ? {} : { key: first };
  }

  #text(source: Source, key: string | undefined): Resolved<string> | null {
    const origin: Origin = { source, path: [] };
    const text = this.#interpolation.text(source.text, origin, key);
    if (text === undefined) return null;
    return { value: normalizedPrompt(text), origin, stated: origin, level: 'shot', writtenAs: 'promptFile' };
  }

  #reportOutside(named: Resolved<string>, absolutePath: string, key: string): void {
    const way = path.relative(this.#folder, absolutePath);
    const isInside = !path.isAbsolute(way) && way.split(path.sep)[0] !== '..';
    if (isInside || this.#outside.has(named.stated)) return;
    this.#outside.add(named.stated);
    const problem: Problem = {
      rule: 'prompt-file-outside',
      message: `The prompt file \`${this.#name(named).file}\` is outside the manifest's folder`,
      help: 'Keep prompts beside the manifest or below it; what is in this file is sent to the provider',
    };
    this.#report(findingAt(named.stated, 'value', problem, isInherited(named) || key === '' ? {} : { key }));
  }

  #reportMissing(named: Resolved<string>, problem: Problem, key: string): void {
    // A default that many shots inherit is one mistake.
    if (this.#missing.has(named.stated)) return;
    this.#missing.add(named.stated);
    this.#report(
      findingAt(
        named.stated,
        'value',
        {
          rule: 'missing-prompt-file',
          message: `The prompt file \`${this.#name(named).file}\` ${problem.message}`,
          help:
            problem.message === 'does not exist'
              ? 'Create it, or correct the path: it is relative to the file that names it'
              : problem.help,
        },
        isInherited(named) || key === '' ? {} : { key },
      ),
    );
  }

  #name(named: Resolved<string>): FileName {
    return resolveName(named.stated.source, this.#cwd, named.value);
  }
}

function isInherited({ level }: Resolved<string>): boolean {
  return level === 'scene' || level === 'manifest';
}
