import type { Edit, Source } from '../manifest/model.ts';

/** The order of several insertions at one place: what is nested deeper comes first. */
export const ranks = { within: 0, pair: 1, shot: 2, scene: 3, top: 4 } as const;

export type Rank = (typeof ranks)[keyof typeof ranks];

interface RankedEdit extends Edit {
  readonly rank: Rank;
}

/** A file as it will be. */
export interface ChangedFile {
  readonly source: Source;
  readonly after: string;
}

/** Changes of several files, each a replacement at its place: what none touches stays byte for byte. */
export class Edits {
  readonly #bySource = new Map<Source, RankedEdit[]>();

  replace(source: Source, start: number, end: number, text: string, rank: Rank = ranks.within): void {
    const edits = this.#bySource.get(source) ?? [];
    edits.push({ start, end, text, rank });
    this.#bySource.set(source, edits);
  }

  insert(source: Source, at: number, text: string, rank: Rank): void {
    this.replace(source, at, at, text, rank);
  }

  /** @throws Error where two of them touch the same text, which would be a mistake in here. */
  apply(): readonly ChangedFile[] {
    return [...this.#bySource].map(([source, edits]) => ({ source, after: edited(source.text, edits) }));
  }
}

function edited(text: string, edits: readonly RankedEdit[]): string {
  const pieces: string[] = [];
  let from = 0;
  for (const { start, end, text: inserted } of [...edits].sort(inOrder)) {
    if (start < from) throw new Error('two changes of a table touch the same text; nothing was written');
    pieces.push(text.slice(from, start), inserted);
    from = end;
  }
  return pieces.join('') + text.slice(from);
}

/** Orders edits by place; at one place insertions before replacements, and what is nested deeper first. */
function inOrder(a: RankedEdit, b: RankedEdit): number {
  const isInsertion = ({ start, end }: RankedEdit): number => (start === end ? 0 : 1);
  return a.start - b.start || isInsertion(a) - isInsertion(b) || a.rank - b.rank;
}
