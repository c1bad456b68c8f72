import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { onTestFinished } from 'vitest';

interface Comment {
  readonly id: number;
  body: string;
  readonly url: string;
}

/** As much of GitHub as comments need, on loopback. */
export interface FakeGitHub {
  readonly url: string;
  readonly comments: Comment[];
  /** Method and path of every call. */
  readonly calls: string[];
  /** Answers every write with this status from then on. */
  refuse(status: number): void;
}

export async function fakeGitHub(): Promise<FakeGitHub> {
  const comments: Comment[] = [];
  const calls: string[] = [];
  let refusal: number | undefined;
  const server = createServer(async (request, response) => {
    let text = '';
    for await (const chunk of request) text += String(chunk);
    const { pathname, searchParams } = new URL(request.url ?? '', url);
    calls.push(`${request.method} ${pathname}`);
    const answer = (status: number, body: unknown): void => {
      response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
    };
    if (request.headers.authorization !== 'Bearer the-token') return answer(401, {});
    if (request.method === 'GET') {
      const from = (Number(searchParams.get('page')) - 1) * 100;
      return answer(200, comments.slice(from, from + 100));
    }
    if (refusal !== undefined) return answer(refusal, { message: 'Resource not accessible by integration' });
    const { body } = JSON.parse(text) as { body: string };
    const id = Number(/comments\/(\d+)$/.exec(pathname)?.[1] ?? comments.length + 1);
    const known = comments.find((comment) => comment.id === id);
    if (known !== undefined) known.body = body;
    else comments.push({ id, body, url: `${url}/repos/o/r/issues/comments/${id}` });
    return answer(200, {});
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    url,
    comments,
    calls,
    refuse: (status) => {
      refusal = status;
    },
  };
}
