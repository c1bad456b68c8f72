import { describe, expect, it } from 'vitest';
import { earlierFingerprints, fingerprint, fingerprintsOf } from '../../src/manifest/fingerprint.ts';
import type { RequestBody } from '../../src/manifest/model.ts';
import { unknownSignature, withoutSignature } from '../../src/manifest/signed-urls.ts';
import { signingSchemes } from '../../src/manifest/signing-schemes.ts';
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
      'sha256:d5d06d7065e3637b98a78dbbe357e388384231a71011f0213eb0120892cf6c47',
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

/** What release 0.1.0 filed under a fingerprint that is another one today. Never update these either. */
const filedBefore: readonly (readonly [what: string, RequestBody, take: number, filed: string])[] = [
  [
    'a default that is stated',
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
    'both defaults',
    { ...plain, ratio: '16:9', resolution: '720p' },
    2,
    'sha256:566d44e0c72a03088b37a79770c056a0e33079b2493f27e41ec3e09c35e43d6a',
  ],
  [
    'letters taken apart',
    { ...plain, prompt: 'Cafe\u0301 at night' },
    1,
    'sha256:7f8814565b05c71f121c8480976b017b6b7c05df838faf37264f51259e4ccff1',
  ],
  [
    'a signature that it did not know',
    withImage('https://obs.example.com/a.png?AccessKeyId=HPUA&Expires=1767225600&Signature=abc%3D'),
    1,
    'sha256:1a8b4e20b55ac10486d240c00501504e0f5869a90fb33cda7e63a99eafc4c402',
  ],
];

describe('what was paid before is known by its earlier fingerprint', () => {
  it.each(filedBefore)('%s', (_, body, take, filed) => {
    expect(fingerprint(body, take)).not.toBe(filed);
    expect(earlierFingerprints(body, take)).toContain(filed);
    expect(fingerprintsOf(body, take)).toContain(filed);
    expect(earlierFingerprints(body, take + 1)).not.toContain(filed);
  });

  it('also where it is written in another way now', () => {
    const [, both] = filedBefore;
    const [, , letters] = filedBefore;
    expect(earlierFingerprints(plain, 2)).toContain(both?.[3]);
    expect(earlierFingerprints({ ...plain, ratio: '16:9' }, 2)).toContain(both?.[3]);
    expect(earlierFingerprints({ ...plain, prompt: 'Caf\u00e9 at night' }, 1)).toContain(letters?.[3]);
  });

  it('and where nothing about it changed there is no earlier one', () => {
    expect(earlierFingerprints({ ...plain, ratio: '1:1', resolution: '1080p' }, 1)).toEqual([]);
  });
});

describe('what makes no other request does not move a fingerprint', () => {
  it.each(['videos', 'videos_stable', 'videos_stable_fast'])('a default that is stated: %s', (model) => {
    const bare: RequestBody = { ...plain, model };
    for (const stated of [{ ratio: '16:9' }, { resolution: '720p' }, { resolution: '720p', ratio: '16:9' }]) {
      expect(fingerprint({ ...bare, ...stated }, 1)).toBe(fingerprint(bare, 1));
    }
    expect(fingerprint({ ...bare, ratio: '9:16' }, 1)).not.toBe(fingerprint(bare, 1));
  });

  it('but what a model of your own takes by default is not known here', () => {
    const own: RequestBody = { ...plain, model: 'my_model' };
    expect(fingerprint({ ...own, ratio: '16:9' }, 1)).not.toBe(fingerprint(own, 1));
  });

  it('how Unicode composes a letter, wherever in the body', () => {
    const body = (text: string): RequestBody => ({
      ...plain,
      prompt: text,
      referenceImages: [`https://e.com/${text}.png`],
      extra: { deep: [{ note: text }] },
    });
    expect(fingerprint(body('Cafe\u0301 한글'.normalize('NFD')), 1)).toBe(
      fingerprint(body('Café 한글'.normalize('NFC')), 1),
    );
  });
});

describe('every signing scheme of the table', () => {
  it.each(signingSchemes.map((scheme) => [scheme.name, scheme] as const))('%s', (_, scheme) => {
    const { example, path, parameters, marks } = scheme;
    const bare = withoutSignature(example);
    expect(bare).not.toBe(example);
    expect(withoutSignature(bare)).toBe(bare);
    if (path === undefined) {
      const names = [...new URL(bare).searchParams.keys()].map((name) => name.toLowerCase());
      expect(names.filter((name) => parameters.has(name))).toEqual([]);
      expect(marks.size).toBeGreaterThan(0);
      // Beside parameters of the file itself, which stay as they are.
      const [front = '', query = ''] = example.split('?');
      expect(withoutSignature(`${front}?size=%7e&${query}&w=1#f`)).toBe(
        withoutSignature(`${front}?size=%7e&w=1#f`),
      );
    }
    expect(of(example)).toBe(of(bare));
    expect(unknownSignature(new URL(example))).toBeUndefined();
  });

  it('has a name of its own', () => {
    const names = signingSchemes.map(({ name, form }) => `${name} ${form}`);
    expect(new Set(names).size).toBe(names.length);
  });

  it('and the first form of fingerprints knows those of its time only', () => {
    const first = signingSchemes.filter(({ form }) => form === 1).map(({ name }) => name);
    expect(first).toHaveLength(10);
    const obs = 'https://e.com/a.png?AccessKeyId=a&Expires=1&Signature=b';
    expect(withoutSignature(obs, 1)).toBe(obs);
    expect(withoutSignature(obs)).toBe('https://e.com/a.png');
  });
});

/** Two signatures of one file, as those who sign really write them. */
const signedTwice: readonly (readonly [who: string, one: string, two: string])[] = [
  [
    'Huawei OBS',
    'https://b.obs.cn-north-4.myhuaweicloud.com/a.png?AccessKeyId=HPUAXT4&Expires=1767225600&Signature=EQmDuOhaLUrzrzRNZxwS72CXeXM%3D',
    'https://b.obs.cn-north-4.myhuaweicloud.com/a.png?AccessKeyId=HST3X9&Expires=1767312000&Signature=8uDxVv0b%2Bq2&x-obs-security-token=gQpj',
  ],
  [
    'Baidu BOS',
    'https://b.bj.bcebos.com/a.png?authorization=bce-auth-v1%2Faaaa%2F2026-01-01T00%3A00%3A00Z%2F1800%2Fhost%2F59c2',
    'https://b.bj.bcebos.com/a.png?authorization=bce-auth-v1/aaaa/2026-01-02T00:00:00Z/1800//0f11&x-bce-security-token=t',
  ],
  [
    'Qiniu',
    'https://cdn.example.com/a.png?e=1767225600&token=MY_ACCESS_KEY:kOvT0iRFnPTDNg0Tz4SPWWC6pNY=',
    'https://cdn.example.com/a.png?e=1767312000&token=MY_ACCESS_KEY%3Azlr_vSDnxjU0TGwTiE2jQ8ReMvo%3D',
  ],
  [
    'Kingsoft KS3',
    'https://b.ks3-cn-beijing.ksyuncs.com/a.png?KSSAccessKeyId=AKLT1&Expires=1767225600&Signature=Zm9v',
    'https://b.ks3-cn-beijing.ksyuncs.com/a.png?Expires=1767312000&KSSAccessKeyId=AKLT1&Signature=YmFy%3D',
  ],
  [
    'UCloud',
    'https://b.cn-bj.ufileos.com/a.png?UCloudPublicKey=TOKEN_1&Signature=q1&Expires=1767225600',
    'https://b.cn-bj.ufileos.com/a.png?UCloudPublicKey=TOKEN_1&Signature=q2&Expires=1767312000',
  ],
  [
    'ByteDance',
    'https://p9-sign.example.com/a.png?x-expires=1767225600&x-signature=J1%2BxU',
    'https://p9-sign.example.com/a.png?x-expires=1767312000&x-signature=kk%3D',
  ],
  [
    'Aliyun CDN, type A',
    'https://cdn.example.com/v/a.mp4?auth_key=1767225600-0-0-80cd3862d699b7118eed99103f2a3a4f',
    'https://cdn.example.com/v/a.mp4?auth_key=1767312000-477b3bbc253f467b8def6711128c7bec-0-23bf85053008f5c0e791667a313e28ce',
  ],
  [
    'Aliyun CDN, type B',
    'https://cdn.example.com/202601010000/9044548ef1527deadafa49a890a377f0/v/a.mp4',
    'https://cdn.example.com/202601020830/80cd3862d699b7118eed99103f2a3a4f/v/a.mp4',
  ],
  [
    'Aliyun CDN, type C',
    'https://cdn.example.com/a37fa50a5fb8f71214b1e7c95ec7a1bd/6955b900/v/a.mp4',
    'https://cdn.example.com/80cd3862d699b7118eed99103f2a3a4f/69570a80/v/a.mp4',
  ],
  [
    'Tencent CDN, type A',
    'https://cdn.example.com/a.jpg?sign=1767225600-im1acp76sx9sdqe601v-0-1f4ffa8a6ad2b2a3a3b4a3a3b4a3a3b4',
    'https://cdn.example.com/a.jpg?sign=1767312000-x-0-80cd3862d699b7118eed99103f2a3a4f',
  ],
  [
    'Tencent CDN, type D',
    'https://cdn.example.com/a.jpg?sign=1f4ffa8a6ad2b2a3a3b4a3a3b4a3a3b4&t=1767225600',
    'https://cdn.example.com/a.jpg?sign=80cd3862d699b7118eed99103f2a3a4f&t=6955b900',
  ],
  [
    'Supabase',
    'https://x.supabase.co/storage/v1/object/sign/plates/a.png?token=eyJhbGciOiJIUzI1NiJ9.eyJ1cmwiOiJhIiwiZXhwIjoxfQ.aaa',
    'https://x.supabase.co/storage/v1/object/sign/plates/a.png?token=eyJraWQiOiJ4In0.eyJ1cmwiOiJhIiwiZXhwIjoyfQ.bbb',
  ],
  [
    'Discord',
    'https://cdn.discordapp.com/attachments/1/2/a.png?ex=6955b900&is=69546780&hm=0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef&',
    'https://cdn.discordapp.com/attachments/1/2/a.png?ex=69570a80&is=6955b900&hm=fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210&',
  ],
];

describe('signing a URL again is not another request', () => {
  it.each(signedTwice)('as they really write it: %s', (_, one, two) => {
    expect(of(one)).toBe(of(two));
    expect(of(one)).not.toBe(of(two.replace(/a\.(?=png|jpg|mp4)/, 'b.')));
    expect(unknownSignature(new URL(one))).toBeUndefined();
  });

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
