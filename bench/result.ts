/** One line of the bench. */
export interface Result {
  readonly what: string;
  readonly measured: string;
  readonly bar: string;
  readonly ok: boolean;
}
