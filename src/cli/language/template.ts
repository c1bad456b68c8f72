/**
 * Messages in one language by what they are in English. What changes from message to message is a number in braces, in
 * the order of the English text: `{0} is {1}`; with a # behind it, only figures fit: `{0#} shots`.
 */
export type Messages = Readonly<Record<string, string>>;

/** A message with holes, ready to be recognised. */
interface Template {
  readonly pattern: RegExp;
  readonly translation: string;
  /** How much of it is fixed: of two that fit, the one that says more is meant. */
  readonly weight: number;
}

const hole = /\{\d+#?\}/;
const holes = /\{\d+(#?)\}/g;

/** Finds the message that a text is, and says it in the other language. */
export class Phrasebook {
  readonly #whole = new Map<string, string>();
  /** By the first word, where a message begins with a fixed one; those that begin with a hole stand under nothing. */
  readonly #templates = new Map<string, Template[]>();

  constructor(messages: Messages) {
    for (const [english, translation] of Object.entries(messages)) {
      if (!hole.test(english)) this.#whole.set(english, translation);
      else this.#add(english, translation);
    }
    for (const templates of this.#templates.values()) templates.sort((a, b) => b.weight - a.weight);
  }

  #add(english: string, translation: string): void {
    const fixed = english.split(hole);
    const filled = [...english.matchAll(holes)].map(([, figures]) =>
      figures === '' ? '([\\s\\S]*?)' : '([\\d.,]+)',
    );
    const parts = fixed.map((part, index) => escapePattern(part) + (filled[index] ?? ''));
    const pattern = new RegExp(`^${parts.join('')}$`);
    const weight = fixed.reduce((sum, part) => sum + part.length, 0);
    const first = firstWord(fixed[0] ?? '');
    this.#templates.set(first, [...(this.#templates.get(first) ?? []), { pattern, translation, weight }]);
  }

  /** The text in the other language; null where no message is like it. */
  say(text: string): string | null {
    return this.#sayWhole(text) ?? this.#saySentences(text);
  }

  #sayWhole(text: string): string | null {
    const whole = this.#whole.get(text);
    if (whole !== undefined) return whole;
    const first = firstWord(text);
    const candidates = [
      ...(this.#templates.get(first) ?? []),
      ...(first === '' ? [] : (this.#templates.get('') ?? [])),
    ];
    for (const { pattern, translation } of candidates) {
      const found = pattern.exec(text);
      if (found === null) continue;
      const parts = found.slice(1).map((part) => this.#sayPart(part));
      return translation.replace(/\{(\d+)\}/g, (_, number: string) => parts[Number(number)] ?? '');
    }
    return null;
  }

  /** What fills a hole may be a message, too: `3 shots`. What people wrote stands in quotes, and stays. */
  #sayPart(part: string): string {
    if (!/[A-Za-z]{2}/.test(part)) return part;
    return this.say(part) ?? part;
  }

  /** Several sentences, or a sentence and what follows a colon, are several messages. */
  #saySentences(text: string): string | null {
    for (const [separator, joined] of separators) {
      for (let at = text.indexOf(separator); at > 0; at = text.indexOf(separator, at + 1)) {
        const before = this.#sayWhole(text.slice(0, at)) ?? this.#sayWhole(text.slice(0, at + 1));
        if (before === null) continue;
        const rest = text.slice(at + separator.length);
        return `${before.replace(/[。：；]$/, '')}${joined}${this.say(rest) ?? rest}`;
      }
    }
    if (!/[.:]$/.test(text)) return null;
    const without = this.#sayWhole(text.slice(0, -1));
    return without === null ? null : `${without}${text.endsWith('.') ? '。' : '：'}`;
  }
}

/** How sentences are joined, and how that is written in Chinese. */
const separators = [
  ['. ', '。'],
  ['; ', '；'],
  [': ', '：'],
  [' (', '（'],
  [', ', '，'],
] as const;

/** Only a whole word tells: what a hole follows at once may be a part of one. */
function firstWord(text: string): string {
  return /^([^\s{]+)\s/.exec(text)?.[1] ?? '';
}

function escapePattern(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
