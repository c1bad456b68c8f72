import type { Json, JsonObject } from '../core/canonical-json.ts';
import { nearest } from '../core/suggest.ts';
import { InnerOrigin } from './inner-origin.ts';
import { limits } from './limits.ts';
import type { Finding, Origin } from './model.ts';
import type { Named, NamedItem, Names, Namespace } from './names.ts';
import type { Problem } from './problem.ts';
import { findingAt } from './problem.ts';

/** `$${`, which is a literal `${`, or anything that looks like a reference. */
const tokens = /\$\$\{|\$\{[^}\n]*\}?/g;
/** Wrong references of one text that are reported; more of them say nothing new. */
const mistakesShown = 20;
const reference = /^\$\{(vars|assets)\.([^\s{}$]+)\}$/;

/**
 * Puts named values in the place of references, in one pass: what is put in is not read again. Mistakes are reported
 * once each, at the token.
 */
export class Interpolation {
  readonly #names: Names;
  readonly #report: (finding: Finding) => void;
  #expanded = 0;
  #saidTooLong = false;

  constructor(names: Names, report: (finding: Finding) => void) {
    this.#names = names;
    this.#report = report;
  }

  /** The text with its references replaced; undefined where one is wrong, which has been reported. */
  text(text: string, origin: Origin, key?: string): string | undefined {
    if (!text.includes('${')) return text;
    let wrong = 0;
    let length = text.length;
    const result = text.replace(tokens, (token, at: number) => {
      if (token === '$${') return '${';
      const named = wrong < mistakesShown ? this.#find(token, { text, at, origin, key }) : undefined;
      if (named === undefined) {
        wrong += 1;
        return '';
      }
      const value = named.items[0]?.text ?? '';
      length += value.length;
      return length > limits.textLength ? '' : value;
    });
    if (wrong > 0) return undefined;
    this.#expanded += length;
    if (length > limits.textLength || this.#expanded > limits.expandedLength) {
      this.#tooLong(origin, key);
      return undefined;
    }
    return result;
  }

  /** A text that takes the origin of what it stands for where it is exactly one reference to a single value. */
  media(text: string, origin: Origin, key?: string): NamedItem | undefined {
    const whole = this.#whole(text);
    if (whole !== undefined && !whole.list) return whole.items[0];
    const value = this.text(text, origin, key);
    return value === undefined ? undefined : { text: value, origin };
  }

  /** The items of a list, with the items of lists that are referred to in their place. Undefined where one is wrong. */
  list(
    items: readonly string[],
    origin: Origin,
    key?: string,
  ): readonly (NamedItem & { readonly stated: Origin })[] | undefined {
    let wrong = false;
    const result: (NamedItem & { readonly stated: Origin })[] = [];
    for (const [index, item] of items.entries()) {
      const stated = new InnerOrigin(origin, index);
      const whole = this.#whole(item);
      if (whole !== undefined) {
        for (const each of whole.items) result.push({ ...each, stated });
        continue;
      }
      const text = this.text(item, stated, key);
      if (text === undefined) wrong = true;
      else result.push({ text, origin: stated, stated });
    }
    return wrong ? undefined : result;
  }

  /** Any data, each string in it interpolated; keys are left as they are. Undefined where one is wrong. */
  json(value: Json, origin: Origin, key?: string): Json | undefined {
    if (typeof value === 'string') return this.text(value, origin, key);
    if (value === null || typeof value !== 'object') return value;
    return Array.isArray(value)
      ? this.#jsonList(value, origin, key)
      : this.#jsonMap(value as JsonObject, origin, key);
  }

  #jsonList(value: readonly Json[], origin: Origin, key: string | undefined): Json | undefined {
    let wrong = false;
    const list: Json[] = [];
    for (const [index, item] of value.entries()) {
      const whole = typeof item === 'string' ? this.#whole(item) : undefined;
      if (whole !== undefined) {
        for (const { text } of whole.items) list.push(text);
        continue;
      }
      const at = new InnerOrigin(origin, index);
      const result = this.json(item, at, key);
      if (result === undefined) wrong = true;
      else list.push(result);
    }
    return wrong ? undefined : list;
  }

  #jsonMap(value: JsonObject, origin: Origin, key: string | undefined): Json | undefined {
    let wrong = false;
    const map: Record<string, Json> = {};
    for (const [name, item] of Object.entries(value)) {
      const result = this.json(item, new InnerOrigin(origin, name), key);
      if (result === undefined) wrong = true;
      else map[name] = result;
    }
    return wrong ? undefined : map;
  }

  /** The value of a text that is exactly one known reference. */
  #whole(text: string): Named | undefined {
    const match = text.startsWith('${') ? reference.exec(text) : null;
    return match === null ? undefined : this.#names[match[1] as Namespace].get(match[2] ?? '');
  }

  /** The single value that a token inside a text stands for; undefined where it has none, which has been reported. */
  #find(token: string, place: Place): Named | undefined {
    const match = reference.exec(token);
    if (match === null) {
      this.#token(place, token, malformed(token, this.#names));
      return undefined;
    }
    const space = match[1] as Namespace;
    const name = match[2] ?? '';
    const named = this.#names[space].get(name);
    if (named === undefined && this.#names.complete && !this.#names.broken[space].has(name)) {
      this.#token(place, token, unknown(space, name, this.#names));
    }
    if (named?.list !== true) return named;
    this.#token(place, token, listInText(token));
    return undefined;
  }

  #token({ text, at, origin, key }: Place, token: string, problem: Problem): void {
    let occurrence = 0;
    for (let met = text.indexOf(token); met !== -1 && met < at; met = text.indexOf(token, met + 1))
      occurrence += 1;
    this.#report(
      findingAt(origin, 'value', problem, {
        token: { text: token, occurrence },
        ...(key === undefined ? {} : { key }),
      }),
    );
  }

  #tooLong(origin: Origin, key: string | undefined): void {
    // Once everything together is too long, each further text would be reported as well.
    if (this.#saidTooLong) return;
    this.#saidTooLong = true;
    const problem = {
      rule: 'text-too-long',
      message: 'With its references put in, this text grows beyond all measure',
      help: 'Shorten the values that it refers to',
    } as const;
    this.#report(findingAt(origin, 'value', problem, key === undefined ? {} : { key }));
  }
}

interface Place {
  readonly text: string;
  readonly at: number;
  readonly origin: Origin;
  readonly key: string | undefined;
}

function listInText(token: string): Problem {
  return {
    rule: 'list-reference',
    message: `\`${token}\` is a list, and cannot be put into a text`,
    help: 'Use it as an item of a list, or give the name a single value',
  };
}

function unknown(space: Namespace, name: string, names: Names): Problem {
  const other: Namespace = space === 'vars' ? 'assets' : 'vars';
  const near = nearest(name, names[space].keys());
  const help = names[other].has(name)
    ? `Did you mean \`\${${other}.${name}}\`?`
    : near === undefined
      ? `Define \`${name}\` under \`${space}\`, or write \`$\${\` for a literal \`\${\``
      : `Did you mean \`\${${space}.${near}}\`?`;
  return { rule: 'unknown-reference', message: `\`\${${space}.${name}}\` is not defined`, help };
}

function malformed(token: string, names: Names): Problem {
  const rule = 'unknown-reference';
  if (!token.endsWith('}')) {
    return {
      rule,
      message: '`${` is never closed',
      help: 'Write `${vars.NAME}` or `${assets.NAME}`, or `$${` for a literal `${`',
    };
  }
  const inside = token.slice(2, -1).replace(/^\{+/, '').trim();
  const message = `\`${token}\` is no reference that is known`;
  if (/^env\b/i.test(inside)) {
    return {
      rule,
      message,
      help: 'The environment is never read into a manifest: put the value under `vars`',
    };
  }
  const bare = inside.replace(/^(?:vars?|assets?)\s*\.\s*/i, '');
  for (const space of ['vars', 'assets'] as const) {
    if (names[space].has(bare)) return { rule, message, help: `Write \`\${${space}.${bare}}\`` };
  }
  return {
    rule,
    message,
    help: 'Write `${vars.NAME}` or `${assets.NAME}`, or `$${` for a literal `${`',
  };
}
