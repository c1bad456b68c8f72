import net from 'node:net';
import { describe, expect, it } from 'vitest';
import type { RequestState } from '../../src/ledger/ledger.ts';
import { connectProxy, deadPort, tcpServer } from '../provider/servers.ts';
import {
  certificate,
  certificateFile,
  local,
  oddProvider,
  type Played,
  play,
  type Reply,
} from './rehearsal.ts';

const accepted = (id: string): Reply => ({
  status: 200,
  body: `{"id":"${id}","status":"queued","error":null}`,
});
const json = (status: number, body: string): Reply => ({ status, body });
const head = (status: string, length: number): string =>
  `HTTP/1.1 ${status}\r\ncontent-type: application/json\r\ncontent-length: ${length}\r\n\r\n`;
const page = '<html><body>Bad gateway</body></html>';

interface Row {
  readonly name: string;
  readonly reply: Reply;
  readonly state: RequestState;
  readonly taskId?: string;
  readonly error?: RegExp;
}

const acceptances: readonly Row[] = [
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
    name: 'a status that nobody knows',
    reply: json(200, '{"id":"video_12","status":"moderating"}'),
    state: 'processing',
    taskId: 'video_12',
  },
];

const refusals: readonly Row[] = [
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

const doubts: readonly Row[] = [
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
    error: /connection was lost/,
  },
  {
    name: 'a body reset before its last byte',
    reply: { raw: `${head('200 OK', 18)}{"id":"video_98"`, end: 'reset' },
    state: 'inDoubt',
    error: /connection was lost/,
  },
  { name: 'what is not HTTP', reply: { raw: 'SSH-2.0-OpenSSH_9.6\r\n', end: 'close' }, state: 'inDoubt' },
  {
    name: 'an answer longer than any',
    reply: json(200, `{"id":"${'x'.repeat(1_100_000)}"}`),
    state: 'inDoubt',
    error: /1 MiB/,
  },
];

/** One run with a request for each row; a request that is accepted follows each, so that no row ends the run. */
async function playRows(rows: readonly Row[]): Promise<Played> {
  const provider = await oddProvider((key) => {
    const index = Number(key.slice(1)) - 1;
    const row = index % 2 === 1 ? rows[(index - 1) / 2] : undefined;
    return row?.reply ?? accepted(`between_${index}`);
  });
  const played = await play(local(provider.port), {
    requests: rows.length * 2,
    args: ['--concurrency', '1', '--retries', '0'],
  });
  expect(new Set(provider.arrived).size).toBe(provider.arrived.length);
  expect(provider.arrived).toHaveLength(rows.length * 2);
  return played;
}

const keyOfRow = (index: number): string => `s${String(index * 2 + 2).padStart(3, '0')}`;

function expectRows(rows: readonly Row[], played: Played): void {
  const seen = rows.map(({ name }, index) => {
    const { status, taskId } = played.row(keyOfRow(index));
    return { name, state: status, taskId };
  });
  expect(seen).toEqual(rows.map(({ name, state, taskId = null }) => ({ name, state, taskId })));
  for (const [index, { name, error }] of rows.entries()) {
    if (error !== undefined) expect(played.row(keyOfRow(index)).error, name).toMatch(error);
  }
}

describe('an answer to a create, through the built program', () => {
  it('is an acceptance wherever an id stands', async () => {
    const played = await playRows(acceptances);
    expectRows(acceptances, played);
    expect(played.code).toBe(1); // One of the tasks failed.
    expect(played.report.summary.cost).toBe(acceptances.length * 2 * 5);
  });

  it('is a refusal where the provider says no, and costs nothing', async () => {
    const played = await playRows(refusals);
    expectRows(refusals, played);
    expect(played.code).toBe(1);
    expect(played.stderr).toMatch(/--retry-failed/);
    expect(played.report.summary.cost).toBe(refusals.length * 5);
  });

  it('is a doubt where it does not tell, counts as paid, and is never sent again by itself', async () => {
    const played = await playRows(doubts);
    expectRows(doubts, played);
    expect(played.code).toBe(1);
    expect(played.stderr).toMatch(/shotlist resolve m\.yaml --not-submitted/);
    expect(played.report.summary.cost).toBe(doubts.length * 2 * 5);
    const again = await oddProvider(() => accepted('never'));
    const second = await play(local(again.port), { requests: 0, scene: played.scene });
    expect([second.code, again.arrived]).toEqual([1, []]);
  });

  it('that comes too late is a doubt', async () => {
    const provider = await oddProvider(() => 'silence');
    const played = await play(local(provider.port), { requests: 1, args: ['--answer-timeout', '0.2'] });
    expect(played.code).toBe(1);
    expect(played.row('s001')).toMatchObject({
      status: 'inDoubt',
      error: expect.stringMatching(/no whole answer within 0\.2 s/),
    });
  });

  it('five doubts in a row stop the run', async () => {
    const provider = await oddProvider(() => ({ status: 500 }));
    const played = await play(local(provider.port), { requests: 9, args: ['--concurrency', '1'] });
    expect(played.code).toBe(1);
    expect(provider.arrived).toHaveLength(5);
    expect(played.report.summary).toMatchObject({ inDoubt: 5, pending: 4 });
    expect(played.stderr).toMatch(/stopped 5 requests in a row/);
  });

  it('the same id twice loses neither request', async () => {
    const provider = await oddProvider(() => accepted('video_same'));
    const played = await play(local(provider.port), { requests: 2 });
    expect(played.report.rows.map(({ status, taskId }) => [status, taskId])).toEqual([
      ['queued', 'video_same'],
      ['queued', 'video_same'],
    ]);
    expect(played.report.summary.cost).toBe(10);
  });
});

describe('what ends the whole run, with nothing more sent', () => {
  const fatal: readonly (readonly [string, Reply, RegExp])[] = [
    ['HTTP 401', json(401, '{"error":"bad key"}'), /refused the key.*bad key[\s\S]*SHOTLIST_API_KEY/],
    [
      'the login envelope',
      json(200, '{"code":"204","msg":"登录验证失败"}'),
      /refused the key[\s\S]*SHOTLIST_API_KEY/,
    ],
    ['HTTP 402', json(402, '{"error":"no credit"}'), /no balance left.*no credit[\s\S]*top up/],
    [
      'HTTP 403 before anything was accepted',
      json(403, '{"error":"forbidden"}'),
      /forbids it[\s\S]*SHOTLIST_API_KEY/,
    ],
    ['HTTP 404', json(404, ''), /no such API at[\s\S]*base URL/],
    ['HTTP 405', json(405, ''), /no such API at[\s\S]*base URL/],
    [
      'the envelope of a wrong base URL',
      json(200, '{"code":500,"data":null,"msg":"No handler found for POST /v1/videos/videos"}'),
      /no such API at[\s\S]*base URL/,
    ],
    [
      'a redirect',
      { status: 301, headers: { location: 'http://127.0.0.1:1/elsewhere?token=secret' } },
      /it points to http:\/\/127\.0\.0\.1:1\/elsewhere \(/,
    ],
    ['HTTP 407', json(407, ''), /proxy refused[\s\S]*HTTPS_PROXY/],
  ];
  it.each(fatal)('%s', async (_name, reply, words) => {
    const provider = await oddProvider(() => reply);
    const played = await play(local(provider.port), { requests: 6, args: ['--concurrency', '1'] });
    expect(played.code).toBe(2);
    expect(provider.arrived).toHaveLength(1);
    expect(played.report.summary).toMatchObject({ pending: 6, cost: 0 });
    expect(played.stderr).toMatch(words);
    expect(played.stderr).not.toMatch(/secret|sk-of-the-test/);
  });
});

describe('a storm of 429', () => {
  const storm =
    (header: () => Readonly<Record<string, string>>) =>
    (_key: string, times: number): Reply =>
      times === 1
        ? { status: 429, headers: header(), body: '{"error":"slow down"}' }
        : accepted(`video_${Math.random()}`);

  it('is waited out for as many seconds as it names, by all workers, and nothing is lost', async () => {
    const provider = await oddProvider(storm(() => ({ 'retry-after': '1' })));
    const played = await play(local(provider.port), { requests: 6, args: ['--retries', '0'] });
    expect(played.code).toBe(0);
    expect(played.report.summary).toMatchObject({ queued: 6, cost: 30 });
    const [first = 0, ...later] = provider.times;
    const afterPause = later.filter((time) => time - first > 500);
    expect(Math.min(...afterPause) - first).toBeGreaterThanOrEqual(1000);
  });

  it('is waited out until the date that it names', async () => {
    const provider = await oddProvider(
      storm(() => ({ 'retry-after': new Date(Date.now() + 2000).toUTCString() })),
    );
    const played = await play(local(provider.port), { requests: 2 });
    expect(played.code).toBe(0);
    expect(played.report.summary).toMatchObject({ queued: 2 });
    expect((provider.times.at(-1) ?? 0) - (provider.times[0] ?? 0)).toBeGreaterThan(900);
  });

  it.each(['soon', '-5', 'NaN', '0', 'Thu, 01 Jan 1970 00:00:00 GMT'])(
    'is waited out as the program sees fit where it names %s',
    async (header) => {
      const provider = await oddProvider(storm(() => ({ 'retry-after': header })));
      const played = await play(local(provider.port), { requests: 2 });
      expect(played.code).toBe(0);
      expect(played.report.summary).toMatchObject({ queued: 2, cost: 10 });
    },
  );

  it.each(['86400', '999999999999999999999', 'Fri, 31 Dec 9999 23:59:59 GMT'])(
    'ends the run where it asks for more than ten minutes: %s',
    async (header) => {
      const provider = await oddProvider(() => ({ status: 429, headers: { 'retry-after': header } }));
      const played = await play(local(provider.port), { requests: 5, args: ['--concurrency', '1'] });
      expect(played.code).toBe(1);
      expect(provider.arrived).toHaveLength(1);
      expect(played.report.summary).toMatchObject({ pending: 5, inDoubt: 0, cost: 0 });
      expect(played.stderr).toMatch(/asks to wait \d+ minutes[\s\S]*run again after that time/);
    },
  );
});

describe('what never got out', () => {
  const unsent = async (baseUrl: string, words: RegExp, env: Readonly<Record<string, string>> = {}) => {
    const played = await play(baseUrl, { requests: 2, args: ['--retries', '0'], env });
    expect(played.code).toBe(1);
    expect(played.report.summary).toMatchObject({ pending: 2, inDoubt: 0, cost: 0 });
    expect(played.row('s001').error).toMatch(words);
    expect(played.stderr).toMatch(/Send what is pending: shotlist run/);
    return played;
  };

  it('for a name that does not exist', async () => {
    await unsent(
      'https://no-such-host.invalid/kyyReactApiServer',
      /no-such-host\.invalid.*name was not found/,
    );
  });

  it('for a port on which nothing listens, and goes out later', async () => {
    const { scene } = await unsent(local(await deadPort()), /nothing listens there/);
    const provider = await oddProvider((key) => accepted(key));
    const later = await play(local(provider.port), { requests: 0, scene });
    expect([later.code, later.report.summary.queued]).toEqual([0, 2]);
  });

  it('for a certificate that nobody vouches for', async () => {
    const provider = await oddProvider(() => accepted('never'), certificate);
    await unsent(
      `https://localhost:${provider.port}/kyyReactApiServer`,
      /certificate is not trusted.*NODE_EXTRA_CA_CERTS/,
    );
    expect(provider.arrived).toEqual([]);
  });

  it('for a certificate of another name', async () => {
    const provider = await oddProvider(() => accepted('never'), certificate);
    const proxy = await connectProxy(provider.port);
    await unsent('https://other.example/kyyReactApiServer', /certificate is for another name/, {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificateFile,
    });
    expect(provider.arrived).toEqual([]);
  });

  it('for a server that hangs up amid the handshake', async () => {
    const server = await tcpServer((socket) => socket.once('data', () => socket.end('not TLS')));
    await unsent(`https://localhost:${server.port}/kyyReactApiServer`, /TLS handshake failed|closed/);
  });

  it('for a proxy that is down', async () => {
    await unsent('https://videos.example/kyyReactApiServer', /through the proxy.*nothing listens there/, {
      HTTPS_PROXY: `http://127.0.0.1:${await deadPort()}`,
    });
  });
});

describe('a proxy', () => {
  it('that refuses the tunnel ends the run', async () => {
    const proxy = await tcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')),
    );
    const played = await play('https://videos.example/kyyReactApiServer', {
      requests: 3,
      env: { HTTPS_PROXY: `http://me:hidden@127.0.0.1:${proxy.port}` },
    });
    expect(played.code).toBe(2);
    expect(played.report.summary).toMatchObject({ pending: 3, cost: 0 });
    expect(played.stderr).toMatch(/HTTP 407[\s\S]*HTTPS_PROXY/);
    expect(played.stderr).not.toMatch(/hidden/);
  });

  it('that breaks amid an answer leaves a doubt', async () => {
    const provider = await oddProvider(() => 'silence', certificate);
    const proxy = await tcpServer((socket) => {
      socket.once('data', () => {
        const through = net.connect(provider.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(through).pipe(socket);
        });
        through.on('error', () => {});
        const watch = setInterval(() => {
          if (provider.arrived.length === 0) return;
          clearInterval(watch);
          socket.resetAndDestroy();
        }, 5);
        socket.on('close', () => {
          clearInterval(watch);
          through.destroy();
        });
      });
    });
    const played = await play('https://videos.example/kyyReactApiServer', {
      requests: 1,
      env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: certificateFile },
    });
    expect(played.code).toBe(1);
    expect(played.row('s001')).toMatchObject({
      status: 'inDoubt',
      error: expect.stringMatching(/connection was lost/),
    });
  });
});

describe('a connection that was kept', () => {
  it('and that the server closes after each answer makes no doubt', async () => {
    const provider = await oddProvider((key) => {
      const body = `{"id":"video_${key}"}`;
      return { raw: head('200 OK', body.length) + body, end: 'close' };
    });
    const played = await play(local(provider.port), { requests: 6, args: ['--concurrency', '1'] });
    expect(played.report.summary).toMatchObject({ queued: 6, inDoubt: 0 });
    expect(played.code).toBe(0);
  });

  it('is not used again after more than a second', async () => {
    const provider = await oddProvider((key) => accepted(key));
    const played = await play(local(provider.port), { requests: 2, args: ['--rate', '40/min'] });
    expect(played.code).toBe(0);
    expect(provider.connections()).toBe(2);
  });
});

describe('a clock that jumps', () => {
  it.each([
    ['back by a year', -365 * 86_400_000],
    ['ahead by a year', 365 * 86_400_000],
  ])('%s amid the run neither loses nor repeats anything', async (_name, clock) => {
    const provider = await oddProvider((key, times) =>
      times === 1 && key === 's003' ? { status: 429, headers: { 'retry-after': '1' } } : accepted(key),
    );
    const played = await play(local(provider.port), {
      requests: 6,
      args: ['--concurrency', '1', '--rate', '20/s'],
      fault: { clock, clockAt: 'answer:committed' },
    });
    expect(played.code).toBe(0);
    expect(played.report.summary).toMatchObject({ queued: 6, cost: 30 });
    expect(provider.arrived).toHaveLength(7);
  });
});
