import { Worker } from 'node:worker_threads';
import { expect, it, onTestFinished } from 'vitest';
import { acceptance, api, aWhile, body } from './servers.ts';

/** A server in a thread of its own, which goes on while this one is kept waiting: it closes each connection once told to. */
const serverCode = `
const { createServer } = require('node:http');
const { workerData: { bell, answer }, parentPort } = require('node:worker_threads');
const server = createServer((request, response) => {
  request.resume().on('end', () => response.setHeader('content-type', 'application/json').end(answer));
});
server.on('connection', (socket) => {
  parentPort.once('message', () => socket.end());
  socket.once('finish', () => {
    Atomics.store(bell, 0, 1);
    Atomics.notify(bell, 0);
  });
});
server.listen(0, '127.0.0.1', () => parentPort.postMessage(server.address().port));
`;

it('a connection that was closed while the disk kept the program waiting is not used again', async () => {
  const bell = new Int32Array(new SharedArrayBuffer(4));
  const server = new Worker(serverCode, { eval: true, workerData: { bell, answer: acceptance } });
  onTestFinished(async () => void (await server.terminate()));
  const port = await new Promise<number>((resolve) => server.once('message', resolve));
  const client = await api(`http://127.0.0.1:${port}/api`, { connections: 1 });
  onTestFinished(() => client.close());
  expect(await client.create(body)).toMatchObject({ kind: 'accepted' });

  await aWhile();

  // As after a claim: the program sees nothing of what happens meanwhile, and then sends at once. undici looks at a
  // connection that was used before once more; a release of it that does not would make a doubt here.
  const second = await new Promise((resolve) =>
    setImmediate(() => {
      server.postMessage('close');
      Atomics.wait(bell, 0, 0);
      resolve(client.create(body));
    }),
  );
  expect(second).toMatchObject({ kind: 'accepted' });
});
