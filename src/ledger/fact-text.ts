import { plainDecision } from './model/clip-decision.ts';
import type { StoredFact } from './model/event.ts';

/** Writes the parts of a fact that have no column of their own, as JSON. */
export function factText(fact: StoredFact): string {
  switch (fact.type) {
    case 'claimed': {
      const { price, currency, causes, sent } = fact;
      return JSON.stringify({ price, currency, causes, ...(sent === undefined ? {} : { sent }) });
    }
    case 'settled':
      return JSON.stringify({ outcome: fact.outcome });
    case 'resolved':
      return JSON.stringify({ resolution: fact.resolution, by: fact.by, replaces: fact.replaces });
    case 'task':
      return JSON.stringify({ update: fact.update });
    case 'saved':
      return JSON.stringify({ taskId: fact.taskId, file: fact.file });
    case 'inspected':
      return JSON.stringify({ taskId: fact.taskId, qc: fact.qc });
    case 'clipGivenUp':
      return JSON.stringify({ taskId: fact.taskId, by: fact.by });
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared': {
      const { type: _, ...said } = plainDecision(fact);
      return JSON.stringify({ ...said, taskId: fact.taskId, by: fact.by, causes: fact.causes });
    }
    case 'adopted':
      return JSON.stringify({ to: fact.to, by: fact.by, causes: fact.causes });
  }
}
