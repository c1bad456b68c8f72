import { UsageError } from '../core/errors.ts';
import { oddCharacter } from '../core/outside-text.ts';
import { withoutTake } from '../core/request-key.ts';
import type {
  ClipDecision,
  DecisionOnClip,
  LedgerEntry,
  LedgerEvent,
  RequestIdentity,
} from '../ledger/ledger.ts';
import { decisionsOf } from '../ledger/model/clip-decisions.ts';
import type { ProjectContext } from './context.ts';
import { unknownKey } from './planning.ts';

/** Words that are offered as reasons to reject a clip; any other is as good. */
export const offeredReasons = [
  'hands',
  'face',
  'motion',
  'continuity',
  'text',
  'style',
  'prompt',
  'technical',
] as const;

/** Characters at most. A reason is a word to count by; a note is a line or two. */
const longest = { reason: 60, note: 2000 } as const;

/** A person's decision on one clip. */
export interface ClipWish {
  /** The request whose clip is meant. */
  readonly key: string;
  /**
   * The attempt that made it, counted from 1 among all attempts under the key, also those before an edit of the shot;
   * the latest that the manifest asks for where neither this nor a task is named.
   */
  readonly attempt?: number | undefined;
  readonly taskId?: string | undefined;
  readonly decision: ClipDecision;
}

/** The outcome of one decision. */
export interface ClipDecided {
  readonly key: string;
  readonly taskId: string;
  readonly decision: ClipDecision;
  /** False where it stood already, so that nothing was added. */
  readonly isNew: boolean;
  /** The key of the take that was picked before, where this pick moved it. */
  readonly instead: string | null;
}

/**
 * Records decisions on clips, all of them or none, and writes the journal.
 *
 * @throws UsageError for a key or attempt without a clip, and for two picks of one version; ResolutionError where a
 *   task has not made a clip.
 */
export async function decideOnClips(
  context: ProjectContext,
  wishes: readonly ClipWish[],
): Promise<readonly ClipDecided[]> {
  const { scope, by, ledger, journal } = context;
  const entries = await (await ledger.reader()).read(scope);
  const decisions: DecisionOnClip[] = [];
  for (const wish of wishes) {
    const task = await taskMeant(context, entries, wish);
    decisions.push({ task, decision: checkedDecision(wish.decision) });
  }
  refuseRivals(decisions);
  const before = decisionsOf(entries).versions;
  const keyOfTask = (taskId: string): string | null =>
    entries.find((entry) => tasksOf(entry).includes(taskId))?.key ?? null;
  const isNew = await (await ledger.writer()).decideClips(scope, decisions, by);
  if (isNew.some(Boolean)) await journal.write(ledger);
  return decisions.map(({ task, decision }, index) => {
    const picked = before.get(withoutTake(task.key))?.picked ?? null;
    const isMove = decision.type === 'picked' && picked !== null && picked !== task.taskId;
    return {
      ...{ key: task.key, taskId: task.taskId, decision, isNew: isNew[index] === true },
      instead: isMove ? keyOfTask(picked) : null,
    };
  });
}

/** @throws UsageError for a text that is empty, too long or would break a line of the journal. */
function checkedDecision(decision: ClipDecision): ClipDecision {
  switch (decision.type) {
    case 'picked':
      return { ...decision, note: decision.note === null ? null : checkedText('note', decision.note) };
    case 'rejected':
      return {
        ...{ type: 'rejected', reason: checkedText('reason', decision.reason) },
        note: decision.note === null ? null : checkedText('note', decision.note),
      };
    case 'noted':
      return { ...decision, note: checkedText('note', decision.note) };
    case 'cleared':
      return decision;
  }
}

function checkedText(what: 'reason' | 'note', text: string): string {
  const line = text.replace(/\s+/gu, ' ').trim();
  if (line === '') throw new UsageError(`the ${what} is empty`, { help: 'say it in a few words' });
  const length = [...line].length;
  if (length > longest[what]) {
    throw new UsageError(`the ${what} is ${length} characters long; up to ${longest[what]} are kept`, {
      help: what === 'reason' ? 'say it in a word, and the rest in a note' : 'say it in fewer words',
    });
  }
  const odd = oddCharacter(line);
  if (odd !== null) throw new UsageError(`the ${what} holds ${odd}, which no terminal should get`);
  return line;
}

/** One clip of a version is picked, so a call cannot mean two. */
function refuseRivals(decisions: readonly DecisionOnClip[]): void {
  const picks = new Map<string, DecisionOnClip>();
  for (const each of decisions) {
    if (each.decision.type !== 'picked') continue;
    const version = withoutTake(each.task.key);
    const other = picks.get(version);
    if (other !== undefined && other.task.taskId !== each.task.taskId) {
      throw new UsageError(
        `${other.task.key} and ${each.task.key} are takes of one shot, of which one can be picked`,
        { help: 'Nothing was changed.' },
      );
    }
    picks.set(version, each);
  }
}

async function taskMeant(
  context: ProjectContext,
  entries: readonly LedgerEntry[],
  wish: ClipWish,
): Promise<DecisionOnClip['task']> {
  const { key, taskId, attempt } = wish;
  if (taskId !== undefined) {
    const owner = entries.find((entry) => tasksOf(entry).includes(taskId));
    if (owner !== undefined) return { key: owner.key, fingerprint: owner.fingerprint, taskId };
    throw new UsageError(`the ledger knows no task ${taskId} (${key})`, {
      help: `it may be in another ledger: take in its journal with shotlist ledger import. Nothing was changed.`,
    });
  }
  const named = entries.filter((entry) => entry.key === key);
  if (named.length === 0) throw unknownHere(context, key, entries);
  if (attempt !== undefined) return attemptMeant(context, key, attempt);
  const asked = context.linted.requests.find((request) => request.key === key)?.fingerprint;
  const withTask = named.filter((entry) => entry.taskId !== null);
  const chosen =
    withTask.find(({ fingerprint }) => fingerprint === asked) ??
    [...withTask].sort((a, b) => a.seq - b.seq).at(-1);
  if (chosen?.taskId == null) {
    throw new UsageError(`${key} has no clip: nothing of it was accepted yet`, {
      help: `what became of it: ${context.followUp('history', key)}`,
    });
  }
  if (wish.decision.type === 'picked' && chosen.state !== 'completed') {
    const earlier = (await attemptsUnder(context, key)).filter(({ isCompleted }) => isCompleted);
    throw new UsageError(`${key} has no clip to pick: it is ${chosen.state}`, {
      help:
        earlier.length === 0
          ? 'Nothing was changed.'
          : `an earlier clip is there: add --attempt ${earlier.at(-1)?.attempt}. Nothing was changed.`,
    });
  }
  return { key, fingerprint: chosen.fingerprint, taskId: chosen.taskId };
}

/** An attempt under a key that got a task. */
interface AttemptUnder extends RequestIdentity {
  readonly attempt: number;
  readonly taskId: string;
  readonly isCompleted: boolean;
}

async function attemptMeant(
  context: ProjectContext,
  key: string,
  attempt: number,
): Promise<DecisionOnClip['task']> {
  const attempts = await attemptsUnder(context, key);
  const found = attempts.find((each) => each.attempt === attempt);
  if (found !== undefined) return { key: found.key, fingerprint: found.fingerprint, taskId: found.taskId };
  const known = attempts.map((each) => `${each.attempt} (task ${each.taskId})`).join(', ');
  throw new UsageError(`no task came of attempt ${attempt} of ${key}`, {
    help: known === '' ? 'Nothing was changed.' : `it has ${known}. Nothing was changed.`,
  });
}

async function attemptsUnder(
  { ledger, scope }: ProjectContext,
  key: string,
): Promise<readonly AttemptUnder[]> {
  const events = await (await ledger.reader()).history(scope, key);
  const claims = events.flatMap((event) => (event.type === 'claimed' ? [event] : []));
  return claims.flatMap((claim, index) => {
    const taskId = events.map((event) => taskNamed(event, claim)).find((id) => id !== null) ?? null;
    if (taskId === null) return [];
    const isCompleted = events.some(
      (event) =>
        (event.type === 'task' && event.update.taskId === taskId && event.update.status === 'completed') ||
        (event.type === 'settled' &&
          event.outcome.kind === 'accepted' &&
          event.outcome.taskId === taskId &&
          event.outcome.status === 'completed'),
    );
    return [{ key: claim.key, fingerprint: claim.fingerprint, attempt: index + 1, taskId, isCompleted }];
  });
}

/** The task that an event names as what came of a claim. */
function taskNamed(event: LedgerEvent, claim: LedgerEvent & { readonly type: 'claimed' }): string | null {
  if (event.type !== 'settled' && event.type !== 'resolved') return null;
  if (event.fingerprint !== claim.fingerprint || event.attempt !== claim.attempt) return null;
  if (event.type === 'settled') return event.outcome.kind === 'accepted' ? event.outcome.taskId : null;
  return event.resolution.kind === 'taskId' ? event.resolution.taskId : null;
}

/** Every task of a request, those of earlier attempts included. */
export function tasksOf({ taskId, earlierTasks = [] }: LedgerEntry): readonly string[] {
  return [...earlierTasks.map(({ id }) => id), ...(taskId === null ? [] : [taskId])];
}

function unknownHere({ linted, followUp }: ProjectContext, key: string, entries: readonly LedgerEntry[]) {
  if (linted.requests.some((request) => request.key === key)) {
    return new UsageError(`${key} has no clip: it was never sent`, {
      help: `what would be sent: ${followUp('plan')}`,
    });
  }
  return unknownKey(
    'the command',
    key,
    entries.map((entry) => entry.key),
  );
}
