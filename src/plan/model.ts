import type { Mode } from '../core/mode.ts';
import type { Place, Seen } from '../ledger/ledger.ts';
import type { RequestBody } from '../manifest/model.ts';

/** The reason why a request is planned as it is. */
export type PlanReason =
  | 'new'
  | 'changed'
  | 'failed'
  | 'refused'
  | 'submitted'
  | 'completed'
  | 'abandoned'
  | 'inDoubt'
  | 'sending'
  | 'renamed';

/** The run's action for a request. */
export type PlanAction = 'submit' | 'skip' | 'blocked';

export interface PlannedRequest {
  readonly key: string;
  readonly scene: string | null;
  readonly shot: string;
  readonly variant: string | null;
  readonly take: number;
  readonly action: PlanAction;
  readonly reason: PlanReason;
  /** Names of the parameters that differ from what was sent under this key last; empty unless the reason is `changed`. */
  readonly changed: readonly string[];
  readonly model: string;
  readonly mode: Mode;
  readonly fingerprint: string;
  /** Price of this request; null where no price is known. */
  readonly cost: number | null;
  readonly body: RequestBody;
  /** The local files whose objects the body names, each once; absent in plans of 0.1.0. */
  readonly files?: readonly PlannedFile[];
  /** Files of a changed parameter that hold something else now; absent where none does. */
  readonly changedFiles?: readonly ChangedFile[];
  /** Under which key and in which project the same request was paid, where the reason is `renamed`; absent otherwise. */
  readonly paidAs?: Place;
  /** The ledger's facts when the plan was made: a run's claim fails when they have moved. */
  readonly seen: Seen;
}

/** A local file that a request sends the address of. */
export interface PlannedFile {
  /** From the manifest's folder, with slashes. */
  readonly path: string;
  /** Of its content, in hex. */
  readonly sha256: string;
  readonly bytes: number;
  /** True where the store has it; null where nobody looked. */
  readonly stored: boolean | null;
}

/** A local file in place of what was sent before. */
export interface ChangedFile {
  readonly parameter: string;
  readonly path: string;
  /** The hash, in hex, of what was sent in its place; null where that is not known. */
  readonly before: string | null;
  readonly after: string;
}

/** The upload to the store before a plan is sent. */
export interface PlannedUpload {
  readonly files: number;
  readonly bytes: number;
}

/** The shape of `plan --format json`. */
export interface Plan {
  readonly version: 1;
  readonly project: string;
  /** The manifest, as it was named. */
  readonly manifest: string;
  readonly requests: readonly PlannedRequest[];
  readonly summary: PlanSummary;
}

export interface PlanSummary {
  readonly requests: number;
  readonly submit: number;
  readonly skip: number;
  readonly blocked: number;
  /** Cost of the requests that would be submitted, as far as prices are known. */
  readonly cost: number;
  readonly currency: string | null;
  /** Requests to submit whose model has no price. */
  readonly unpriced: number;
  /** Files of requests to submit that the store is not known to have; absent where no request names a local file. */
  readonly upload?: PlannedUpload;
}
