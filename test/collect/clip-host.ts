import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';
import { clipOf } from '../../src/emulator/clip.ts';

export interface HostedRequest {
  readonly path: string;
  readonly headers: IncomingMessage['headers'];
}

export type Handler = (
  request: IncomingMessage,
  response: ServerResponse,
  /** How many requests came before this one. */
  before: number,
) => void;

/** A host of clips on loopback that does as the test says, and keeps what it was asked. */
export async function clipHost(
  handler: Handler,
): Promise<{ readonly origin: string; readonly requests: readonly HostedRequest[] }> {
  const requests: HostedRequest[] = [];
  const server = createServer((request, response) => {
    requests.push({ path: request.url ?? '', headers: request.headers });
    handler(request, response, requests.length - 1);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  return { origin: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, requests };
}

/** A clip that plays for 5 s, made longer by a box of padding that players skip, so that there is something to break. */
export function longClip(paddingBytes = 400_000, seconds = 5): Buffer {
  const padding = Buffer.alloc(paddingBytes, 0x5a);
  padding.writeUInt32BE(paddingBytes, 0);
  padding.write('free', 4, 'latin1');
  return Buffer.concat([clipOf(seconds), padding]);
}

/** Answers as an object store does: ETag, ranges, If-Range. */
export function serve(
  request: IncomingMessage,
  response: ServerResponse,
  file: Buffer,
  options: { readonly etag?: string; readonly cutAfter?: number } = {},
): void {
  const { etag = '"one"', cutAfter = Number.POSITIVE_INFINITY } = options;
  const condition = request.headers['if-range'];
  const [, start] = /^bytes=(\d+)-$/.exec(request.headers.range ?? '') ?? [];
  const isPart = start !== undefined && (condition === undefined || condition === etag);
  const from = isPart ? Number(start) : 0;
  const body = file.subarray(from);
  response.writeHead(isPart ? 206 : 200, {
    etag,
    'content-type': 'video/mp4',
    'content-length': body.length,
    ...(isPart ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
  });
  if (body.length <= cutAfter) {
    response.end(body);
    return;
  }
  response.write(body.subarray(0, cutAfter), () => setTimeout(() => response.destroy(), 20));
}
