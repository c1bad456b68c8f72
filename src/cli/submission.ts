import type { Plan } from '../plan/model.ts';
import type { ApprovedBy } from '../project/approval/approval.ts';
import type { Project } from '../project/project.ts';
import type { ReadySubmission, SubmitOptions } from '../project/submission.ts';
import type { RunResult } from '../run/events.ts';
import type { CommandCall } from './command.ts';
import { eventLine } from './render/event.ts';
import { interruptLine } from './render/interrupt.ts';
import { RunProgress } from './render/progress.ts';
import type { Stages } from './render/stages.ts';
import { count, number } from './render/text.ts';

/** Tells who approved a plan. @throws PlanSpentError where nothing of it is left: whoever sends it again should know. */
export function tellApproval(
  { io, verbosity }: CommandCall,
  project: Project,
  plan: Plan,
  { signer, expiresAt }: ApprovedBy,
): void {
  project.approval.refuseSpent(plan);
  const until = expiresAt === null ? '' : `, until ${expiresAt}`;
  if (verbosity !== 'quiet') io.stderr.write(`approved by ${signer}${until}\n`);
}

/** Reads the options of a submission from a call's flags. */
export function submitOptionsOf({ options }: CommandCall<SubmissionOptions>): SubmitOptions {
  const { answerTimeout, maxCost, maxRequests, concurrency, rate, retries } = options;
  const answerTimeoutMs = answerTimeout === undefined ? undefined : answerTimeout * 1000;
  return { maxCost, maxRequests, concurrency, rate, retries, answerTimeoutMs };
}

interface SubmissionOptions {
  readonly maxCost: number | undefined;
  readonly maxRequests: number | undefined;
  readonly concurrency: number | undefined;
  readonly rate: string | undefined;
  readonly retries: number | undefined;
  /** In seconds. */
  readonly answerTimeout: number | undefined;
}

/** The result of a plan that was sent. */
export interface Sent {
  readonly result: RunResult;
  /** Keys that another run took, or a person settled, between plan and claim. */
  readonly lost: readonly string[];
}

/** Sends a plan of `requests` requests as a stage of a call. */
export async function showSubmission(
  call: CommandCall,
  stages: Stages,
  submission: ReadySubmission,
  requests: number,
): Promise<Sent> {
  const { io, animate, verbosity } = call;
  // From here on no interrupt ends the program by itself: what was sent must get its summary and its report.
  io.onInterrupt(() => {});
  const interrupts = listenForInterrupts(call);
  const lost: string[] = [];
  try {
    const result = await stages.stage(
      `Submit ${count(requests, 'request')}`,
      (show) => {
        const progress = new RunProgress(io.clock);
        return submission.send({
          signal: interrupts.stop,
          leaveSignal: interrupts.leave,
          onEvent: (event) => {
            progress.observe(event);
            if (event.type === 'lost') lost.push(event.key);
            // News that must not be missed among the progress; with `--verbose`, everything.
            const line = eventLine(event, { verbose: verbosity === 'verbose', timeZone: io.timeZone });
            if (line !== null) io.stderr.write(`${line}\n`);
            show(progress.line(), (event.type === 'stopping' || progress.isHeldUp) && animate);
          },
        });
      },
      ({ accepted, planned, stopped, inDoubt, refused, notSent }) => ({
        text: `Submit: ${number(accepted)} of ${number(planned)} submitted${stopped === null ? '' : ', then stopped'}`,
        isClean: stopped === null && inDoubt + refused + notSent === 0,
      }),
    );
    return { result, lost };
  } finally {
    interrupts.end();
  }
}

/** The first Ctrl-C stops taking new requests, the second leaves at once. */
function listenForInterrupts({ io }: CommandCall): {
  readonly stop: AbortSignal;
  readonly leave: AbortSignal;
  readonly end: () => void;
} {
  const stop = new AbortController();
  const leave = new AbortController();
  const end = io.onInterrupt((signal) => {
    io.stderr.write(interruptLine(signal));
    (stop.signal.aborted ? leave : stop).abort();
  });
  return { stop: stop.signal, leave: leave.signal, end };
}
