/** Bytes that may still be taken in, shared by everything that takes them in. */
export class ByteBudget {
  #left: number;

  constructor(bytes: number) {
    this.#left = bytes;
  }

  /**
   * Sets aside at most `wanted` bytes and returns how many, which may be none. Set aside before they are asked for, so that
   * files probed at the same time cannot overdraw together.
   */
  reserve(wanted: number): number {
    const granted = Math.max(0, Math.min(wanted, this.#left));
    this.#left -= granted;
    return granted;
  }

  /** Gives back what was set aside and did not come. */
  release(bytes: number): void {
    this.#left += bytes;
  }
}
