import { isJsonObject } from '../core/canonical-json.ts';
import { nearest } from '../core/suggest.ts';
import { locate } from '../manifest/locate.ts';
import type { Path, Source } from '../manifest/model.ts';
import { readSource } from '../manifest/source.ts';
import { headerForm } from './aliases.ts';
import { otherTargets, shotKeys } from './keys.ts';
import { parseNumbering } from './numbering.ts';
import { TableError, type TableProblem } from './problem.ts';
import { parseSplit, parseTemplate, type Split, type Template } from './templates.ts';

/** Everything that a mapping file says beyond what header names say. */
export interface Mapping {
  /** The target of each column, by the form of its header. */
  readonly columns: ReadonlyMap<
    string,
    /** The line in the mapping file; null where the command line says so. */
    { readonly header: string; readonly target: string; readonly line: number | null }
  >;
  /** Keys whose values are built from several columns. */
  readonly templates: ReadonlyMap<string, Template>;
  /** By key, what its values stand for: in lower case, as `translated` compares them. */
  readonly translations: ReadonlyMap<string, ReadonlyMap<string, string>>;
  /** Columns whose cells are taken apart, by the form of their header. */
  readonly splits: ReadonlyMap<
    string,
    { readonly header: string; readonly split: Split; readonly line: number }
  >;
  /** Values that every row has, of keys that the table says nothing of. */
  readonly constants: ReadonlyMap<string, string>;
  /** Values of new shots, of keys that neither the table nor what they inherit says anything of. */
  readonly defaults: ReadonlyMap<string, string>;
  /** Forms of headers whose empty cells mean the cell above, as in merged cells. */
  readonly fillDown: ReadonlyMap<string, { readonly header: string; readonly line: number }>;
  readonly fps: number | null;
  readonly project: string | null;
  /** The numbering of shots in a table without ids: `sh{0010}`. */
  readonly number: string | null;
  /** The sheet of a workbook that is read. */
  readonly sheet: string | null;
  readonly file: string;
}

export const noMapping: Mapping = {
  columns: new Map(),
  templates: new Map(),
  translations: new Map(),
  splits: new Map(),
  constants: new Map(),
  defaults: new Map(),
  fillDown: new Map(),
  fps: null,
  project: null,
  number: null,
  sheet: null,
  file: '',
};

/** A mapping that leaves out some columns, too. */
export function withoutColumns(mapping: Mapping, headers: readonly string[]): Mapping {
  const ignored = headers.map(
    (header) => [headerForm(header), { header, target: 'ignore', line: null }] as const,
  );
  return { ...mapping, columns: new Map([...mapping.columns, ...ignored]) };
}

const mappingKeys = [
  'columns',
  'values',
  'split',
  'constants',
  'defaults',
  'fillDown',
  'fps',
  'project',
  'number',
  'sheet',
];
const targets: readonly string[] = [...otherTargets, ...shotKeys];
const constantKeys: readonly string[] = shotKeys.filter((key) => key !== 'promptFile');

function isTarget(name: string): boolean {
  return targets.includes(name) || /^x-./.test(name);
}

/**
 * Reads a mapping file.
 *
 * @throws TableError for what is wrong in it, all places at once.
 */
export async function readMapping(file: string, absolutePath: string): Promise<Mapping> {
  const { source, value, findings, unreadable } = await readSource({ file, absolutePath });
  if (unreadable !== null) {
    throw new TableError([{ subject: file, message: unreadable.message, help: unreadable.help }]);
  }
  const problems: TableProblem[] = findings.map((finding) => {
    const { message, help, line } = locate(finding);
    return { subject: `${file}, line ${line}:`, message, help: help ?? '' };
  });
  if (problems.length > 0) throw new TableError(problems);
  const checker = new Checker(source);
  const mapping = checker.mapping(value, file);
  if (checker.problems.length > 0) throw new TableError(checker.problems);
  return mapping;
}

class Checker {
  readonly problems: TableProblem[] = [];
  readonly #source: Source;

  constructor(source: Source) {
    this.#source = source;
  }

  mapping(value: unknown, file: string): Mapping {
    const map = this.#map(value, [], 'A mapping');
    for (const key of Object.keys(map)) {
      if (!mappingKeys.includes(key) && !key.startsWith('x-')) this.#unknown([key], key, mappingKeys);
    }
    const { fps = null, project = null, sheet = null } = map;
    if (fps !== null && !(typeof fps === 'number' && fps > 0 && fps <= 1000)) {
      this.#wrong(['fps'], '`fps` is a number of frames in a second', 'For example `fps: 24`');
    }
    if (project !== null && !(typeof project === 'string' && /^[a-z0-9][a-z0-9_-]{0,63}$/.test(project))) {
      this.#wrong(
        ['project'],
        'This is no project name: lower-case letters, digits, `_` and `-`, at most 64',
        'For example `project: neon-alley`',
      );
    }
    if (sheet !== null && typeof sheet !== 'string') {
      this.#wrong(['sheet'], '`sheet` is the name of a sheet', 'For example `sheet: "Shots"`');
    }
    const { templates, translations } = this.#values(map['values']);
    return {
      file,
      columns: this.#columns(map['columns']),
      templates,
      translations,
      splits: this.#splits(map['split']),
      constants: this.#constants(map['constants'], 'constants'),
      defaults: this.#constants(map['defaults'], 'defaults'),
      number: this.#number(map['number']),
      sheet: sheet as string | null,
      fillDown: this.#fillDown(map['fillDown']),
      fps: fps as number | null,
      project: project as string | null,
    };
  }

  #columns(value: unknown): Mapping['columns'] {
    const columns = new Map<string, { header: string; target: string; line: number | null }>();
    for (const [header, target] of Object.entries(this.#map(value, ['columns'], '`columns`'))) {
      const path = ['columns', header];
      if (typeof target !== 'string') {
        this.#wrong(path, 'A column becomes a key of a shot', `For example \`${header}: prompt\``);
      } else if (!isTarget(target) && isTarget(header)) {
        this.#wrong(
          path,
          `\`${target}\` is nothing that a column can be`,
          `The header comes first: \`${target}: ${header}\``,
        );
      } else if (!isTarget(target)) {
        this.#unknown(path, target, targets);
      } else {
        columns.set(headerForm(header), { header, target, line: this.#line(path) });
      }
    }
    return columns;
  }

  /** Reads how values are built, and what they stand for. */
  #values(value: unknown): Pick<Mapping, 'templates' | 'translations'> {
    const templates = new Map<string, Template>();
    const translations = new Map<string, ReadonlyMap<string, string>>();
    for (const [key, how] of Object.entries(this.#map(value, ['values'], '`values`'))) {
      const path = ['values', key];
      if (!isTarget(key) || key === 'ignore') {
        this.#unknown(path, key, targets);
        continue;
      }
      const { from, translate } =
        typeof how === 'string'
          ? { from: how, translate: undefined }
          : isJsonObject(how) && ('from' in how || 'translate' in how)
            ? how
            : { from: undefined, translate: how };
      const template = typeof from === 'string' ? parseTemplate(from) : undefined;
      if (template !== undefined) templates.set(key, template);
      else if (from !== undefined) {
        this.#wrong(
          path,
          'This names no column',
          `A column stands in braces: ${key}: "{Shot Size}, {Action}"`,
        );
      }
      if (translate === undefined) continue;
      const words = this.#translation(path, translate);
      if (words !== undefined) translations.set(key, words);
    }
    return { templates, translations };
  }

  #translation(path: Path, value: unknown): ReadonlyMap<string, string> | undefined {
    const isScalar = (each: unknown): boolean => ['string', 'number', 'boolean'].includes(typeof each);
    if (!isJsonObject(value) || !Object.values(value).every(isScalar)) {
      this.#wrong(
        path,
        'A value is built from columns, or translated word by word',
        'For example `prompt: "{Shot Size}, {Action}"`, or `model: { fast: videos_stable_fast }`',
      );
      return undefined;
    }
    return new Map(Object.entries(value).map(([word, meant]) => [word.trim().toLowerCase(), String(meant)]));
  }

  #splits(value: unknown): Mapping['splits'] {
    const splits = new Map<string, { header: string; split: Split; line: number }>();
    for (const [header, how] of Object.entries(this.#map(value, ['split'], '`split`'))) {
      const path = ['split', header];
      const split = typeof how === 'string' ? parseSplit(how) : undefined;
      if (split === undefined) {
        this.#wrong(path, 'This names no parts', `For example \`${header}: "{scene}_{shot}"\``);
        continue;
      }
      for (const target of split.targets) if (!isTarget(target)) this.#unknown(path, target, targets);
      splits.set(headerForm(header), { header, split, line: this.#line(path) });
    }
    return splits;
  }

  #number(value: unknown): string | null {
    if (value === undefined || value === null) return null;
    if (typeof value === 'string' && parseNumbering(value) !== undefined) return value;
    this.#wrong(
      ['number'],
      'This says no numbering: a number in braces, with what stands before and behind it',
      'For example `number: "sh{0010}"`: sh0010, sh0020, …',
    );
    return null;
  }

  #constants(value: unknown, section: 'constants' | 'defaults'): Mapping['constants'] {
    const constants = new Map<string, string>();
    for (const [key, constant] of Object.entries(this.#map(value, [section], `\`${section}\``))) {
      if (!constantKeys.includes(key) && !/^x-./.test(key)) {
        this.#unknown([section, key], key, constantKeys);
      } else if (Array.isArray(constant) && constant.every((item) => typeof item === 'string')) {
        constants.set(key, JSON.stringify(constant));
      } else if (constant === null || typeof constant === 'object') {
        this.#wrong(
          [section, key],
          'A constant is what a cell could hold: text, a number, true or false, or a list of texts',
          `For example \`${key}: …\``,
        );
      } else {
        constants.set(key, String(constant));
      }
    }
    return constants;
  }

  #fillDown(value: unknown): Mapping['fillDown'] {
    if (value === undefined) return new Map();
    if (!Array.isArray(value) || value.some((item) => typeof item !== 'string')) {
      this.#wrong(['fillDown'], '`fillDown` is a list of columns', 'For example `fillDown: [Scene]`');
      return new Map();
    }
    return new Map(
      value.map((header, index) => [
        headerForm(String(header)),
        { header: String(header), line: this.#line(['fillDown', index]) },
      ]),
    );
  }

  #map(value: unknown, path: Path, what: string): Readonly<Record<string, unknown>> {
    if (value === undefined) return {};
    if (isJsonObject(value)) {
      return value as Readonly<Record<string, unknown>>;
    }
    this.#wrong(path, `${what} is a map`, 'Write `name: value` lines; docs/spreadsheets.md has an example');
    return {};
  }

  #unknown(path: Path, name: string, known: readonly string[]): void {
    const near = nearest(name, known);
    this.#wrong(
      path,
      `\`${name}\` is not known here`,
      near === undefined
        ? `It can be one of ${known.join(', ')}${known === mappingKeys ? '' : ', or x- and a name of your own'}`
        : `Did you mean \`${near}\`?`,
    );
  }

  #wrong(path: Path, message: string, help: string): void {
    this.problems.push({ subject: `${this.#source.file}, line ${this.#line(path)}:`, message, help });
  }

  #line(path: Path): number {
    const origin = { source: this.#source, path };
    return locate({ rule: 'mapping', severity: 'error', message: '', origin, mark: 'key' }).line;
  }
}
