import path from 'node:path';
import type { Catalog } from '../catalog/catalog.ts';
import { extendCatalog } from '../catalog/extend.ts';
import { shippedCatalog } from '../catalog/shipped.ts';
import { UsageError } from '../core/errors.ts';
import { Bounds } from '../manifest/bounds.ts';
import type { ReadBytes } from '../manifest/file-text.ts';
import type { Finding, Manifest, Origin, Source } from '../manifest/model.ts';
import { readBudget, type YamlReader } from '../manifest/read-budget.ts';
import type { FileName } from '../manifest/source.ts';
import { readSource } from '../manifest/source.ts';

/** The catalog that holds for a manifest. */
export interface CatalogInForce {
  readonly catalog: Catalog;
  /** Ids about which nothing can be said because of a mistake in the models file; `all` where it cannot be read. */
  readonly uncertain: ReadonlySet<string> | 'all';
  readonly findings: readonly Finding[];
  /** The models file, where there is one. */
  readonly source: Source | undefined;
}

const shipped: CatalogInForce = {
  catalog: shippedCatalog,
  uncertain: new Set(),
  findings: [],
  source: undefined,
};

/** Finds the catalog of each manifest of a call, reading every models file once. */
export class Catalogs {
  readonly #cwd: string;
  /** As given with the call; wins over what manifests name. */
  readonly #given: string | undefined;
  readonly #readFile: ReadBytes | undefined;
  readonly #yaml: YamlReader | undefined;
  readonly #read = new Map<string, Promise<CatalogInForce | Unreadable>>();

  constructor(cwd: string, given: string | undefined, readFile?: ReadBytes, yaml?: YamlReader) {
    this.#readFile = readFile;
    this.#yaml = yaml;
    this.#cwd = cwd;
    this.#given = given;
  }

  /** @throws UsageError when the file that was given with the call cannot be read. */
  async of(manifest: Manifest): Promise<CatalogInForce> {
    if (this.#given !== undefined) {
      const read = await this.#file(path.resolve(this.#cwd, this.#given), this.#given);
      if (!('reason' in read)) return read;
      throw new UsageError(`the models file ${this.#given} ${read.reason}`, { help: read.help });
    }
    if (manifest.models === null) return shipped;
    const { absolutePath, origin } = manifest.models;
    const refusal = await new Bounds(this.#cwd, manifest.source.absolutePath).refusal(absolutePath);
    if (refusal !== null) return notRead(origin, refusal.rule, refusal.message, refusal.help);
    const read = await this.#file(absolutePath, this.#shown(manifest, absolutePath), this.#readFile);
    if (!('reason' in read)) return read;
    return notRead(origin, read.rule, read.reason, read.help);
  }

  #file(absolutePath: string, file: string, readFile?: ReadBytes): Promise<CatalogInForce | Unreadable> {
    let read = this.#read.get(absolutePath);
    if (read === undefined) {
      read = readModels({ absolutePath, file }, readFile, this.#yaml);
      this.#read.set(absolutePath, read);
    }
    return read;
  }

  /** Names the file as the manifest was named: by an absolute path, or seen from the working directory. */
  #shown({ source }: Manifest, absolutePath: string): string {
    return path.isAbsolute(source.file) ? absolutePath : path.relative(this.#cwd, absolutePath);
  }
}

function notRead(origin: Origin, rule: string, reason: string, help: string): CatalogInForce {
  const finding: Finding = {
    ...{ rule, severity: 'error', message: `The models file ${reason}`, help, origin, mark: 'value' },
  };
  return { ...shipped, uncertain: 'all', findings: [finding] };
}

/** A file that could not be read at all, with the reason as a sentence without its subject. */
interface Unreadable {
  readonly rule: string;
  readonly reason: string;
  readonly help: string;
}

/** The shipped catalog, extended by a models file. */
export async function readModels(
  name: FileName,
  readFile?: ReadBytes | undefined,
  yaml?: YamlReader | undefined,
): Promise<CatalogInForce | Unreadable> {
  const { source, value, findings, unreadable } = await readSource(name, readBudget(yaml), readFile);
  if (unreadable !== null) {
    return { rule: unreadable.rule, reason: unreadable.message, help: unreadable.help };
  }
  if (value === undefined) return { ...shipped, uncertain: 'all', findings, source };
  const { catalog, problems, uncertain } = extendCatalog(shippedCatalog, value);
  const found = problems.map(
    ({ path: at, mark, message, help }): Finding => ({
      rule: modelsFileRule.id,
      severity: modelsFileRule.severity,
      message,
      help,
      origin: { source, path: at },
      mark,
    }),
  );
  return { catalog, uncertain, findings: [...findings, ...found], source };
}

/** The rule for everything that extending the catalog can find, for the documents. */
export const modelsFileRule = {
  id: 'models-file',
  severity: 'error',
  summary: 'A models file does not fit',
  why: 'A models file extends or overrides the limits that every other rule goes by. An entry with a mistake is left out, and nothing else is said about its model. The shape is published as schemas/models.schema.json.',
} as const;
