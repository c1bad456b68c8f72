import type { Facts, StoredRequest } from './backend.ts';
import { foldAttempts } from './model/attempts.ts';
import { plainDecision } from './model/clip-decision.ts';
import type { LedgerEvent, StoredEvent } from './model/event.ts';
import type { LedgerScope } from './model/identity.ts';

/** The events of what is filed under a key now, and of what was until it was renamed, oldest first. */
export function historyOf(
  { requests, runs }: Pick<Facts, 'requests' | 'runs'>,
  scope: LedgerScope,
  key: string,
): readonly LedgerEvent[] {
  const isNamed = (place: { readonly project: string; readonly key: string }): boolean =>
    place.project === scope.project && place.key === key;
  return requests
    .filter(
      (request) =>
        isNamed(request) || request.events.some((event) => event.type === 'adopted' && isNamed(event.place)),
    )
    .flatMap((request) => {
      const numbers = numbersOf(request);
      return request.events.map((event) => told(event, request, numbers, runs));
    })
    .sort((a, b) => a.seq - b.seq);
}

function numbersOf({ events }: StoredRequest): ReadonlyMap<string, number> {
  return new Map(
    foldAttempts(events).map(({ runId, origin, number }) => [attemptKey(runId, origin), number]),
  );
}

function attemptKey(run: string, attempt: number): string {
  return `${run} ${attempt}`;
}

function told(
  event: StoredEvent,
  { key, fingerprint }: StoredRequest,
  numbers: ReadonlyMap<string, number>,
  runs: Facts['runs'],
): LedgerEvent {
  const { seq, at } = event;
  const common = { seq, key, fingerprint, at };
  const numberOf = (of: { readonly run: string; readonly attempt: number }): number =>
    numbers.get(attemptKey(of.run, of.attempt)) ?? of.attempt;
  switch (event.type) {
    case 'claimed': {
      const { run: runId, price, currency } = event;
      const by = runs.get(runId)?.by ?? null;
      return { ...common, by, type: 'claimed', attempt: numberOf(event), runId, price, currency };
    }
    case 'settled':
      return { ...common, by: null, type: 'settled', attempt: numberOf(event), outcome: event.outcome };
    case 'resolved': {
      const { resolution, by, replaces } = event;
      const correction = replaces === undefined ? {} : { isCorrection: true as const };
      return { ...common, type: 'resolved', attempt: numberOf(event), resolution, by, ...correction };
    }
    case 'task':
      return { ...common, by: null, type: 'task', update: event.update };
    case 'saved':
      return { ...common, by: null, type: 'saved', taskId: event.taskId, file: event.file };
    case 'inspected':
      return { ...common, by: null, type: 'inspected', taskId: event.taskId, qc: event.qc };
    case 'clipGivenUp':
      return { ...common, type: 'clipGivenUp', taskId: event.taskId, by: event.by };
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared':
      return { ...common, ...plainDecision(event), taskId: event.taskId, by: event.by };
    case 'adopted':
      return { ...common, type: 'adopted', from: event.place, to: event.to, by: event.by };
  }
}
