import type { TaskStatus } from '../../core/task-status.ts';
import type { Attempt, KnownTask } from './attempt.ts';
import { isDecision } from './clip-decision.ts';
import { isHearsay, type StandingDecision, standingDecisions } from './decisions.ts';
import type { AttemptName, EventOf, StoredEvent } from './event.ts';
import { Causality, compareText } from './order.ts';
import type { AttemptOutcome, Resolution, TaskUpdate } from './outcome.ts';

/** An attempt while its events are being read. */
interface Draft {
  readonly claim: EventOf<'claimed'>;
  readonly answers: EventOf<'settled'>[];
  readonly decisions: EventOf<'resolved'>[];
  task: KnownTask | null;
}

/**
 * The attempts of one request, from its events. Pure: the ledger holds nothing that this can't compute again. Two ledgers
 * that took in each other's events come to the same attempts, whichever events came first. The one thing that they may
 * see differently is a doubt of their own: what others say of it counts only once a person has said so here.
 */
export function foldAttempts(events: readonly StoredEvent[]): readonly Attempt[] {
  const drafts = draftsOf(events);
  if (drafts.length === 0) return noAttempts;
  const find = ({ run, attempt }: AttemptName): Draft | undefined =>
    drafts.find(({ claim }) => claim.attempt === attempt && claim.run === run);
  for (const event of events) {
    if (event.type === 'settled') find(event)?.answers.push(event);
    if (event.type === 'resolved') find(event)?.decisions.push(event);
  }
  for (const draft of drafts) draft.task = taskOf(draft);
  for (const event of aboutTasks(events)) {
    const taskId = event.type === 'task' ? event.update.taskId : event.taskId;
    const owner = drafts.find(({ task }) => task?.id === taskId);
    if (owner?.task != null) owner.task = taskAfter(owner.task, event);
  }
  let last = 0;
  return drafts.map((draft) => {
    // A ledger that lost an attempt still knows how many there were by then.
    last = Math.max(last + 1, draft.claim.attempt);
    return closed(draft, last);
  });
}

type TaskEvent = EventOf<'task' | 'saved' | 'inspected' | 'clipGivenUp'>;

/** Sorts the events about tasks into an order that all ledgers share. */
function aboutTasks(events: readonly StoredEvent[]): readonly TaskEvent[] {
  const found: TaskEvent[] = [];
  for (const event of events) {
    if (event.type === 'task' || ('taskId' in event && !isDecision(event))) found.push(event as TaskEvent);
  }
  return found.length < 2 ? found : found.sort(byAge);
}

const noAttempts: readonly Attempt[] = [];

/**
 * The claims, in the order on which all ledgers agree: what a claim knew comes before it; of two that did not know of
 * each other, the one with the smaller number, and only then the earlier one.
 */
function draftsOf(events: readonly StoredEvent[]): readonly Draft[] {
  const claims: EventOf<'claimed'>[] = [];
  for (const event of events) if (event.type === 'claimed') claims.push(event);
  const drafts = inOrder(claims, events).map(
    (claim): Draft => ({ claim, answers: [], decisions: [], task: null }),
  );
  if (drafts.length < 2) return drafts;
  // The same attempt, told in two ways: one of them is a forgery or a slip, and it was sent once.
  return drafts.filter(
    ({ claim }, index) =>
      drafts.findIndex(({ claim: { run, attempt } }) => run === claim.run && attempt === claim.attempt) ===
      index,
  );
}

function inOrder(
  claims: readonly EventOf<'claimed'>[],
  events: readonly StoredEvent[],
): readonly EventOf<'claimed'>[] {
  if (claims.length < 2) return claims;
  const causal = events.filter(
    (event): event is EventOf<'claimed'> | EventOf<'adopted'> =>
      event.type === 'claimed' || event.type === 'adopted',
  );
  return new Causality(causal).inOrder(
    claims,
    (a, b) =>
      a.attempt - b.attempt ||
      compareText(a.at, b.at) ||
      compareText(a.run, b.run) ||
      compareText(a.id ?? '', b.id ?? ''),
  );
}

/** Applies an update to a task. An end is final, and null takes nothing away. */
export function updatedTask(task: KnownTask, update: TaskUpdate, at: string): KnownTask {
  const ended = task.status === 'completed' || task.status === 'failed';
  if (ended && update.status !== task.status) return task;
  return {
    ...task,
    status: update.status,
    error: update.error ?? task.error,
    actualDuration: update.actualDuration ?? task.actualDuration,
    completedAt: task.completedAt ?? (update.status === 'completed' ? at : null),
    ...(update.providerAmount === undefined ? {} : { providerAmount: update.providerAmount }),
  };
}

function taskAfter(task: KnownTask, event: TaskEvent): KnownTask {
  switch (event.type) {
    case 'task':
      return updatedTask(task, event.update, event.at);
    case 'saved':
      return { ...task, file: event.file };
    case 'inspected':
      return { ...task, qc: event.qc };
    case 'clipGivenUp':
      return { ...task, isClipGivenUp: true };
  }
}

/** The answer to an attempt. Of two that contradict each other, the one that says that it was paid, or may have been. */
function answerTo({ claim, answers }: Draft): EventOf<'settled'> | null {
  const [only] = answers;
  if (only === undefined) return null;
  if (answers.length === 1) return isHearsay(claim, only) ? null : only;
  const heard = answers.filter((answer) => !isHearsay(claim, answer));
  const [best = null] = heard.sort(
    (a, b) => costliest.indexOf(a.outcome.kind) - costliest.indexOf(b.outcome.kind) || byAge(a, b),
  );
  return best;
}

const costliest: readonly AttemptOutcome['kind'][] = [
  'accepted',
  'inDoubt',
  'refused',
  'throttled',
  'notSent',
];

/** The task of an answer; else the one that a person found. Of two that two people found, all ledgers take the same. */
function taskOf(draft: Draft): KnownTask | null {
  const answer = answerTo(draft);
  if (answer?.outcome.kind === 'accepted') {
    const { taskId, status, error } = answer.outcome;
    return newTask(taskId, status, error, answer.at);
  }
  const [found] = countingDecisions(draft)
    .flatMap(({ resolution }) => (resolution.kind === 'taskId' ? [resolution.taskId] : []))
    .sort(compareText);
  return found === undefined ? null : newTask(found, 'queued', null, draft.claim.at);
}

function countingDecisions({ claim, decisions }: Draft): readonly EventOf<'resolved'>[] {
  return standingDecisions(decisions.filter((decision) => !isHearsay(claim, decision)));
}

/**
 * An attempt once everything about it is read. An answer that was recorded late, from the spool or another ledger,
 * outweighs what a person had guessed; of what people decided apart from each other, the decision that spends least.
 */
function closed(draft: Draft, number: number): Attempt {
  const { claim, answers, decisions, task } = draft;
  const outcome = answerTo(draft)?.outcome ?? null;
  const answered = outcome !== null && outcome.kind !== 'inDoubt';
  const heard = answered ? [] : countingDecisions(draft);
  const of = (kind: Resolution['kind']): readonly EventOf<'resolved'>[] =>
    heard.filter(({ resolution }) => resolution.kind === kind);
  // A word that names the decisions that it takes back takes back no others; releases that named none took back any.
  const takenBack = of('reopened').filter(({ replaces }) => replaces === undefined);
  const abandoned = task === null && of('abandoned').length > takenBack.length;
  const notSubmitted = task === null && !abandoned && of('notSubmitted').length > 0;
  const rumour =
    standingDecisions(decisions).find((said) => isHearsay(claim, said)) ??
    answers.find((said) => isHearsay(claim, said));
  const decided = abandoned ? of('abandoned') : notSubmitted ? of('notSubmitted') : of('taskId');
  const settled = task !== null || abandoned || notSubmitted || answered;
  return {
    ...{
      number,
      origin: claim.attempt,
      runId: claim.run,
      id: claim.id ?? '',
      here: claim.here,
      at: claim.at,
    },
    ...{ price: claim.price, currency: claim.currency, outcome, task, abandoned, notSubmitted },
    decision: decisionOf(decided, task),
    hearsay: rumour === undefined || (settled && !isCorrection(rumour)) ? null : saidElsewhere(rumour),
  };
}

/** The decision that an attempt rests on, of several that say the same the first. */
function decisionOf(
  decided: readonly EventOf<'resolved'>[],
  task: KnownTask | null,
): StandingDecision | null {
  for (const { resolution, by, at } of [...decided].sort(byAge)) {
    if (resolution.kind === 'reopened') continue;
    if (resolution.kind === 'taskId' && resolution.taskId !== task?.id) continue;
    return { resolution, by, at };
  }
  return null;
}

/** True for a word that takes the place of a decision: it is heard of even where that one stands. */
function isCorrection(said: EventOf<'settled'> | EventOf<'resolved'>): boolean {
  return said.type === 'resolved' && said.replaces !== undefined;
}

function saidElsewhere(said: EventOf<'settled'> | EventOf<'resolved'>): string {
  if (said.type === 'settled') return `another ledger has recorded that it was ${said.outcome.kind}`;
  const what = said.resolution.kind === 'abandoned' ? 'was given up' : 'never reached the provider';
  return `${said.by} said elsewhere that it ${what}`;
}

/** Orders events by what every ledger knows of them. */
function byAge(a: StoredEvent, b: StoredEvent): number {
  return compareText(a.at, b.at) || compareText(a.id ?? '', b.id ?? '');
}

function newTask(id: string, status: TaskStatus, error: string | null, at: string): KnownTask {
  const completedAt = status === 'completed' ? at : null;
  return { id, status, error, actualDuration: null, completedAt, file: null };
}
