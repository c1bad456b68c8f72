import type { Json, JsonObject } from '../core/canonical-json.ts';
import { UsageError } from '../core/errors.ts';
import { html, json, reply } from './answer.ts';
import { errorEnvelope, loginRefusal, noHandler } from './envelope.ts';
import { errorStatus } from './error-status.ts';
import type { FailureKind, FailureTarget } from './failure-kind.ts';
import { delayWithin, parseLatency } from './latency.ts';
import { pick } from './random.ts';

const everywhere: readonly FailureTarget[] = ['create', 'query', 'clip'];
const api: readonly FailureTarget[] = ['create', 'query'];
const anything = (): void => {};

/** Every kind of failure, in the order of the help text. */
export const failureKinds: readonly FailureKind[] = [
  {
    name: '300-599 3xx 4xx 5xx',
    pattern: /^(?:[345]xx|3(?!04)\d\d|[45]\d\d)$/,
    on: everywhere,
    billed: 'rarely',
    value: { label: 'AFTER', check: checkHeader },
    summary:
      'that HTTP status, or one of the family; AFTER is sent as Retry-After, date+30 as the date in 30 s',
    answer: ({ kind, value, nowMs, fraction }) => errorStatus(kind, value, nowMs, fraction),
  },
  {
    name: '200-203',
    pattern: /^20[0-3]$/,
    on: ['create'],
    billed: 'always',
    summary: 'the ordinary answer under that status',
    answer: ({ kind, ordinary }) => ({ ...ordinary(), status: Number(kind) }),
  },
  {
    name: 'login',
    on: api,
    billed: 'never',
    summary: 'HTTP 200 with the envelope of a refused key',
    answer: () => loginRefusal('envelope'),
  },
  {
    name: 'no-handler',
    on: api,
    billed: 'never',
    summary: 'HTTP 200 with the envelope of a wrong base URL',
    answer: ({ method, path }) => noHandler('envelope', method, path),
  },
  {
    name: 'error-code',
    on: api,
    billed: 'never',
    value: { label: 'CODE', check: anything },
    summary: 'HTTP 200 with an error code, by default 1001, and no id',
    answer: ({ value }) => json(200, errorEnvelope(value ?? '1001', 'The request was refused')),
  },
  {
    name: 'error-object',
    on: api,
    billed: 'never',
    value: { label: 'STATUS', check: checkStatus },
    summary: '{"error":{"message":…}} at that status, by default 200',
    answer: ({ value }) =>
      json(Number(value ?? 200), {
        error: { message: 'The request was refused', type: 'invalid_request_error', code: 'refused' },
      }),
  },
  {
    name: 'error-string',
    on: api,
    billed: 'never',
    value: { label: 'STATUS', check: checkStatus },
    summary: '{"error":"…"} at that status, by default 200',
    answer: ({ value }) => json(Number(value ?? 200), { error: 'The request was refused' }),
  },
  {
    name: 'malformed',
    on: everywhere,
    billed: 'usually',
    summary: 'HTTP 200 with an HTML page where JSON or a clip should be',
    answer: () => html(200, 'Welcome to nginx!'),
  },
  {
    name: 'empty',
    on: everywhere,
    billed: 'usually',
    summary: 'HTTP 200 with nothing in it',
    answer: () => reply(200, 'application/json;charset=UTF-8', ''),
  },
  {
    name: 'no-id',
    on: ['create'],
    billed: 'usually',
    summary: 'a success code without any id',
    answer: () => json(200, { code: '0', msg: null, data: null }),
  },
  {
    name: 'same-id',
    on: ['create'],
    billed: 'always',
    summary: 'the id of the task made before, as if this one were it',
    answer: ({ shown, previousId }) =>
      json(200, { ...shown(), ...(previousId === null ? {} : { id: previousId }) }),
  },
  {
    name: 'id-at',
    on: ['create'],
    billed: 'always',
    value: { label: 'STATUS', check: checkStatus },
    summary: 'the ordinary answer, id and all, under that status, by default 500',
    answer: ({ value, ordinary }) => ({ ...ordinary(), status: Number(value ?? 500) }),
  },
  {
    name: 'in-data',
    on: api,
    billed: 'always',
    value: { label: 'CODE', check: anything },
    summary: 'the task wrapped in "data", beside that code; by default one of 0 "0" 200 "200" "ok" "success"',
    answer: ({ value, fraction, shown }) => {
      const code = value === null ? pick([0, '0', 200, '200', 'ok', 'success'], fraction) : jsonOrText(value);
      return json(200, { code, msg: null, data: shown() });
    },
  },
  {
    name: 'project-id',
    on: ['create'],
    billed: 'always',
    summary: 'the older answer: {"code":"0","msg":null,"data":{"projectId":"proj_…"}}',
    idStyle: 'proj',
    answer: ({ shown }) => json(200, { code: '0', msg: null, data: { projectId: shown()['id'] ?? null } }),
  },
  {
    name: 'task-id',
    on: ['create'],
    billed: 'always',
    value: { label: 'NAME', check: anything },
    summary: 'the id under that name, by default task_id',
    answer: ({ value, shown }) => {
      const { id = null, ...rest } = shown();
      return json(200, { [value ?? 'task_id']: id, ...rest });
    },
  },
  {
    name: 'numeric-id',
    on: ['create'],
    billed: 'always',
    summary: 'the id as a number',
    idStyle: 'numeric',
    answer: ({ shown }) => json(200, { ...shown(), id: Number(shown()['id']) }),
  },
  {
    name: 'failed',
    on: ['create'],
    billed: 'always',
    summary: 'a task that is failed from the first answer on',
    fate: 'failsAtOnce',
    answer: ({ ordinary }) => ordinary(),
  },
  {
    name: 'fails',
    on: ['create'],
    billed: 'always',
    summary: 'a task that fails after its time',
    fate: 'fails',
    answer: ({ ordinary }) => ordinary(),
  },
  {
    name: 'reset',
    on: ['connect', ...everywhere],
    billed: 'never',
    summary: 'the connection is reset before the request is read',
    answer: () => ({ kind: 'drop', how: 'reset' }),
  },
  {
    name: 'lost',
    on: everywhere,
    billed: 'usually',
    value: { label: 'reset', check: checkReset },
    summary: 'the request is read, and the connection closed (or reset) without an answer',
    answer: ({ value }) => ({ kind: 'drop', how: value === 'reset' ? 'reset' : 'close' }),
  },
  {
    name: 'cut',
    on: everywhere,
    billed: 'always',
    summary: 'half of the answer, then the connection closes',
    answer: ({ ordinary }) => ({ ...ordinary(), extent: 'half' }),
  },
  {
    name: 'hang',
    on: everywhere,
    billed: 'rarely',
    summary: 'no answer ever, on an open connection',
    answer: () => ({ kind: 'hang' }),
  },
  {
    name: 'late',
    on: everywhere,
    billed: 'always',
    value: { label: 'DELAY', check: (value) => void parseLatency(value) },
    summary: 'the ordinary answer after that delay, by default 30s',
    delayMs: ({ value, fraction }) => delayWithin(parseLatency(value ?? '30s'), fraction),
    answer: ({ ordinary }) => ordinary(),
  },
  {
    name: 'stale',
    on: everywhere,
    billed: 'always',
    summary: 'the ordinary answer; the connection is reset when another request comes on it',
    answer: ({ ordinary }) => ({ ...ordinary(), leavesStale: true }),
  },
  {
    name: 'no-url',
    on: ['query'],
    billed: 'never',
    summary: 'a completed task without its video_url',
    answer: ({ shown }) => {
      const { video_url: _url, ...rest } = shown();
      return json(200, rest);
    },
  },
  {
    name: 'url-name',
    on: ['query'],
    billed: 'never',
    value: { label: 'NAME', check: anything },
    summary: 'the clip under that name, by default result_url',
    answer: ({ value, shown }) => {
      const { video_url, ...rest } = shown();
      return json(200, video_url === undefined ? rest : { ...rest, [value ?? 'result_url']: video_url });
    },
  },
  {
    name: 'unknown-status',
    on: ['query'],
    billed: 'never',
    value: { label: 'STATUS', check: anything },
    summary: 'a status that no document names, by default moderating',
    answer: ({ value, shown }) => json(200, { ...shown(), status: value ?? 'moderating' }),
  },
  {
    name: 'strings',
    on: ['query'],
    billed: 'never',
    summary: 'numbers as strings, and a field that no document names',
    answer: ({ shown }) => json(200, { ...numbersAsStrings(shown()), amount: '7.00' }),
  },
  {
    name: 'no-range',
    on: ['clip'],
    billed: 'never',
    summary: 'the whole clip, whatever range was asked for',
    clipQuirk: 'noRange',
    answer: ({ ordinary }) => ordinary(),
  },
  {
    name: 'other-etag',
    on: ['clip'],
    billed: 'never',
    summary: 'the clip under another ETag, as if the file had changed',
    clipQuirk: 'otherEtag',
    answer: ({ ordinary }) => ordinary(),
  },
];

function checkStatus(value: string): void {
  if (!/^[2-5]\d\d$/.test(value) || value === '204' || value === '304') {
    throw new UsageError(`“${value}” is not an HTTP status that can carry an answer`);
  }
}

function checkHeader(value: string): void {
  if (!/^[\x20-\x7e]+$/.test(value)) throw new UsageError(`“${value}” cannot stand in an HTTP header`);
}

function checkReset(value: string): void {
  if (value !== 'reset')
    throw new UsageError(`“lost=${value}” is not known`, { help: 'Write lost or lost=reset.' });
}

function jsonOrText(text: string): Json {
  try {
    return JSON.parse(text) as Json;
  } catch {
    return text;
  }
}

function numbersAsStrings(object: JsonObject): JsonObject {
  return Object.fromEntries(
    Object.entries(object).map(([key, value]) => [key, typeof value === 'number' ? String(value) : value]),
  );
}
