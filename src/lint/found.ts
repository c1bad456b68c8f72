import type { Diagnostic } from '../core/diagnostic.ts';
import { redactor } from '../core/redact.ts';
import { shotKeyOf } from '../core/request-key.ts';
import { locate } from '../manifest/locate.ts';
import type { Edit, Finding, FindingUser, Fix, Manifest, Source } from '../manifest/model.ts';
import { isSuppressible, knownRules } from './known-rules.ts';
import { yamlPortability } from './rules/yaml-portability.ts';
import { blackedOut } from './secrets.ts';
import type { Suppression } from './suppressions.ts';
import { readSuppressions, unusedFinding } from './suppressions.ts';

/** A diagnostic, and how it is mended where that is known. */
interface Placed {
  readonly diagnostic: Diagnostic;
  readonly fix: SourceFix | undefined;
}

/** Edits that mend a diagnostic, and the text that they are for. */
export interface SourceFix extends Fix {
  readonly source: Source;
}

/** Everything that was found in a call. */
export interface Found {
  readonly diagnostics: readonly Diagnostic[];
  readonly fixes: ReadonlyMap<Diagnostic, SourceFix>;
  /** Texts by `Diagnostic.file`, secrets blacked out. */
  readonly sources: ReadonlyMap<string, string>;
}

/**
 * Places what was found in several manifests, which can share fragments and models files, and leaves out what comments
 * suppress. What must not be shown is in nothing that comes out.
 */
export class FoundInFiles {
  readonly #files = new Map<string, FileFound>();
  readonly #secrets = new Set<string>();

  /** Adds findings. Those in prompt files, which have no comments, are suppressed in `manifest` as a whole. */
  add(manifest: Source, sources: Manifest['sources'], findings: readonly Finding[]): void {
    for (const source of sources) {
      if (this.#files.has(source.file)) continue;
      this.#files.set(source.file, new FileFound(source, this.#files.size));
    }
    for (const finding of findings) {
      const { source } = finding.origin;
      const file = this.#files.get(source.file) ?? new FileFound(source, this.#files.size);
      this.#files.set(source.file, file);
      const { secret } = finding;
      if (secret !== undefined && finding.range !== undefined) {
        this.#secrets.add(secret);
        file.blackOut(finding.range);
      }
      file.add(finding, source.root === null ? this.#files.get(manifest.file) : undefined);
    }
  }

  /** @param judged whether a rule was asked at all: one that was not cannot tell that its suppression is not needed. */
  finish(judged: (rule: string) => boolean): Found {
    const redact = redactor([...this.#secrets]);
    const clean = ({ diagnostic, fix }: Placed): Placed => {
      const { message, help } = diagnostic;
      const shown = { ...diagnostic, message: redact(message), help: help === null ? null : redact(help) };
      return { diagnostic: shown, fix };
    };
    const inOrder = [...this.#files.values()].sort((a, b) => a.order - b.order);
    // All of them first: what is found in one file can be suppressed in another.
    const shown = new Map(inOrder.map((file) => [file, file.shown()]));
    const placed = inOrder.flatMap((file) =>
      [...(shown.get(file) ?? []), ...file.unused(judged)].sort(byPosition),
    );
    const all = this.#secrets.size === 0 ? placed : placed.map(clean);
    return {
      diagnostics: all.map(({ diagnostic }) => diagnostic),
      fixes: new Map(all.flatMap(({ diagnostic, fix }) => (fix === undefined ? [] : [[diagnostic, fix]]))),
      sources: new Map(inOrder.map((file) => [file.source.file, file.text()])),
    };
  }
}

/** The findings of one file. */
class FileFound {
  readonly source: Source;
  readonly order: number;
  readonly #placed = new Map<string, Collected>();
  readonly #secrets: Pick<Edit, 'start' | 'end'>[] = [];
  readonly #ofFile = new Map<string, Suppression['rules'][number][]>();
  readonly #ofLine = new Map<number, Suppression[]>();
  readonly #used = new Set<Suppression['rules'][number]>();
  readonly #all: readonly Suppression[];

  constructor(source: Source, order: number) {
    this.source = source;
    this.order = order;
    const { suppressions, findings } = readSuppressions(source, suppressible);
    this.#all = suppressions;
    for (const suppression of suppressions) {
      if (suppression.line === undefined) {
        for (const rule of suppression.rules) append(this.#ofFile, rule.id, rule);
      } else {
        append(this.#ofLine, suppression.line, suppression);
      }
    }
    for (const finding of findings) this.add(finding, undefined);
  }

  add(finding: Finding, alsoIn: FileFound | undefined): void {
    const diagnostic = locate(finding);
    // A shared file's own mistakes are found again with each manifest that uses it, and what an alias stands for with
    // each of its uses.
    const { rule, severity, line, column, endLine, endColumn, message } = diagnostic;
    const place = JSON.stringify([rule, severity, line, column, endLine, endColumn, message]);
    const fix = finding.fix === undefined ? undefined : { ...finding.fix, source: this.source };
    const users = this.#placed.get(place)?.users ?? new Map<string, string>();
    this.#placed.set(place, { diagnostic, fix, alsoIn, users });
    for (const { key, shot } of finding.users ?? userOf(diagnostic)) users.set(key, shot);
  }

  blackOut(range: Pick<Edit, 'start' | 'end'>): void {
    this.#secrets.push(range);
  }

  /** Findings that no comment suppresses. */
  shown(): readonly Placed[] {
    const all = [...this.#placed.values()].map(withNames);
    const errors = new Set(
      all.flatMap(({ diagnostic }) => (diagnostic.severity === 'error' ? [placeOf(diagnostic)] : [])),
    );
    return all.filter(({ diagnostic, alsoIn }) => {
      // A value that is wrong as it stands needs another one, however it is written.
      if (diagnostic.rule === yamlPortability.id && errors.has(placeOf(diagnostic))) return false;
      return !this.#suppresses(diagnostic) && alsoIn?.suppressesInFile(diagnostic.rule) !== true;
    });
  }

  suppressesInFile(rule: string): boolean {
    const rules = this.#ofFile.get(rule) ?? [];
    for (const each of rules) this.#used.add(each);
    return rules.length > 0;
  }

  /** Findings about comments that suppress nothing, once everything that was found has been looked at. */
  unused(judged: (rule: string) => boolean): readonly Placed[] {
    return this.#all
      .flatMap(({ bad, rules }) => (bad ? [] : rules))
      .filter((rule) => judged(rule.id) && !this.#used.has(rule))
      .map((rule) => ({ diagnostic: locate(unusedFinding(this.source, rule)), fix: undefined }));
  }

  /** The text with its secrets blacked out; every other place stays where it is. */
  text(): string {
    return blackedOut(this.source.text, this.#secrets);
  }

  #suppresses({ rule, line }: Diagnostic): boolean {
    const inFile = this.suppressesInFile(rule);
    const rules = (this.#ofLine.get(line) ?? []).flatMap((each) =>
      each.rules.filter(({ id }) => id === rule),
    );
    for (const each of rules) this.#used.add(each);
    return inFile || rules.length > 0;
  }
}

/** A finding at one place, and the requests or shots that it is about. */
interface Collected extends Placed {
  /** The manifest in which it may be suppressed besides. */
  readonly alsoIn: FileFound | undefined;
  /** Shots by key. */
  readonly users: Map<string, string>;
}

function userOf({ key }: Diagnostic): readonly FindingUser[] {
  return key === null ? [] : [{ key, shot: shotKeyOf(key) }];
}

/** Names the request or the shot that a finding is about; of several shots the first, and how many more. */
function withNames(found: Collected): Collected {
  const { diagnostic, users } = found;
  const [key = null, ...otherKeys] = users.keys();
  const [shot = null, ...otherShots] = new Set(users.values());
  if (otherShots.length > 0) {
    const message = `${diagnostic.message} (${shot} and ${otherShots.length} more)`;
    return { ...found, diagnostic: { ...diagnostic, message, key: null } };
  }
  return { ...found, diagnostic: { ...diagnostic, key: otherKeys.length > 0 ? shot : key } };
}

const suppressible = {
  isSuppressible(id: string): boolean | undefined {
    const rule = knownRules.get(id);
    return rule === undefined ? undefined : isSuppressible(rule);
  },
  ids: () => knownRules.keys(),
};

function append<Key, Item>(lists: Map<Key, Item[]>, key: Key, item: Item): void {
  const list = lists.get(key);
  if (list === undefined) lists.set(key, [item]);
  else list.push(item);
}

function placeOf({ line, column }: Diagnostic): string {
  return `${line}:${column}`;
}

function byPosition({ diagnostic: a }: Placed, { diagnostic: b }: Placed): number {
  return a.line - b.line || a.column - b.column || compare(a.rule, b.rule) || compare(a.message, b.message);
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
