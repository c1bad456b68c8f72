import { createServer } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { SetupError } from '../../src/core/errors.ts';
import { startEmulator } from '../../src/emulator/emulator.ts';
import { FakeClock } from '../helpers/fake-clock.ts';
import { key, shot, startRig, until } from './rig.ts';

describe('a task', () => {
  it('is queued, then processing, then completed with a link and its duration', async () => {
    const { create, query, clock } = await startRig();
    const created = await create();
    expect(created.status).toBe(200);
    expect(created.json).toEqual({
      id: expect.stringMatching(/^video_[0-9a-f]{24}$/),
      object: 'video',
      created: clock.now() / 1000,
      model: 'videos',
      status: 'queued',
      error: null,
    });
    const id = String(created.json['id']);
    expect((await query(id)).json).toEqual(created.json);
    await clock.advance(5000);
    expect((await query(id)).json['status']).toBe('processing');
    await clock.advance(5000);
    expect((await query(id)).json).toEqual({
      ...created.json,
      status: 'completed',
      video_url: expect.stringMatching(
        /^http:\/\/127\.0\.0\.1:\d+\/emulator\/clips\/video_.*Expires=\d+&.*Signature=/,
      ),
      actualDuration: 5,
    });
  });

  it('that nobody made is not found', async () => {
    const { query } = await startRig({ errors: 'status' });
    expect((await query('video_unknown')).status).toBe(404);
    expect((await query('%E0%A4%A')).status).toBe(404);
  });

  it('is billed with the body as it came and never with the key', async () => {
    const { create, emulator, get, clock } = await startRig();
    const body = { ...shot, prompt: '雨，霓虹 "quoted"\n', extra: { seed: 1 } };
    const { json } = await create(body);
    const books = await get(emulator.booksUrl);
    expect(books.bytes.toString()).not.toContain(key);
    expect(books.json).toEqual({
      version: 1,
      billed: [
        {
          id: json['id'],
          order: 1,
          billedAt: new Date(clock.now()).toISOString(),
          body,
          failure: null,
          answer: 'sent',
          status: 'queued',
          polls: 0,
          downloads: 0,
        },
      ],
      requests: { create: 1, query: 0, clip: 0, other: 1 },
      inFlight: { create: 0, query: 0, clip: 0, other: 1 },
      maxInFlight: { create: 1, query: 0, clip: 0, other: 1 },
    });
    expect(emulator.books()).toEqual(books.json['billed']);
  });

  it('counts its polls', async () => {
    const { create, query, emulator } = await startRig();
    const id = String((await create()).json['id']);
    await query(id);
    await query(id);
    expect(emulator.books()[0]?.polls).toBe(2);
    expect(emulator.traffic().requests.query).toBe(2);
  });
});

describe('the gateway', () => {
  it.each([
    ['doubled prefix', '/kyyReactApiServer/v1/videos/videos'],
    ['slash at the end', '/v1/videos/videos/'],
    ['no such path', '/v1/models'],
  ])('does not know a path with a %s', async (_, path) => {
    const { emulator, send } = await startRig();
    const url = emulator.baseUrl + path;
    const answer = await send('POST', url, JSON.stringify(shot), {
      headers: { authorization: `Bearer ${key}` },
    });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({
      code: 500,
      data: null,
      msg: `No handler found for POST ${new URL(url).pathname}`,
    });
    expect(emulator.books()).toEqual([]);
  });

  it('does not know a path without the prefix, and says so with 404 where asked to', async () => {
    const { emulator, send } = await startRig({ errors: 'status' });
    const answer = await send('POST', `${new URL(emulator.baseUrl).origin}/v1/videos/videos`, '{}');
    expect(answer.status).toBe(404);
    expect(answer.json['msg']).toBe('No handler found for POST /v1/videos/videos');
  });

  it.each([
    ['a wrong key', { authorization: 'Bearer wrong' }],
    ['a key without its scheme', { authorization: key }],
  ])('answers %s with the login envelope, and bills nothing', async (_, headers) => {
    const { create, emulator } = await startRig();
    const answer = await create(shot, { headers });
    expect(answer.status).toBe(200);
    expect(answer.json).toEqual({ code: '204', msg: '登录验证失败' });
    expect(emulator.books()).toEqual([]);
  });

  it('answers a wrong key with 401 where asked to', async () => {
    const { create, query } = await startRig({ errors: 'status' });
    const headers = { authorization: 'Bearer wrong' };
    expect((await create(shot, { headers })).status).toBe(401);
    expect((await query('video_1', { headers })).status).toBe(401);
  });

  it('waits for the latency before it answers, and has billed by then', async () => {
    const { create, emulator, clock } = await startRig({ latencyMs: { minMs: 300, maxMs: 300 } });
    const answering = create();
    await until(() => clock.sleeping === 1);
    expect(emulator.books()[0]?.answer).toBe('waiting');
    await clock.advance(299);
    expect(emulator.books()[0]?.answer).toBe('waiting');
    await clock.advance(1);
    expect((await answering).json['id']).toBe(emulator.books()[0]?.id);
    expect(emulator.books()[0]?.answer).toBe('sent');
  });

  it('remembers the most requests that were ever in flight', async () => {
    const { create, emulator, clock } = await startRig({ latencyMs: { minMs: 100, maxMs: 100 } });
    const five = Array.from({ length: 5 }, () => create());
    await until(() => clock.sleeping === 5);
    await clock.advance(100);
    await Promise.all(five);
    const one = create();
    await until(() => clock.sleeping === 1);
    expect(emulator.traffic()).toMatchObject({ inFlight: { create: 1 }, maxInFlight: { create: 5 } });
    await clock.advance(100);
    await one;
  });

  it('bills a request whose client leaves before the answer, and knows that the answer was lost', async () => {
    const { create, emulator, clock, events } = await startRig({ latencyMs: { minMs: 100, maxMs: 100 } });
    const leaving = new AbortController();
    const answer = create(shot, { signal: leaving.signal });
    await until(() => clock.sleeping === 1);
    leaving.abort();
    await expect(answer).rejects.toThrow();
    await until(() => events.length === 1);
    expect(events).toMatchObject([{ kind: 'create', status: null, taskId: emulator.books()[0]?.id }]);
    expect(emulator.books()).toMatchObject([{ answer: 'lost' }]);
    expect(emulator.traffic().inFlight.create).toBe(0);
  });

  it('bills nothing for a request that was not sent whole', async () => {
    const { emulator, events } = await startRig();
    const { port } = new URL(emulator.baseUrl);
    const { connect } = await import('node:net');
    const socket = connect(Number(port), '127.0.0.1');
    socket.write(
      `POST /kyyReactApiServer/v1/videos/videos HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${key}\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"model"`,
    );
    await until(() => emulator.traffic().inFlight.create === 1);
    socket.destroy();
    await until(() => events.length === 1);
    expect(events).toMatchObject([{ kind: 'create', status: null, taskId: null }]);
    expect(emulator.books()).toEqual([]);
  });

  it('tells of every request without its query', async () => {
    const { create, get, emulator, events, clock, query } = await startRig();
    const id = String((await create()).json['id']);
    await clock.advance(10_000);
    await get(String((await query(id)).json['video_url']));
    expect(events).toEqual([
      {
        kind: 'create',
        position: 1,
        method: 'POST',
        path: '/kyyReactApiServer/v1/videos/videos',
        status: 200,
        taskId: id,
        failure: null,
      },
      {
        kind: 'query',
        position: 1,
        method: 'GET',
        path: `/kyyReactApiServer/v1/result/${id}`,
        status: 200,
        taskId: id,
        failure: null,
      },
      {
        kind: 'clip',
        position: 1,
        method: 'GET',
        path: `/emulator/clips/${id}.mp4`,
        status: 200,
        taskId: id,
        failure: null,
      },
    ]);
    expect(emulator.books()[0]?.downloads).toBe(1);
  });
});

describe('a seed', () => {
  const day = {
    fail: '5xx:20%,in-data:20%,fails:30%',
    latencyMs: { minMs: 0, maxMs: 0 },
    taskMs: { minMs: 1000, maxMs: 9000 },
  };

  async function outcomes(seed: number): Promise<unknown> {
    const { create, clock, emulator } = await startRig({ ...day, seed });
    const answers = [];
    for (let n = 0; n < 60; n += 1) {
      const { status, bytes } = await create();
      answers.push([status, bytes.toString()]);
    }
    await clock.advance(5000);
    return { answers, books: emulator.books() };
  }

  it('decides ids, delays and fates', async () => {
    expect(await outcomes(1)).toEqual(await outcomes(1));
  });

  it('other than this one decides otherwise', async () => {
    expect(await outcomes(1)).not.toEqual(await outcomes(2));
  });

  it('that nobody gave is the time of the start, so that two emulators give no id twice', async () => {
    const clock = new FakeClock(1234);
    const emulator = await startEmulator({ catalog: shippedCatalog, key, clock });
    onTestFinished(() => emulator.close());
    expect(emulator.seed).toBe(1234);
  });
});

describe('stopping', () => {
  it('ends what waits and what hangs, closes every connection, and can be asked for twice', async () => {
    const { create, emulator, clock } = await startRig({ fail: 'hang#1,late=1min#2' });
    const answers = Promise.allSettled([create(), create()]);
    await until(() => clock.sleeping === 1 && emulator.traffic().inFlight.create === 2);
    await Promise.all([emulator.close(), emulator.close()]);
    expect(clock.sleeping).toBe(0);
    expect((await answers).map(({ status }) => status)).toEqual(['rejected', 'rejected']);
    await until(() => emulator.traffic().inFlight.create === 0);
    await expect(create()).rejects.toThrow(/ECONNREFUSED/);
  });

  it('is not needed where it could not start: a taken port is named', async () => {
    const other = createServer();
    await new Promise<void>((resolve) => other.listen(0, '127.0.0.1', resolve));
    onTestFinished(() => void other.close());
    const address = other.address();
    const port = typeof address === 'object' && address !== null ? address.port : 0;
    const starting = startEmulator({ catalog: shippedCatalog, key, clock: new FakeClock(), port });
    await expect(starting).rejects.toThrow(SetupError);
    await expect(starting).rejects.toThrow(`127.0.0.1:${port}`);
  });
});
