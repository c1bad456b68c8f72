import { createHash } from 'node:crypto';
import { UsageError } from '../core/errors.ts';
import { nearest } from '../core/suggest.ts';

/** The parts of a name. */
export interface NameSubject {
  readonly key: string;
  readonly project: string;
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
}

/** Gives the name of a version (from 1) of a subject's clip: relative, with `/`, without an extension. */
export type NameClip = (subject: NameSubject, version: number) => string;

/** `sc010_sh0030_tall_t02_v001` */
export const defaultNameTemplate = '{scene}_{shot}_{variant}_{take}_{version}';

const placeholders = ['project', 'scene', 'shot', 'variant', 'take', 'model', 'version'] as const;
type Placeholder = (typeof placeholders)[number];
type Token = { readonly text: string } | { readonly name: Placeholder };

/**
 * Reads a template of names: text with `{scene}`, `{shot}`, `{variant}`, `{take}` (`t02`; empty for the first take),
 * `{project}`, `{model}` and `{version}` (`v001`); `/` begins a folder. Parts that are empty drop with the separator
 * before them. Without `{version}`, versions from the second on get `_v002` at the end.
 *
 * @throws UsageError for an unknown placeholder, or a template that could lead out of the folder.
 */
export function parseNameTemplate(template: string): readonly (readonly Token[])[] {
  const wrong = (what: string): UsageError =>
    new UsageError(`the name template '${template}' ${what}`, {
      help: `use ${placeholders.map((name) => `{${name}}`).join(' ')}, text, and / for folders`,
    });
  if (/[\\:*?"<>|\p{Cc}]/u.test(template)) throw wrong('holds a character that no file name may have');
  const segments = template.split('/').map((segment) => tokensOf(segment, wrong));
  if (template.split('/').some((segment) => /^\.*\s*$/.test(segment)))
    throw wrong('has a folder without a name');
  const names = segments.flat().flatMap((token) => ('name' in token ? [token.name] : []));
  if (!names.includes('shot')) throw wrong('does not name the {shot}, so all clips would have one name');
  return segments;
}

function tokensOf(segment: string, wrong: (what: string) => UsageError): readonly Token[] {
  return [...segment.matchAll(/\{([^{}]*)\}|[^{}]+|[{}]/g)].map(([text, name]) => {
    if (name === undefined) {
      if (text === '{' || text === '}') throw wrong('has a brace without its partner');
      return { text };
    }
    const known = placeholders.find((each) => each === name);
    if (known !== undefined) return { name: known };
    const near = nearest(name, placeholders);
    throw wrong(`has no value for {${name}}${near === undefined ? '' : `; did you mean {${near}}?`}`);
  });
}

/**
 * Names for clips, safe on every file system and distinct also where case is not: subjects whose keys would meet in one
 * name get a short hash of the key.
 *
 * @param subjects everything that is going to be named.
 * @throws UsageError as `parseNameTemplate` does.
 */
export function clipNames(subjects: Iterable<NameSubject>, template: string): NameClip {
  const names = new ClipNames(template);
  for (const subject of subjects) names.add(subject);
  return (subject, version) => names.nameOf(subject, version);
}

/** The same, for subjects that become known one after the other. */
export class ClipNames {
  readonly #segments: readonly (readonly Token[])[];
  /** The keys of each name, of which there is one nearly always. */
  readonly #keys = new Map<string, string | Set<string>>();

  constructor(template: string) {
    this.#segments = parseNameTemplate(template);
  }

  add(subject: NameSubject): void {
    const name = this.#folded(subject);
    const known = this.#keys.get(name);
    if (known === undefined) this.#keys.set(name, subject.key);
    else if (typeof known !== 'string') known.add(subject.key);
    else if (known !== subject.key) this.#keys.set(name, new Set([known, subject.key]));
  }

  nameOf(subject: NameSubject, version: number): string {
    const keys = this.#keys.get(this.#folded(subject));
    const meets = keys !== undefined && typeof keys !== 'string';
    return render(this.#segments, subject, version, meets ? hash(subject.key) : null);
  }

  #folded(subject: NameSubject): string {
    return folded(render(this.#segments, subject, 1, null));
  }
}

/** Equal for names that meet on some disk. */
function folded(name: string): string {
  return name.normalize('NFC').toLowerCase();
}

function render(
  segments: readonly (readonly Token[])[],
  subject: NameSubject,
  version: number,
  distinction: string | null,
): string {
  const number = `v${String(version).padStart(3, '0')}`;
  const marks = (parts: readonly (string | null)[]): string =>
    parts.filter((part) => part !== null).join('_');
  const values: Readonly<Record<Placeholder, string>> = {
    project: subject.project,
    scene: subject.scene ?? '',
    shot: subject.shot,
    variant: subject.variant ?? '',
    take: subject.take === 1 ? '' : `t${String(subject.take).padStart(2, '0')}`,
    model: subject.model,
    version: marks([distinction, number]),
  };
  const names = segments.map((tokens) => fill(tokens, values)).filter((name) => name !== '');
  if (segments.flat().some((token) => 'name' in token && token.name === 'version')) {
    return names.map(safeName).join('/');
  }
  const suffix = marks([distinction, version === 1 ? null : number]);
  const last = names.length - 1;
  return names.map((name, i) => safeName(i === last && suffix !== '' ? `${name}_${suffix}` : name)).join('/');
}

/** Text with its values. What separates an empty value from what is before it, or first from what follows, is dropped. */
function fill(tokens: readonly Token[], values: Readonly<Record<Placeholder, string>>): string {
  const isSeparator = (text: string): boolean => /^[-_. ]+$/.test(text);
  const parts: string[] = [];
  let dropNext = false;
  for (const token of tokens) {
    if ('text' in token) {
      if (!(dropNext && isSeparator(token.text))) parts.push(token.text);
      dropNext = false;
    } else if (values[token.name] !== '') {
      parts.push(values[token.name]);
      dropNext = false;
    } else if (parts.length > 0 && isSeparator(parts.at(-1) ?? '')) {
      parts.pop();
      dropNext = parts.length === 0;
    } else {
      dropNext = true;
    }
  }
  return parts.join('');
}

/** Bytes of the longest name: with room for an extension below the 255 that file systems take. */
const longestName = 220;

/** A name that Windows, macOS and Linux all take, and that stays in its folder. */
function safeName(name: string): string {
  const plain = name
    .normalize('NFC')
    .replace(/[\\/:*?"<>|\p{Cc}\p{Cs}]/gu, '-')
    .replace(/^\.+/, '_')
    .replace(/[. ]+$/, '');
  // Windows takes these for devices, whatever follows the first dot.
  const free = /^(con|prn|aux|nul|com[0-9¹²³]|lpt[0-9¹²³])(\.|$)/i.test(plain) ? `_${plain}` : plain || '_';
  if (Buffer.byteLength(free) <= longestName) return free;
  const characters = [...free];
  let head = '';
  for (const character of characters) {
    if (Buffer.byteLength(head + character) > longestName - 40) break;
    head += character;
  }
  // The end tells takes and versions apart.
  let tail = '';
  for (const character of characters.slice(-16).reverse()) {
    if (Buffer.byteLength(character + tail) > 30) break;
    tail = character + tail;
  }
  return `${head}_${hash(free.slice(0, -16))}${tail}`;
}

function hash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 6);
}
