/** Kinds of nodes: what each is, and how it is written. */
export const kinds = {
  map: 1,
  list: 2,
  flowMap: 3,
  flowList: 4,
  plain: 5,
  doubleQuoted: 6,
  singleQuoted: 7,
  literal: 8,
  folded: 9,
  /** A value that is left out: `key:` and nothing. */
  empty: 10,
} as const;

export type Kind = (typeof kinds)[keyof typeof kinds];

const perNode = 4;

/**
 * The place of each part of a document, in the order in which they are written; a key comes before its value. Four
 * numbers a node: its kind, its begin, its end (UTF-16 offsets, as the `yaml` library gives them), and the place on the
 * tape of what follows it and everything inside it.
 */
export class Tape {
  #numbers: Int32Array;
  #length = 0;

  /** @param units of the text, from which room is guessed. */
  constructor(units: number) {
    this.#numbers = new Int32Array(Math.max(64, units >> 5) * perNode);
  }

  /** The place behind the last node. */
  get length(): number {
    return this.#length;
  }

  /** Writes a node, and gives its place. */
  add(kind: Kind, start: number, end: number): number {
    const at = this.#length;
    if (at + perNode > this.#numbers.length) this.#grow();
    const numbers = this.#numbers;
    numbers[at] = kind;
    numbers[at + 1] = start;
    numbers[at + 2] = end;
    numbers[at + 3] = this.#length = at + perNode;
    return at;
  }

  /** Ends a map or list behind the node that was written last. */
  close(at: number, end: number): void {
    this.#numbers[at + 2] = end;
    this.#numbers[at + 3] = this.#length;
  }

  kind(at: number): number {
    return this.#numbers[at] ?? 0;
  }

  start(at: number): number {
    return this.#numbers[at + 1] ?? 0;
  }

  end(at: number): number {
    return this.#numbers[at + 2] ?? 0;
  }

  /** The place of what follows a node and everything inside it. */
  after(at: number): number {
    return this.#numbers[at + 3] ?? this.#length;
  }

  /** The place of the next node, which for a map or list is its first entry. */
  next(at: number): number {
    return at + perNode;
  }

  #grow(): void {
    const numbers = new Int32Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
  }
}
