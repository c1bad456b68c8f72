/** Numbers by name, in ascending order. */
export class Index {
  readonly #lists = new Map<string | number, readonly number[]>();

  of(name: string | number): readonly number[] {
    return this.#lists.get(name) ?? [];
  }

  /** Those of several names that begin alike, each once and in order. */
  all(prefix: string, names: readonly string[]): readonly number[] {
    const [only] = names;
    if (names.length === 1 && only !== undefined) return this.of(`${prefix} ${only}`);
    return [...new Set(names.flatMap((name) => this.of(`${prefix} ${name}`)))].sort((a, b) => a - b);
  }

  /** @returns what takes it back. */
  add(name: string | number, value: number): () => void {
    const before = this.#lists.get(name);
    const last = before?.at(-1) ?? 0;
    const list = [...(before ?? []), value];
    this.#lists.set(name, last < value ? list : list.sort((a, b) => a - b));
    return () => this.#restore(name, before);
  }

  /** @returns what takes it back. */
  remove(name: string | number, value: number): () => void {
    const before = this.#lists.get(name);
    this.#lists.set(
      name,
      (before ?? []).filter((each) => each !== value),
    );
    return () => this.#restore(name, before);
  }

  #restore(name: string | number, list: readonly number[] | undefined): void {
    if (list === undefined) this.#lists.delete(name);
    else this.#lists.set(name, list);
  }
}
