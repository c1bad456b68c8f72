import { diffArrays } from 'diff';

/** A piece of two texts: in both, in the old one only, or in the new one only. Joined, they are the texts again. */
export interface WordChange {
  readonly op: 'same' | 'removed' | 'added';
  readonly text: string;
}

/** Beyond this many words removed and added the texts have little in common, and are shown one after the other. */
const mostEdits = 1000;

/**
 * Finds the changes between two texts, by word. Words are those of the language, so Chinese, which has no spaces, is
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

/** The fewest words to remove and add, by Myers' algorithm; all of them where more than `mostEdits` are needed. */
function edits(old: readonly string[], fresh: readonly string[]): readonly WordChange[] {
  const changes = diffArrays([...old], [...fresh], { maxEditLength: mostEdits });
  if (changes === undefined) {
    return [
      { op: 'removed', text: old.join('') },
      { op: 'added', text: fresh.join('') },
    ];
  }
  return changes.map(({ added, removed, value }) => ({
    op: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join(''),
  }));
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
