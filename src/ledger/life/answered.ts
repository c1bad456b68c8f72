import type { Facts } from '../backend.ts';

/**
 * Facts whose `isLive` was asked at the moment of the facts: about every run that they leave open. Asked later, a run that
 * has recorded its answer and ended since would read as dead, and its claim as in doubt.
 */
export function answered(facts: Facts): Facts {
  const answers = new Map<string, boolean>();
  const ask = (run: string): void => {
    if (!answers.has(run)) answers.set(run, facts.isLive(run));
  };
  for (const { id, ended } of facts.runs.values()) if (!ended) ask(id);
  for (const { events } of facts.requests) {
    for (const event of events) {
      if (event.type !== 'claimed') continue;
      const isSettled = events.some(
        (other) => other.type === 'settled' && other.run === event.run && other.attempt === event.attempt,
      );
      if (!isSettled) ask(event.run);
    }
  }
  return { ...facts, isLive: (run) => answers.get(run) ?? facts.isLive(run) };
}
