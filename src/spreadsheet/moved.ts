import { tidy } from './cells.ts';
import type { Change } from './compare.ts';

const shown = 5;

/**
 * Shots that are gone and shots that came with the same prompt: most likely renamed, or moved to another scene. They are
 * told with the call that keeps them from being paid again; pairs that could be others are not.
 */
export function movedNotes(changes: readonly Change[], manifest: string): readonly string[] {
  const gone = new Map<string, string[]>();
  const came = new Map<string, string[]>();
  for (const change of changes) {
    if (change.kind === 'skip') {
      const held = change.shot.values.get('prompt');
      for (const prompt of new Set([held?.written, held?.value])) note(gone, prompt, change.shot.key);
    }
    if (change.kind === 'add') {
      note(came, new Map(change.values).get('prompt'), change.row.key);
    }
  }
  const pairs = [...came].flatMap(([prompt, [to, ...others]]) => {
    const [from, ...more] = gone.get(prompt) ?? [];
    return from === undefined || others.length + more.length > 0 ? [] : [[from, to] as const];
  });
  const rest =
    pairs.length > shown ? [`${pairs.length - shown} more shots seem to have another key now`] : [];
  return [
    ...pairs
      .slice(0, shown)
      .map(
        ([from, to]) =>
          `\`${to}\` says what \`${from}\` said, which the table has no more. If it is the same shot, then run this once it is written, or it is paid again: shotlist adopt ${manifest} ${from} ${to}`,
      ),
    ...rest,
  ];
}

function note(shots: Map<string, string[]>, prompt: unknown, key: string): void {
  if (typeof prompt !== 'string' || prompt.trim() === '') return;
  const same = shots.get(tidy(prompt));
  if (same === undefined) shots.set(tidy(prompt), [key]);
  else same.push(key);
}
