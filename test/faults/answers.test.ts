import { describe, expect, it } from 'vitest';
import { acceptances, doubts, type Row, refusals } from './answer-rows.ts';
import { accepted, json, local, oddProvider, type Played, play, type Reply } from './rehearsal.ts';

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
    expect(played.stderr).toMatch(/shotlist resolve m\.yaml KEY --not-submitted/);
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
