import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { openLedger } from '../../src/ledger/open-ledger.ts';
import { longClip } from '../collect/clip-host.ts';
import { accept } from '../collect/rig.ts';
import { builtMain } from '../helpers/built.ts';
import { temporaryFolder } from '../helpers/cli.ts';
import { request } from '../helpers/requests.ts';

/** A provider, and the host of its clips, that is slow enough to be killed amid everything. */
async function slowProvider(clipOf: (taskId: string) => Buffer, polls: number) {
  const asked = new Map<string, number>();
  const served = { bytes: 0, from: [] as [taskId: string, start: number][] };
  const server = createServer(async (incoming, response) => {
    const url = new URL(incoming.url ?? '', 'http://127.0.0.1');
    const id = path.basename(url.pathname, '.mp4');
    if (url.pathname.includes('/v1/result/')) {
      const nth = (asked.get(id) ?? 0) + 1;
      asked.set(id, nth);
      const done = {
        status: 'completed',
        video_url: `http://${incoming.headers.host}/clips/${id}.mp4`,
        actualDuration: 5,
      };
      response.writeHead(200, { 'content-type': 'application/json' });
      response.end(JSON.stringify({ id, ...(nth < polls ? { status: 'processing' } : done) }));
      return;
    }
    const file = clipOf(id);
    const [, start = '0'] = /^bytes=(\d+)-$/.exec(incoming.headers.range ?? '') ?? [];
    const from = Number(start);
    served.from.push([id, from]);
    response.writeHead(from > 0 ? 206 : 200, {
      ...{ etag: `"${id}"`, 'content-length': file.length - from },
      ...(from > 0 ? { 'content-range': `bytes ${from}-${file.length - 1}/${file.length}` } : {}),
    });
    for (let at = from; at < file.length && !response.destroyed; at += 32_768) {
      const piece = file.subarray(at, at + 32_768);
      served.bytes += piece.length;
      response.write(piece);
      await new Promise((resolve) => setTimeout(resolve, 8));
    }
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return { baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`, served };
}

function collector(cwd: string, baseUrl: string): ChildProcess {
  const args = [builtMain, 'collect', 'board.yaml', '--interval', '0.1', '--quiet'];
  const env = {
    PATH: process.env['PATH'],
    HOME: cwd,
    SHOTLIST_BASE_URL: baseUrl,
    SHOTLIST_API_KEY: 'the-key',
  };
  return spawn(process.execPath, args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'] });
}

function board(cwd: string): void {
  writeFileSync(
    path.join(cwd, 'board.yaml'),
    'version: 1\nproject: p\nshots: [{ id: s, model: videos, duration: 5, prompt: p }]\n',
  );
}

const kills = 50;

describe('collect, killed', () => {
  it(`promise 9: at random ${kills} times, every clip ends up whole, once, under its name, and no part is left`, async () => {
    const cwd = temporaryFolder();
    board(cwd);
    const sizes = new Map<string, Buffer>();
    const clipOf = (taskId: string): Buffer => {
      const known = sizes.get(taskId);
      if (known !== undefined) return known;
      const clip = longClip(200_000 + sizes.size * 1000);
      sizes.set(taskId, clip);
      return clip;
    };
    const { baseUrl, served } = await slowProvider(clipOf, 2);
    const ledger = await openLedger(path.join(cwd, '.shotlist', 'ledger.db'), { clock: systemClock });
    onTestFinished(() => ledger.close());
    const keys: string[] = [];
    let seed = 11;
    const random = (): number => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return seed / 2 ** 31;
    };

    for (let kill = 0; kill < kills; kill += 1) {
      const key = `sc${kill % 5}/sh${kill}`;
      keys.push(key);
      await accept(ledger, [request(key)], () => `video_${kill}`);
      // Now and then two at a time, which share the work and the blow.
      const children = [collector(cwd, baseUrl), ...(kill % 7 === 0 ? [collector(cwd, baseUrl)] : [])];
      const before = served.from.length;
      const deadline = Date.now() + 30_000;
      // Past the start of the program: a kill before it has asked anything proves nothing.
      while (
        served.from.length === before &&
        Date.now() < deadline &&
        children.every(({ exitCode }) => exitCode === null)
      )
        await new Promise((resolve) => setTimeout(resolve, 5));
      await new Promise((resolve) => setTimeout(resolve, random() * 180));
      for (const child of children) {
        if (child.exitCode !== null) continue;
        const gone = once(child, 'exit');
        child.kill('SIGKILL');
        await gone;
      }
    }

    const last = collector(cwd, baseUrl);
    const words: Buffer[] = [];
    last.stderr?.on('data', (piece: Buffer) => words.push(piece));
    const [code] = (await once(last, 'exit')) as [number];
    expect(code, Buffer.concat(words).toString()).toBe(0);

    const renders = path.join(cwd, 'renders', 'rehearsal');
    const names = keys.map((key) => `${key.replace('/', '_')}_v001.mp4`);
    expect(readdirSync(renders).sort()).toEqual([...names].sort());
    names.forEach((name, i) => {
      expect(readFileSync(path.join(renders, name)).equals(clipOf(`video_${i}`)), name).toBe(true);
    });
    const tasks = await ledger.tasks({ provider: 'loopback', project: 'p' });
    expect(tasks.map(({ file }) => file?.path).sort()).toEqual(
      names.map((name) => `renders/rehearsal/${name}`).sort(),
    );
    // Nothing is loaded twice but what a kill caught on its way from the socket to the disk: 1.2 times the clips on a quiet
    // machine, up to the whole of what was under way on one that gives the collector no time to write.
    const total = [...sizes.values()].reduce((sum, clip) => sum + clip.length, 0);
    expect(served.bytes).toBeLessThan(total * 3);
    expect(served.from.filter(([, start]) => start > 0).length).toBeGreaterThan(5);
    const whole = served.from.filter(([, start]) => start === 0).length;
    expect(whole).toBeLessThan(keys.length + kills);
  }, 600_000);
});

describe('collect, with large clips', () => {
  it.skipIf(!existsSync('/proc/self/status'))(
    'adds less than 40 MB of memory for a clip of 300 MB',
    async () => {
      const peakOf = async (bytes: number): Promise<number> => {
        const cwd = temporaryFolder();
        board(cwd);
        const head = longClip(16);
        const server = createServer(async (incoming, response) => {
          if (incoming.url?.includes('/v1/result/')) {
            const video_url = `http://${incoming.headers.host}/clip.mp4`;
            response.writeHead(200).end(JSON.stringify({ id: 'video_1', status: 'completed', video_url }));
            return;
          }
          const padding = Buffer.alloc(8);
          padding.writeUInt32BE(bytes, 0);
          padding.write('free', 4, 'latin1');
          response.writeHead(200, { etag: '"one"', 'content-length': head.length + bytes });
          response.write(Buffer.concat([head, padding]));
          const piece = Buffer.alloc(1024 * 1024, 1);
          for (let left = bytes - 8; left > 0; left -= piece.length) {
            if (!response.write(piece.subarray(0, Math.min(piece.length, left))))
              await once(response, 'drain');
          }
          response.end();
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
        onTestFinished(() => {
          server.closeAllConnections();
          server.close();
        });
        const ledger = await openLedger(path.join(cwd, '.shotlist', 'ledger.db'), { clock: systemClock });
        await accept(ledger, [request('a')], () => 'video_1');
        await ledger.close();
        const child = collector(cwd, `http://127.0.0.1:${(server.address() as AddressInfo).port}/api`);
        let peak = 0;
        const look = setInterval(() => {
          try {
            const status = readFileSync(`/proc/${child.pid}/status`, 'utf8');
            peak = Math.max(peak, Number(/^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? 0) * 1024);
          } catch {
            // It has ended.
          }
        }, 10);
        const [code] = (await once(child, 'exit')) as [number];
        clearInterval(look);
        expect(code).toBe(0);
        expect(readdirSync(path.join(cwd, 'renders', 'rehearsal'))).toEqual(['a_v001.mp4']);
        return peak;
      };
      const small = await peakOf(1_000_000);
      const large = await peakOf(300_000_000);
      expect((large - small) / 1e6).toBeLessThan(40);
    },
    120_000,
  );
});
