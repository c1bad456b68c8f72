import { describe, expect, it } from 'vitest';
import type { JsonObject } from '../../src/core/canonical-json.ts';
import { failureKinds } from '../../src/emulator/failure-kinds.ts';
import { shot, startRig, until } from './rig.ts';

type Expected = (answer: {
  status: number;
  json: () => JsonObject;
  text: string;
  id: string | undefined;
}) => void;

/** One line for each answer that a create call can be given on purpose: what comes back, and whether a task is billed. */
const answers: readonly [fail: string, billed: boolean, expected: Expected][] = [
  ['400', false, ({ status, json }) => expect([status, json()['code']]).toEqual([400, 400])],
  ['401', false, ({ status }) => expect(status).toBe(401)],
  [
    '402',
    false,
    ({ status, json }) => expect([status, json()['msg']]).toEqual([402, expect.stringContaining('余额不足')]),
  ],
  ['403', false, ({ status }) => expect(status).toBe(403)],
  ['404', false, ({ status }) => expect(status).toBe(404)],
  ['405', false, ({ status }) => expect(status).toBe(405)],
  ['408', false, ({ status }) => expect(status).toBe(408)],
  ['500+billed', true, ({ status, json }) => expect([status, json()['id']]).toEqual([500, undefined])],
  [
    '502',
    false,
    ({ status, text }) => expect([status, text]).toEqual([502, expect.stringContaining('<html>')]),
  ],
  ['503', false, ({ status }) => expect(status).toBe(503)],
  ['4xx', false, ({ status }) => expect([400, 413, 422, 451]).toContain(status)],
  ['5xx', false, ({ status }) => expect([500, 502, 503, 504]).toContain(status)],
  ['3xx', false, ({ status }) => expect([301, 302, 307]).toContain(status)],
  ['201', true, ({ status, json, id }) => expect([status, json()['id']]).toEqual([201, id])],
  ['202', true, ({ status, json, id }) => expect([status, json()['id']]).toEqual([202, id])],
  [
    'login',
    false,
    ({ status, json }) => expect([status, json()]).toEqual([200, { code: '204', msg: '登录验证失败' }]),
  ],
  [
    'no-handler',
    false,
    ({ status, json }) =>
      expect([status, json()['msg']]).toEqual([200, expect.stringMatching(/^No handler found for POST \//)]),
  ],
  [
    'error-code',
    false,
    ({ status, json }) =>
      expect([status, json()]).toEqual([200, expect.objectContaining({ code: '1001', data: null })]),
  ],
  ['error-code=9', false, ({ json }) => expect(json()['code']).toBe('9')],
  [
    'error-object',
    false,
    ({ status, json }) =>
      expect([status, json()['error']]).toEqual([
        200,
        expect.objectContaining({ message: expect.any(String) }),
      ]),
  ],
  ['error-object=422', false, ({ status }) => expect(status).toBe(422)],
  [
    'error-string',
    false,
    ({ status, json }) => expect([status, json()]).toEqual([200, { error: expect.any(String) }]),
  ],
  [
    'malformed',
    true,
    ({ status, json }) => {
      expect(status).toBe(200);
      expect(json).toThrow(SyntaxError);
    },
  ],
  ['malformed+unbilled', false, ({ json }) => expect(json).toThrow(SyntaxError)],
  ['empty', true, ({ status, text }) => expect([status, text]).toEqual([200, ''])],
  ['no-id', true, ({ json }) => expect(json()).toEqual({ code: '0', msg: null, data: null })],
  ['id-at', true, ({ status, json, id }) => expect([status, json()['id']]).toEqual([500, id])],
  ['id-at=422', true, ({ status, json, id }) => expect([status, json()['id']]).toEqual([422, id])],
  [
    'in-data=0',
    true,
    ({ json, id }) =>
      expect(json()).toEqual({ code: 0, msg: null, data: expect.objectContaining({ id, status: 'queued' }) }),
  ],
  ['in-data="200"', true, ({ json }) => expect(json()['code']).toBe('200')],
  ['in-data=success', true, ({ json }) => expect(json()['code']).toBe('success')],
  [
    'project-id',
    true,
    ({ json, id }) => expect(json()).toEqual({ code: '0', msg: null, data: { projectId: id } }),
  ],
  ['task-id', true, ({ json, id }) => expect([json()['task_id'], json()['id']]).toEqual([id, undefined])],
  ['task-id=taskId', true, ({ json, id }) => expect(json()['taskId']).toBe(id)],
  [
    'numeric-id',
    true,
    ({ json, id }) => expect([typeof json()['id'], String(json()['id'])]).toEqual(['number', id]),
  ],
  [
    'failed',
    true,
    ({ json, id }) => expect(json()).toMatchObject({ id, status: 'failed', error: expect.any(String) }),
  ],
  ['fails', true, ({ json, id }) => expect(json()).toMatchObject({ id, status: 'queued', error: null })],
  ['stale', true, ({ json, id }) => expect(json()['id']).toBe(id)],
];

describe('a create call told to fail', () => {
  it.each(answers)('as %s', async (fail, billed, expected) => {
    const { create, emulator, events } = await startRig({ fail });
    const answer = await create();
    const books = emulator.books();
    expect(books).toMatchObject(billed ? [{ failure: fail, body: shot, answer: 'sent' }] : []);
    expect(events).toMatchObject([{ failure: fail, status: answer.status, taskId: books[0]?.id ?? null }]);
    expected({
      status: answer.status,
      json: () => answer.json,
      text: answer.bytes.toString(),
      id: books[0]?.id,
    });
  });

  it.each([
    ['lost', true, 'lost'],
    ['lost=reset', true, 'lost'],
    ['lost+unbilled', false, null],
    ['cut', true, 'lost'],
    ['reset', false, null],
    ['connect/reset#1', false, null],
  ])('as %s gets no answer, or half of one', async (fail, billed, answer) => {
    const { create, emulator } = await startRig({ fail });
    await expect(create()).rejects.toThrow();
    expect(emulator.books()).toMatchObject(billed ? [{ answer, failure: fail }] : []);
    expect(emulator.traffic().inFlight.create).toBe(0);
  });

  it.each([
    ['hang', 0],
    ['hang+billed', 1],
  ])('as %s waits until its client leaves', async (fail, billed) => {
    const { create, emulator, clock } = await startRig({ fail });
    const leaving = new AbortController();
    const answer = create(shot, { signal: leaving.signal });
    await until(() => emulator.traffic().inFlight.create === 1 && emulator.books().length === billed);
    await clock.advance(3_600_000);
    expect(emulator.traffic().inFlight.create).toBe(1);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await until(() => emulator.traffic().inFlight.create === 0);
    expect(emulator.books()).toMatchObject(Array.from({ length: billed }, () => ({ answer: 'lost' })));
  });

  it('as late is billed at once and answered after its delay', async () => {
    const { create, emulator, clock } = await startRig({ fail: 'late=2min' });
    const answer = create();
    await until(() => clock.sleeping === 1);
    await clock.advance(119_999);
    expect(emulator.books()).toMatchObject([{ answer: 'waiting' }]);
    await clock.advance(1);
    expect((await answer).json['id']).toBe(emulator.books()[0]?.id);
  });

  it('as stale has its connection reset under the next request', async () => {
    const { create, emulator } = await startRig({ fail: 'stale#1', connections: 1 });
    await create();
    await expect(create()).rejects.toThrow();
    await create();
    expect(emulator.books()).toHaveLength(2);
  });

  it('as same-id is given the id of the task before, and billed under its own', async () => {
    const { create, emulator } = await startRig({ fail: 'same-id#2' });
    const ids = [(await create()).json['id'], (await create()).json['id']];
    expect(ids[1]).toBe(ids[0]);
    expect(new Set(emulator.books().map(({ id }) => id)).size).toBe(2);
  });

  it('as fails becomes a task that fails after its time', async () => {
    const { create, query, clock } = await startRig({ fail: 'fails' });
    const id = String((await create()).json['id']);
    await clock.advance(10_000);
    expect((await query(id)).json).toMatchObject({ status: 'failed', error: expect.any(String) });
  });

  it.each([
    ['429', undefined],
    ['429=5', '5'],
    ['429=date+30', 'Thu, 01 Jan 2026 00:00:30 GMT'],
    ['429=99999999999', '99999999999'],
    ['503=soon', 'soon'],
  ])('as %s says when to come back: %s', async (fail, header) => {
    const { create } = await startRig({ fail });
    expect((await create()).headers['retry-after']).toBe(header);
  });

  it('as a redirect names another place', async () => {
    const { create, emulator } = await startRig({ fail: '307' });
    expect((await create()).headers['location']).toMatch(/^http/);
    expect(emulator.books()).toEqual([]);
  });

  it('in a way that makes a task is refused like any other where its body is wrong', async () => {
    const { create, emulator } = await startRig({ fail: 'lost' });
    expect((await create({ ...shot, duration: 0 })).json['msg']).toContain('duration');
    expect(emulator.books()).toEqual([]);
  });

  it('can have made a task that is there to be asked for', async () => {
    for (const fail of ['project-id', 'numeric-id', 'lost', '500+billed']) {
      const { create, query, emulator } = await startRig({ fail });
      await create().catch(() => {});
      const id = emulator.books()[0]?.id ?? '';
      expect((await query(id)).json).toMatchObject({ id, status: 'queued' });
    }
  });

  it('has every kind of the table tried here', () => {
    const elsewhere = ['reset', 'lost', 'cut', 'hang', 'late', 'same-id'];
    const tried = new Set([...answers.map(([fail]) => fail.replace(/[=+].*$/, '')), ...elsewhere]);
    const missing = failureKinds
      .filter(
        ({ on, name, pattern }) =>
          on.includes('create') && ![...tried].some((fail) => pattern?.test(fail) ?? fail === name),
      )
      .map(({ name }) => name);
    expect(missing).toEqual([]);
  });
});

describe('when a failure happens', () => {
  async function failing(fail: string, prompts: readonly string[]): Promise<readonly number[]> {
    const { create } = await startRig({ fail });
    const failed: number[] = [];
    for (const [index, prompt] of prompts.entries()) {
      if ((await create({ ...shot, prompt })).status !== 200) failed.push(index + 1);
    }
    return failed;
  }
  const ten = Array.from({ length: 10 }, (_, n) => `prompt ${n}`);

  it.each([
    ['500#3', [3]],
    ['500#3-5', [3, 4, 5]],
    ['500@4', [4, 8]],
    ['500*2', [1, 2]],
    ['500@2*3', [2, 4, 6]],
    ['500~prompt 7', [8]],
    ['500#3,400#3-4', [3, 4]],
    ['500:0%', []],
    ['500:100%', [1, 2, 3, 4, 5, 6, 7, 8, 9, 10]],
  ])('%s: at %j of ten', async (fail, expected) => {
    expect(await failing(fail, ten)).toEqual(expected);
  });

  it('is near the probability that was asked for, and the same for the same seed', async () => {
    const hundreds = Array.from({ length: 600 }, (_, n) => `prompt ${n}`);
    const failed = await failing('500:10%', hundreds);
    expect(failed.length).toBeGreaterThan(30);
    expect(failed.length).toBeLessThan(90);
    expect(await failing('500:10%', hundreds)).toEqual(failed);
  });

  it('the first that applies wins', async () => {
    const { create } = await startRig({ fail: '500#2,400' });
    const statuses = [];
    for (let n = 0; n < 3; n += 1) statuses.push((await create()).status);
    expect(statuses).toEqual([400, 500, 400]);
  });

  it('depends on how many came within the window: those let through count, the throttled do not', async () => {
    const { create, clock } = await startRig({ fail: '429=60:over2/min' });
    const statuses: number[] = [];
    for (let n = 0; n < 4; n += 1) statuses.push((await create()).status);
    await clock.advance(59_999);
    statuses.push((await create()).status);
    await clock.advance(1);
    for (let n = 0; n < 3; n += 1) statuses.push((await create()).status);
    expect(statuses).toEqual([200, 200, 429, 429, 429, 200, 200, 429]);
  });

  it('depends on how many are in flight', async () => {
    const { create, clock } = await startRig({ fail: '429:over2', latencyMs: { minMs: 100, maxMs: 100 } });
    const three = [create(), create(), create()];
    await until(() => clock.sleeping === 3);
    await clock.advance(100);
    const statuses = (await Promise.all(three)).map(({ status }) => status);
    expect(statuses.sort()).toEqual([200, 200, 429]);
  });
});

describe('a query told to fail', () => {
  it.each<[string, (answer: { status: number; json: JsonObject }) => void]>([
    ['query/401', ({ status }) => expect(status).toBe(401)],
    ['query/429=5', ({ status }) => expect(status).toBe(429)],
    ['query/login', ({ json }) => expect(json['code']).toBe('204')],
    [
      'query/in-data',
      ({ json }) => expect(json['data']).toMatchObject({ status: 'completed', actualDuration: 5 }),
    ],
    [
      'query/no-url',
      ({ json }) => expect([json['status'], json['video_url']]).toEqual(['completed', undefined]),
    ],
    [
      'query/url-name',
      ({ json }) =>
        expect([json['result_url'], json['video_url']]).toEqual([
          expect.stringContaining('/clips/'),
          undefined,
        ]),
    ],
    ['query/url-name=url', ({ json }) => expect(json['url']).toContain('/clips/')],
    ['query/unknown-status', ({ json }) => expect(json['status']).toBe('moderating')],
    ['query/strings', ({ json }) => expect(json).toMatchObject({ actualDuration: '5', amount: '7.00' })],
  ])('as %s', async (fail, expected) => {
    const { create, query, clock, events } = await startRig({ fail });
    const id = String((await create()).json['id']);
    await clock.advance(10_000);
    const answer = await query(id);
    expected({ status: answer.status, json: answer.json });
    expect(events.map(({ failure }) => failure)).toEqual([null, fail]);
  });

  it.each(['query/lost', 'query/cut', 'query/reset'])('as %s gets no answer', async (fail) => {
    const { create, query } = await startRig({ fail });
    const id = String((await create()).json['id']);
    await expect(query(id)).rejects.toThrow();
  });

  it('is chosen by the text of its task', async () => {
    const { create, query } = await startRig({ fail: 'query/500~neon' });
    const neon = String((await create({ ...shot, prompt: 'a neon sign' })).json['id']);
    const plain = String((await create()).json['id']);
    expect([(await query(neon)).status, (await query(plain)).status]).toEqual([500, 200]);
  });
});
