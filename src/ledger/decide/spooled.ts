import { isoTime } from '../../core/clock.ts';
import type { Change, Decision, Facts, Wanted } from '../backend.ts';
import { compareText } from '../model/order.ts';
import type { SpooledAnswer, SpoolReport } from '../spool/spool.ts';
import { append, newEvent } from './new-event.ts';
import { held } from './settle.ts';

export function factsForSpooled({ scope, request }: SpooledAnswer): Wanted {
  return {
    requests: [{ provider: scope.provider, fingerprints: [request.fingerprint] }],
    runs: true,
  };
}

/** Records an answer that a run could not. Doing it again changes nothing. */
export function takeInSpooled(facts: Facts, answer: SpooledAnswer): Decision<SpoolReport['result']> {
  const { scope, request, runId, by, plan, attempt, price, currency, outcome } = answer;
  const { key, fingerprint } = request;
  const events = facts.requests.flatMap((each) => each.events.map((event) => ({ event, request: each.id })));
  const claimed = events.find(
    ({ event }) =>
      event.type === 'claimed' &&
      event.run === runId &&
      event.attempt === attempt &&
      event.place.key === key &&
      event.place.project === scope.project,
  );
  const [known] = events
    .flatMap(({ event }) =>
      event.type === 'settled' && event.run === runId && event.attempt === attempt ? [event] : [],
    )
    .sort((a, b) => compareText(a.id ?? '', b.id ?? ''));
  if (known !== undefined) {
    const isSame = JSON.stringify(known.outcome) === JSON.stringify(outcome);
    return { changes: [], value: isSame ? 'known' : 'left' };
  }
  const subject = { ...scope, key, fingerprint };
  const isOthers = events.some(
    ({ event }) =>
      event.type === 'claimed' &&
      event.here &&
      event.run !== runId &&
      event.attempt === attempt &&
      event.place.key === key &&
      event.place.project === scope.project,
  );
  if (claimed === undefined && isOthers) return { changes: [], value: 'left' };
  const settled = newEvent(subject, answer.settledAt, { type: 'settled', run: runId, attempt, outcome });
  if (claimed !== undefined) {
    return {
      changes: [append(claimed.request, settled), ...held(scope, outcome, claimed.request)],
      value: 'recorded',
    };
  }
  const run = { id: runId, scope, by, plan };
  const sent = { ...subject, sent: { request, run } };
  // As the run named them: the journal may hold the same claim.
  const { causes = null } = answer;
  const fact = { type: 'claimed', run: runId, attempt, price, currency, causes } as const;
  const changes: Change[] = [
    {
      ...{ type: 'run', at: isoTime(answer.claimedAt) },
      run: { ...run, currency: null, intervalMs: null, ended: true },
    },
    { type: 'request', scope, request },
    append(subject, newEvent(sent, answer.claimedAt, fact), subject),
    append(subject, settled),
    ...held(scope, outcome, subject),
  ];
  return { changes, value: 'recorded' };
}
