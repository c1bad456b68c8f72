/** The file is damaged, or of a form that is not read. The message is a clause for people: "its index is cut off". */
export class UnreadableError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'UnreadableError';
  }
}

/** A clause for people about any error that reading a file ended in; a library's own words would not help them. */
export function whyUnreadable(error: unknown): string {
  return error instanceof UnreadableError ? error.message : 'it is damaged, or of a variety that is not read';
}
