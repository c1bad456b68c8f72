import path from 'node:path';
import pLimit from 'p-limit';
import { Bounds } from './bounds.ts';
import type { ReadBytes } from './file-text.ts';
import type { Finding, Manifest, Origin, Resolved, Source } from './model.ts';
import type { Problem, TextProblem } from './problem.ts';
import { findingAt, findingInText } from './problem.ts';
import type { Interpolation } from './references.ts';
import type { FileName } from './source.ts';
import { emptySource, readPromptText, resolveName } from './source.ts';

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
  readonly #bounds: Bounds;
  readonly #wanted = new Map<string, FileName>();
  readonly #read = new Map<
    string,
    { readonly source: Source; readonly problem: Problem | TextProblem | null }
  >();
  readonly #prompts = new Map<string, Resolved<string> | null>();
  readonly #users = new Map<string, Set<string>>();
  /** Places whose mistake was reported already: a default that many shots inherit is one mistake. */
  readonly #reported = new Set<Origin>();

  /** @param manifest the file that everything else of a storyboard is expected beside. */
  constructor(
    cwd: string,
    manifest: Source,
    interpolation: Interpolation,
    report: (finding: Finding) => void,
    readFile?: ReadBytes,
  ) {
    this.#cwd = cwd;
    this.#folder = manifest.absolutePath === null ? cwd : path.dirname(manifest.absolutePath);
    this.#interpolation = interpolation;
    this.#report = report;
    this.#readFile = readFile;
    this.#bounds = new Bounds(cwd, manifest.absolutePath);
  }

  /** Notes that a shot needs the file that `named` names; the shot's key is empty where an id of it is broken. */
  want(named: Resolved<string>, shotKey: string): void {
    const name = this.#name(named);
    if (!this.#wanted.has(name.absolutePath)) this.#wanted.set(name.absolutePath, name);
    if (shotKey === '') return;
    const users = this.#users.get(name.absolutePath);
    if (users === undefined) this.#users.set(name.absolutePath, new Set([shotKey]));
    else users.add(shotKey);
  }

  /** The keys of the shots that use each file that was read, in manifest order. */
  users(): Manifest['promptUsers'] {
    return new Map(
      [...this.#read].map(([absolutePath, { source }]) => [
        source,
        [...(this.#users.get(absolutePath) ?? [])],
      ]),
    );
  }

  /** Reads every file that is wanted. Returns their sources, in the order in which they were first wanted. */
  async read(): Promise<readonly Source[]> {
    const limit = pLimit(filesAtOnce);
    const reads = await Promise.all(
      [...this.#wanted].map(([absolutePath, name]) =>
        limit(async () => ({ absolutePath, ...(await this.#readOne(name)) })),
      ),
    );
    for (const { absolutePath, source, problem } of reads) {
      this.#read.set(absolutePath, { source, problem });
      if (problem !== null && 'start' in problem) this.#report(findingInText(source, problem));
    }
    return reads
      .filter(({ source, problem }) => problem === null || 'start' in problem || source.text !== '')
      .map(({ source }) => source);
  }

  async #readOne(name: FileName): ReturnType<typeof readPromptText> {
    const refusal = await this.#bounds.refusal(name.absolutePath);
    if (refusal === null) return readPromptText(name, this.#readFile);
    return { source: emptySource(name.file, name.absolutePath), problem: refusal };
  }

  /** The prompt that a `promptFile` stands for, its references put in; undefined where that was reported as a mistake. */
  prompt(named: Resolved<string>, key: string): Resolved<string> | undefined {
    const { absolutePath } = this.#name(named);
    const read = this.#read.get(absolutePath);
    if (read === undefined) return undefined;
    const { source, problem } = read;
    if (problem !== null) {
      if (!('start' in problem)) this.#once(named, key, this.#missing(named, problem));
      return undefined;
    }
    if (this.#isOutside(absolutePath)) this.#once(named, key, outside);
    const known = this.#prompts.get(absolutePath);
    const text = known === undefined ? this.#text(source) : known;
    this.#prompts.set(absolutePath, text);
    return text === null ? undefined : { ...text, stated: named.stated, level: named.level };
  }

  #text(source: Source): Resolved<string> | null {
    const origin: Origin = { source, path: [] };
    const text = this.#interpolation.text(source.text, origin);
    if (text === undefined) return null;
    return { value: normalizedPrompt(text), origin, stated: origin, level: 'shot', writtenAs: 'promptFile' };
  }

  #missing(named: Resolved<string>, { rule, message, help }: Problem): Problem {
    return {
      rule: rule === 'outside-work-tree' ? rule : 'missing-prompt-file',
      message: `The prompt file \`${this.#name(named).file}\` ${message}`,
      help:
        message === 'does not exist'
          ? 'Create it, or correct the path: it is relative to the file that names it'
          : help,
    };
  }

  #isOutside(absolutePath: string): boolean {
    const from = path.relative(this.#folder, absolutePath);
    return path.isAbsolute(from) || from.split(path.sep)[0] === '..';
  }

  #once(named: Resolved<string>, key: string, problem: Problem): void {
    if (this.#reported.has(named.stated)) return;
    this.#reported.add(named.stated);
    const inherited = named.level === 'scene' || named.level === 'manifest';
    this.#report(findingAt(named.stated, 'value', problem, inherited || key === '' ? {} : { key }));
  }

  #name(named: Resolved<string>): FileName {
    return resolveName(named.stated.source, this.#cwd, named.value);
  }
}

const outside: Problem = {
  rule: 'prompt-file-outside',
  message: "This prompt file lies outside the manifest's folder",
  help: 'Check that its text may be sent to the provider, and move it beside the manifest',
};
