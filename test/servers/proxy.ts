import { connect, createServer, type Server, type Socket } from 'node:net';

/** A way to a server that can be made to fail. */
export interface FaultyWay {
  readonly port: number;
  /** Passes nothing on and says nothing, as a cut network does. */
  blackHole(): void;
  /** What was held back goes through. */
  heal(): void;
  /** Cuts every connection. */
  reset(): void;
  /** Lets the next thing that is said reach the server, and cuts the connection before its answer comes back. */
  swallowAnswer(): void;
  /** How many connections were made. */
  readonly connections: number;
  dispose(): Promise<void>;
}

interface Pair {
  readonly client: Socket;
  readonly server: Socket;
  readonly held: { readonly to: Socket; readonly bytes: Buffer }[];
}

export async function startProxy(target: number, delayMs = 0): Promise<FaultyWay> {
  const pairs = new Set<Pair>();
  let isBlack = false;
  let isSwallowing = false;
  let connections = 0;
  const pass = (pair: Pair, to: Socket, bytes: Buffer): void => {
    if (isBlack) pair.held.push({ to, bytes });
    else if (!to.destroyed) to.write(bytes);
  };
  const cut = (pair: Pair): void => {
    pairs.delete(pair);
    pair.client.resetAndDestroy();
    pair.server.destroy();
  };
  const listener: Server = createServer({ noDelay: true }, (client) => {
    connections += 1;
    const server = connect({ port: target, host: '127.0.0.1', noDelay: true });
    const pair: Pair = { client, server, held: [] };
    pairs.add(pair);
    let isLast = false;
    client.on('data', (bytes) => {
      if (isSwallowing && !isBlack) {
        isSwallowing = false;
        isLast = true;
      }
      if (delayMs > 0) setTimeout(() => pass(pair, server, bytes), delayMs);
      else pass(pair, server, bytes);
    });
    server.on('data', (bytes) => {
      if (isLast) cut(pair);
      else pass(pair, client, bytes);
    });
    const end = (): void => {
      if (isBlack) return;
      pairs.delete(pair);
      client.destroy();
      server.destroy();
    };
    for (const socket of [client, server]) {
      socket.on('close', end);
      socket.on('error', () => {});
    }
  });
  await new Promise<void>((resolve) => listener.listen(0, '127.0.0.1', resolve));
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : 0,
    get connections() {
      return connections;
    },
    blackHole() {
      isBlack = true;
    },
    heal() {
      isBlack = false;
      for (const { held } of pairs)
        for (const { to, bytes } of held.splice(0)) if (!to.destroyed) to.write(bytes);
    },
    reset() {
      for (const pair of [...pairs]) cut(pair);
    },
    swallowAnswer() {
      isSwallowing = true;
    },
    async dispose() {
      isBlack = false;
      for (const pair of [...pairs]) cut(pair);
      await new Promise<void>((resolve) => listener.close(() => resolve()));
    },
  };
}
