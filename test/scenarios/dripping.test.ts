import { readdirSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';

/** A provider whose clip is fast enough never to be given up, and has no end. */
async function drippingProvider(): Promise<string> {
  const server = createServer((request, response) => {
    const { port } = server.address() as AddressInfo;
    request.resume();
    if (request.url?.endsWith('/clip.mp4')) {
      response.writeHead(200, { 'content-type': 'video/mp4', 'content-length': 4_000_000_000, etag: '"a"' });
      response.write(Buffer.from('000000186674797069736f6d0000020069736f6d69736f32', 'hex'));
      const timer = setInterval(() => response.write(Buffer.alloc(16_384, 1)), 20);
      response.on('close', () => clearInterval(timer));
      return;
    }
    const url = `http://127.0.0.1:${port}/clip.mp4`;
    response.setHeader('content-type', 'application/json');
    response.end(
      JSON.stringify(
        request.method === 'POST'
          ? { id: 'video_1', status: 'queued' }
          : { id: 'video_1', status: 'completed', video_url: url, actualDuration: 5 },
      ),
    );
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/x`;
}

describe('collect --timeout', () => {
  it('bounds a download that drips, ends with 4, and leaves what came for the next collect', async () => {
    const cwd = temporaryFolder();
    writeFileSync(
      path.join(cwd, 'board.yaml'),
      'version: 1\nproject: drip\nshots: [{ id: sh1, model: videos, duration: 5, prompt: Rain }]\n',
    );
    const env = { SHOTLIST_API_KEY: 'sk-of-the-test', SHOTLIST_BASE_URL: await drippingProvider() };
    expect((await shotlist(['run', 'board.yaml', '--yes'], { cwd, env })).code).toBe(0);
    const started = performance.now();
    const { code, stderr } = await shotlist(
      ['collect', 'board.yaml', '--timeout', '1', '--interval', '0.1', '--download', 'clips'],
      { cwd, env },
    );
    expect(performance.now() - started).toBeLessThan(15_000);
    expect(code, stderr).toBe(4);
    expect(stderr).toContain('shotlist collect');
    const [part = '', ...others] = readdirSync(path.join(cwd, 'clips'));
    expect(part).toMatch(/\.part$/);
    expect(others).toEqual([]);
    expect(statSync(path.join(cwd, 'clips', part)).size).toBeGreaterThan(0);
  }, 60_000);
});
