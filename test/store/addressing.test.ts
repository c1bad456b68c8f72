import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import type { Store } from '../../src/manifest/store-settings.ts';
import { openStoreService } from '../../src/store/service.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { FakeClock } from '../helpers/fake-clock.ts';

interface Call {
  readonly line: string;
  readonly host: string | undefined;
  readonly token: string | undefined;
  readonly signed: string;
}

/** A bucket in memory that every host name leads to: it is reached as a proxy. It keeps what was put, by whole URL. */
async function bucket() {
  const objects = new Map<string, Buffer>();
  const calls: Call[] = [];
  const server = createServer((request, response) => {
    const { method = '', url = '', headers } = request;
    const token = headers['x-amz-security-token'];
    const line = `${method} ${url}`;
    calls.push({ line, host: headers.host, token: token?.toString(), signed: `${headers.authorization}` });
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      if (method === 'PUT') objects.set(url, Buffer.concat(chunks));
      const object = objects.get(url);
      if (object === undefined) return void response.writeHead(404).end();
      response.writeHead(200, { 'content-length': method === 'HEAD' ? object.length : 0 }).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { objects, calls, url: new URL(`http://127.0.0.1:${(server.address() as AddressInfo).port}`) };
}

const store: Store = {
  bucket: 'plates',
  prefix: 'harbour',
  endpoint: 'http://s3.example.com',
  region: 'eu-central-1',
  pathStyle: false,
  publicBase: null,
  expires: 3600,
  roots: [],
} as unknown as Store;

it('puts the bucket into the host name where a store asks for it, and sends the token of temporary keys', async () => {
  const { objects, calls, url } = await bucket();
  const keys = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'token/of+an=hour' };
  const clock = new FakeClock();
  const service = await openStoreService({
    ...{ store, keys, clock, random: () => 0.5, connections: 1 },
    proxyFor: () => url,
  });
  onTestFinished(() => service.close());
  const file = path.join(temporaryFolder(), 'a.png');
  writeFileSync(file, 'a plate');
  const sha256 = createHash('sha256').update('a plate').digest('hex');
  const object = { name: `${sha256}.png`, sha256, bytes: 7, contentType: 'image/png' };
  expect(await service.look(object)).toBe('missing');
  await service.put(object, file, () => {});

  const address = `http://plates.s3.example.com/harbour/${sha256}.png`;
  expect([...objects]).toEqual([[address, Buffer.from('a plate')]]);
  expect(calls.map(({ line }) => line)).toEqual(
    ['HEAD', 'PUT', 'HEAD'].map((method) => `${method} ${address}`),
  );
  for (const { host, token, signed } of calls) {
    expect([host, token]).toEqual(['plates.s3.example.com', keys.sessionToken]);
    expect(signed).toMatch(/SignedHeaders=[^,]*\bhost;[^,]*x-amz-security-token/);
  }
  const { origin, searchParams } = new URL(await service.presign(object.name));
  expect(origin).toBe('http://plates.s3.example.com');
  expect(searchParams.get('X-Amz-Security-Token')).toBe(keys.sessionToken);
  expect(searchParams.get('X-Amz-Signature')).toMatch(/^[0-9a-f]{64}$/);
});
