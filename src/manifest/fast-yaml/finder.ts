/**
 * Finds the next place of one character. It is asked about places that only go forward, or nearly so, and remembers its
 * last answer: a text that lacks the character is searched once, and no part of any text much more often.
 */
export class Finder {
  readonly #text: string;
  readonly #character: string;
  #asked = 0;
  #found = -1;

  constructor(text: string, character: string) {
    this.#text = text;
    this.#character = character;
  }

  /** The first place from `start` on, or the length of the text. */
  from(start: number): number {
    if (start > this.#found || start < this.#asked) {
      const found = this.#text.indexOf(this.#character, start);
      this.#found = found === -1 ? this.#text.length : found;
      this.#asked = start;
    }
    return this.#found;
  }
}
