import type { Place, RequestIdentity } from './identity.ts';

/** The result of taking in events. */
export interface TakenIn {
  readonly added: number;
  readonly known: number;
  readonly conflicts: readonly Conflict[];
}

/** An event that contradicts what the ledger knew. Both are kept; a person should look. */
export interface Conflict {
  readonly key: string;
  readonly message: string;
}

/** A request that was paid, or may have been, in another project of the same provider. */
export type PaidElsewhere = Place & { readonly fingerprint: string };

/** One attempt of a run that sent an approved plan. */
export interface PlanAttempt extends RequestIdentity {
  readonly attempt: number;
  /** False where it provably came to nothing, so that the plan still has to send it. */
  readonly sent: boolean;
}

/** One request that went from one name to another. */
export interface Adoption {
  readonly from: Place;
  readonly to: Place;
}

/** A rename: of a whole project where the key is null, else of a key and of every variant and take below it. */
export interface Renaming {
  readonly from: { readonly project: string; readonly key: string | null };
  readonly to: { readonly project: string; readonly key: string | null };
}

/** An invariant that does not hold. */
export interface Violation {
  /** The key, the run or the file as a whole that it is about. */
  readonly subject: string;
  readonly message: string;
}
