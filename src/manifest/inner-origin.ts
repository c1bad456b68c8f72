import type { Origin, Path, Source } from './model.ts';

/** The origin of something inside something else. Its path is made when a finding wants it, which is seldom. */
export class InnerOrigin implements Origin {
  readonly source: Source;
  readonly #outer: Origin;
  readonly #step: string | number;

  constructor(outer: Origin, step: string | number) {
    this.source = outer.source;
    this.#outer = outer;
    this.#step = step;
  }

  get path(): Path {
    return [...this.#outer.path, this.#step];
  }
}
