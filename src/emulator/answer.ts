import type { ServerResponse } from 'node:http';
import { emulatorHeader } from '../core/rehearsal.ts';
import { version } from '../core/version.ts';

/** The emulator's answer to a request, as data: `deliver` carries it out. */
export type Answer = Reply | Drop | Hang;

export interface Reply {
  readonly kind: 'reply';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** Text stays text as long as it can: node then sends head and body in one write. */
  readonly body: string | Buffer;
  /** `half`: the head promises all of the body, half of it follows, then the connection closes. */
  readonly extent: 'whole' | 'half';
  /** True where the connection stays open and is reset as soon as another request comes on it. */
  readonly leavesStale: boolean;
}

/** No answer: the connection ends in good order (`close`) or with a TCP reset. */
export interface Drop {
  readonly kind: 'drop';
  readonly how: 'close' | 'reset';
}

/** No answer, and the connection stays open until the client gives up or the emulator stops. */
export interface Hang {
  readonly kind: 'hang';
}

export function reply(
  status: number,
  contentType: string,
  body: string | Buffer,
  headers: Readonly<Record<string, string>> = {},
): Reply {
  return {
    kind: 'reply',
    status,
    headers: { 'content-type': contentType, ...headers },
    body,
    extent: 'whole',
    leavesStale: false,
  };
}

/** @param value anything that JSON can carry. */
export function json(status: number, value: object): Reply {
  return reply(status, 'application/json;charset=UTF-8', JSON.stringify(value));
}

export function html(status: number, title: string): Reply {
  const page = `<html>\r\n<head><title>${title}</title></head>\r\n<body><h1>${title}</h1></body>\r\n</html>\r\n`;
  return reply(status, 'text/html', page);
}

/**
 * Carries an answer out.
 *
 * @param beforeLast called right before the last byte of a whole answer is handed to the connection, or before the
 *   connection is dropped: from then on the client may act on it. Never called for an answer that hangs.
 */
export function deliver(response: ServerResponse, answer: Answer, beforeLast: () => void): void {
  const { socket } = response;
  if (answer.kind === 'hang' || socket === null) return;
  if (answer.kind === 'drop') {
    beforeLast();
    if (answer.how === 'reset') socket.resetAndDestroy();
    else socket.destroy();
    return;
  }
  response.writeHead(answer.status, {
    ...answer.headers,
    [emulatorHeader]: version,
    'content-length': Buffer.byteLength(answer.body),
  });
  if (answer.extent === 'half') {
    const whole = Buffer.from(answer.body);
    response.write(whole.subarray(0, whole.length >> 1), () => {
      beforeLast();
      socket.destroy();
    });
    return;
  }
  beforeLast();
  response.end(answer.body);
}
