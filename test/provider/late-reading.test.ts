import { Worker } from 'node:worker_threads';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { api, body, certificate, certificateKey } from './servers.ts';

/** A server in a thread of its own, which answers while this thread reads nothing, and says when the answer is written. */
const program = `
const { workerData, parentPort } = require('node:worker_threads');
const written = new Int32Array(workerData.written);
const answer = (request, response) => {
  request.resume();
  request.on('end', () => {
    response.writeHead(200, { 'content-type': 'application/json' });
    const text = JSON.stringify({ id: 'video_1', status: 'queued', error: null, padding: 'x'.repeat(workerData.padding) });
    parentPort.postMessage('asked');
    Atomics.wait(written, 1, 0);
    response.end(text, () => {
      // The kernel has it once the callback is called; the reader's side of loopback has it with that.
      setTimeout(() => {
        Atomics.store(written, 0, 1);
        Atomics.notify(written, 0);
      }, 20);
    });
  });
};
const { tls } = workerData;
const server = tls === null ? require('node:http').createServer(answer) : require('node:https').createServer(tls, answer);
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

interface Answerer {
  readonly port: number;
  /** Resolves when the request is there; the answer is not written yet. */
  readonly asked: Promise<void>;
  /** Lets it answer, and stands still until the answer lies in the socket. */
  letAnswer(): void;
}

async function answerer(padding: number, tls: { cert: string; key: string } | null): Promise<Answerer> {
  const written = new SharedArrayBuffer(8);
  const worker = new Worker(program, { eval: true, workerData: { written, padding, tls } });
  onTestFinished(async () => void (await worker.terminate()));
  const message = (): Promise<unknown> => new Promise((resolve) => worker.once('message', resolve));
  const port = (await message()) as number;
  return {
    port,
    asked: message().then(() => undefined),
    letAnswer: () => {
      const cells = new Int32Array(written);
      Atomics.store(cells, 1, 1);
      Atomics.notify(cells, 1);
      Atomics.wait(cells, 0, 0, 10_000);
    },
  };
}

describe('an answer that came is read before a timer is believed', () => {
  it.each([
    ['a small one', 0, false],
    ['a large one', 200_000, false],
    ['through TLS', 50_000, true],
  ] as const)('%s', async (_, padding, secure) => {
    const keys = secure ? { cert: certificate, key: certificateKey } : null;
    const { port, asked, letAnswer } = await answerer(padding, keys);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const base = secure ? `https://localhost:${port}` : `http://127.0.0.1:${port}`;
    const provider = await api(base, { answerTimeoutMs: 120_000, ...(secure ? { ca: certificate } : {}) });
    const outcome = provider.create(body);
    await asked;
    letAnswer();
    // Nothing was read since: this thread stood still. Now all of the time is up at once.
    vi.advanceTimersByTime(120_000);
    expect(await outcome).toMatchObject({ kind: 'accepted', taskId: 'video_1' });
  });

  it('and where none came, the time is up as ever', async () => {
    const { port, asked } = await answerer(0, null);
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const provider = await api(`http://127.0.0.1:${port}`, { answerTimeoutMs: 120_000 });
    const outcome = provider.create(body);
    await asked;
    vi.advanceTimersByTime(120_000);
    expect(await outcome).toMatchObject({ kind: 'inDoubt', code: 'answerTimeout' });
  });
});
