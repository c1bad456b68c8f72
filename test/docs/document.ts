/** A fenced block of a document. */
export interface Block {
  readonly language: string;
  /** What stands after the language: `exit=1` beside commands, a file's name beside its text. */
  readonly info: string;
  readonly lines: readonly string[];
  /** Line of the opening fence, from 1. */
  readonly line: number;
}

/** What the test must know and readers need not: `<!-- setting: NAME -->` begins a new folder, made ready. */
export interface Setting {
  readonly setting: string;
}

/** A cell of a table that is a whole command. */
export interface Cell {
  readonly command: string;
  readonly line: number;
}

export type Part = Block | Setting | Cell;

/** A command with what the document shows of its output; null where it shows none. */
export interface Shown {
  readonly command: string;
  readonly output: readonly string[] | null;
  /** The line after the command's last one, within its block. */
  readonly at: number;
}

/** Everything in a document that is done or checked, in order. */
export function partsOf(text: string): readonly Part[] {
  const lines = text.split('\n');
  const parts: Part[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    const line = lines[index] ?? '';
    const [, indent, language, info] = /^( *)```(\S*) ?(.*)$/.exec(line) ?? [];
    if (indent !== undefined) {
      const end = lines.indexOf(`${indent}\`\`\``, index + 1);
      if (end === -1) throw new Error(`line ${index + 1}: the block has no end`);
      const inner = lines.slice(index + 1, end).map((each) => each.slice(indent.length));
      const [, named] = /^`([\w./-]+)`:$/.exec(lines[index - 2] ?? '') ?? [];
      parts.push({ language: language ?? '', info: info || named || '', lines: inner, line: index + 1 });
      index = end;
      continue;
    }
    const [, setting] = /^<!-- setting: (\S+) -->$/.exec(line) ?? [];
    if (setting !== undefined) parts.push({ setting });
    if (line.startsWith('|')) {
      for (const [, command] of line.matchAll(/(?<=\| *)`(shotlist [^`]+)`(?= *\|)/g)) {
        if (command !== undefined) parts.push({ command, line: index + 1 });
      }
    }
  }
  return parts;
}

/** The commands of an `sh` block, one a line, or of a `console` block, each after a `$ ` and before its output. */
export function commandsOf({ language, lines, line }: Block): readonly Shown[] {
  const commands: Shown[] = [];
  for (let index = 0; index < lines.length; index += 1) {
    let text = lines[index] ?? '';
    if (language === 'console') {
      if (!text.startsWith('$ ')) throw new Error(`line ${line + index + 1}: output without a command`);
      text = text.slice(2);
    } else if (text === '' || text.startsWith('#')) continue;
    while (text.endsWith('\\')) {
      index += 1;
      text = `${text.slice(0, -1).trimEnd()} ${(lines[index] ?? '').trim()}`;
    }
    const at = index + 1;
    if (language === 'console') {
      while (index + 1 < lines.length && lines[index + 1]?.startsWith('$ ') === false) index += 1;
    }
    const output = lines.slice(at, index + 1);
    commands.push({ command: text, output: output.length === 0 ? null : output, at });
  }
  return commands;
}

/** Puts a `diff` block into a text: what it takes away, with what it leaves, must be there exactly once. */
export function patched(text: string, diff: readonly string[]): string {
  const side = (mark: string): string =>
    diff
      .filter((line) => !line.startsWith(mark))
      .map((line) => `${line.slice(1)}\n`)
      .join('');
  const [before, after] = [side('+'), side('-')];
  if (text.split(before).length !== 2) throw new Error(`not there exactly once:\n${before}`);
  return text.replace(before, () => after);
}
