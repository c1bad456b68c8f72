import type { JsonObject } from '../core/canonical-json.ts';
import type { TaskStatus } from '../core/task-status.ts';

/**
 * The outcome of one create call, by the contract's table. Only `notSent`, `throttled` and `stop` may be followed by
 * sending the same request again.
 */
export type CreateOutcome =
  /** A task exists; it may have failed already. */
  | {
      readonly kind: 'accepted';
      readonly taskId: string;
      readonly status: TaskStatus;
      readonly error: string | null;
    }
  /** The client's own events prove that no byte of the request head was written. */
  | { readonly kind: 'notSent'; readonly code: string; readonly error: string }
  /** 429. `retryAfterMs` is null where the answer does not say. */
  | {
      readonly kind: 'throttled';
      readonly code: string;
      readonly error: string;
      readonly retryAfterMs: number | null;
    }
  /** The provider said no and made no task. */
  | { readonly kind: 'refused'; readonly code: string; readonly error: string }
  /** 403: the key is refused when nothing was accepted before, this request is refused otherwise. The run knows which. */
  | { readonly kind: 'forbidden'; readonly code: string; readonly error: string; readonly help: string }
  /** It may have reached the provider, and no answer tells the outcome. */
  | { readonly kind: 'inDoubt'; readonly code: string; readonly error: string }
  /** Nothing else can succeed either: key refused, balance empty, wrong base URL, proxy. The run stops. */
  | { readonly kind: 'stop'; readonly code: string; readonly error: string; readonly help: string };

/** The outcome of one query of a task. */
export type QueryOutcome =
  | {
      readonly kind: 'task';
      readonly taskId: string;
      readonly status: TaskStatus;
      /**
       * The status as the provider wrote it, where it is none that is known: then `status` is `completed` if there is a
       * URL of a clip, and `processing` if not.
       */
      readonly unknownStatus: string | null;
      readonly error: string | null;
      readonly videoUrl: string | null;
      /** In seconds. */
      readonly actualDuration: number | null;
      /** Price of the task by the provider, as it came; left out where nothing is said. Its unit is not known. */
      readonly amount?: number | string;
      /** The model that the task is of, as it was written; left out where nothing is said. */
      readonly model?: string;
      /** Time of its making by the provider's clock, in milliseconds since the epoch; left out where it is not said. */
      readonly createdAt?: number;
    }
  | { readonly kind: 'notFound'; readonly code: string; readonly error: string }
  /** Worth another try later; `retryAfterMs` is null where the answer does not say. */
  | {
      readonly kind: 'transient';
      readonly code: string;
      readonly error: string;
      readonly retryAfterMs: number | null;
    }
  | { readonly kind: 'stop'; readonly code: string; readonly error: string; readonly help: string };

/** The paid API, one call at a time: no retry, no pace, no memory. */
export interface Provider {
  /** The scope under which the ledger files this provider's requests: the base URL's origin, or `loopback`. */
  readonly scope: string;
  /** Never throws for what the network or the other side does: every such thing is an outcome. */
  create(body: JsonObject & { readonly model: string }, options?: CreateOptions): Promise<CreateOutcome>;
  query(taskId: string, options?: QueryOptions): Promise<QueryOutcome>;
  /** Closes idle connections; calls under way are not waited for. */
  close(): Promise<void>;
}

export interface QueryOptions extends CallOptions {
  /** Of the task: models can be asked about elsewhere, and can have words of their own for statuses. */
  readonly model?: string | undefined;
}

export interface CallOptions {
  /** Gives up on the answer. What was sent by then is in doubt; what was not is `notSent`. */
  readonly signal?: AbortSignal;
}

export interface CreateOptions extends CallOptions {
  /** Asked right before the first byte is written: false keeps it from being written, and the call is `notSent`. */
  readonly mayBegin?: () => boolean;
}
