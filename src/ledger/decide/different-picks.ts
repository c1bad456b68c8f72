import { withoutTake } from '../../core/request-key.ts';
import type { Facts, RequestsWanted } from '../backend.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import { type DecisionMade, isDecision, plainDecision, versionStanding } from '../model/clip-decision.ts';
import { decisionsIn } from '../model/clip-decisions.ts';
import type { Place } from '../model/identity.ts';
import type { Conflict } from '../model/moving.ts';
import { takesOf } from './decide-clips.ts';

/** The takes among which these events pick: another ledger may have picked another one. */
export function versionsPicked(events: readonly JournalEvent[]): readonly RequestsWanted[] {
  const byScope = new Map<
    string,
    { readonly provider: string; readonly project: string; keys: Set<string> }
  >();
  for (const { type, provider, project, key } of events) {
    if (type !== 'picked') continue;
    const name = `${provider} ${project}`;
    const scope = byScope.get(name) ?? { provider, project, keys: new Set() };
    byScope.set(name, scope);
    scope.keys.add(withoutTake(key));
  }
  return [...byScope.values()].map(({ provider, project, keys }) =>
    takesOf({ provider, project }, [...keys]),
  );
}

/** Tells of picks among new events that differ from others, where neither side knew of the other. */
export function differentPicks(
  facts: Facts,
  fresh: readonly JournalEvent[],
  filedAt: ReadonlyMap<string, Place>,
): readonly Conflict[] {
  if (!fresh.some(({ type }) => type === 'picked')) return [];
  const versions = new Map<string, { readonly made: DecisionMade[] }>();
  const keys = new Map<string, string>();
  const tell = (provider: string, { project, key }: Place, made: readonly DecisionMade[]): void => {
    for (const { id } of made) keys.set(id ?? '', key);
    const name = `${provider} ${project} ${withoutTake(key)}`;
    const group = versions.get(name) ?? { made: [] };
    versions.set(name, group);
    group.made.push(...made);
  };
  for (const { provider, project, key, events } of facts.requests) {
    tell(provider, { project, key }, decisionsIn(events));
  }
  const news = new Set<string>();
  for (const event of fresh) {
    if (!isDecision(event)) continue;
    news.add(event.id);
    const { id, at, taskId, by, causes = null } = event;
    tell(event.provider, filedAt.get(id) ?? event, [{ id, at, ...plainDecision(event), taskId, by, causes }]);
  }
  return [...versions.values()].flatMap(({ made }) => {
    const { disagreement } = versionStanding(made);
    const last = disagreement.at(-1);
    if (last === undefined || !disagreement.some(({ id }) => news.has(id ?? ''))) return [];
    const keyOf = ({ id }: DecisionMade): string => keys.get(id ?? '') ?? '';
    const picks = disagreement.map((pick) => `${pick.by} picked ${keyOf(pick)} (${pick.at})`).join(', and ');
    const message = `${picks}, neither knowing of the other; the later pick holds`;
    return [{ key: keyOf(last), message }];
  });
}
