import type { JsonObject } from '../core/canonical-json.ts';
import type { Answer, Reply } from './answer.ts';
import type { ClipQuirk } from './clip-service.ts';
import type { Fate, IdStyle } from './tasks.ts';

/** The calls that can fail: an opened connection, a create call, a query of a task, the loading of a clip. */
export type FailureTarget = 'connect' | 'create' | 'query' | 'clip';

/** The facts that a failure's answer is made of. */
export interface FailureContext {
  /** The kind as it was written, and what followed its `=`; null where nothing did. */
  readonly kind: string;
  readonly value: string | null;
  readonly method: string;
  readonly path: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
  /** In [0, 1), this request's own. */
  readonly fraction: number;
  /** The answer that would have been given. Only for kinds that are always billed, and for queries and clips. */
  ordinary(): Reply;
  /** The task as the API shows it; under the same condition, and not for clips. */
  shown(): JsonObject;
  /** Id of the task made before this one; null where there is none. */
  readonly previousId: string | null;
}

/** One thing that can go wrong. Parsing, help and behaviour all read this table. */
export interface FailureKind {
  /** As it is written in `--fail`, or, where there is a pattern, what people read about what is. */
  readonly name: string;
  readonly pattern?: RegExp;
  readonly on: readonly FailureTarget[];
  /** Odds that a create call that fails so has made a task. `+unbilled` and `+billed` turn `usually` and `rarely`. */
  readonly billed: 'always' | 'usually' | 'rarely' | 'never';
  /** The value that may follow `=`, for people; absent where none may. */
  readonly value?: { readonly label: string; check(value: string): void };
  readonly summary: string;
  readonly idStyle?: IdStyle;
  readonly fate?: Fate;
  readonly clipQuirk?: ClipQuirk;
  /** Milliseconds to wait before the answer, on top of the latency. */
  delayMs?(context: FailureContext): number;
  answer(context: FailureContext): Answer;
}
