import net from 'node:net';
import { describe, expect, it } from 'vitest';
import { connectProxy, deadPort, tcpServer } from '../provider/servers.ts';
import { accepted, certificate, certificateFile, head, local, oddProvider, play } from './rehearsal.ts';

describe('what never got out', () => {
  const unsent = async (baseUrl: string, words: RegExp, env: Readonly<Record<string, string>> = {}) => {
    const played = await play(baseUrl, { requests: 2, args: ['--retries', '0'], env });
    expect(played.code).toBe(1);
    expect(played.report.summary).toMatchObject({ pending: 2, inDoubt: 0, cost: 0 });
    expect(played.row('s001').error).toMatch(words);
    expect(played.stderr).toMatch(/Send what is pending: shotlist run/);
    return played;
  };

  it('for a name that does not exist', async () => {
    await unsent(
      'https://no-such-host.invalid/kyyReactApiServer',
      /no-such-host\.invalid.*name was not found/,
    );
  });

  it('for a port on which nothing listens, and goes out later', async () => {
    const { scene } = await unsent(local(await deadPort()), /nothing listens there/);
    const provider = await oddProvider((key) => accepted(key));
    const later = await play(local(provider.port), { requests: 0, scene });
    expect([later.code, later.report.summary.queued]).toEqual([0, 2]);
  });

  it('for a certificate that nobody vouches for', async () => {
    const provider = await oddProvider(() => accepted('never'), certificate);
    await unsent(
      `https://localhost:${provider.port}/kyyReactApiServer`,
      /certificate is not trusted.*NODE_EXTRA_CA_CERTS/,
    );
    expect(provider.arrived).toEqual([]);
  });

  it('for a certificate of another name', async () => {
    const provider = await oddProvider(() => accepted('never'), certificate);
    const proxy = await connectProxy(provider.port);
    await unsent('https://other.example/kyyReactApiServer', /certificate is for another name/, {
      HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`,
      NODE_EXTRA_CA_CERTS: certificateFile,
    });
    expect(provider.arrived).toEqual([]);
  });

  it('for a server that hangs up amid the handshake', async () => {
    const server = await tcpServer((socket) => socket.once('data', () => socket.end('not TLS')));
    await unsent(`https://localhost:${server.port}/kyyReactApiServer`, /TLS handshake failed|closed/);
  });

  it('for a proxy that is down', async () => {
    await unsent('https://videos.example/kyyReactApiServer', /through the proxy.*nothing listens there/, {
      HTTPS_PROXY: `http://127.0.0.1:${await deadPort()}`,
    });
  });
});

describe('a proxy', () => {
  it('that refuses the tunnel ends the run', async () => {
    const proxy = await tcpServer((socket) =>
      socket.once('data', () => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n')),
    );
    const played = await play('https://videos.example/kyyReactApiServer', {
      requests: 3,
      env: { HTTPS_PROXY: `http://me:hidden@127.0.0.1:${proxy.port}` },
    });
    expect(played.code).toBe(2);
    expect(played.report.summary).toMatchObject({ pending: 3, cost: 0 });
    expect(played.stderr).toMatch(/HTTP 407[\s\S]*HTTPS_PROXY/);
    expect(played.stderr).not.toMatch(/hidden/);
  });

  it('that breaks amid an answer leaves a doubt', async () => {
    const provider = await oddProvider(() => 'silence', certificate);
    const proxy = await tcpServer((socket) => {
      socket.once('data', () => {
        const through = net.connect(provider.port, '127.0.0.1', () => {
          socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
          socket.pipe(through).pipe(socket);
        });
        through.on('error', () => {});
        const watch = setInterval(() => {
          if (provider.arrived.length === 0) return;
          clearInterval(watch);
          socket.resetAndDestroy();
        }, 5);
        socket.on('close', () => {
          clearInterval(watch);
          through.destroy();
        });
      });
    });
    const played = await play('https://videos.example/kyyReactApiServer', {
      requests: 1,
      env: { HTTPS_PROXY: `http://127.0.0.1:${proxy.port}`, NODE_EXTRA_CA_CERTS: certificateFile },
    });
    expect(played.code).toBe(1);
    expect(played.row('s001')).toMatchObject({
      status: 'inDoubt',
      error: expect.stringMatching(/connection was lost/),
    });
  });
});

describe('a connection that was kept', () => {
  it('and that the server closes after each answer makes no doubt', async () => {
    const provider = await oddProvider((key) => {
      const body = `{"id":"video_${key}"}`;
      return { raw: head('200 OK', body.length) + body, end: 'close' };
    });
    // The end of a connection is another packet than the answer: it needs its time on a busy machine.
    const played = await play(local(provider.port), {
      requests: 4,
      args: ['--concurrency', '1', '--rate', '2/s'],
    });
    expect(played.report.summary).toMatchObject({ queued: 4, inDoubt: 0 });
    expect(provider.connections()).toBe(4);
    expect(played.code).toBe(0);
  });

  it('is not used again after more than a second', async () => {
    const provider = await oddProvider((key) => accepted(key));
    const played = await play(local(provider.port), { requests: 2, args: ['--rate', '40/min'] });
    expect(played.code).toBe(0);
    expect(provider.connections()).toBe(2);
  });
});

describe('a clock that jumps', () => {
  it.each([
    ['back by a year', -365 * 86_400_000],
    ['ahead by a year', 365 * 86_400_000],
  ])('%s amid the run neither loses nor repeats anything', async (_name, clock) => {
    const provider = await oddProvider((key, times) =>
      times === 1 && key === 's003' ? { status: 429, headers: { 'retry-after': '1' } } : accepted(key),
    );
    const played = await play(local(provider.port), {
      requests: 6,
      args: ['--concurrency', '1', '--rate', '20/s'],
      fault: { clock, clockAt: 'answer:committed' },
    });
    expect(played.code).toBe(0);
    expect(played.report.summary).toMatchObject({ queued: 6, cost: 30 });
    expect(provider.arrived).toHaveLength(7);
  });
});
