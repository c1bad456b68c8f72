import type { Phrasebook } from './template.ts';

/** Colors, and whatever else a terminal obeys. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: an escape is what it looks for
const sequence = /(\x1b\[[0-9;?]*[A-Za-z])/;

/** Columns of a table stand two blanks apart. */
const gap = /( {2,})/;

/** What may stand before a message on its line: a mark of a list or a stage. */
const mark = /^((?:[✔✖⚠❯›•·*–-]|⏎|↳)\s+)?([\s\S]*)$/;

/**
 * A text for people, line by line in another language. What is no message of the program (paths, keys, prompts, code) stays
 * as it is, and so do the layout and the colors.
 */
export function speak(text: string, phrasebook: Phrasebook): string {
  return text
    .split('\n')
    .map((line) => speakLine(line, phrasebook))
    .join('\n');
}

function speakLine(line: string, phrasebook: Phrasebook): string {
  // A line of somebody's file, shown with its number.
  if (!/[A-Za-z]{2}/.test(line) || line.includes('│')) return line;
  const [, indent = '', body = '', end = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(line) ?? [];
  // A line without columns or colors is one message, mostly.
  const whole = sequence.test(body) ? null : marked(body, phrasebook);
  if (whole !== null) return `${indent}${whole}${end}`;
  const spoken = body
    .split(sequence)
    .map((part, index) => (index % 2 === 1 ? part : speakColumns(part, phrasebook)))
    .join('');
  return `${indent}${spoken}${end}`;
}

function speakColumns(text: string, phrasebook: Phrasebook): string {
  return text
    .split(gap)
    .map((part, index) => (index % 2 === 1 ? part : speakPart(part, phrasebook)))
    .join('');
}

function speakPart(part: string, phrasebook: Phrasebook): string {
  const [, before = '', body = '', after = ''] = /^(\s*)([\s\S]*?)(\s*)$/.exec(part) ?? [];
  if (!/[A-Za-z]{2}/.test(body)) return part;
  return `${before}${marked(body, phrasebook) ?? body}${after}`;
}

/** What a line begins with that says what kind of line it is. */
const labels: Readonly<Record<string, string>> = {
  error: '错误',
  warning: '警告',
  help: '建议',
  'help:': '建议：',
  note: '注意',
  'note:': '注意：',
  stopped: '已停止',
};

function marked(text: string, phrasebook: Phrasebook): string | null {
  const [, before = '', message = ''] = mark.exec(text) ?? [];
  const [, label, rest] = /^(error|warning|help:?|note:?|stopped)(?: ([\s\S]*))?$/.exec(message) ?? [];
  if (label !== undefined) {
    const said = rest === undefined ? '' : ` ${phrasebook.say(rest) ?? rest}`;
    return `${before}${labels[label]}${said}`;
  }
  const said = message === '' ? null : phrasebook.say(message);
  return said === null ? null : `${before}${said}`;
}
