/** A fault that is planted in the program, to see that the simulator finds it. */
export interface Mutant {
  readonly name: string;
  /** From the project's root. */
  readonly file: string;
  /** Stands in the file once. */
  readonly find: string;
  readonly replace: string;
}

export const mutants: readonly Mutant[] = [];
