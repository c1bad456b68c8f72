import { takeKey, withoutTake } from '../../core/request-key.ts';
import type { Change, Decision, Facts, RequestsWanted, Wanted } from '../backend.ts';
import {
  type ClipDecision,
  type ClipStanding,
  type DecisionMade,
  type DecisionOnClip,
  plainDecision,
  type VersionStanding,
  versionStanding,
} from '../model/clip-decision.ts';
import { decisionsIn } from '../model/clip-decisions.ts';
import { ResolutionError } from '../model/failures.ts';
import type { LedgerScope } from '../model/identity.ts';
import { Causality } from '../model/order.ts';
import { append, newEvent } from './new-event.ts';
import { taskOf } from './task.ts';

/** The decisions of a person on some clips. */
export interface WordOnClips {
  readonly scope: LedgerScope;
  readonly decisions: readonly DecisionOnClip[];
  readonly by: string;
  /** Milliseconds since the epoch. */
  readonly nowMs: number;
}

/** A shot has up to this many takes, so the keys of a version are known before it is looked at. */
const maxTakes = 99;

/** So many versions are looked up by the keys of their takes; of more, the whole project is read. */
const maxLookedUp = 20;

export function factsForDecisions({ scope, decisions }: WordOnClips): Wanted {
  const versions = [...new Set(decisions.map(({ task }) => withoutTake(task.key)))];
  if (versions.length > maxLookedUp) return { requests: [{ scope }] };
  return { requests: [takesOf(scope, versions)] };
}

/** Every take of some versions, under whatever fingerprint. */
export function takesOf(scope: LedgerScope, versions: readonly string[]): RequestsWanted {
  const keys = versions.flatMap((version) =>
    Array.from({ length: maxTakes }, (_, index) => takeKey(version, index + 1)),
  );
  return { scope, keys, fingerprints: [] };
}

/**
 * Records what a person says of clips: all of it, or nothing.
 *
 * @returns of each decision whether it says anything new; what stands already adds no event.
 * @throws ResolutionError for a pick of what has no clip.
 */
export function decideClips(facts: Facts, word: WordOnClips): Decision<readonly boolean[]> {
  const { scope, by, nowMs } = word;
  const known = new Map<string, DecisionMade[]>();
  for (const request of facts.requests) {
    if (request.project !== scope.project || request.provider !== scope.provider) continue;
    const version = withoutTake(request.key);
    known.set(version, [...(known.get(version) ?? []), ...decisionsIn(request.events)]);
  }
  const changes: Change[] = [];
  const value = word.decisions.map(({ task, decision }) => {
    const { request, task: found } = taskOf(facts, scope, task, task.taskId);
    if (decision.type === 'picked' && found.status !== 'completed') {
      throw new ResolutionError(`${task.key} has no clip to pick: its task ${found.id} is ${found.status}`, {
        help: 'Nothing was changed.',
      });
    }
    const version = withoutTake(task.key);
    const made = known.get(version) ?? [];
    if (isSaid(decision, task.taskId, versionStanding(made))) return false;
    const { key, fingerprint, taskId } = task;
    const event = newEvent({ ...scope, key, fingerprint }, nowMs, {
      ...{ ...plainDecision(decision), taskId, by },
      causes: headsOf(made),
    });
    changes.push(append(request, event));
    known.set(version, [...made, ...decisionsIn([{ ...event, seq: 0 }])]);
    return true;
  });
  return { changes, value };
}

function headsOf(made: readonly DecisionMade[]): readonly string[] | null {
  if (made.length === 0) return null;
  return new Causality(made)
    .heads(made)
    .flatMap(({ id }) => (id === null ? [] : [id]))
    .sort();
}

/** True where a decision would change nothing. A pick that settles a disagreement does. */
function isSaid(decision: ClipDecision, taskId: string, { clips, disagreement }: VersionStanding): boolean {
  const standing: ClipStanding | undefined = clips.get(taskId);
  switch (decision.type) {
    case 'picked':
      return (
        standing?.decision === 'picked' &&
        disagreement.length === 0 &&
        (decision.note === null || decision.note === standing.note)
      );
    case 'rejected':
      return (
        standing?.decision === 'rejected' &&
        decision.reason === standing.reason &&
        (decision.note === null || decision.note === standing.note)
      );
    case 'noted':
      return standing?.note === decision.note;
    case 'cleared':
      return decision.what === 'noted' ? standing?.note == null : standing?.decision !== decision.what;
  }
}
