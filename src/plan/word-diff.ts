/** A piece of two texts: in both, in the old one only, or in the new one only. Joined, they are the texts again. */
export interface WordChange {
  readonly op: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Beyond this many words removed and added the texts have little in common, and are shown one after the other. */
const mostEdits = 1000;

/**
 * What changed between two texts, word by word. Words are those of the language, so Chinese, which has no spaces, is
 * compared by words too. Deterministic; time and memory are bounded whatever the texts hold.
 */
export function wordDiff(before: string, after: string): readonly WordChange[] {
  const [old, fresh] = [words(before), words(after)];
  let start = 0;
  while (start < old.length && start < fresh.length && old[start] === fresh[start]) start += 1;
  let end = 0;
  while (
    end < old.length - start &&
    end < fresh.length - start &&
    old[old.length - 1 - end] === fresh[fresh.length - 1 - end]
  ) {
    end += 1;
  }
  const middle = edits(old.slice(start, old.length - end), fresh.slice(start, fresh.length - end));
  return readable([
    { op: 'same', text: old.slice(0, start).join('') },
    ...middle,
    { op: 'same', text: old.slice(old.length - end).join('') },
  ]);
}

/** A segmenter takes quadratic time for a long text, so it gets one that has no spaces in pieces. */
function words(text: string): readonly string[] {
  const segmenter = new Intl.Segmenter('zh', { granularity: 'word' });
  return (text.match(/\s+|\S{1,200}/gu) ?? []).flatMap((piece) =>
    /^(?:\s+|\w+)$/.test(piece) ? piece : Array.from(segmenter.segment(piece), ({ segment }) => segment),
  );
}

/** The fewest words to remove and add (Myers, "An O(ND) Difference Algorithm and Its Variations"). */
function edits(old: readonly string[], fresh: readonly string[]): readonly WordChange[] {
  const steps = shortestPath(old, fresh);
  if (steps === undefined) {
    return [
      { op: 'removed', text: old.join('') },
      { op: 'added', text: fresh.join('') },
    ];
  }
  const changes: WordChange[] = [];
  let [x, y] = [old.length, fresh.length];
  for (let d = steps.length - 1; d >= 0; d -= 1) {
    const reached = steps[d] ?? new Int32Array();
    const at = (k: number): number => reached[k + d] ?? -1;
    const k = x - y;
    const isAdded = k === -d || (k !== d && at(k - 1) < at(k + 1));
    const fromX = d === 0 ? 0 : isAdded ? at(k + 1) : at(k - 1);
    const fromY = d === 0 ? 0 : fromX - (isAdded ? k + 1 : k - 1);
    while (x > fromX && y > fromY) {
      x -= 1;
      y -= 1;
      changes.push({ op: 'same', text: old[x] ?? '' });
    }
    if (d === 0) break;
    if (isAdded) changes.push({ op: 'added', text: fresh[fromY] ?? '' });
    else changes.push({ op: 'removed', text: old[fromX] ?? '' });
    [x, y] = [fromX, fromY];
  }
  return changes.reverse();
}

/**
 * How far each diagonal had been followed before each edit, `k` at index `k + d`; undefined where more than `mostEdits`
 * are needed.
 */
function shortestPath(old: readonly string[], fresh: readonly string[]): readonly Int32Array[] | undefined {
  const most = Math.min(old.length + fresh.length, mostEdits);
  const furthest = new Int32Array(2 * most + 3).fill(-1);
  const origin = most + 1;
  furthest[origin + 1] = 0;
  const steps: Int32Array[] = [];
  for (let d = 0; d <= most; d += 1) {
    steps.push(furthest.slice(origin - d, origin + d + 1));
    for (let k = -d; k <= d; k += 2) {
      const [left, right] = [furthest[origin + k - 1] ?? -1, furthest[origin + k + 1] ?? -1];
      let x = k === -d || (k !== d && left < right) ? right : left + 1;
      while (x < old.length && x - k < fresh.length && old[x] === fresh[x - k]) x += 1;
      furthest[origin + k] = x;
      if (x >= old.length && x - k >= fresh.length) return steps;
    }
  }
  return undefined;
}

/** Neighbours of one kind joined, what was removed before what was added, and a space between two changes part of both. */
function readable(changes: readonly WordChange[]): readonly WordChange[] {
  const result: WordChange[] = [];
  let [removed, added] = ['', ''];
  const flush = (): void => {
    if (removed !== '') result.push({ op: 'removed', text: removed });
    if (added !== '') result.push({ op: 'added', text: added });
    [removed, added] = ['', ''];
  };
  const runs = joined(changes);
  for (const [index, { op, text }] of runs.entries()) {
    if (op === 'removed') removed += text;
    else if (op === 'added') added += text;
    else if (isChange(runs[index - 1]) && isChange(runs[index + 1]) && text.trim() === '') {
      removed += text;
      added += text;
    } else {
      flush();
      result.push({ op, text });
    }
  }
  flush();
  return result;
}

function isChange(change: WordChange | undefined): boolean {
  return change !== undefined && change.op !== 'same';
}

function joined(changes: readonly WordChange[]): readonly WordChange[] {
  const runs: { op: WordChange['op']; text: string }[] = [];
  for (const { op, text } of changes) {
    if (text === '') continue;
    const last = runs.at(-1);
    if (last?.op === op) last.text += text;
    else runs.push({ op, text });
  }
  return runs;
}
