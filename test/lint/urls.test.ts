import { describe, expect, it } from 'vitest';
import { expiryOf } from '../../src/manifest/signed-urls.ts';
import { lintText, shots, told } from './linting.ts';

const now = Date.UTC(2026, 5, 1, 12);
const base = 'https://media.example.com/a.png';
const seconds = (ms: number): number => ms / 1000;
const policy = (epoch: number): string =>
  Buffer.from(
    JSON.stringify({
      Statement: [{ Resource: base, Condition: { DateLessThan: { 'AWS:EpochTime': epoch } } }],
    }),
  )
    .toString('base64')
    .replaceAll('+', '-')
    .replaceAll('=', '_')
    .replaceAll('/', '~');

describe('when a signed URL ends', () => {
  it.each<[scheme: string, query: string]>([
    [
      'AWS, version 4',
      'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Date=20260601T110000Z&X-Amz-Expires=3600&X-Amz-Signature=3f',
    ],
    ['AWS, version 2', `AWSAccessKeyId=AK&Signature=3f&Expires=${seconds(now)}`],
    ['Google, version 4', 'X-Goog-Date=20260601T110000Z&X-Goog-Expires=3600&X-Goog-Signature=3f'],
    ['Google, version 2', `GoogleAccessId=me&Signature=3f&Expires=${seconds(now)}`],
    ['Azure', 'sv=2024-08-04&se=2026-06-01T12%3A00%3A00Z&sp=r&sig=3f'],
    ['Azure, without seconds', 'sv=2024-08-04&se=2026-06-01T12:00Z&sp=r&sig=3f'],
    ['Alibaba Cloud OSS, version 4', 'x-oss-date=20260601T110000Z&x-oss-expires=3600&x-oss-signature=3f'],
    ['Alibaba Cloud OSS, version 1', `OSSAccessKeyId=LT&Expires=${seconds(now)}&Signature=3f`],
    ['CloudFront', `Expires=${seconds(now)}&Signature=3f&Key-Pair-Id=K1`],
    ['CloudFront, with a policy', `Policy=${policy(seconds(now))}&Signature=3f&Key-Pair-Id=K1`],
    ['Tencent COS', `q-ak=AK&q-sign-time=1;${seconds(now)}&q-key-time=1;${seconds(now) + 60}&q-signature=3f`],
    ['Volcano Engine TOS', 'X-Tos-Date=20260601T110000Z&X-Tos-Expires=3600&X-Tos-Signature=3f'],
  ])('is read from its own parameters: %s', (_, query) => {
    expect(expiryOf(new URL(`${base}?${query}`))).toBe(now);
  });

  it.each([
    '',
    '?expires=1000',
    '?X-Amz-Date=20260601T110000Z&X-Amz-Expires=3600',
    '?X-Amz-Date=yesterday&X-Amz-Expires=3600&X-Amz-Signature=3f',
    '?AWSAccessKeyId=AK&Signature=3f&Expires=soon',
    '?sv=1&sig=3f&se=never',
    '?Policy=%%%&Signature=3f&Key-Pair-Id=K1',
    '?AWSAccessKeyId=AK&Signature=3f&Expires=999999999999999',
  ])('is not guessed: %s', (query) => {
    expect(expiryOf(new URL(`${base}${query}`))).toBeUndefined();
  });

  const signed = (end: number): string =>
    shots(
      `  - id: one\n    model: videos\n    duration: 5\n    prompt: Rain\n    referenceImages:\n      - ${base}?AWSAccessKeyId=AK&Signature=3f&Expires=${seconds(end)}\n`,
    );

  it.each<[when: string, end: number, found: string[]]>([
    ['a day ago', now - 86_400_000, ['url-expired']],
    ['now', now, ['url-expired']],
    ['in a second', now + 1000, ['url-expires-soon']],
    ['in half an hour', now + 1_800_000, ['url-expires-soon']],
    ['later', now + 1_801_000, []],
  ])('decides what is said: %s', async (_, end, found) => {
    const { diagnostics } = await lintText(signed(end), {}, { now });
    expect(diagnostics.map(({ rule }) => rule)).toEqual(found);
  });

  it('is told in words and as a time, and never with the signature', async () => {
    const { diagnostics } = await lintText(signed(now - 3 * 86_400_000), {}, { now });
    expect(diagnostics[0]?.message).toBe('The signed URL expired 3 days ago, at 2026-05-29T12:00:00.000Z');
  });
});

describe('a media URL', () => {
  const judge = async (url: string, list = 'referenceImages'): Promise<readonly string[]> => {
    const text = shots(`  - { id: one, model: videos, duration: 5, prompt: Rain, ${list}: ["${url}"] }\n`);
    return (await lintText(text, {}, { now })).diagnostics.map(({ rule }) => rule);
  };

  it.each([
    'http://localhost/a.png',
    'https://LOCALHOST:9000/a.png',
    'https://nas/a.png',
    'https://nas.local/a.png',
    'https://127.0.0.1/a.png',
    'https://2130706433/a.png',
    'https://10.1.2.3/a.png',
    'https://172.31.0.1/a.png',
    'https://192.168.0.1/a.png',
    'https://169.254.169.254/a.png',
    'https://[::1]/a.png',
    'https://[fd00::1]/a.png',
    'https://[fe80::1]/a.png',
    'https://[::ffff:10.0.0.1]/a.png',
  ])('that only this network reaches is one error: %s', async (url) => {
    expect(await judge(url)).toEqual(['url-not-public']);
  });

  it.each(['https://172.32.0.1/a.png', 'https://8.8.8.8/a.png', 'https://cdn.example.com./a.png'])(
    'that may be public is left alone: %s',
    async (url) => {
      expect(await judge(url)).toEqual([]);
    },
  );

  it.each<[url: string, list: string, found: string[]]>([
    [`${base}`, 'referenceVideos', ['url-extension']],
    ['https://m.example.com/a.MP4?x=.png', 'referenceImages', ['url-extension']],
    ['https://m.example.com/a.mp4', 'referenceVideos', []],
    ['https://m.example.com/a.webm', 'referenceVideos', []],
    ['https://m.example.com/a', 'referenceImages', []],
    ['https://m.example.com/v1.2', 'referenceImages', []],
    ['https://m.example.com/a.php?file=a.mp3', 'referenceImages', []],
  ])('is judged by its ending where that says something: %s in %s', async (url, list, found) => {
    expect(await judge(url, list)).toEqual(found);
  });

  it.each([
    'studio-sig=5f0c8b2e91d74a36be02',
    'sgn=1&exp=1767225600',
    'X-Foo-Signature=aGVsbG8gd29ybGQgMTIz',
    'e=1767225600&h=kXJ0vXkJkK1hD5Hk8jGZ5o0zH3IabcdefghijKLMNOP',
    'q=eyJhbGciOiJIUzI1NiJ9.eyJleHAiOjE3NjcyMjU2MDB9.c2ln',
    'valid_until=2026-01-01T00:00:00Z',
  ])('that is signed in a form of its own is a warning: %s', async (query) => {
    expect(await judge(`https://m.example.com/a.png?${query}`)).toEqual(['url-signature-unknown']);
  });

  it.each([
    'v=1767225600',
    'v=5f0c8b2e91d74a36be02',
    'hash=0123456789abcdef0123456789abcdef',
    'w=1200&h=800&fit=crop',
    'token=preview',
    't=12',
    'x-oss-process=image%2Fresize,w_100',
    'ts=1767225600',
    'file=5f0c8b2e-91d7-4a36-be02-0123456789ab.png',
    'AWSAccessKeyId=AK&Signature=5f0c8b2e91d74a36be02&Expires=4000000000',
    'auth_key=4000000000-0-0-0123456789abcdef0123456789abcdef',
  ])('whose query says no such thing is left alone: %s', async (query) => {
    expect(await judge(`https://m.example.com/a.png?${query}`)).toEqual([]);
  });

  it('is the same however it is signed', async () => {
    const text = shots(
      `  - { id: one, model: videos, duration: 5, prompt: Rain, referenceImages: ["${base}?AWSAccessKeyId=AK&Signature=1&Expires=4000000000", "${base}?AWSAccessKeyId=AK&Signature=2&Expires=4000000001"] }\n`,
    );
    expect((await lintText(text, {}, { now })).diagnostics.map(({ rule }) => rule)).toEqual([
      'duplicate-media',
    ]);
  });
});

describe('twins', () => {
  it('are told at the second, with the first; takes are none', async () => {
    const text = shots(
      '  - { id: one, prompt: Rain, takes: 2 }\n  - { id: two, prompt: Rain }\n  - { id: three, prompt: Rain, ratio: "1:1" }\n',
      'defaults: { model: videos, duration: 5 }\n',
    );
    const result = await lintText(text);
    expect(told(result)).toEqual(['duplicate-request: { id: two, prompt: Rain }']);
    expect(result.diagnostics[0]?.message).toBe('This would send and bill the same request as `one`');
  });
});
