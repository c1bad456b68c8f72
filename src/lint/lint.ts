import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import type { Diagnostic } from '../core/diagnostic.ts';
import type { ReadBytes } from '../manifest/file-text.ts';
import { locate } from '../manifest/locate.ts';
import type { Finding, Manifest, Request } from '../manifest/model.ts';
import { readManifest } from '../manifest/read.ts';
import { expandRequests } from '../manifest/requests.ts';
import { Findings } from './findings.ts';
import { judgeMode } from './media.ts';
import type { CatalogInForce } from './models-file.ts';
import { Catalogs } from './models-file.ts';
import type { RuleContext, Subject } from './rule.ts';
import { rules } from './rules/index.ts';
import { type MediaProbe, mediaRequests, type ProbedMedium, probedMedia, versionsOf } from './used-media.ts';

export interface LintOptions {
  /** Absolute: what relative paths are relative to. */
  readonly cwd: string;
  /** Bytes of standard input, for `-`. */
  readonly stdin?: (() => Promise<Uint8Array>) | undefined;
  /** A models file, in place of the one that a manifest names. */
  readonly models?: string | undefined;
  /** Where files are read from; the disk where this is left out. A file of `models` is always on the disk. */
  readonly readFile?: ReadBytes | undefined;
  /** A cost ceiling was given with the call, so that every model needs a price. */
  readonly needPrices?: boolean | undefined;
  /** Finds out what is behind media URLs, each of all manifests once; without it the rules about media are left out. */
  readonly media?: MediaProbe | undefined;
}

/** A manifest that was linted, ready to be planned when there are no errors. */
export interface LintedManifest {
  readonly manifest: Manifest;
  readonly catalog: Catalog;
  readonly requests: readonly Request[];
}

export interface LintSummary {
  /** Manifests. */
  readonly files: number;
  readonly shots: number;
  readonly requests: number;
  readonly errors: number;
  readonly warnings: number;
}

export interface LintResult {
  /** Files in the order given and met, then by position, then by rule. */
  readonly diagnostics: readonly Diagnostic[];
  readonly summary: LintSummary;
  /** In the order given. */
  readonly manifests: readonly LintedManifest[];
  /** Texts by `Diagnostic.file`, for code frames. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Reads manifests and checks them with every rule: no key, and no network but that of `options.media`. What is wrong in a file is a diagnostic, never an
 * error. A file that is named twice is looked at once.
 *
 * @throws UsageError when the file of `options.models` cannot be read.
 */
export async function lint(files: readonly string[], options: LintOptions): Promise<LintResult> {
  const catalogs = new Catalogs(options.cwd, options.models, options.readFile);
  return lintWith(files, options, (manifest) => catalogs.of(manifest));
}

/** The same, where the caller knows which catalog holds for a manifest. */
export async function lintWith(
  files: readonly string[],
  options: LintOptions,
  catalogOf: (manifest: Manifest) => Promise<CatalogInForce>,
): Promise<LintResult> {
  const read: { readonly manifest: Manifest; readonly inForce: CatalogInForce }[] = [];
  for (const file of distinct(files, options.cwd)) {
    const manifest = await readManifest(file, {
      cwd: options.cwd,
      ...(options.stdin === undefined ? {} : { stdin: options.stdin }),
      ...(options.readFile === undefined ? {} : { readFile: options.readFile }),
    });
    read.push({ manifest, inForce: await catalogOf(manifest) });
  }
  const facts = await options.media?.(mediaRequests(read.flatMap(({ manifest }) => manifest.versions)));
  const manifests: LintedManifest[] = [];
  const found = new FoundInFiles();
  for (const { manifest, inForce } of read) {
    const sources = inForce.source === undefined ? manifest.sources : [...manifest.sources, inForce.source];
    found.add(sources, [
      ...manifest.findings,
      ...inForce.findings,
      ...check(manifest, inForce, { needPrices: options.needPrices ?? false, facts: facts ?? new Map() }),
    ]);
    manifests.push({ manifest, catalog: inForce.catalog, requests: expandRequests(manifest) });
  }
  const diagnostics = found.sorted();
  return { diagnostics, summary: summarize(manifests, diagnostics), manifests, sources: found.texts };
}

export interface MediaLintResult extends Pick<LintResult, 'diagnostics' | 'summary' | 'sources'> {
  /** In manifest order. */
  readonly media: readonly ProbedMedium[];
}

/**
 * Checks the media of some requests of a manifest that has no errors, with the rules that `lint` leaves out where
 * nothing is probed.
 *
 * @throws what `probe` throws.
 */
export async function lintMedia(
  { manifest, catalog, requests: all }: LintedManifest,
  requests: readonly Request[],
  probe: MediaProbe,
): Promise<MediaLintResult> {
  const versions = versionsOf(manifest.versions, requests);
  const facts = await probe(mediaRequests(versions));
  const found = new FoundInFiles();
  const inForce = { catalog, uncertain: new Set<string>(), findings: [], source: undefined };
  const some = { ...manifest, versions };
  found.add(manifest.sources, check(some, inForce, { needPrices: false, facts, mediaOnly: true }));
  const diagnostics = found.sorted();
  const summary = {
    ...summarize([{ manifest, catalog, requests: all }], diagnostics),
    requests: requests.length,
  };
  return { diagnostics, summary, sources: found.texts, media: probedMedia(versions, facts) };
}

/** Each file once, as it was named first. */
function distinct(files: readonly string[], cwd: string): Iterable<string> {
  const named = new Map<string, string>();
  for (const file of files) {
    const place = file === '-' ? '-' : path.resolve(cwd, file);
    if (!named.has(place)) named.set(place, file);
  }
  return named.values();
}

function summarize(manifests: readonly LintedManifest[], diagnostics: readonly Diagnostic[]): LintSummary {
  const errors = diagnostics.filter(({ severity }) => severity === 'error').length;
  return {
    files: manifests.length,
    shots: sum(manifests, ({ manifest }) => manifest.shots),
    requests: sum(manifests, ({ requests }) => requests.length),
    errors,
    warnings: diagnostics.length - errors,
  };
}

interface CheckOptions extends Pick<RuleContext, 'needPrices' | 'facts'> {
  readonly mediaOnly?: boolean;
}

function check(
  manifest: Manifest,
  inForce: CatalogInForce,
  { needPrices, facts, mediaOnly = false }: CheckOptions,
): readonly Finding[] {
  const { catalog, uncertain } = inForce;
  const isUncertain = (model: string): boolean => uncertain === 'all' || uncertain.has(model);
  const subjects: readonly Subject[] = manifest.versions.map((version) => {
    const id = version.parameters.model?.value;
    return {
      version,
      model: id === undefined || isUncertain(id) ? undefined : catalog.get(id),
      verdict: judgeMode(version),
    };
  });
  const findings = new Findings();
  for (const rule of rules) {
    const isAboutMedia = rule.media !== undefined;
    if (isAboutMedia ? facts.size === 0 : mediaOnly) continue;
    rule.check({
      manifest,
      catalog,
      subjects,
      needPrices,
      facts,
      isUncertain,
      report: (problem, version) => findings.add(rule, problem, version),
    });
  }
  return findings.all();
}

/** Diagnostics of several manifests, which can share fragments and models files. */
class FoundInFiles {
  readonly texts = new Map<string, string>();
  readonly #order = new Map<string, number>();
  readonly #diagnostics = new Map<string, Diagnostic>();

  add(sources: Manifest['sources'], findings: readonly Finding[]): void {
    for (const { file, text } of sources) {
      this.texts.set(file, text);
      if (!this.#order.has(file)) this.#order.set(file, this.#order.size);
    }
    for (const finding of findings) {
      const diagnostic = locate(finding);
      // A shared file's own mistakes are found again with each manifest that uses it.
      const { rule, file, line, column, message, key } = diagnostic;
      this.#diagnostics.set(JSON.stringify([rule, file, line, column, message, key]), diagnostic);
    }
  }

  sorted(): readonly Diagnostic[] {
    const orderOf = ({ file }: Diagnostic): number => this.#order.get(file) ?? this.#order.size;
    return [...this.#diagnostics.values()].sort(
      (a, b) =>
        orderOf(a) - orderOf(b) ||
        a.line - b.line ||
        a.column - b.column ||
        compare(a.rule, b.rule) ||
        compare(a.message, b.message),
    );
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function sum<T>(items: readonly T[], of: (item: T) => number): number {
  return items.reduce((total, item) => total + of(item), 0);
}
