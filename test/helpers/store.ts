import { mkdtempSync, rmSync } from 'node:fs';
import { readdir } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import S3rver from 's3rver';
import { onTestFinished } from 'vitest';

/** An S3-compatible server on loopback that ends with the test. */
export interface TestStore {
  readonly endpoint: string;
  readonly env: Readonly<Record<string, string>>;
  /** The names of the objects in the bucket, sorted. */
  objects(): Promise<readonly string[]>;
  /** Every call so far, as `PUT /plates/…`. */
  readonly calls: readonly string[];
  /** Answers in place of the server; undefined lets a call through. */
  intercept(answer: (method: string, url: string) => number | undefined): void;
}

export const bucket = 'plates';

export async function testStore(): Promise<TestStore> {
  const directory = mkdtempSync(path.join(tmpdir(), 'shotlist-store-'));
  const calls: string[] = [];
  let answerOf: (method: string, url: string) => number | undefined = () => undefined;
  const server = new S3rver({
    address: '127.0.0.1',
    port: 0,
    silent: true,
    directory,
    configureBuckets: [{ name: bucket, configs: [] }],
  });
  server.middleware.unshift(async (context, next) => {
    calls.push(`${context.method} ${context.path}`);
    const status = answerOf(context.method, context.path);
    if (status === undefined) return next();
    context.req.resume();
    context.status = status;
    context.body = '';
  });
  const { port } = (await server.run()) as AddressInfo;
  onTestFinished(async () => {
    await server.close();
    rmSync(directory, { recursive: true, force: true });
  });
  return {
    endpoint: `http://127.0.0.1:${port}`,
    env: { AWS_ACCESS_KEY_ID: 'S3RVER', AWS_SECRET_ACCESS_KEY: 'S3RVER' },
    calls,
    async objects() {
      const names = await readdir(path.join(directory, bucket), { recursive: true });
      const objects = names.filter((name) => name.endsWith('._S3rver_object'));
      return objects.map((name) => name.replace(/\._S3rver_object$/, '')).sort();
    },
    intercept(answer) {
      answerOf = answer;
    },
  };
}
