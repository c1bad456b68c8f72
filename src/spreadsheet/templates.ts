/** A value that is built from several columns: `{景别}，{运镜}。{画面}`. */
export interface Template {
  readonly text: string;
  /** Headers of the columns, in the order in which they are named. */
  readonly headers: readonly string[];
  /** Texts before, between and behind them: one more than there are headers. */
  readonly separators: readonly string[];
}

/** A cell that is taken apart: `{scene}_{shot}`. */
export interface Split {
  readonly text: string;
  /** The target of each part, in their order. */
  readonly targets: readonly string[];
  readonly pattern: RegExp;
}

/** Reads a template; undefined where it names no column. `{{` and `}}` are braces. */
export function parseTemplate(text: string): Template | undefined {
  const headers: string[] = [];
  const separators: string[] = [''];
  const piece = /\{\{|\}\}|\{([^{}]+)\}|[^{}]+|[{}]/gs;
  for (const [whole, header] of text.matchAll(piece)) {
    if (header !== undefined) {
      headers.push(header.trim());
      separators.push('');
    } else {
      separators[separators.length - 1] += whole === '{{' ? '{' : whole === '}}' ? '}' : whole;
    }
  }
  return headers.length === 0 ? undefined : { text, headers, separators };
}

/** A name that belongs to the part behind it: `Camera: `. */
const label = /[^\s，。；、,.;|]*[:：]\s*$/u;

/**
 * The value that a template makes of a row. A part that is empty drops with the separator before it, or with the one
 * behind it where nothing stands before, and with its label: `Camera: {Move}`. Empty where all parts are.
 */
export function build({ separators }: Template, parts: readonly string[]): string {
  let built = '';
  let open = '';
  let isFirst = true;
  for (const [index, part] of parts.entries()) {
    const before = separators[index] ?? '';
    const name = label.exec(before)?.[0] ?? '';
    const separator = before.slice(0, before.length - name.length);
    // Text before the first part belongs to all: `cinematic, {Size}, {Action}`.
    if (index === 0) open = separator;
    const text = part.trim();
    if (text === '') continue;
    built += `${isFirst ? open : withoutDoubled(built, separator).slice(built.length)}${name}${text}`;
    isFirst = false;
  }
  return isFirst ? '' : withoutDoubled(built, separators.at(-1) ?? '').trim();
}

/** A text with a separator behind it. A full stop is not written twice where a cell ends with its own. */
function withoutDoubled(text: string, separator: string): string {
  const isStop = /^[.。!！?？]/u.test(separator) && /[.。!！?？]$/u.test(text);
  return text + (isStop ? separator.slice(1) : separator);
}

/** Reads how a cell is split; undefined where that names no part. */
export function parseSplit(text: string): Split | undefined {
  const template = parseTemplate(text);
  if (template === undefined) return undefined;
  const { headers, separators } = template;
  const source = separators
    .map((separator, index) => {
      const literal = separator.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&').replace(/\s+/g, '\\s+');
      const part = index < headers.length ? (index === headers.length - 1 ? '(.*)' : '(.*?)') : '';
      return `${literal}${part}`;
    })
    .join('');
  return { text, targets: headers, pattern: new RegExp(`^\\s*${source}\\s*$`, 'su') };
}

/** The parts of a cell; undefined where it does not look like that. */
export function takeApart({ pattern }: Split, cell: string): readonly string[] | undefined {
  return pattern
    .exec(cell)
    ?.slice(1)
    .map((part) => part.trim());
}
