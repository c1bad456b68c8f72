/** One generated file. */
export interface Output {
  /** Relative to the project's root. */
  readonly file: string;
  content(): string | Promise<string>;
}
