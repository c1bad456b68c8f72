import net, { type AddressInfo } from 'node:net';

/** Where on the wire something happens: after exactly these bytes of the request, or of its answer, were passed on. */
export const wirePoints = [
  'connected',
  'firstByte',
  'amidHead',
  'wholeHead',
  'amidBody',
  'lastByteMissing',
  'wholeRequest',
  'answered',
  'answerFirstByte',
  'amidAnswer',
  'answerLastByteMissing',
  'wholeAnswer',
] as const;
export type WirePoint = (typeof wirePoints)[number];

export interface WireFault {
  readonly point: WirePoint;
  /** Which create call of this wire, from 1, since it was armed. */
  readonly nth: number;
  /** What happens there. */
  readonly act: () => void;
}

/** A way to the provider on which every byte is counted, and that can end anything at an exact one. */
export interface Wire {
  readonly baseUrl: string;
  /** The prompts of all requests that came here whole. */
  readonly asked: ReadonlySet<string>;
  arm(fault: WireFault | null): void;
  /** Resolves once all connections are over and the provider has read what was passed on. */
  quiet(): Promise<void>;
  close(): Promise<void>;
}

export async function layWire(providerPort: number): Promise<Wire> {
  const asked = new Set<string>();
  const open = new Set<Promise<void>>();
  const sockets = new Set<net.Socket>();
  let armed: WireFault | null = null;
  let calls = 0;

  /** Acts where a fault is armed for this moment of this call. */
  const strike = (point: WirePoint | undefined, call: number): void => {
    if (armed === null || armed.point !== point || call !== armed.nth) return;
    const { act } = armed;
    armed = null;
    act();
  };
  const pointOf = (call: number): WirePoint | undefined => (call === armed?.nth ? armed.point : undefined);

  const server = net.createServer({ allowHalfOpen: true }, (client) => {
    const provider = net.connect({ port: providerPort, host: '127.0.0.1' });
    for (const socket of [client, provider]) {
      sockets.add(socket);
      socket.on('error', () => {});
      socket.once('close', () => sockets.delete(socket));
    }
    const over = new Promise<void>((resolve) => provider.once('close', () => resolve()));
    open.add(over);
    void over.then(() => open.delete(over));
    provider.once('close', () => client.destroy());

    let request = Buffer.alloc(0);
    let answer = Buffer.alloc(0);
    /** The number of the call that is under way on this connection. */
    let call = 0;
    /** A whole request has been passed on, and its answer has not come back whole. */
    let waiting = false;
    /** The client is gone, or must not get another byte. */
    let severed = false;

    const partWays = (): void => {
      severed = true;
      if (!waiting) provider.end();
    };
    client.on('end', partWays);
    client.on('close', partWays);

    if (armed?.point === 'connected') {
      calls += 1;
      severed = calls === armed.nth;
      strike('connected', calls);
    }
    client.on('data', (chunk) => {
      if (severed) return;
      request = Buffer.concat([request, chunk]);
      const whole = message(request);
      if (whole === null) return;
      if (armed?.point !== 'connected') calls += 1;
      call = calls;
      const prompt = promptOf(request.subarray(whole.head));
      if (prompt !== null) asked.add(prompt);
      const point = pointOf(call);
      const at = point && cut(point, whole);
      waiting = at === undefined || at === whole.length;
      if (at === undefined) {
        provider.write(request);
      } else {
        severed = true;
        // What was passed on must be with the provider before the client's end can be.
        provider.write(request.subarray(0, at), () => {
          strike(point, call);
          if (!waiting) provider.end();
        });
      }
      request = Buffer.alloc(0);
    });
    provider.on('data', (chunk) => {
      answer = Buffer.concat([answer, chunk]);
      const whole = message(answer);
      if (whole === null) return;
      waiting = false;
      const bytes = answer;
      answer = Buffer.alloc(0);
      if (severed) {
        provider.end();
        return;
      }
      const point = pointOf(call);
      const at = point && cutAnswer(point, whole);
      if (at === undefined) {
        client.write(bytes);
        return;
      }
      severed = true;
      client.write(bytes.subarray(0, at), () => {
        strike(point, call);
        provider.end();
      });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/kyyReactApiServer`,
    asked,
    arm: (fault) => {
      armed = fault;
      calls = 0;
    },
    quiet: async () => {
      while (open.size > 0) await Promise.all(open);
    },
    close: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

interface Message {
  /** In bytes, with the empty line. */
  readonly head: number;
  readonly length: number;
}

/** Head and length of a whole message; null while some of it is missing. */
function message(bytes: Buffer): Message | null {
  const end = bytes.indexOf('\r\n\r\n');
  if (end < 0) return null;
  const head = end + 4;
  const [, size = '0'] = /\r\ncontent-length: *(\d+)/i.exec(bytes.toString('latin1', 0, head)) ?? [];
  const length = head + Number(size);
  return bytes.length < length ? null : { head, length };
}

function cut(point: WirePoint, { head, length }: Message): number | undefined {
  switch (point) {
    case 'firstByte':
      return 1;
    case 'amidHead':
      return head >> 1;
    case 'wholeHead':
      return head;
    case 'amidBody':
      return (head + length) >> 1;
    case 'lastByteMissing':
      return length - 1;
    case 'wholeRequest':
      return length;
    default:
      return undefined;
  }
}

function cutAnswer(point: WirePoint, { head, length }: Message): number | undefined {
  switch (point) {
    case 'answered':
      return 0;
    case 'answerFirstByte':
      return 1;
    case 'amidAnswer':
      return (head + length) >> 1;
    case 'answerLastByteMissing':
      return length - 1;
    case 'wholeAnswer':
      return length;
    default:
      return undefined;
  }
}

function promptOf(body: Buffer): string | null {
  if (body.length === 0) return null;
  const { prompt } = JSON.parse(body.toString('utf8')) as { prompt?: unknown };
  return typeof prompt === 'string' ? prompt : null;
}
