import { describe, expect, it } from 'vitest';
import { redactor } from '../../src/core/redact.ts';
import { readCreateAnswer, readQueryAnswer } from '../../src/provider/answers.ts';
import { parseBaseUrl } from '../../src/provider/base-url.ts';
import { fc } from '../helpers/fast-check.ts';

const secret = 'sk-0123456789abcdef';
const context = {
  baseUrl: parseBaseUrl('https://videos.example/gate'),
  redact: redactor([secret]),
  now: Date.UTC(2026, 0, 1),
};

type Headers = Record<string, string>;

function create(status: number, body: unknown, headers: Headers = {}) {
  return readCreateAnswer({ status, headers, body: textOf(body) }, context);
}

function query(status: number, body: unknown, headers: Headers = {}) {
  return readQueryAnswer('video_1', { status, headers, body: textOf(body) }, context);
}

function textOf(body: unknown): string {
  return typeof body === 'string' ? body : JSON.stringify(body);
}

const loginEnvelope = { code: '204', msg: '登录验证失败' };
const noHandler = { code: 500, data: null, msg: 'No handler found for POST /gate/v1/videos/videos' };
const everyStatus = [
  200, 201, 202, 299, 301, 400, 401, 402, 403, 404, 405, 407, 408, 422, 429, 500, 502, 503, 599,
];

describe('a create answer with an id is an acceptance', () => {
  it.each([
    ['as documented', { id: 'video_1', status: 'queued', error: null }, 'video_1', 'queued'],
    ['the older answer', { code: '0', msg: null, data: { projectId: 'proj_1' } }, 'proj_1', 'queued'],
    ['wrapped, code 0', { code: 0, data: { id: 'video_1', status: 'processing' } }, 'video_1', 'processing'],
    ['wrapped, code "0"', { code: '0', data: { id: 'video_1', status: 'queued' } }, 'video_1', 'queued'],
    ['wrapped, code 200', { code: 200, data: { task_id: 'v', status: 'queued' } }, 'v', 'queued'],
    ['wrapped, code "200"', { code: '200', data: { taskId: 'v', status: 'queued' } }, 'v', 'queued'],
    ['wrapped, code "ok"', { code: 'ok', data: { id: 'v', status: 'completed' } }, 'v', 'completed'],
    ['wrapped, code "success"', { code: 'success', data: { id: 'v' } }, 'v', 'queued'],
    [
      'the wrapper has a status of its own',
      { status: 'success', data: { id: 'v', status: 'queued' } },
      'v',
      'queued',
    ],
    ['an error code beside the id', { code: 500, id: 'video_1' }, 'video_1', 'queued'],
    ['an id that is a number', { id: 42 }, '42', 'queued'],
    ['an unknown status', { id: 'v', status: 'dreaming' }, 'v', 'processing'],
    ['a status in capitals', { id: 'v', status: 'QUEUED' }, 'v', 'queued'],
    ['the success of the create itself', { id: 'v', status: 'success' }, 'v', 'processing'],
    ['a success with a clip', { id: 'v', status: 'succeeded', url: 'https://c/v' }, 'v', 'completed'],
    ['fields that nobody knows', { id: 'v', amount: '7', nested: { id: 'x' } }, 'v', 'queued'],
  ])('%s', (_, body, taskId, status) => {
    expect(create(200, body)).toEqual({ kind: 'accepted', taskId, status, error: null });
  });

  it('looks for the id in the documented order, outside before inside', () => {
    const all = { projectId: 'p', taskId: 'c', task_id: 's', id: 'i' };
    expect(create(200, all)).toMatchObject({ taskId: 'i' });
    expect(create(200, { ...all, id: '' })).toMatchObject({ taskId: 's' });
    expect(create(200, { ...all, id: null, task_id: ' ' })).toMatchObject({ taskId: 'c' });
    expect(create(200, { projectId: 'p', data: all })).toMatchObject({ taskId: 'p' });
    expect(create(200, { data: { ...all, id: {} } })).toMatchObject({ taskId: 's' });
  });

  it('keeps every digit of a long numeric id', () => {
    expect(create(200, '{"id":1748123456789012345}')).toMatchObject({ taskId: '1748123456789012345' });
    expect(create(200, '{"data":{"projectId": 99999999999999999999 }}')).toMatchObject({
      taskId: '99999999999999999999',
    });
    // Digits within strings and fractions are not ids.
    expect(
      create(
        200,
        '{"a":"\\"1748123456789012345","b":0.12345678901234567890,"c":1e-1234567890123456789,"id":7}',
      ),
    ).toMatchObject({
      taskId: '7',
    });
  });

  it.each(everyStatus)('at HTTP %i as well', (status) => {
    expect(create(status, { id: 'video_1', status: 'queued' })).toMatchObject({
      kind: 'accepted',
      taskId: 'video_1',
    });
    expect(create(status, { error: { message: 'odd' }, id: 'video_1' })).toMatchObject({
      kind: 'accepted',
      taskId: 'video_1',
      error: 'odd',
    });
  });

  it('is a task that failed where it says so', () => {
    expect(create(200, { id: 'v', status: 'failed', error: 'content refused' })).toEqual({
      kind: 'accepted',
      taskId: 'v',
      status: 'failed',
      error: 'content refused',
    });
    expect(create(200, { id: 'v', status: 'failed', msg: 'too dark' })).toMatchObject({ error: 'too dark' });
  });

  it.each([
    { request_id: 'r' },
    { requestId: 'r' },
    { id: '' },
    { id: '  ' },
    { id: null },
    { id: 0 },
    { id: -1 },
    { id: 1.5 },
    { id: true },
    { id: ['a'] },
    { error: { id: 'e' } },
    { data: 'video_1' },
    { data: [{ id: 'v' }] },
    { data: { data: { id: 'v' } } },
    [{ id: 'v' }],
    'video_1',
    '"video_1"',
    '42',
  ])('%j has no id', (body) => {
    expect(create(200, body).kind).not.toBe('accepted');
  });
});

describe('a create answer without an id', () => {
  it.each([
    [401, { error: { message: 'bad key' } }],
    [401, ''],
    [200, loginEnvelope],
    [201, { code: 204, message: 'Login check failed' }],
    [200, { code: 401, msg: 'unauthorized' }],
  ])('HTTP %i %j: the key was refused, the run stops', (status, body) => {
    expect(create(status, body)).toMatchObject({
      kind: 'stop',
      code: 'keyRefused',
      help: expect.stringContaining('SHOTLIST_API_KEY'),
    });
  });

  it.each([
    [402, '余额不足'],
    [200, { code: 402, msg: '余额不足' }],
    [200, { error: { code: '402', message: 'no balance' } }],
  ])('HTTP %i %j: the balance is empty, the run stops', (status, body) => {
    expect(create(status, body)).toMatchObject({
      kind: 'stop',
      code: 'balanceEmpty',
      help: expect.stringContaining('top up'),
    });
  });

  it.each([
    [301, ''],
    [302, '<html>moved</html>'],
    [304, ''],
    [308, loginEnvelope],
    [404, noHandler],
    [404, '<html><body>nginx</body></html>'],
    [404, { error: 'not found' }],
    [405, ''],
    [200, noHandler],
  ])('HTTP %i %j: the base URL is wrong, the run stops', (status, body) => {
    expect(create(status, body)).toMatchObject({
      kind: 'stop',
      code: 'wrongBaseUrl',
      error: expect.stringContaining('https://videos.example/gate'),
      help: expect.stringContaining('SHOTLIST_BASE_URL'),
    });
  });

  it('says which base URL was probably meant', () => {
    const doubled = { ...context, baseUrl: parseBaseUrl('https://videos.example/gate/gate/v1') };
    expect(readCreateAnswer({ status: 404, headers: {}, body: '' }, doubled)).toMatchObject({
      help: expect.stringContaining('did you mean https://videos.example/gate ?'),
    });
  });

  it('says where a redirect points to, without what may be secret of it', () => {
    const outcome = create(302, '', { location: 'https://login.example/in?token=abc#def' });
    expect(outcome).toMatchObject({ error: expect.stringContaining('https://login.example/in') });
    expect(JSON.stringify(outcome)).not.toMatch(/abc|def/);
  });

  it('HTTP 407: the proxy refused, the run stops', () => {
    expect(create(407, '')).toMatchObject({ kind: 'stop', code: 'proxyRefused' });
  });

  it('HTTP 403: forbidden, the run decides what it means', () => {
    expect(create(403, { error: 'model not allowed' })).toMatchObject({
      kind: 'forbidden',
      code: 'http403',
      error: expect.stringContaining('model not allowed'),
      help: expect.stringContaining('SHOTLIST_API_KEY'),
    });
  });

  it.each([
    [429, '', { 'retry-after': '7' }, 7000],
    [429, { error: 'slow down' }, {}, null],
    [429, '', { 'retry-after': 'Thu, 01 Jan 2026 00:01:00 GMT' }, 60_000],
    [429, '', { 'retry-after': '99999999999' }, 99_999_999_999_000],
    [200, { code: 429, msg: 'slow down' }, { 'retry-after': '3' }, 3000],
  ] satisfies [number, unknown, Headers, number | null][])(
    'HTTP %i %j %j: throttled',
    (status, body, headers, retryAfterMs) => {
      expect(create(status, body, headers)).toMatchObject({
        kind: 'throttled',
        code: 'http429',
        retryAfterMs,
      });
    },
  );

  it.each([
    [
      400,
      { error: { message: 'prompt too long', type: 'invalid_request', code: 'too_long' } },
      'too_long',
      'prompt too long',
    ],
    [400, { error: 'no such model' }, 'http400', 'no such model'],
    [422, { code: 4001, msg: '参数冲突' }, '4001', '参数冲突'],
    [409, '', 'http409', 'HTTP 409 without a reason'],
    [
      413,
      '<html><head><title>413 Too Large</title></head><body>nginx</body></html>',
      'http413',
      '413 Too Large nginx',
    ],
    [400, loginEnvelope, '204', '登录验证失败'],
    [400, { detail: 'Bad' }, 'http400', 'Bad'],
    [400, { code: 0, msg: 'odd' }, 'http400', 'odd'],
    [499, 'plain words', 'http499', 'plain words'],
    [200, { code: 500, msg: '系统繁忙' }, '500', '系统繁忙'],
    [200, { code: '204', msg: 'no content' }, '204', 'no content'],
    [200, { code: 'E1001', message: 'refused' }, 'E1001', 'refused'],
    [202, { error: { message: 'prohibited', code: 'content_policy' } }, 'content_policy', 'prohibited'],
    [200, { error: 'prohibited' }, 'http200', 'prohibited'],
    [200, { code: -1, data: null }, '-1', '{"code":-1,"data":null}'],
  ] satisfies [number, unknown, string, string][])(
    'HTTP %i %j: refused, in the words of the provider',
    (status, body, code, error) => {
      expect(create(status, body)).toEqual({ kind: 'refused', code, error });
    },
  );

  it.each([
    [408, '', 'http408'],
    [408, { code: 400, msg: 'x' }, 'http408'],
    [500, { code: 500, msg: 'oops' }, 'http500'],
    [500, noHandler, 'http500'],
    [502, '<html>Bad Gateway</html>', 'http502'],
    [503, loginEnvelope, 'http503'],
    [504, '', 'http504'],
    [599, '', 'http599'],
    [999, '', 'http999'],
    [200, '', 'unreadableAnswer'],
    [200, '{"id":"video_1"', 'unreadableAnswer'],
    [200, '<html>welcome to the hotel</html>', 'unreadableAnswer'],
    [200, '[]', 'unreadableAnswer'],
    [200, 'null', 'unreadableAnswer'],
    [204, '', 'unreadableAnswer'],
    [200, {}, 'noTaskId'],
    [200, { code: 0, data: null }, 'noTaskId'],
    [200, { code: '200', msg: 'success', data: {} }, 'noTaskId'],
    [200, { code: 'ok' }, 'noTaskId'],
    [200, { status: 'queued' }, 'noTaskId'],
    [200, { code: 0, error: 'contradiction' }, 'noTaskId'],
    [200, { code: 0, error: { code: 401 } }, 'noTaskId'],
    [200, { code: null, error: null }, 'noTaskId'],
  ] satisfies [number, unknown, string][])('HTTP %i %j: in doubt', (status, body, code) => {
    expect(create(status, body)).toMatchObject({ kind: 'inDoubt', code });
  });

  it('is told in a sentence also where the provider says nothing', () => {
    expect(create(500, '')).toMatchObject({
      error: 'HTTP 500 without a reason, which leaves open whether a task was made',
    });
    expect(create(500, { error: 'out of order' })).toMatchObject({ error: 'HTTP 500: out of order' });
  });
});

describe('a query answer', () => {
  const nothing = { unknownStatus: null, error: null, videoUrl: null, actualDuration: null };

  it.each(['rendering', 'DONE', 'moderating'])('an unknown status (%s) with the URL of a clip', (word) => {
    expect(query(200, { id: 'v', status: word, video_url: 'https://c/v' })).toMatchObject({
      ...{ kind: 'task', status: 'completed', unknownStatus: word, videoUrl: 'https://c/v' },
    });
  });

  it.each(['succeeded', 'SUCCEEDED', 'Success', ' success '])('another word for completed (%s)', (word) => {
    expect(query(200, { id: 'v', status: word, video_url: 'https://c/v' })).toMatchObject({
      ...{ kind: 'task', status: 'completed', unknownStatus: null, videoUrl: 'https://c/v' },
    });
  });

  it.each(['cancelled', 'Canceled', 'EXPIRED', 'error'])(
    'another word for failed (%s), which is kept',
    (word) => {
      expect(query(200, { id: 'v', status: word })).toMatchObject({
        kind: 'task',
        status: 'failed',
        error: word,
      });
    },
  );

  it.each([
    ['queued', { id: 'video_1', status: 'queued' }, { status: 'queued' }],
    ['wrapped', { code: 0, data: { id: 'video_1', status: 'processing' } }, { status: 'processing' }],
    ['wrapped, without an id', { code: 200, data: { status: 'processing' } }, { status: 'processing' }],
    [
      'completed',
      { id: 'video_1', status: 'completed', video_url: 'https://cdn.example/v.mp4?sig=1', actualDuration: 5 },
      { status: 'completed', videoUrl: 'https://cdn.example/v.mp4?sig=1', actualDuration: 5 },
    ],
    [
      'completed, wrapped, numbers as strings',
      { code: '0', data: { id: 'v', status: 'completed', result_url: 'http://c/v', actualDuration: '10' } },
      { status: 'completed', videoUrl: 'http://c/v', actualDuration: 10 },
    ],
    [
      'completed, url',
      { status: 'completed', url: 'https://c/v', amount: 7 },
      { status: 'completed', videoUrl: 'https://c/v', amount: 7 },
    ],
    [
      'the first URL that is one',
      { status: 'completed', video_url: '', result_url: 'javascript:x', url: 'https://c/v' },
      { status: 'completed', videoUrl: 'https://c/v' },
    ],
    ['completed without a URL', { id: 'v', status: 'completed' }, { status: 'completed' }],
    [
      'failed, with a text',
      { id: 'v', status: 'failed', error: 'too dark' },
      { status: 'failed', error: 'too dark' },
    ],
    [
      'failed, with an object',
      { status: 'failed', error: { message: 'no' } },
      { status: 'failed', error: 'no' },
    ],
    ['failed, with a message', { status: 'failed', msg: 'no' }, { status: 'failed', error: 'no' }],
    [
      'an unknown status',
      { id: 'v', status: 'rendering' },
      { status: 'processing', unknownStatus: 'rendering' },
    ],
    [
      'another word for failed, with a reason',
      { id: 'v', status: 'error', error: { message: 'upstream exploded', code: 'E1' } },
      { status: 'failed', error: 'error: upstream exploded' },
    ],
    [
      'another word for failed, which the reason has',
      { id: 'v', status: 'cancelled', error: 'cancelled by operator' },
      { status: 'failed', error: 'cancelled by operator' },
    ],
    [
      'another word for failed, wrapped',
      { code: 0, data: { id: 'v', status: 'expired' } },
      { status: 'failed', error: 'expired' },
    ],
    ['pending', { id: 'v', status: 'pending' }, { status: 'queued' }],
    [
      'running, with a URL',
      { id: 'v', status: 'running', url: 'https://c/v' },
      { status: 'processing', videoUrl: 'https://c/v' },
    ],
    [
      'a wrapper that is well, of a task that runs',
      { status: 'success', data: { id: 'v', status: 'processing' } },
      { status: 'processing' },
    ],
    [
      'a wrapper that is well, of a task in a way nobody knows',
      { status: 'success', data: { id: 'v', status: 'moderating' } },
      { status: 'processing', unknownStatus: 'moderating' },
    ],
    [
      'an error of the answer, not of the task',
      { status: 'error', data: {} },
      { status: 'processing', unknownStatus: 'error' },
    ],
    [
      'an amount as text',
      { id: 'v', status: 'completed', amount: '0.32' },
      { status: 'completed', amount: '0.32' },
    ],
    [
      'an amount in the wrapped task',
      { code: 0, data: { id: 'v', status: 'completed', amount: 5 } },
      { status: 'completed', amount: 5 },
    ],
    ['an amount that is none', { id: 'v', status: 'completed', amount: { CNY: 5 } }, { status: 'completed' }],
    [
      'a list of URLs',
      { id: 'v', status: 'completed', video_url: ['https://c/v'] },
      { status: 'completed', videoUrl: 'https://c/v' },
    ],
    [
      'a URL without a scheme',
      { id: 'v', status: 'completed', video_url: '//c/v' },
      { status: 'completed', videoUrl: 'http://c/v' },
    ],
    [
      'a URL with blanks around it',
      { id: 'v', status: 'completed', video_url: ' https://c/v\n' },
      { status: 'completed', videoUrl: 'https://c/v' },
    ],
    [
      'a duration with its unit',
      { status: 'completed', actualDuration: '5.04s' },
      { status: 'completed', actualDuration: 5.04 },
    ],
    ['no status', { id: 'v' }, { status: 'processing' }],
    ['a duration that is none', { status: 'completed', actualDuration: 'long' }, { status: 'completed' }],
  ])('%s', (_, body, expected) => {
    expect(query(200, body)).toEqual({ kind: 'task', taskId: 'video_1', ...nothing, ...expected });
  });

  it.each([
    [404, { error: 'no such task' }],
    [404, ''],
    [410, ''],
    [200, { code: 404, msg: 'task not found' }],
  ])('HTTP %i %j: the provider does not know the task', (status, body) => {
    expect(query(status, body)).toMatchObject({ kind: 'notFound' });
  });

  it.each([
    [404, noHandler, 'wrongBaseUrl'],
    [404, 'No handler found for GET /x', 'wrongBaseUrl'],
    [200, noHandler, 'wrongBaseUrl'],
    [302, '', 'wrongBaseUrl'],
    [405, '', 'wrongBaseUrl'],
    [407, '', 'proxyRefused'],
  ])('HTTP %i %j: no query can succeed', (status, body, code) => {
    expect(query(status, body)).toMatchObject({ kind: 'stop', code });
  });

  it.each([
    [401, '', 'keyRefused', null],
    [200, loginEnvelope, 'keyRefused', null],
    [402, '', 'http402', null],
    [403, '', 'http403', null],
    [408, '', 'http408', null],
    [429, '', 'http429', 5000],
    [400, { error: 'later' }, 'http400', null],
    [500, '', 'http500', null],
    [503, { id: 'video_1', status: 'completed' }, 'http503', 5000],
    [200, '', 'unreadableAnswer', null],
    [200, '{"id":', 'unreadableAnswer', null],
    [200, {}, 'http200', null],
    [200, { code: 500, msg: 'busy' }, '500', null],
  ] satisfies [number, unknown, string, number | null][])(
    'HTTP %i %j: worth another try',
    (status, body, code, retryAfterMs) => {
      const headers: Headers = retryAfterMs === null ? {} : { 'retry-after': '5' };
      expect(query(status, body, headers)).toMatchObject({ kind: 'transient', code, retryAfterMs });
    },
  );
});

describe('whatever comes back', () => {
  const anyJson = fc.json({ maxDepth: 4 });
  const envelope = fc
    .record(
      {
        id: fc.jsonValue(),
        code: fc.oneof(fc.constantFrom(0, '0', 200, 'ok', 204, '204', 401, 402, 429, 500), fc.jsonValue()),
        msg: fc.oneof(fc.constantFrom('登录验证失败', 'No handler found for POST /'), fc.jsonValue()),
        error: fc.jsonValue(),
        status: fc.jsonValue(),
        data: fc.jsonValue(),
        video_url: fc.jsonValue(),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value));
  const anyText = fc.oneof(fc.string({ unit: 'binary' }), anyJson, envelope);
  const anyStatus = fc.oneof(fc.integer({ min: 100, max: 999 }), fc.constantFrom(...everyStatus));

  it('reading it never throws', () => {
    fc.assert(
      fc.property(anyStatus, anyText, fc.string(), (status, body, header) => {
        const headers = { 'retry-after': header, location: header };
        expect(readCreateAnswer({ status, headers, body }, context)).toHaveProperty('kind');
        expect(readQueryAnswer('v', { status, headers, body }, context)).toHaveProperty('kind');
      }),
      { numRuns: 2000 },
    );
  });

  it('an id makes an acceptance, and nothing else does', () => {
    fc.assert(
      fc.property(
        anyStatus,
        fc.dictionary(fc.string(), fc.jsonValue()),
        fc.stringMatching(/^[a-z]{3}_\w+$/),
        (status, rest, id) => {
          expect(create(status, { ...rest, id })).toMatchObject({ kind: 'accepted', taskId: id });
        },
      ),
    );
    fc.assert(
      fc.property(anyStatus, fc.dictionary(fc.stringMatching(/^x\w*$/), fc.jsonValue()), (status, rest) => {
        expect(create(status, rest).kind).not.toBe('accepted');
      }),
    );
  });

  it('a 5xx or 408 without an id is always in doubt, and what is readable never names another outcome', () => {
    const withoutId = fc.dictionary(fc.constantFrom('code', 'msg', 'error', 'status'), fc.jsonValue());
    fc.assert(
      fc.property(fc.constantFrom(408, 500, 502, 503, 504), withoutId, (status, body) => {
        expect(create(status, body).kind).toBe('inDoubt');
      }),
    );
  });

  it('a 2xx never counts as not billed unless it states an error', () => {
    const withoutError = fc.dictionary(
      fc.constantFrom('msg', 'message', 'status', 'data', 'object'),
      fc.string(),
    );
    fc.assert(
      fc.property(fc.integer({ min: 200, max: 299 }), withoutError, (status, body) => {
        expect(create(status, body).kind).toBe('inDoubt');
      }),
    );
  });

  it('its words are short, on one line, fit for a terminal, and without the key', () => {
    const hostile = fc
      .array(
        fc.oneof(
          fc.string({ unit: 'binary' }),
          fc.constantFrom(secret, '\u001b[31m', '\u202e', '\n', 'x'.repeat(300)),
        ),
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(
        fc.constantFrom(400, 403, 404, 429, 500),
        hostile,
        fc.boolean(),
        (status, words, wrapped) => {
          const outcome = create(status, wrapped ? { error: { message: words, code: words } } : words);
          const shown = 'error' in outcome ? `${outcome.error}` : '';
          expect([...shown].length).toBeLessThan(700);
          expect(shown).not.toMatch(/[\p{Cc}\p{Bidi_Control}\p{Zl}\p{Zp}\p{Surrogate}]/u);
          expect(JSON.stringify(outcome)).not.toContain(secret);
          if ('code' in outcome) expect(outcome.code.length).toBeLessThanOrEqual(64);
        },
      ),
    );
  });

  it.each([
    ['split by characters that are not shown', `${secret.slice(0, 8)}\u0000\u200b${secret.slice(8)}`],
    ['across the point from which nothing is read', `${' '.repeat(16_370)}${secret}`],
    ['across the point at which words are cut', `${'x'.repeat(495)}${secret}`],
    ['URL-encoded and in base64', `${encodeURIComponent(secret)} ${Buffer.from(secret).toString('base64')}`],
  ])('the key is found %s', (_, words) => {
    const shown = JSON.stringify(create(400, words));
    expect(shown).not.toContain(secret.slice(0, 6));
    expect(shown).not.toContain(Buffer.from(secret).toString('base64').slice(0, 6));
  });

  it.each([
    ['markup', `<html>${'<script>'.repeat(130_000)}`],
    ['open tags', `<html>${'<'.repeat(1_000_000)}`],
    ['escapes', `{"id":1748123456789012345,"x":"${'\\\\'.repeat(500_000)}"}`],
    ['quotes', '"\\'.repeat(500_000)],
    ['digits', '1'.repeat(1_000_000)],
    ['brackets', '['.repeat(1_000_000)],
    ['nesting', `{"error":${'{"message":'.repeat(100_000)}1${'}'.repeat(100_000)}}`],
    ['white space', ' '.repeat(1_000_000)],
  ])('a hostile megabyte of %s is read in no time', (_, body) => {
    const started = performance.now();
    create(400, body);
    query(200, body);
    expect(performance.now() - started).toBeLessThan(5000);
  });
});
