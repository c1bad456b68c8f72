/**
 * What differs from one time to the next: times, durations, ids that nobody chose, and the marks that only a terminal
 * shows before a stage that is done.
 */
const volatile: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^✔ /, ''],
  [
    /\b\d{4}-\d\d-\d\d[T ]\d\d:\d\d(:\d\d(\.\d+)?)?( ?(Z|UTC|[A-Z]{3,5}|GMT[+-]\d+(:\d\d)?|[+-]\d\d:?\d\d))?/g,
    'TIME',
  ],
  [/127\.0\.0\.1:\d+/g, '127.0.0.1:PORT'],
  [/\bvideo_[0-9a-f]{24}\b/g, 'video_ID'],
  [/\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b/g, 'RUN'],
  [/(?<![\w/])[\w.-]+@[a-z][\w.-]*/g, 'USER@HOST'],
];

function masked(line: string): string {
  return volatile.reduce((text, [pattern, name]) => text.replace(pattern, name), line.trimEnd());
}

/**
 * Whether a document shows what a command printed. `…` on a line of its own stands for any lines, at the end of a line
 * or amid it for the rest of a word or line; times and ids may differ.
 */
export function isShown(shown: readonly string[], printed: readonly string[]): boolean {
  const [line, ...rest] = shown;
  if (line === undefined) return printed.length === 0;
  if (line.trim() === '…') {
    for (let skip = 0; skip <= printed.length; skip += 1) if (isShown(rest, printed.slice(skip))) return true;
    return false;
  }
  const [first, ...others] = printed;
  return first !== undefined && fits(masked(line), masked(first)) && isShown(rest, others);
}

function fits(shown: string, printed: string): boolean {
  if (!shown.includes('…')) return shown === printed;
  const pattern = shown
    .split('…')
    .map((part) => part.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&'))
    .join('.*');
  return new RegExp(`^${pattern}$`).test(printed);
}

/** Output as lines, without empty ones at either end. */
export function linesOf(output: string): readonly string[] {
  const lines = output.split('\n').map((line) => line.trimEnd());
  while (lines.at(-1) === '') lines.pop();
  while (lines[0] === '') lines.shift();
  return lines;
}
