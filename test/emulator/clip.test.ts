import { ALL_FORMATS, BufferSource, Input } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { clipOf } from '../../src/emulator/clip.ts';
import { key, type Rig, type RigOptions, shot, startRig } from './rig.ts';

const hour = 3_600_000;

async function finishedClip(
  options: RigOptions = {},
  body: object = shot,
): Promise<Rig & { url: string; fresh: () => Promise<string> }> {
  const rig = await startRig(options);
  const id = String((await rig.create(body)).json['id']);
  await rig.clock.advance(10_000);
  const fresh = async (): Promise<string> => String((await rig.query(id)).json['video_url']);
  return { ...rig, url: await fresh(), fresh };
}

describe('a finished clip', () => {
  it.each([4, 5, 15])('is an MP4 that plays for the %i seconds that were asked for', async (duration) => {
    const { get, url } = await finishedClip({}, { ...shot, duration });
    const { bytes, headers } = await get(url);
    expect(headers['content-type']).toBe('video/mp4');
    const input = new Input({ source: new BufferSource(new Uint8Array(bytes)), formats: ALL_FORMATS });
    const track = await input.getPrimaryVideoTrack();
    expect(await input.computeDuration()).toBe(duration);
    expect([track?.codec, track?.displayWidth, track?.displayHeight]).toEqual(['avc', 320, 180]);
    expect((await track?.computePacketStats())?.packetCount).toBe(24);
  });

  it('comes whole, with its length and a validator', async () => {
    const { get, url } = await finishedClip();
    const { status, bytes, headers } = await get(url);
    expect(status).toBe(200);
    expect(bytes.equals(clipOf(5))).toBe(true);
    expect(headers).toMatchObject({
      'content-length': String(bytes.length),
      'accept-ranges': 'bytes',
      etag: expect.stringMatching(/^"[0-9a-f]{32}"$/),
      'last-modified': 'Thu, 01 Jan 2026 00:00:10 GMT',
    });
  });

  it('answers HEAD with the same head and no body', async () => {
    const { get, send, url } = await finishedClip();
    const whole = await get(url);
    const head = await send('HEAD', url, null);
    expect([head.status, head.bytes.length]).toEqual([200, 0]);
    expect(head.headers['content-length']).toBe(whole.headers['content-length']);
    expect(head.headers['etag']).toBe(whole.headers['etag']);
  });

  const size = clipOf(5).length;
  it.each([
    ['bytes=0-99', 0, 100],
    ['bytes=100-', 100, size],
    ['bytes=-10', size - 10, size],
    ['bytes=100-999999', 100, size],
    ['bytes=-999999', 0, size],
  ])('answers the range %s', async (range, start, end) => {
    const { get, url } = await finishedClip();
    const { status, bytes, headers } = await get(url, { headers: { range } });
    expect(status).toBe(206);
    expect(headers['content-range']).toBe(`bytes ${start}-${end - 1}/${size}`);
    expect(bytes.equals(clipOf(5).subarray(start, end))).toBe(true);
  });

  it.each(['bytes=0-1,5-6', 'bytes=9-5', 'bytes=-', 'lines=1-2'])(
    'answers %s with the whole',
    async (range) => {
      const { get, url } = await finishedClip();
      const { status, bytes } = await get(url, { headers: { range } });
      expect([status, bytes.length]).toEqual([200, size]);
    },
  );

  it.each([`bytes=${size}-`, 'bytes=-0'])('cannot satisfy %s', async (range) => {
    const { get, url } = await finishedClip();
    const { status, headers } = await get(url, { headers: { range } });
    expect([status, headers['content-range']]).toEqual([416, `bytes */${size}`]);
  });

  it('gives a range only of the file that the client knows', async () => {
    const { get, url } = await finishedClip();
    const { headers } = await get(url);
    const ranged = (validator: unknown) =>
      get(url, { headers: { range: 'bytes=5-', 'if-range': String(validator) } });
    expect((await ranged(headers['etag'])).status).toBe(206);
    expect((await ranged(headers['last-modified'])).status).toBe(206);
    expect((await ranged('"another"')).status).toBe(200);
  });
});

describe('the link to a clip', () => {
  it('expires, and a new one is given for the asking', async () => {
    const { get, url, clock, fresh } = await finishedClip({ clipLinkMs: hour });
    await clock.advance(hour - 1);
    expect((await get(url)).status).toBe(200);
    await clock.advance(1);
    const expired = await get(url);
    expect(expired.status).toBe(403);
    expect(expired.bytes.toString()).toContain('Request has expired');
    expect((await get(await fresh())).status).toBe(200);
  });

  it('lives for a day where nothing else is said', async () => {
    const { get, url, clock } = await finishedClip();
    await clock.advance(24 * hour - 1);
    expect((await get(url)).status).toBe(200);
    await clock.advance(1);
    expect((await get(url)).status).toBe(403);
  });

  it('opens only as it was signed', async () => {
    const { get, url, emulator } = await finishedClip();
    const later = url.replace(/Expires=\d+/, 'Expires=9999999999');
    expect((await get(later)).bytes.toString()).toContain('SignatureDoesNotMatch');
    expect((await get(url.replace(/\?.*/, ''))).status).toBe(403);
    expect((await get(url.replace(/video_\w+/, 'video_other'))).status).toBe(404);
    expect(emulator.books()).toMatchObject([{ downloads: 0 }]);
  });

  it('is refused to a client that sends its key along', async () => {
    const { get, url } = await finishedClip();
    const { status, bytes } = await get(url, { headers: { authorization: `Bearer ${key}` } });
    expect(status).toBe(400);
    expect(bytes.toString()).not.toContain(key);
  });
});

describe('the loading of a clip told to fail', () => {
  it('ignores the range', async () => {
    const { get, url } = await finishedClip({ fail: 'clip/no-range' });
    expect((await get(url, { headers: { range: 'bytes=5-' } })).status).toBe(200);
  });

  it('shows another ETag each time', async () => {
    const { get, url } = await finishedClip({ fail: 'clip/other-etag' });
    const first = await get(url);
    const again = await get(url, {
      headers: { range: 'bytes=5-', 'if-range': String(first.headers['etag']) },
    });
    expect(again.status).toBe(200);
    expect(again.headers['etag']).not.toBe(first.headers['etag']);
  });

  it('breaks off halfway, and the rest can be had', async () => {
    const { get, url } = await finishedClip({ fail: 'clip/cut#1' });
    await expect(get(url)).rejects.toThrow();
    expect((await get(url, { headers: { range: 'bytes=3000-' } })).status).toBe(206);
  });

  it.each([
    ['clip/403#1', 403, 'application/json;charset=UTF-8'],
    ['clip/malformed', 200, 'text/html'],
  ])('as %s', async (fail, status, type) => {
    const { get, url } = await finishedClip({ fail });
    const answer = await get(url);
    expect([answer.status, answer.headers['content-type']]).toEqual([status, type]);
  });
});
