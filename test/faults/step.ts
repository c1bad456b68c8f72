import type { RequestState } from '../../src/ledger/ledger.ts';
import type { Fault } from './program.ts';
import type { WirePoint } from './wire.ts';

/** What the next run does about the request that was being worked on. */
export type Next = 'sends it' | 'leaves it in doubt' | 'has its id' | 'takes its id in from the spool';

/** One step of a request's life, or of a run's, at which the process is killed. */
export interface Step {
  /** Completes "killed …". */
  readonly name: string;
  readonly stage: Stage;
  readonly at: { readonly process: string } | { readonly wire: WirePoint };
  /** Which occurrence to die at, one kill after the other, with one request in flight. */
  readonly nths: readonly number[];
  /** The same with many in flight; none for steps that happen once a run. */
  readonly many: readonly number[];
  /** The request that the step is about: the nth that the run sends, or the first or the last of the run. */
  readonly subject: 'nth' | 'first' | 'last';
  /** Whether the provider billed it. */
  readonly billed: boolean;
  /** What the ledger says of it afterwards; more than one where the kill is amid a commit. */
  readonly states: readonly RequestState[];
  readonly next: readonly Next[];
  readonly setting: Setting;
}

export const stages = [
  'before the claim',
  'the claim',
  'the way out',
  'the answer',
  'recording the id',
  'the end of the run',
  'the ledger itself',
  'when the ledger takes no more',
] as const;
export type Stage = (typeof stages)[number];

/** How the runs of a step are set up. */
export interface Setting {
  readonly args: readonly string[];
  /** What is wrong besides the kill. */
  readonly fault: Fault;
  /** An answer that the ledger could not take lies in the spool before each kill. */
  readonly spooled: boolean;
  /** The ledger is one of the first release, with requests in it that were paid. */
  readonly firstRelease: boolean;
}
