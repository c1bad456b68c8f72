import type { Socket } from 'node:net';
import type { Dispatcher } from 'undici';
import { describe, expect, it, vi } from 'vitest';
import { exchange } from '../../src/provider/exchange.ts';
import {
  acceptance,
  api,
  aWhile,
  body,
  certificate,
  httpServer,
  rawAcceptance,
  reset,
  tcpServer,
  tlsServer,
  until,
} from './servers.ts';

const half = rawAcceptance.slice(0, -10);

/** What the other side does once the request is there, and the code that it gives. */
const losses: readonly (readonly [name: string, code: string, react: (socket: Socket) => void])[] = [
  ['resets the connection', 'connectionLost', (socket) => reset(socket)],
  ['closes the connection', 'connectionLost', (socket) => socket.end()],
  ['sends half an answer and closes', 'connectionLost', (socket) => socket.end(half)],
  ['sends half an answer and resets', 'connectionLost', (socket) => socket.write(half, () => reset(socket))],
  [
    'sends half a chunked answer and closes',
    'connectionLost',
    (socket) => socket.end(chunked('{"id":"vid', false)),
  ],
  [
    'cuts an answer without a length',
    'unreadableAnswer',
    (socket) => socket.end('HTTP/1.1 200 OK\r\n\r\n{"id":"vid'),
  ],
  ['answers in another protocol', 'unreadableAnswer', (socket) => socket.end('SSH-2.0-OpenSSH_9.6\r\n')],
  ['answers without an end', 'answerTooLarge', (socket) => flood(socket)],
  [
    'sends a head without an end',
    'unreadableAnswer',
    (socket) => socket.write(`HTTP/1.1 200 OK\r\nx: ${'x'.repeat(70_000)}`),
  ],
  ['never answers', 'answerTimeout', () => {}],
  ['never ends its answer', 'answerTimeout', (socket) => socket.write(half)],
  ['drips its answer', 'answerTimeout', (socket) => drip(socket)],
  [
    'sends interim answers for ever',
    'answerTimeout',
    (socket) => drip(socket, 'HTTP/1.1 103 Early Hints\r\n\r\n'),
  ],
];

/** Short only where nothing else ends the wait, so that a busy machine does not change the outcome. */
function patience(code: string): number {
  return code === 'answerTimeout' ? 100 : 20_000;
}

function chunked(text: string, ended: boolean): string {
  const chunk = `${text.length.toString(16)}\r\n${text}\r\n`;
  return `HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n${chunk}${ended ? '0\r\n\r\n' : ''}`;
}

function flood(socket: Socket): void {
  socket.write('HTTP/1.1 200 OK\r\ncontent-length: 1000000000\r\n\r\n');
  const more = (): void => {
    while (!socket.destroyed && socket.write(Buffer.alloc(65_536, ' ')));
  };
  socket.on('drain', more);
  more();
}

function drip(socket: Socket, text = ' '): void {
  socket.write(text === ' ' ? 'HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n' : text);
  const timer = setInterval(() => socket.write(text), 5);
  socket.on('close', () => clearInterval(timer));
}

describe('what may have been sent is in doubt, and is never sent again by the client', () => {
  it.each(losses)('when the other side %s (%s)', async (_, code, react) => {
    const server = await tcpServer((socket) => socket.once('data', () => react(socket)));
    const provider = await api(`http://127.0.0.1:${server.port}`, {
      answerTimeoutMs: patience(code),
      connections: 2,
    });
    expect(await provider.create(body)).toMatchObject({ kind: 'inDoubt', code });
    await aWhile();
    expect(server.posts).toBe(1);
    // After an abort undici may open another connection; nothing of the request goes over it.
    expect(server.received.slice(1).join('')).toBe('');
  });

  it('keeps what came of an answer, where an id may be, but no key', async () => {
    const part = '{"id":"video_7", "echo":"secret-key-of-the-test",\n"stat';
    for (const end of [(socket: Socket) => socket.end(), () => {}]) {
      const server = await tcpServer((socket) =>
        socket.once('data', () => {
          socket.write(`HTTP/1.1 200 OK\r\ncontent-length: 1000\r\n\r\n${part}`);
          end(socket);
        }),
      );
      const provider = await api(`http://127.0.0.1:${server.port}`, {
        ...{ apiKey: 'secret-key-of-the-test', answerTimeoutMs: 500 },
      });
      const outcome = await provider.create(body);
      expect(outcome).toMatchObject({ kind: 'inDoubt' });
      expect(JSON.stringify(outcome)).toMatch(/there came: \{.*video_7.*stat/);
      expect(JSON.stringify(outcome)).not.toContain('secret-key');
    }
  });

  it.each(losses.slice(0, 4))('over TLS as well, when the other side %s (%s)', async (_, code, react) => {
    const server = await tlsServer((socket) => socket.once('data', () => react(socket)));
    const provider = await api(`https://127.0.0.1:${server.port}`, { ca: certificate });
    expect(await provider.create(body)).toMatchObject({ kind: 'inDoubt', code });
    await aWhile();
    expect(server.posts).toBe(1);
  });

  it.each(losses)(
    'while a query that gets no answer may be asked again: it %s (%s)',
    async (_, code, react) => {
      const server = await tcpServer((socket) => socket.once('data', () => react(socket)));
      const provider = await api(`http://127.0.0.1:${server.port}`, { answerTimeoutMs: patience(code) });
      expect(await provider.query('video_1')).toMatchObject({ kind: 'transient', code, retryAfterMs: null });
      await aWhile();
      expect(server.received.slice(1).join('')).toBe('');
    },
  );

  it('when the connection is reset before anybody read the request', async () => {
    const accepted: Socket[] = [];
    const server = await tcpServer((socket) => {
      socket.pause();
      accepted.push(socket);
    });
    const provider = await api(`http://127.0.0.1:${server.port}`);
    const outcome = provider.create(body);
    await until(() => accepted.length === 1);
    await aWhile();
    for (const socket of accepted) reset(socket);
    expect(await outcome).toMatchObject({ kind: 'inDoubt', code: 'connectionLost' });
    await aWhile();
    expect(server.connections).toBe(1);
  });

  it('when a connection that was used before turns out to be dead', async () => {
    const server = await tcpServer((socket) => {
      socket.once('data', () => {
        socket.write(rawAcceptance);
        socket.once('data', () => reset(socket));
      });
    });
    const provider = await api(`http://127.0.0.1:${server.port}`, { connections: 1 });
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
    expect(await provider.create(body)).toMatchObject({ kind: 'inDoubt', code: 'connectionLost' });
    await aWhile();
    expect(server.posts).toBe(2);
    expect(server.connections).toBe(1);
  });

  it('when the caller gives up on the answer', async () => {
    const server = await tcpServer(() => {});
    const provider = await api(`http://127.0.0.1:${server.port}`);
    const cancel = new AbortController();
    const outcome = provider.create(body, { signal: cancel.signal });
    await until(() => server.posts === 1);
    cancel.abort();
    expect(await outcome).toMatchObject({ kind: 'inDoubt', code: 'cancelled' });
  });

  it('and the connection is given up with it, so that the next call is not held up', async () => {
    let closed = false;
    const server = await tcpServer((socket, index) => {
      socket.on('close', () => {
        closed ||= index === 0;
      });
      if (index > 0) socket.on('data', () => socket.write(rawAcceptance));
    });
    const provider = await api(`http://127.0.0.1:${server.port}`, { connections: 1 });
    const cancel = new AbortController();
    const outcome = provider.create(body, { signal: cancel.signal });
    await until(() => server.posts === 1);
    cancel.abort();
    expect(await outcome).toMatchObject({ kind: 'inDoubt', code: 'cancelled' });
    await until(() => closed);
    expect(await provider.create(body)).toMatchObject({ kind: 'accepted' });
  });

  it('after two minutes unless told otherwise', async () => {
    const server = await tcpServer(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const provider = await api(`http://127.0.0.1:${server.port}`);
      let over = false;
      const outcome = provider.create(body).finally(() => {
        over = true;
      });
      await until(() => server.posts === 1);
      await vi.advanceTimersByTimeAsync(119_999);
      expect(over).toBe(false);
      await vi.advanceTimersByTimeAsync(1);
      expect(await outcome).toMatchObject({ kind: 'inDoubt', code: 'answerTimeout' });
    } finally {
      vi.useRealTimers();
    }
  });

  it('but not at once where the timeout is longer than a timer can be', async () => {
    const server = await tcpServer(() => {});
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    try {
      const provider = await api(`http://127.0.0.1:${server.port}`, { answerTimeoutMs: 1e12 });
      let over = false;
      const cancel = new AbortController();
      const outcome = provider.create(body, { signal: cancel.signal }).finally(() => {
        over = true;
      });
      await until(() => server.posts === 1);
      await vi.advanceTimersByTimeAsync(3_600_000);
      expect(over).toBe(false);
      cancel.abort();
      await outcome;
    } finally {
      vi.useRealTimers();
    }
  });

  it('and one lost answer does not take those of other calls with it', async () => {
    const { baseUrl, seen } = await httpServer((request, response) => {
      if (!request.body.includes('lost')) return { body: acceptance };
      response.destroy();
      return undefined;
    });
    const provider = await api(baseUrl, { connections: 3 });
    const prompts = Array.from({ length: 30 }, (_, index) =>
      index % 5 === 0 ? `lost ${index}` : `${index}`,
    );
    const outcomes = await Promise.all(prompts.map((prompt) => provider.create({ ...body, prompt })));
    expect(outcomes.map(({ kind }) => kind)).toEqual(
      prompts.map((prompt) => (prompt.startsWith('lost') ? 'inDoubt' : 'accepted')),
    );
    expect(seen.map((request) => JSON.parse(request.body).prompt).sort()).toEqual([...prompts].sort());
  });
});

describe('the one event that tells sent from not sent', () => {
  const call = {
    method: 'POST',
    path: '/',
    headers: [],
    body: '{}',
    answerTimeoutMs: 1000,
    signal: undefined,
  } as const;

  /** Stands in for an HTTP client that does what a later release of it might. */
  function clientThat(act: (handler: Required<Dispatcher.DispatchHandler>, abort: () => void) => void) {
    const aborts: string[] = [];
    const dispatch = (_: unknown, handler: Dispatcher.DispatchHandler): boolean => {
      act(handler as Required<Dispatcher.DispatchHandler>, () => aborts.push('abort'));
      return true;
    };
    return { client: { dispatch } as unknown as Dispatcher, aborts };
  }

  function controller(abort: () => void): Dispatcher.DispatchController {
    return { abort, aborted: false, paused: false, reason: null, pause() {}, resume() {} };
  }

  it('is stopped before a byte is written when a client would send a request a second time', async () => {
    const second = vi.fn();
    const { client } = clientThat((handler) => {
      handler.onRequestStart(
        controller(() => {}),
        {},
      );
      handler.onRequestStart(controller(second), {});
    });
    expect(await exchange(client, { ...call, headers: [] })).toMatchObject({
      kind: 'lost',
      code: 'connectionLost',
    });
    expect(second).toHaveBeenCalledOnce();
  });

  it('counts an error without it as not sent, whatever its code', async () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const { client } = clientThat((handler) =>
      handler.onResponseError(
        controller(() => {}),
        reset,
      ),
    );
    expect(await exchange(client, { ...call, headers: [] })).toEqual({ kind: 'unsent', error: reset });
  });

  it('counts the same error after it as lost', async () => {
    const reset = Object.assign(new Error('read ECONNRESET'), { code: 'ECONNRESET' });
    const { client } = clientThat((handler, abort) => {
      handler.onRequestStart(controller(abort), {});
      handler.onResponseError(controller(abort), reset);
    });
    expect(await exchange(client, { ...call, headers: [] })).toMatchObject({ kind: 'lost', error: reset });
  });
});
