import { isJsonObject, type JsonObject } from '../core/canonical-json.ts';
import { type TaskStatus, taskStatuses } from '../core/task-status.ts';

/** An answer's JSON in one shape; the API has several. */
export interface Envelope {
  /** Null where there is none. An id of a request (`request_id`) is none of a task. */
  readonly taskId: string | null;
  /** Null where there is none. */
  readonly status: TaskStatus | null;
  /** The status as it was written, where it is none of the known ones. */
  readonly unknownStatus: string | null;
  /** The status as it was written, where it is another word for `status`. */
  readonly otherWord: string | null;
  readonly videoUrl: string | null;
  /** In seconds. */
  readonly actualDuration: number | null;
  /** Price of the task in the answer's words, as it came: its unit is not known. */
  readonly amount: number | string | null;
  /** The model that the task is of, as it was written. */
  readonly model: string | null;
  /** Time at which the task was made, in milliseconds since the epoch. */
  readonly createdAt: number | null;
  /** True where `code` is there and says success. */
  readonly success: boolean;
  /** The code of an error: of `error` itself, or the answer's where it says no success. Null where there is none. */
  readonly errorCode: string | null;
  /** The text of `error`, for people; null where there is none. */
  readonly error: string | null;
  /** The answer's other words to people: `msg`, `message`, `detail`. */
  readonly message: string | null;
}

/** Statuses by the words that stand for them, in lower case. */
export type StatusWords = Readonly<Record<string, TaskStatus>>;

/** The fields that may hold an id, in the order in which they are tried. */
const idNames = ['id', 'task_id', 'taskId', 'projectId'] as const;
const createdNames = ['created', 'created_at', 'createdAt', 'create_time', 'createTime'] as const;
const urlNames = ['video_url', 'result_url', 'url'] as const;
const messageNames = ['msg', 'message', 'detail'] as const;
const successCodes = new Set(['0', '200', 'ok', 'success']);
const statuses: readonly string[] = taskStatuses;

/** Words that the gateway and its siblings use for the four. What ends a task must end it, or it is asked about for ever. */
const otherWords: ReadonlyMap<string, TaskStatus> = new Map([
  ['pending', 'queued'],
  ['running', 'processing'],
  ['succeeded', 'completed'],
  ['success', 'completed'],
  ['cancelled', 'failed'],
  ['canceled', 'failed'],
  ['expired', 'failed'],
  ['error', 'failed'],
]);

/** Reads an answer's text; null where it is not a JSON object. Never throws. */
export function readEnvelope(text: string, own: StatusWords = {}): Envelope | null {
  const answer = parse(text);
  if (!isJsonObject(answer)) return null;
  // The task itself, or a wrapper with the task in `data`. What both say, the outer one says first.
  const layers = isJsonObject(answer['data']) ? [answer, answer['data']] : [answer];

  const code = textOf(answer['code']);
  const success = code !== null && successCodes.has(code.toLowerCase());
  const error = layers.map((layer) => layer['error']).find((value) => errorText(value) !== null);

  return {
    taskId: firstOf(layers, idNames, idOf),
    ...statusOf(layers, own),
    videoUrl: firstOf(layers, urlNames, urlOf),
    actualDuration: firstOf(layers, ['actualDuration'], secondsOf),
    amount: firstOf(layers, ['amount'], amountOf),
    model: firstOf(layers, ['model'], textOf),
    createdAt: firstOf(layers, createdNames, timeOf),
    success,
    errorCode: (isJsonObject(error) ? textOf(error['code']) : null) ?? (success ? null : code),
    error: errorText(error),
    message: firstOf(layers, messageNames, textOf),
  };
}

function statusOf(
  layers: readonly JsonObject[],
  own: StatusWords,
): Pick<Envelope, 'status' | 'unknownStatus' | 'otherWord'> {
  const written = layers.map((layer) => (typeof layer['status'] === 'string' ? layer['status'].trim() : ''));
  // A model's own words count before all others, from the task itself outwards.
  const ownWord = written.findLast((word) => Object.hasOwn(own, word.toLowerCase()));
  const stated = ownWord === undefined ? undefined : own[ownWord.toLowerCase()];
  if (ownWord !== undefined && stated !== undefined) {
    const same = ownWord.toLowerCase() === stated;
    return { status: stated, unknownStatus: null, otherWord: same ? null : ownWord };
  }
  const status = written.map((word) => word.toLowerCase()).find((word) => statuses.includes(word));
  if (status !== undefined) return { status: status as TaskStatus, unknownStatus: null, otherWord: null };
  // A wrapper's own status (`"status":"success"`, or `"error"`) is not the task's: the layer that names the task has that.
  const word = layers
    .map((layer, i) => (saysWhose(layer) ? (written[i] ?? '') : ''))
    .findLast((each) => each !== '');
  const meant = word === undefined ? undefined : otherWords.get(word.toLowerCase());
  if (word !== undefined && meant !== undefined)
    return { status: meant, unknownStatus: null, otherWord: word };
  return {
    status: null,
    unknownStatus: written.findLast((each) => each !== '') ?? null,
    otherWord: null,
  };
}

/** True where a layer speaks of a task: it has its id, or its clip. */
function saysWhose(layer: JsonObject): boolean {
  return firstOf([layer], idNames, idOf) !== null || firstOf([layer], urlNames, urlOf) !== null;
}

function firstOf<T>(
  layers: readonly JsonObject[],
  names: readonly string[],
  read: (value: unknown) => T | null,
): T | null {
  for (const layer of layers) {
    for (const name of names) {
      const value = read(layer[name]);
      if (value !== null) return value;
    }
  }
  return null;
}

/** Numbers are ids too, if they are positive: a 0 is what some servers write for none. */
function idOf(value: unknown): string | null {
  if (typeof value === 'number') return Number.isSafeInteger(value) && value > 0 ? String(value) : null;
  return typeof value === 'string' && value.trim() !== '' ? value : null;
}

/** Finds a URL that can be downloaded. A list gives its first; one without a scheme counts as one that may be plain. */
function urlOf(value: unknown): string | null {
  if (Array.isArray(value)) return value.length === 0 ? null : urlOf(value[0]);
  if (typeof value !== 'string') return null;
  const text = value.trim();
  const url = text.startsWith('//') ? `http:${text}` : text;
  return URL.canParse(url) && /^https?:$/.test(new URL(url).protocol) ? url : null;
}

function secondsOf(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim().replace(/\s*s$/i, '') : '';
  const number = text === '' ? value : Number(text);
  return typeof number === 'number' && Number.isFinite(number) && number >= 0 ? number : null;
}

/** Longer ones are no amounts. */
const longestAmount = 64;

function amountOf(value: unknown): number | string | null {
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return typeof value === 'string' && value.trim() !== '' && value.length <= longestAmount ? value : null;
}

/** Later than this, in seconds since the epoch, is a number of milliseconds: the year 5138. */
const latestSeconds = 1e11;

/** A moment in seconds or milliseconds since the epoch, or as ISO 8601 with its zone. A 0 is what some write for none. */
function timeOf(value: unknown): number | null {
  const text = typeof value === 'string' ? value.trim() : value;
  if (typeof text === 'string' && /^\d{4}-\d\d-\d\dT.*(?:Z|[+-]\d\d:?\d\d)$/i.test(text)) {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? null : ms;
  }
  const number = typeof text === 'string' && text !== '' ? Number(text) : text;
  if (typeof number !== 'number' || !Number.isFinite(number) || number <= 0) return null;
  return number < latestSeconds ? number * 1000 : number;
}

function textOf(value: unknown): string | null {
  if (typeof value === 'number') return String(value);
  return typeof value === 'string' && value.trim() !== '' ? value.trim() : null;
}

function errorText(value: unknown): string | null {
  if (!isJsonObject(value)) return textOf(value);
  return firstOf([value], ['message', 'msg', 'detail', 'code', 'type'], textOf);
}

function parse(text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return /\d{16}/.test(text) ? JSON.parse(quoteLongIntegers(text)) : value;
  } catch {
    return undefined;
  }
}

/**
 * Integers of 16 digits and more as strings: JavaScript would round them, and a rounded id belongs to another task.
 * Strings are matched whole so that digits within them stay as they are.
 */
function quoteLongIntegers(json: string): string {
  return json.replace(/"[^"\\]*(?:\\.[^"\\]*)*"|(?<![\d.eE+-])-?\d{16,}(?![\d.eE])/g, (token) =>
    token.startsWith('"') ? token : `"${token}"`,
  );
}
