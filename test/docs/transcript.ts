/**
 * What differs from one time to the next: times, ports, ids that nobody chose, who is at work, and the marks that only a
 * terminal shows before a stage that is done.
 */
const volatile: readonly (readonly [pattern: RegExp, name: string])[] = [
  [/^✔ /, ''],
  [/\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z/g, 'ISO-TIME'],
  [/\b\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\b/g, 'TIME'],
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

/**
 * What a document should show of an output: what it shows now where that is still right, `…` where it leaves something out,
 * and what was printed elsewhere.
 */
export function updated(shown: readonly string[], printed: readonly string[]): readonly string[] {
  const lines: string[] = [];
  let [from, at] = [0, 0];
  for (const [left, right] of [...pairsOf(shown, printed), [shown.length, printed.length] as const]) {
    const isLeftOut = shown.slice(from, left).some((line) => line.trim() === '…');
    lines.push(...(isLeftOut ? ['…'] : printed.slice(at, right)), ...shown.slice(left, left + 1));
    [from, at] = [left + 1, right + 1];
  }
  return lines;
}

/** The longest run of lines, in order, that are in both: their places in either. */
function pairsOf(
  shown: readonly string[],
  printed: readonly string[],
): readonly (readonly [number, number])[] {
  const same = (left: number, right: number): boolean =>
    shown[left]?.trim() !== '…' && fits(masked(shown[left] ?? ''), masked(printed[right] ?? ''));
  const longest = shown.map(() => printed.map(() => 0));
  const lengthAt = (left: number, right: number): number => longest[left]?.[right] ?? 0;
  for (let left = shown.length - 1; left >= 0; left -= 1) {
    for (let right = printed.length - 1; right >= 0; right -= 1) {
      const row = longest[left];
      if (row === undefined) continue;
      row[right] = same(left, right)
        ? 1 + lengthAt(left + 1, right + 1)
        : Math.max(lengthAt(left + 1, right), lengthAt(left, right + 1));
    }
  }
  const pairs: (readonly [number, number])[] = [];
  let [left, right] = [0, 0];
  while (left < shown.length && right < printed.length) {
    if (same(left, right)) pairs.push([left++, right++]);
    else if (lengthAt(left + 1, right) >= lengthAt(left, right + 1)) left += 1;
    else right += 1;
  }
  return pairs;
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
