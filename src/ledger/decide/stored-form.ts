import type { NewEvent } from '../backend.ts';
import type { JournalEvent } from '../journal/journal-event.ts';
import { plainDecision } from '../model/clip-decision.ts';

/** An event of another ledger, as this one keeps it. */
export function storedForm(event: JournalEvent): NewEvent {
  const { id, at, project, key } = event;
  const common = { id, at, here: false, place: { project, key } };
  switch (event.type) {
    case 'claimed': {
      const { run, attempt, price, currency, causes = null } = event;
      return { ...common, type: 'claimed', run, attempt, price, currency, causes };
    }
    case 'settled':
      return { ...common, type: 'settled', run: event.run, attempt: event.attempt, outcome: event.outcome };
    case 'resolved': {
      const { run, attempt, by, resolution, replaces } = event;
      const correction = replaces === undefined ? {} : { replaces };
      return { ...common, type: 'resolved', run, attempt, by, resolution, ...correction };
    }
    case 'task': {
      const { taskId, status, error, actualDuration, providerAmount } = event;
      const amount = providerAmount === undefined ? {} : { providerAmount };
      const update = { taskId, status, error, videoUrl: null, actualDuration, ...amount };
      return { ...common, type: 'task', update };
    }
    case 'clipGivenUp':
      return { ...common, type: 'clipGivenUp', taskId: event.taskId, by: event.by };
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared': {
      const { taskId, by, causes = null } = event;
      return { ...common, ...plainDecision(event), taskId, by, causes };
    }
    case 'adopted':
      return { ...common, type: 'adopted', to: event.to, by: event.by, causes: event.causes ?? null };
  }
}
