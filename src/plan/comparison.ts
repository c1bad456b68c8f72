import type { Json } from '../core/canonical-json.ts';
import type { Mode } from '../core/mode.ts';
import type { PlanAction, PlanReason } from './model.ts';
import type { WordChange } from './word-diff.ts';

/** The shape of `plan --against … --format json`. */
export interface Comparison {
  readonly version: 1;
  readonly project: string;
  /** The manifest, as it was named. */
  readonly manifest: string;
  /** The git ref or the file that it is compared with, as it was named. */
  readonly against: string;
  /** There was no manifest of this name at that ref. */
  readonly isNew: boolean;
  /** Limits of the comparison, in sentences. */
  readonly notes: readonly string[];
  /** The manifest's project has another name now: all that was paid is filed under the old one. */
  readonly renamedProject: { readonly from: string; readonly to: string } | null;
  /** Terms of the budget that are new or say something else now. */
  readonly terms: readonly TermChange[];
  /** In the order of the manifest, what was removed last; what is as it was is left out. */
  readonly changes: readonly Change[];
  /** Calls that say that names were changed: `shotlist adopt <manifest> <old> <new>`, as few as do. */
  readonly adopt: readonly { readonly from: string; readonly to: string }[];
  readonly summary: ComparisonSummary;
}

export interface Change {
  /** Of the request as it is now; of a removed one as it was. */
  readonly key: string;
  readonly change: 'added' | 'changed' | 'removed' | 'renamed';
  /** The key that a renamed request had. */
  readonly from: string | null;
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly model: string;
  readonly mode: Mode;
  /** Parameters that a changed request states differently; empty for every other. */
  readonly parameters: readonly ParameterChange[];
  /** The older version, and what a run of it would do; null where it was not there. */
  readonly before: SideOfChange | null;
  readonly after: SideOfChange | null;
}

export interface SideOfChange {
  readonly action: PlanAction;
  readonly reason: PlanReason;
  /** Price of the request; null where no price is known. Charged only where the action is `submit`. */
  readonly cost: number | null;
}

export interface ParameterChange {
  readonly name: string;
  /** Null where it was not stated. URLs are without their signatures. */
  readonly before: Json;
  readonly after: Json;
  /** For a prompt: what changed in it, word by word. */
  readonly words: readonly WordChange[] | null;
}

export interface TermChange {
  /** The place where the manifest states it: `budget.prices.videos`. */
  readonly name: string;
  readonly before: string | number | null;
  readonly after: string | number | null;
}

/** The charge of a run at one revision. */
export interface SideTotals {
  readonly requests: number;
  readonly submit: number;
  readonly cost: number;
  /** Requests to submit without a known price. */
  readonly unpriced: number;
  readonly currency: string | null;
}

export interface ComparisonSummary {
  readonly added: number;
  readonly changed: number;
  readonly removed: number;
  readonly renamed: number;
  readonly unchanged: number;
  readonly before: SideTotals;
  readonly after: SideTotals;
  readonly currency: string | null;
  /** The cost of a run now, less what a run would have cost before; null where the currencies differ. */
  readonly difference: number | null;
}
