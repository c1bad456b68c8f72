import type { JsonObject } from '../../core/canonical-json.ts';
import { modes } from '../../core/mode.ts';
import { taskStatuses } from '../../core/task-status.ts';
import {
  amount,
  count,
  type Fields,
  fields,
  like,
  oneOf,
  orNull,
  readOr,
  text,
  time,
  unfit,
  word,
} from '../../core/untrusted-json.ts';
import { type ClipDecision, clearable } from '../model/clip-decision.ts';
import type { Place } from '../model/identity.ts';
import { type AttemptOutcome, failedKinds, plainDecisions, type Resolution } from '../model/outcome.ts';
import { type JournalEvent, type JournalFact, type JournalRequest, journalEvent } from './journal-event.ts';

/**
 * An event from the members of a line, its own members in the order in which they are hashed and its id as it follows
 * from them; undefined where they are no event. What a line holds beyond an event is left out, so its id won't fit.
 */
export function parseEvent(line: Fields): JournalEvent | undefined {
  return readOr(() => {
    const subject = {
      at: time(line['at']),
      provider: word(line['provider']),
      fingerprint: word(line['fingerprint']),
      ...placeFrom(line),
    };
    return journalEvent(subject, factFrom(line));
  }, undefined);
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
        ...causesFrom(line),
      };
    case 'settled':
      return { type: 'settled', ...attemptFrom(line), outcome: outcomeFrom(fields(line['outcome'])) };
    case 'resolved': {
      const resolution = resolutionFrom(fields(line['resolution']));
      const by = text(line['by']);
      return { type: 'resolved', ...attemptFrom(line), by, resolution, ...replacesFrom(line) };
    }
    case 'task':
      return {
        type: 'task',
        taskId: word(line['taskId']),
        status: oneOf(taskStatuses, line['status']),
        error: orNull(text, line['error']),
        actualDuration: orNull(amount, line['actualDuration']),
        ...amountFrom(line),
      };
    case 'clipGivenUp':
      return { type: 'clipGivenUp', taskId: word(line['taskId']), by: text(line['by']) };
    case 'picked':
    case 'rejected':
    case 'noted':
    case 'cleared':
      return {
        ...decisionFrom(line),
        ...{ taskId: word(line['taskId']), by: text(line['by']) },
        ...causesFrom(line),
      };
    case 'adopted':
      return {
        type: 'adopted',
        by: text(line['by']),
        to: placeFrom(fields(line['to'])),
        ...causesFrom(line),
      };
    default:
      return unfit();
  }
}

function decisionFrom(line: Fields): ClipDecision {
  switch (line['type']) {
    case 'picked':
      return { type: 'picked', note: orNull(text, line['note']) };
    case 'rejected':
      return { type: 'rejected', reason: word(line['reason']), note: orNull(text, line['note']) };
    case 'noted':
      return { type: 'noted', note: word(line['note']) };
    default:
      return { type: 'cleared', what: oneOf(clearable, line['what']) };
  }
}

/** Left out by releases that did not keep it, whose events must keep their ids. */
function amountFrom(line: Fields): { readonly providerAmount?: number | string } {
  if (!('providerAmount' in line)) return {};
  const { providerAmount: value } = line;
  return { providerAmount: typeof value === 'number' ? amount(value) : word(value) };
}

function placeFrom(line: Fields): Place {
  return {
    project: like(/^[a-z0-9][a-z0-9_-]{0,63}$/, line['project']),
    key: like(/^[A-Za-z0-9][A-Za-z0-9._/:@-]{0,255}$/, line['key']),
  };
}

function attemptFrom(line: Fields): { readonly attempt: number; readonly run: string } {
  return { attempt: count(line['attempt']), run: like(/^[A-Za-z0-9-]{1,100}$/, line['run']) };
}

/** Left out where a release did not write it, so that its lines keep their ids. */
function causesFrom(line: Fields): { readonly causes?: readonly string[] } {
  return 'causes' in line ? { causes: idsFrom(line['causes']) } : {};
}

/** Left out where a decision is the first. */
function replacesFrom(line: Fields): { readonly replaces?: readonly string[] } {
  return 'replaces' in line ? { replaces: idsFrom(line['replaces']) } : {};
}

/** Ids of other events. */
function idsFrom(value: unknown): readonly string[] {
  if (!Array.isArray(value)) return unfit();
  return value.map((id: unknown) => like(/^[0-9a-f]{32}$/, id));
}

function requestFrom(request: Fields): JournalRequest {
  return {
    take: count(request['take']),
    model: word(request['model']),
    mode: oneOf(modes, request['mode']),
    body: fields(request['body']) as JsonObject,
  };
}

export function outcomeFrom(outcome: Fields): AttemptOutcome {
  if (outcome['kind'] === 'accepted') {
    return {
      kind: 'accepted',
      taskId: word(outcome['taskId']),
      status: oneOf(taskStatuses, outcome['status']),
      error: orNull(text, outcome['error']),
    };
  }
  const kind = oneOf(failedKinds, outcome['kind']);
  return { kind, code: text(outcome['code']), error: text(outcome['error']) };
}

function resolutionFrom(resolution: Fields): Resolution {
  if (resolution['kind'] === 'taskId') return { kind: 'taskId', taskId: word(resolution['taskId']) };
  return { kind: oneOf(plainDecisions, resolution['kind']) };
}
