import { withoutTake } from '../../core/request-key.ts';
import {
  type ClipStanding,
  type DecisionMade,
  isDecision,
  plainDecision,
  type VersionStanding,
  versionStanding,
} from './clip-decision.ts';
import type { StoredEvent } from './event.ts';

/** The decisions among events. */
export function decisionsIn(events: readonly StoredEvent[]): readonly DecisionMade[] {
  return events.flatMap((event) => {
    if (!isDecision(event)) return [];
    const { id, at, taskId, by, causes } = event;
    return [{ id, at, ...plainDecision(event), taskId, by, causes }];
  });
}

/** A request with what was decided on its clips. */
interface Decided {
  readonly key: string;
  readonly clipDecisions?: readonly DecisionMade[];
}

/** The decisions in force in a project. */
export interface Decisions {
  /** Standings by task id; clips that nobody spoke of are left out. */
  readonly clips: ReadonlyMap<string, ClipStanding>;
  /** Standings by the key of the version; versions that nobody spoke of are left out. */
  readonly versions: ReadonlyMap<string, VersionStanding>;
}

/** @param requests those of a whole project: the takes of a version, and what was sent before edits of it, share one pick. */
export function decisionsOf(requests: readonly Decided[]): Decisions {
  const made = new Map<string, DecisionMade[]>();
  for (const { key, clipDecisions } of requests) {
    if (clipDecisions === undefined) continue;
    const version = withoutTake(key);
    made.set(version, [...(made.get(version) ?? []), ...clipDecisions]);
  }
  const versions = new Map([...made].map(([version, all]) => [version, versionStanding(all)]));
  return { versions, clips: new Map([...versions.values()].flatMap(({ clips }) => [...clips])) };
}
