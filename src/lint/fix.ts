import path from 'node:path';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { ReadBytes } from '../manifest/file-text.ts';
import { readBytes } from '../manifest/file-text.ts';
import type { Edit, Source } from '../manifest/model.ts';
import type { LintOptions, LintResult } from './lint.ts';
import { lint } from './lint.ts';
import type { MediaProbe } from './used-media.ts';

/** A file that fixes change. */
export interface FixedFile {
  /** As diagnostics name it. */
  readonly file: string;
  /** Null for standard input. */
  readonly absolutePath: string | null;
  /** Both without a byte-order mark. */
  readonly before: string;
  readonly after: string;
  readonly fixed: readonly AppliedFix[];
}

export interface AppliedFix {
  /** Placed in the text as it was when the fix was made, which for all but nested mistakes is `before`. */
  readonly diagnostic: Diagnostic;
  readonly title: string;
}

export interface FixResult {
  /** The lint's result once everything is fixed. */
  readonly result: LintResult;
  readonly files: readonly FixedFile[];
}

export interface FixOptions extends LintOptions {
  /** Files of a manifest that are not mended, both by absolute path; null for standard input. */
  readonly leave?: ((file: string, manifest: string | null) => boolean) | undefined;
}

/** A mended key can bring to light what stands below it; each pass mends a level, and files nest a few. */
const mostPasses = 20;

/**
 * Mends what has one right answer, in memory: nothing is written. Everything else stays byte for byte, and what would be
 * sent stays the same. From standard input, only its own text is mended.
 *
 * @throws UsageError as `lint` does.
 */
export async function fix(files: readonly string[], options: FixOptions): Promise<FixResult> {
  const fixing = new Fixing(files, options);
  const first = await fixing.lint();
  let result = first;
  for (let pass = 0; pass < mostPasses && fixing.apply(result); pass += 1) result = await fixing.lint();
  const changed = fixing.changed();
  // Nothing about media can be mended here, so that one look at them is enough.
  if (options.media !== undefined) result = await fixing.lint(options.media);
  if (changed.length > 0 && first.summary.errors === 0) expectSameRequests(first, result);
  return { result, files: changed };
}

interface FixingFile {
  readonly source: Source;
  text: string;
  readonly fixed: AppliedFix[];
}

class Fixing {
  readonly #files: readonly string[];
  readonly #options: FixOptions;
  /** By absolute path, `-` for standard input. */
  readonly #changed = new Map<string, FixingFile>();
  /** The key under which standard input is known, where it is read. */
  readonly #stdin: string | undefined;
  #stdinBytes: Promise<Uint8Array> | undefined;

  constructor(files: readonly string[], options: FixOptions) {
    this.#files = files;
    this.#options = options;
    const { cwd, stdinFilename } = options;
    if (files.includes('-')) {
      this.#stdin = stdinFilename === undefined ? '-' : path.resolve(cwd, stdinFilename);
    }
  }

  lint(media?: MediaProbe): Promise<LintResult> {
    const { stdin, readFile = readBytes } = this.#options;
    return lint(this.#files, {
      ...this.#options,
      media,
      readFile: (absolutePath, limit) => this.#mended(absolutePath, limit, readFile),
      stdin: stdin === undefined ? undefined : () => this.#standardInput(stdin),
    });
  }

  /** Applies the fixes of a result; false where there are none. */
  apply({ fixes, manifests }: LintResult): boolean {
    const left = this.#left(manifests);
    const edits = new Map<string, Map<string, Edit>>();
    for (const [diagnostic, { source, title, edits: own }] of fixes) {
      const key = source.absolutePath ?? '-';
      if (this.#stdin !== undefined && key !== this.#stdin) continue;
      if (left.has(key)) continue;
      const file = this.#changed.get(key) ?? { source, text: source.text, fixed: [] };
      this.#changed.set(key, file);
      // A file that is read from the disk every time is mended in the first pass alone.
      if (file.text !== source.text) continue;
      const all = edits.get(key) ?? new Map<string, Edit>();
      edits.set(key, all);
      // A node with an alias is met more than once, and mended once.
      const isNew = own.some((edit) => !all.has(JSON.stringify(edit)));
      for (const edit of own) all.set(JSON.stringify(edit), edit);
      if (isNew) file.fixed.push({ diagnostic, title });
    }
    for (const [key, all] of edits) {
      const file = this.#changed.get(key);
      if (file !== undefined) file.text = edited(file.text, [...all.values()]);
    }
    return edits.size > 0;
  }

  changed(): readonly FixedFile[] {
    return [...this.#changed].map(([key, { source, text, fixed }]) => ({
      file: source.file,
      absolutePath: key === this.#stdin ? null : source.absolutePath,
      before: source.text,
      after: text,
      fixed,
    }));
  }

  /** Absolute paths of files that all of their manifests leave as they are. */
  #left(manifests: LintResult['manifests']): ReadonlySet<string> {
    const { leave = () => false } = this.#options;
    const left = new Set<string>();
    const mended = new Set<string>();
    for (const { manifest } of manifests) {
      for (const { absolutePath } of manifest.sources) {
        if (absolutePath === null) continue;
        (leave(absolutePath, manifest.source.absolutePath) ? left : mended).add(absolutePath);
      }
    }
    return new Set([...left].filter((file) => !mended.has(file)));
  }

  async #mended(absolutePath: string, limit: number, readFile: ReadBytes): ReturnType<ReadBytes> {
    const read = await readFile(absolutePath, limit);
    const text = this.#changed.get(absolutePath)?.text;
    return text === undefined || !('bytes' in read)
      ? read
      : { ...read, bytes: new TextEncoder().encode(text) };
  }

  async #standardInput(read: () => Promise<Uint8Array>): Promise<Uint8Array> {
    this.#stdinBytes ??= read();
    const text = this.#stdin === undefined ? undefined : this.#changed.get(this.#stdin)?.text;
    return text === undefined ? this.#stdinBytes : new TextEncoder().encode(text);
  }
}

/** A text with its edits made; of two that touch, the first, and the other in the next pass. */
function edited(text: string, edits: readonly Edit[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, text: inserted } of [...edits].sort((a, b) => a.start - b.start)) {
    if (start < from) continue;
    pieces.push(text.slice(from, start), inserted);
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Makes sure that a fix moves no fingerprint: payments are filed under them. */
function expectSameRequests(before: LintResult, after: LintResult): void {
  const known = ({ manifests }: LintResult): string =>
    JSON.stringify(
      manifests.map(({ requests }) => requests.map(({ key, fingerprint }) => [key, fingerprint])),
    );
  if (known(before) === known(after)) return;
  throw new Error('a fix would have changed what is sent; nothing was written');
}
