import type { RequestState } from '../../src/ledger/ledger.ts';
import { accepted, head, json, type Reply } from './rehearsal.ts';

// What a create call can be answered with, and what it must come to.

const page = '<html><body>Bad gateway</body></html>';

export interface Row {
  readonly name: string;
  readonly reply: Reply;
  readonly state: RequestState;
  readonly taskId?: string;
  readonly error?: RegExp;
}

export const acceptances: readonly Row[] = [
  { name: 'HTTP 200 with an id', reply: accepted('video_1'), state: 'queued', taskId: 'video_1' },
  {
    name: 'HTTP 201',
    reply: json(201, '{"id":"video_2","status":"processing"}'),
    state: 'processing',
    taskId: 'video_2',
  },
  { name: 'HTTP 202', reply: json(202, '{"id":"video_3"}'), state: 'queued', taskId: 'video_3' },
  {
    name: 'projectId in data',
    reply: json(200, '{"code":"0","msg":null,"data":{"projectId":"proj_4"}}'),
    state: 'queued',
    taskId: 'proj_4',
  },
  ...['0', '"0"', '200', '"200"', '"ok"', '"success"'].map((code, index) => ({
    name: `the task in data beside the code ${code}`,
    reply: json(200, `{"code":${code},"data":{"id":"video_5${index}","status":"queued"}}`),
    state: 'queued' as const,
    taskId: `video_5${index}`,
  })),
  { name: 'task_id', reply: json(200, '{"task_id":"vgen_6"}'), state: 'queued', taskId: 'vgen_6' },
  { name: 'taskId', reply: json(200, '{"taskId":"vgen_7","amount":5}'), state: 'queued', taskId: 'vgen_7' },
  {
    name: 'a number as id',
    reply: json(200, '{"id":12345678901234567890}'),
    state: 'queued',
    taskId: '12345678901234567890',
  },
  {
    name: 'an id at HTTP 500',
    reply: json(500, '{"id":"video_8","status":"queued"}'),
    state: 'queued',
    taskId: 'video_8',
  },
  {
    name: 'an id at HTTP 400',
    reply: json(400, '{"id":"video_9","error":"odd"}'),
    state: 'queued',
    taskId: 'video_9',
  },
  { name: 'an id at HTTP 401', reply: json(401, '{"id":"video_10"}'), state: 'queued', taskId: 'video_10' },
  {
    name: 'a task that failed at once',
    reply: json(200, '{"id":"video_11","status":"failed","error":"face found"}'),
    state: 'failed',
    taskId: 'video_11',
    error: /face found/,
  },
  {
    name: 'the same answer twice in one go',
    reply: { raw: `${head('200 OK', 17)}{"id":"video_13"}`.repeat(2), end: 'close' },
    state: 'queued',
    taskId: 'video_13',
  },
  {
    name: 'an answer behind an informational one',
    reply: {
      raw: `HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n${head('200 OK', 17)}{"id":"video_14"}`,
      end: 'close',
    },
    state: 'queued',
    taskId: 'video_14',
  },
  {
    name: 'a status that nobody knows',
    reply: json(200, '{"id":"video_12","status":"moderating"}'),
    state: 'processing',
    taskId: 'video_12',
  },
];

export const refusals: readonly Row[] = [
  {
    name: 'HTTP 400 with an envelope',
    reply: json(400, '{"code":"1001","msg":"prompt is too long"}'),
    state: 'refused',
    error: /prompt is too long/,
  },
  {
    name: 'HTTP 200 with an error code',
    reply: json(200, '{"code":"1002","message":"ratio is not supported"}'),
    state: 'refused',
    error: /ratio is not supported/,
  },
  {
    name: 'an error object at HTTP 200',
    reply: json(200, '{"error":{"message":"not allowed here","type":"x","code":"c9"}}'),
    state: 'refused',
    error: /not allowed here/,
  },
  {
    name: 'an error string at HTTP 422',
    reply: json(422, '{"error":"duration is odd"}'),
    state: 'refused',
    error: /duration is odd/,
  },
  { name: 'HTTP 413 with a page', reply: json(413, page), state: 'refused', error: /413|Bad gateway/ },
  {
    name: 'HTTP 403 after an acceptance',
    reply: json(403, '{"error":"this model is not for you"}'),
    state: 'refused',
    error: /not for you/,
  },
];

export const doubts: readonly Row[] = [
  { name: 'HTTP 500', reply: json(500, '{"error":"oops"}'), state: 'inDoubt', error: /500.*oops/ },
  { name: 'HTTP 502 with a page', reply: json(502, page), state: 'inDoubt', error: /502/ },
  { name: 'HTTP 503 without a word', reply: { status: 503 }, state: 'inDoubt', error: /503/ },
  {
    name: 'HTTP 504 with Retry-After',
    reply: { status: 504, headers: { 'retry-after': '1' } },
    state: 'inDoubt',
    error: /504/,
  },
  { name: 'HTTP 408', reply: { status: 408 }, state: 'inDoubt', error: /408/ },
  {
    name: 'HTTP 200 with a page',
    reply: json(200, page),
    state: 'inDoubt',
    error: /not an answer of this API/,
  },
  {
    name: 'HTTP 200 with nothing',
    reply: { status: 200 },
    state: 'inDoubt',
    error: /not an answer of this API/,
  },
  {
    name: 'HTTP 200 with half a JSON',
    reply: json(200, '{"id":"video_'),
    state: 'inDoubt',
    error: /not an answer of this API/,
  },
  {
    name: 'a success code without an id',
    reply: json(200, '{"code":0,"msg":"ok","data":{}}'),
    state: 'inDoubt',
    error: /success without a task id/,
  },
  {
    name: 'a status without an id',
    reply: json(200, '{"status":"queued"}'),
    state: 'inDoubt',
    error: /without a task id/,
  },
  {
    name: 'the connection closed instead of an answer',
    reply: { raw: '', end: 'close' },
    state: 'inDoubt',
    error: /connection was lost/,
  },
  {
    name: 'the connection reset instead of an answer',
    reply: { raw: '', end: 'reset' },
    state: 'inDoubt',
    error: /connection was lost/,
  },
  {
    name: 'an answer cut off in its head',
    reply: { raw: 'HTTP/1.1 200 OK\r\nconte', end: 'close' },
    state: 'inDoubt',
    error: /connection was lost|not HTTP/,
  },
  {
    name: 'an answer cut off in its body',
    reply: { raw: `${head('200 OK', 47)}{"id":"video_99",`, end: 'close' },
    state: 'inDoubt',
    error: /connection was lost.*there came: \{"id":"video_99",/,
  },
  {
    name: 'a body reset before its last byte',
    reply: { raw: `${head('200 OK', 18)}{"id":"video_98"`, end: 'reset' },
    state: 'inDoubt',
    error: /connection was lost/,
  },
  { name: 'what is not HTTP', reply: { raw: 'SSH-2.0-OpenSSH_9.6\r\n', end: 'close' }, state: 'inDoubt' },
  {
    name: 'an informational answer and no other',
    reply: { raw: 'HTTP/1.1 103 Early Hints\r\nlink: <x>\r\n\r\n', end: 'close' },
    state: 'inDoubt',
    error: /connection was lost/,
  },
  {
    name: 'an answer longer than any',
    reply: json(200, `{"id":"${'x'.repeat(1_100_000)}"}`),
    state: 'inDoubt',
    error: /1 MiB/,
  },
];
