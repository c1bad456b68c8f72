/**
 * Messages in one language by what they are in English. What changes from message to message is a number in braces, in
 * the order of the English text: `{0} is {1}`; with a # behind it, only an amount fits: `{0#} shots`,
 * `for {0#}`; with a =, what stands there stays as it is.
 */
export type Messages = Readonly<Record<string, string>>;

/** A message with holes, ready to be recognised. */
interface Template {
  readonly pattern: RegExp;
  /** The longest fixed part: a text without it is not this message, which is sooner known than whether the pattern fits. */
  readonly needle: string;
  readonly translation: string;
  /** How much of it is fixed: of two that fit, the one that says more is meant. */
  readonly weight: number;
  readonly holes: readonly HoleKind[];
}

/**
 * What may stand in a hole: in quotes, what people or programs wrote, as it is; behind a colon, behind a sentence or in parentheses, anything;
 * right behind another hole, a message or nothing; before parentheses, a message of several sentences too, or a name; elsewhere, a message or a name, such as a key, a path or an amount.
 */
type HoleKind = 'quoted' | 'joined' | 'free' | 'named' | 'explained';

const hole = /\{\d+[#=]?\}/;
const holes = /\{\d+([#=]?)\}/g;

/** Texts that are remembered with what they are in the other language: a long list says the same things again and again. */
const remembered = 5000;

/** Finds the message that a text is, and says it in the other language. */
export class Phrasebook {
  readonly #whole = new Map<string, string>();
  readonly #nouns: ReadonlyMap<string, string>;
  /** By the first word, where a message begins with a fixed one; those that begin with a hole stand under nothing. */
  readonly #templates = new Map<string, Template[]>();
  readonly #said = new Map<string, string | null>();

  /** @param nouns words that are said within a message, and are codes where they stand alone. */
  constructor(messages: Messages, nouns: Messages = {}) {
    this.#nouns = new Map(Object.entries(nouns));
    for (const [english, translation] of Object.entries(messages)) {
      if (hole.test(english)) this.#add(newTemplate(english, translation), firstWord(english));
      else this.#whole.set(english, translation);
    }
    for (const templates of this.#templates.values()) templates.sort((a, b) => b.weight - a.weight);
  }

  #add(template: Template, first: string): void {
    const known = this.#templates.get(first);
    if (known === undefined) this.#templates.set(first, [template]);
    else known.push(template);
  }

  /** The text in the other language; null where no message is like it. */
  say(text: string): string | null {
    const known = this.#said.get(text);
    if (known !== undefined) return known;
    const said = /[A-Za-z]{2}/.test(text) ? this.#find(text) : null;
    if (this.#said.size >= remembered) this.#said.clear();
    this.#said.set(text, said);
    return said;
  }

  #find(text: string): string | null {
    return (
      this.#sayMessage(text) ??
      this.#sayWithin(text) ??
      this.#sayOf(text) ??
      this.#saySentences(text) ??
      // At the begin of a line, and behind another message, the same message is written differently.
      (/^[A-Z][a-z]* /.test(text) ? this.#find(text.charAt(0).toLowerCase() + text.slice(1)) : null)
    );
  }

  /** What is said of something with a name: `scenes/act-2.yaml does not exist`. */
  #sayOf(text: string): string | null {
    const [, subject, rest = ''] =
      /^((?:The [a-z]+ )?(?:`[^`]*`|[^\s,:]*[./][^\s,:]*)) ([a-z][\s\S]*)$/.exec(text) ?? [];
    const said = subject === undefined ? null : this.say(rest);
    return subject === undefined || said === null ? null : `${this.say(subject) ?? subject} ${said}`;
  }

  /** A message behind what joins it to the one before, or in parentheses. */
  #sayWithin(text: string): string | null {
    const [, joint, rest = ''] = /^([;,:.] )([\s\S]+)$/.exec(text) ?? [];
    if (joint !== undefined) {
      const said = this.say(rest);
      return said === null ? null : `${joints[joint]}${said}`;
    }
    const [, before, within = ''] = /^( ?\()([^()]+)\)$/.exec(text) ?? [];
    const said = before === undefined ? null : this.say(within);
    return said === null ? null : `（${said}）`;
  }

  #sayMessage(text: string): string | null {
    const whole = this.#whole.get(text);
    if (whole !== undefined) return whole;
    // Commands are copied: they begin a few messages, and are none.
    const isCommand = /^shotlist [a-z]/.test(text);
    const first = firstWord(text);
    const begun = this.#templates.get(first) ?? [];
    const others = first === '' || isCommand ? [] : (this.#templates.get('') ?? []);
    for (let i = 0, j = 0; i < begun.length || j < others.length; ) {
      const [a, b] = [begun[i], others[j]];
      const isBegun = b === undefined || (a !== undefined && a.weight >= b.weight);
      const template = isBegun ? a : b;
      if (isBegun) i += 1;
      else j += 1;
      const said = template === undefined ? null : this.#fill(template, text);
      if (said !== null) return said;
    }
    return null;
  }

  #fill({ pattern, needle, translation, holes }: Template, text: string): string | null {
    if (!text.includes(needle)) return null;
    const parts = pattern.exec(text)?.slice(1);
    if (parts === undefined) return null;
    const said: string[] = [];
    for (const [index, part] of parts.entries()) {
      const kind = holes[index];
      const words = kind === 'quoted' ? null : this.#sayPart(part, kind);
      if (words === null && kind === 'joined' && !/^(?: \([^()]*\))?$/.test(part)) return null;
      if (words === null && (kind === 'named' || kind === 'explained') && !isName(part, index === 0 ? 1 : 2))
        return null;
      said.push(words ?? part);
    }
    return translation.replace(/\{(\d+)[#=]?\}/g, (_, number: string) => said[Number(number)] ?? '');
  }

  #sayPart(part: string, kind: HoleKind | undefined): string | null {
    const known = this.#nouns.get(part) ?? this.#whole.get(part);
    if (known !== undefined) return known;
    // Several sentences are several messages, and no part of one.
    return kind === 'named' && sentences.test(part) ? null : this.say(part);
  }

  /** Several sentences, or a sentence and what follows a colon, are several messages. */
  #saySentences(text: string): string | null {
    const [, body = '', end = ''] = /^([\s\S]*[^.\s])([.:;,])$/.exec(text) ?? [];
    const ended = end === '' ? null : this.say(body);
    if (ended !== null) return `${ended}${ends[end] ?? end}`;
    for (const [separator, joined] of separators) {
      for (let at = text.indexOf(separator); at > 0; at = text.indexOf(separator, at + 1)) {
        const before = this.#sayMessage(text.slice(0, at)) ?? this.#sayMessage(text.slice(0, at + 1));
        if (before === null) continue;
        const rest = text.slice(at + separator.length);
        const said = this.say(rest);
        // Behind a colon stands what somebody else said, such as the provider.
        if (said === null && separator !== ': ' && !isName(rest)) continue;
        return `${before.replace(/[。：；，]$/, '')}${joined}${said ?? rest}`;
      }
    }
    return null;
  }
}

/** More than one sentence, or none but a sign. */
const sentences = /[.;:] |^[.,;:]$/;

/** How sentences are joined, and how that is written in Chinese. */
const joints: Readonly<Record<string, string>> = { '. ': '。', '; ': '；', ': ': '：', ', ': '，' };
const separators = Object.entries(joints);

const ends: Readonly<Record<string, string>> = { '.': '。', ':': '：', ';': '；', ',': '，' };

function newTemplate(english: string, translation: string): Template {
  const fixed = english.split(hole);
  const filled = [...english.matchAll(holes)];
  const parts = fixed.map(
    (part, index) => escapePattern(part) + patternOf(filled[index]?.[1], part === '' && index > 0),
  );
  return {
    pattern: new RegExp(`^${parts.join('')}$`),
    needle: fixed.reduce((longest, part) => (part.length > longest.length ? part : longest), ''),
    translation,
    // What closes at the end belongs to the outermost message, and not to what fills a hole of another.
    weight: fixed.reduce((sum, part) => sum + part.length, fixed.at(-1) === ')' ? 100 : 0),
    holes: filled.map(([, sign], index) => {
      const before = fixed[index] ?? '';
      if (sign === '=' || /[`'“"]$/.test(before)) return 'quoted';
      if (before === '' && index > 0) return 'joined';
      if (/(?:[:.] |\()$/.test(before)) return 'free';
      return fixed[index + 1]?.startsWith(' (') === true ? 'explained' : 'named';
    }),
  };
}

/** @param follows the hole stands right behind another: it is empty, or begins with a sign. */
function patternOf(figures: string | undefined, follows: boolean): string {
  if (figures === undefined) return '';
  if (figures === '#') return '([\\d.,]+(?: [A-Z]{3})?)';
  return follows ? '(|(?:[,;:.]| \\()[\\s\\S]*?)' : '([\\s\\S]*?)';
}

/**
 * A key, a path, an amount, something in quotes, or several of them: not the words of a sentence.
 *
 * @param most how many words it may have at the most, whatever they are.
 */
function isName(text: string, most = 1): boolean {
  if (/ {2}|[a-z0-9)]\.$|[:;,]$/.test(text) || sentences.test(text)) return false;
  const [, ...others] = text.replace(/`[^`]*`|'[^']*'|"[^"]*"|“[^”]*”/g, '`').split(' ');
  return others.length < most || others.every((word) => !/^[a-z]{3,}[,;.]?$/.test(word) || word === 'and');
}

/** Only a whole word tells: what a hole follows at once may be a part of one. */
function firstWord(text: string): string {
  return /^([^\s{]+)\s/.exec(text)?.[1] ?? '';
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
