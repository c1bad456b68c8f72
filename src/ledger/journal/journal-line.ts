import { isJsonObject, type JsonObject } from '../../core/canonical-json.ts';
import type { Mode } from '../../core/mode.ts';
import type { TaskStatus } from '../../core/task-status.ts';
import type { Place } from '../model/identity.ts';
import type { AttemptOutcome, Resolution } from '../model/outcome.ts';
import { type JournalEvent, type JournalFact, type JournalRequest, journalEvent } from './journal-event.ts';

type Fields = Readonly<Record<string, unknown>>;

/** Says that a line is no event. Nobody but `parseEvent` sees it. */
class Unfit extends Error {}

/**
 * An event from the members of a line, its own members in the order in which they are hashed and its id as it follows
 * from them; undefined where they are no event. What a line holds beyond an event is left out, so its id won't fit.
 */
export function parseEvent(line: Fields): JournalEvent | undefined {
  try {
    const subject = {
      at: time(line['at']),
      provider: word(line['provider']),
      fingerprint: word(line['fingerprint']),
      ...placeFrom(line),
    };
    return journalEvent(subject, factFrom(line));
  } catch (error) {
    if (error instanceof Unfit) return undefined;
    throw error;
  }
}

function factFrom(line: Fields): JournalFact {
  switch (line['type']) {
    case 'claimed':
      return {
        type: 'claimed',
        ...attemptFrom(line),
        by: text(line['by']),
        plan: orNull(word, line['plan']),
        price: orNull(amount, line['price']),
        currency: orNull(word, line['currency']),
        request: requestFrom(fields(line['request'])),
      };
    case 'settled':
      return { type: 'settled', ...attemptFrom(line), outcome: outcomeFrom(fields(line['outcome'])) };
    case 'resolved': {
      const resolution = resolutionFrom(fields(line['resolution']));
      return { type: 'resolved', ...attemptFrom(line), by: text(line['by']), resolution };
    }
    case 'task':
      return {
        type: 'task',
        taskId: word(line['taskId']),
        status: oneOf(statuses, line['status']),
        error: orNull(text, line['error']),
        actualDuration: orNull(amount, line['actualDuration']),
      };
    case 'adopted':
      return { type: 'adopted', by: text(line['by']), to: placeFrom(fields(line['to'])) };
    default:
      throw new Unfit();
  }
}

const statuses: readonly TaskStatus[] = ['queued', 'processing', 'completed', 'failed'];
const modes: readonly Mode[] = ['text', 'frames', 'references'];

function placeFrom(line: Fields): Place {
  return {
    project: like(/^[a-z0-9][a-z0-9_-]{0,63}$/, line['project']),
    key: like(/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,255}$/, line['key']),
  };
}

function attemptFrom(line: Fields): { readonly attempt: number; readonly run: string } {
  return { attempt: count(line['attempt']), run: like(/^[A-Za-z0-9-]{1,100}$/, line['run']) };
}

function requestFrom(request: Fields): JournalRequest {
  return {
    take: count(request['take']),
    model: word(request['model']),
    mode: oneOf(modes, request['mode']),
    body: fields(request['body']) as JsonObject,
  };
}

function outcomeFrom(outcome: Fields): AttemptOutcome {
  if (outcome['kind'] === 'accepted') {
    return {
      kind: 'accepted',
      taskId: word(outcome['taskId']),
      status: oneOf(statuses, outcome['status']),
      error: orNull(text, outcome['error']),
    };
  }
  const kind = oneOf(['notSent', 'throttled', 'refused', 'inDoubt'] as const, outcome['kind']);
  return { kind, code: text(outcome['code']), error: text(outcome['error']) };
}

function resolutionFrom(resolution: Fields): Resolution {
  if (resolution['kind'] === 'taskId') return { kind: 'taskId', taskId: word(resolution['taskId']) };
  return { kind: oneOf(['notSubmitted', 'abandoned', 'reopened'] as const, resolution['kind']) };
}

function fields(value: unknown): Fields {
  if (!isJsonObject(value)) throw new Unfit();
  return value;
}

function text(value: unknown): string {
  if (typeof value !== 'string') throw new Unfit();
  return value;
}

function word(value: unknown): string {
  if (typeof value !== 'string' || value === '') throw new Unfit();
  return value;
}

function like(form: RegExp, value: unknown): string {
  if (typeof value !== 'string' || !form.test(value)) throw new Unfit();
  return value;
}

function amount(value: unknown): number {
  if (typeof value !== 'number' || !Number.isFinite(value)) throw new Unfit();
  return value;
}

function count(value: unknown): number {
  if (!Number.isSafeInteger(value) || Number(value) < 1) throw new Unfit();
  return Number(value);
}

function time(value: unknown): string {
  const ms = typeof value === 'string' ? Date.parse(value) : Number.NaN;
  if (Number.isNaN(ms) || new Date(ms).toISOString() !== value) throw new Unfit();
  return value;
}

function oneOf<T extends string>(known: readonly T[], value: unknown): T {
  const found = known.find((each) => each === value);
  if (found === undefined) throw new Unfit();
  return found;
}

function orNull<T>(read: (value: unknown) => T, value: unknown): T | null {
  return value === null ? null : read(value);
}
