import type { JsonObject } from '../../core/canonical-json.ts';
import { hidesUrls } from '../journal/journal-event.ts';
import type { FoldedEvent, LedgerFact } from '../model/event.ts';
import { foldAttempts, stateOf } from '../model/fold.ts';
import type { Violation } from '../model/moving.ts';
import { partsOf } from '../model/place.ts';
import type { HistoryStore, Life } from '../sqlite/history-store.ts';

type FingerprintOf = (body: JsonObject, take: number) => string | readonly string[];
type Report = (message: string) => void;

/** Checks every invariant of the states. What is checked is what the rest of the ledger takes for granted. */
export function verify(history: HistoryStore, fingerprintOf: FingerprintOf): readonly Violation[] {
  const violations: Violation[] = history
    .damage()
    .map((message) => ({ subject: 'the file', message: `SQLite says: ${message}` }));
  const lives = history.lives(null);
  const runs = history.runs();
  for (const life of lives) {
    const report: Report = (message) => violations.push({ subject: life.request.key, message });
    checkRequest(life, fingerprintOf, report);
    checkTimes(life, report);
    checkClaims(life, new Set(runs.keys()), report);
    checkAnswers(life, report);
    checkDecisions(life, report);
    checkTasks(life, report);
    checkPlace(life, report);
  }
  return [...violations, ...checkHolders(history, lives)];
}

function checkRequest({ request }: Life, fingerprintOf: FingerprintOf, report: Report): void {
  const { body, take, model, fingerprint, key, scene, shot, variant } = request;
  if (body['model'] !== model) report(`its body names the model ${String(body['model'])}, not ${model}`);
  if (!hidesUrls(body) && ![fingerprintOf(body, take)].flat().includes(fingerprint)) {
    report('its body is not what its fingerprint was made of');
  }
  const parts = partsOf(key);
  if (parts.scene !== scene || parts.shot !== shot || parts.variant !== variant) {
    report('its key is not made of its scene, shot and variant');
  }
}

function checkTimes({ events }: Life, report: Report): void {
  for (const { at, type } of events) {
    const time = Date.parse(at);
    if (Number.isNaN(time) || new Date(time).toISOString() !== at)
      report(`a ${type} event has no time: ${at}`);
  }
}

function checkClaims({ events }: Life, runs: ReadonlySet<string>, report: Report): void {
  const claims = ofType(events, 'claimed');
  const numbers = claims.map(({ attempt }) => attempt).sort((a, b) => a - b);
  numbers.forEach((number, index) => {
    if (numbers[index - 1] === number) report(`attempt ${number} was claimed twice`);
  });
  for (const { attempt, runId, price, origin } of claims) {
    if (!Number.isInteger(attempt) || attempt < 1) report(`an attempt has the number ${attempt}`);
    if (!runs.has(runId))
      report(`attempt ${attempt} was claimed by run ${runId}, which was never registered`);
    if (price !== null && !(price >= 0)) report(`attempt ${attempt} has the price ${price}`);
    if (origin !== undefined && origin >= attempt) report(`attempt ${attempt} came from attempt ${origin}`);
  }
  const local = claims.filter(({ origin }) => origin === undefined).map(({ attempt }) => attempt);
  const most = Math.max(0, ...numbers);
  if (local.length === claims.length && most !== new Set(numbers).size) {
    report(`its attempts are not numbered from 1 without a gap: ${numbers.join(', ')}`);
  }
}

function checkAnswers({ events }: Life, report: Report): void {
  const claimed = new Set(ofType(events, 'claimed').map(({ attempt }) => attempt));
  const answered = new Set<number>();
  for (const { attempt, outcome } of ofType(events, 'settled')) {
    if (!claimed.has(attempt)) report(`attempt ${attempt} was answered and never claimed`);
    if (answered.has(attempt)) report(`attempt ${attempt} was answered twice`);
    answered.add(attempt);
    if (outcome.kind === 'accepted' && outcome.taskId === '')
      report(`attempt ${attempt} has a task without an id`);
  }
}

/** Only what was in doubt is settled by a person; an answer may still come after that. */
function checkDecisions({ events }: Life, report: Report): void {
  for (const [index, event] of events.entries()) {
    if (event.type !== 'resolved') continue;
    const attempt = foldAttempts(events.slice(0, index)).find(({ number }) => number === event.attempt);
    if (attempt === undefined) {
      report(`a person settled attempt ${event.attempt}, which had not been claimed`);
      continue;
    }
    if (event.by === '') report(`nobody is named who settled attempt ${event.attempt}`);
    const state = stateOf(attempt, () => false);
    const wanted = event.resolution.kind === 'reopened' ? 'abandoned' : 'inDoubt';
    // Two people who did not know of each other may both have settled it.
    const alreadySettled = events
      .slice(0, index)
      .some((other) => other.type === 'resolved' && other.attempt === event.attempt);
    const answered = attempt.outcome !== null && attempt.outcome.kind !== 'inDoubt';
    if (state !== wanted && !alreadySettled && !answered) {
      report(`attempt ${event.attempt} was settled while it was ${state}`);
    }
  }
}

function checkTasks({ events }: Life, report: Report): void {
  const tasks = new Set([
    ...ofType(events, 'settled').flatMap(({ outcome }) =>
      outcome.kind === 'accepted' ? [outcome.taskId] : [],
    ),
    ...ofType(events, 'resolved').flatMap(({ resolution }) =>
      resolution.kind === 'taskId' ? [resolution.taskId] : [],
    ),
  ]);
  for (const { update } of ofType(events, 'task')) {
    if (!tasks.has(update.taskId))
      report(`something was learnt of task ${update.taskId}, which is not its own`);
  }
  for (const type of ['inspected', 'clipGivenUp'] as const) {
    for (const { taskId } of ofType(events, type)) {
      if (!tasks.has(taskId)) report(`a clip of task ${taskId} is spoken of, which is not its own`);
    }
  }
}

/** What was renamed is filed under the last name that it got. */
function checkPlace({ events, project, request }: Life, report: Report): void {
  const adoptions = ofType(events, 'adopted');
  const names = adoptions.flatMap(({ from, to }) => [from, to]);
  const { key } = request;
  if (names.length > 0 && !names.some((name) => name.project === project && name.key === key)) {
    report(`it was renamed, and never to the name ${key} in ${project} under which it is filed`);
  }
}

/** Each task id that came back is held, and by a request that it came back for. */
function checkHolders(history: HistoryStore, lives: readonly Life[]): readonly Violation[] {
  const held = new Map(history.tasks().map(({ provider, id, request }) => [`${provider} ${id}`, request]));
  const violations: Violation[] = [];
  const named = new Set<string>();
  for (const { provider, request, events } of lives) {
    for (const { task } of foldAttempts(events)) {
      if (task === null) continue;
      named.add(`${provider} ${task.id}`);
      if (held.has(`${provider} ${task.id}`)) continue;
      violations.push({ subject: request.key, message: `its task ${task.id} is held by no request` });
    }
    for (const { outcome } of ofType(events, 'settled')) {
      if (outcome.kind === 'accepted') named.add(`${provider} ${outcome.taskId}`);
    }
    for (const { resolution } of ofType(events, 'resolved')) {
      if (resolution.kind === 'taskId') named.add(`${provider} ${resolution.taskId}`);
    }
  }
  for (const [name, request] of held) {
    if (named.has(name)) continue;
    const life = lives.find(({ id }) => id === request);
    violations.push({
      subject: life?.request.key ?? 'the file',
      message: `task ${name.slice(name.indexOf(' ') + 1)} is held, and no event names it`,
    });
  }
  return violations;
}

function ofType<T extends LedgerFact['type']>(
  events: readonly FoldedEvent[],
  type: T,
): readonly (FoldedEvent & { readonly type: T })[] {
  return events.filter((event): event is FoldedEvent & { readonly type: T } => event.type === type);
}
