import { describe, expect, it } from 'vitest';
import { fingerprint } from '../../src/manifest/fingerprint.ts';
import type { RequestBody } from '../../src/manifest/model.ts';
import { readRest } from './workspace.ts';

const plain: RequestBody = { model: 'videos', prompt: 'Neon skyline at night', duration: 5 };
const withImage = (url: string): RequestBody => ({ ...plain, referenceImages: [url] });
const of = (url: string): string => fingerprint(withImage(url), 1);

const aws =
  'X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Content-Sha256=UNSIGNED-PAYLOAD&X-Amz-Credential=AKIA%2F20260101%2Fus-east-1%2Fs3%2Faws4_request&X-Amz-Date=20260101T000000Z&X-Amz-Expires=3600&X-Amz-Security-Token=abc&X-Amz-SignedHeaders=host&X-Amz-Signature=0123';
const azure =
  'sv=2024-11-04&st=2026-01-01T00%3A00%3A00Z&se=2026-01-02T00%3A00%3A00Z&sr=b&sp=r&skoid=1&sktid=2&skt=3&ske=4&sks=b&skv=5&sig=abc%3D';

/** What signing adds to a URL, by who does it. */
const signatures: Readonly<Record<string, string>> = {
  'Amazon S3, version 4': aws,
  'Amazon S3, version 4, in lower case': aws.toLowerCase(),
  'Amazon S3, version 2': 'AWSAccessKeyId=AKIA&Expires=1767225600&Signature=abc%3D',
  'Amazon CloudFront, canned policy': 'Expires=1767225600&Signature=abc~&Key-Pair-Id=K2',
  'Amazon CloudFront, custom policy': 'Policy=eyJ&Signature=abc~&Key-Pair-Id=K2&Hash-Algorithm=SHA256',
  'Google Cloud Storage, version 4':
    'X-Goog-Algorithm=GOOG4-RSA-SHA256&X-Goog-Credential=a%40b&X-Goog-Date=20260101T000000Z&X-Goog-Expires=900&X-Goog-SignedHeaders=host&X-Goog-Signature=0123',
  'Google Cloud Storage, version 2': 'GoogleAccessId=a%40b&Expires=1767225600&Signature=abc',
  'Azure, user delegation': azure,
  'Azure, account': 'sv=2024-11-04&ss=b&srt=o&sp=r&se=2026-01-02&spr=https&sig=abc',
  'Azure, stored policy': 'sv=2024-11-04&si=policy&sr=c&sip=1.2.3.4&sig=abc',
  'Alibaba Cloud OSS, version 1': 'OSSAccessKeyId=LTAI&Expires=1767225600&Signature=abc&security-token=xyz',
  'Alibaba Cloud OSS, version 4':
    'x-oss-signature-version=OSS4-HMAC-SHA256&x-oss-credential=LTAI&x-oss-date=20260101T000000Z&x-oss-expires=60&x-oss-security-token=xyz&x-oss-signature=0123',
  'Tencent Cloud COS':
    'q-sign-algorithm=sha1&q-ak=AKID&q-sign-time=1;2&q-key-time=1;2&q-header-list=host&q-url-param-list=&q-signature=0123&x-cos-security-token=xyz',
  'Volcano Engine TOS':
    'X-Tos-Algorithm=TOS4-HMAC-SHA256&X-Tos-Credential=AK&X-Tos-Date=20260101T000000Z&X-Tos-Expires=60&X-Tos-SignedHeaders=host&X-Tos-Signature=0123',
};

describe('a fingerprint never moves', () => {
  // What was paid is filed under these. A change of any of them makes every user pay again: never update them.
  it.each<[RequestBody, number, string]>([
    [plain, 1, 'sha256:7a50258e1cca3f5d7e374defab65149226ec5af0b5dd69f1f0e05aff9f58789e'],
    [plain, 2, 'sha256:a44f99bd7634567d26e585cb7efd757a62c9c3fdcb645d41a4d12f180755e379'],
    [
      {
        model: 'videos_stable',
        prompt: '雨の路地 — “neon”\n🎬',
        duration: 10,
        ratio: '9:16',
        resolution: '720p',
        first_image: 'https://cdn.example.com/a.png',
        last_image: 'https://cdn.example.com/b.png?v=2',
      },
      1,
      'sha256:d5c94a1e500fd1be25433abe5d6616c011aafd419ba0fdce83922cbd988cb6d7',
    ],
    [
      { ...plain, extra: { z: [1, 2.5, null, true], a: 'ü' } },
      1,
      'sha256:603b4782329e25d5c28ccd38fd1ea7b005d3bdd30125824250e5d03d134cde89',
    ],
    [
      withImage(`https://b.example.com/a.png?${aws}`),
      1,
      'sha256:2d9c52516b442e32cb88761b69e26ac7840ff5f51da650377869ed2edd8534b6',
    ],
  ])('%j, take %i', (body, take, expected) => {
    expect(fingerprint(body, take)).toBe(expected);
  });

  it('with the order in which a manifest is written', async () => {
    const one = await readRest('shots:\n  - { id: a, model: m, prompt: x, duration: 5, ratio: "1:1" }\n');
    const two = await readRest('shots:\n  - { ratio: "1:1", duration: 5, prompt: x, model: m, id: b }\n');
    expect(one.requests[0]?.fingerprint).toBe(two.requests[0]?.fingerprint);
  });

  it('when a value moves into defaults, vars, assets, a prompt file, or to the new spelling', async () => {
    const one = await readRest(
      'shots:\n  - { id: a, model: m, prompt: "x rain", duration: 5, image: https://e.com/f, lastFrameImage: https://e.com/l }\n',
    );
    const two = await readRest(
      'vars: { look: rain }\nassets: { f: https://e.com/f }\ndefaults: { model: m, duration: 5 }\nshots:\n  - { id: a, promptFile: p.md, first_image: "${assets.f}", last_image: https://e.com/l }\n',
      { 'p.md': 'x ${vars.look}\n' },
    );
    expect(one.requests[0]?.fingerprint).toBe(two.requests[0]?.fingerprint);
  });

  it('moves with the take, and with what is sent', () => {
    const all = [
      fingerprint(plain, 1),
      fingerprint(plain, 2),
      fingerprint({ ...plain, duration: 6 }, 1),
      fingerprint({ ...plain, prompt: 'x' }, 1),
      of('https://e.com/a'),
      of('https://e.com/b'),
    ];
    expect(new Set(all).size).toBe(all.length);
  });
});

describe('signing a URL again is not another request', () => {
  it.each(Object.entries(signatures))('%s', (_, query) => {
    const bare = 'https://b.example.com/a.png';
    expect(of(`${bare}?${query}`)).toBe(of(bare));
    expect(of(`${bare}?${query.replace(/=[^&]*/g, '=other')}`)).toBe(of(bare));
    expect(of(`${bare}?v=1&${query}&x=%7e+#f`)).toBe(of(`${bare}?v=1&x=%7e+#f`));
  });

  it('wherever in the body the URL stands', () => {
    const signed = `HTTPS://b.example.com/a?${aws}`;
    const body: RequestBody = { ...plain, first_image: signed, extra: { deep: [{ url: signed }] } };
    const bare = 'HTTPS://b.example.com/a';
    expect(fingerprint(body, 1)).toBe(
      fingerprint({ ...plain, first_image: bare, extra: { deep: [{ url: bare }] } }, 1),
    );
    expect(body.first_image).toBe(signed);
  });

  it('but a prompt is text, and left as it is', () => {
    expect(fingerprint({ ...plain, prompt: `https://e.com/a?${aws}` }, 1)).not.toBe(
      fingerprint({ ...plain, prompt: 'https://e.com/a' }, 1),
    );
  });

  it.each([
    'Expires=1&Signature=a',
    'se=1&sp=r&sv=2',
    'sig=a',
    'Policy=a',
    'security-token=a',
    'X-Amz-Expires=60',
    'x-oss-process=image%2Fresize',
    'token=a&expires=1',
  ])('and names that anybody could use count only beside those of a signing scheme: %s', (query) => {
    expect(of(`https://e.com/a?${query}`)).not.toBe(of('https://e.com/a'));
  });

  it('nor is anything of a text touched that is no http(s) URL', () => {
    expect(of(`s3://b/a?${aws}`)).not.toBe(of('s3://b/a'));
    expect(of(`a https://e.com/a?${aws}`)).not.toBe(of('a https://e.com/a'));
    expect(of(`https://e.com/a#?${aws}`)).not.toBe(of('https://e.com/a#'));
  });
});
