import { describe, expect, it } from 'vitest';
import { lintText, shots, told } from './linting.ts';

async function judge(url: string) {
  const text = shots(
    `  - { id: one, model: videos, duration: 5, prompt: Rain, referenceImages: [${JSON.stringify(url)}] }\n`,
  );
  const result = await lintText(text);
  return { told: told(result), ...result.diagnostics[0] };
}

describe('a media URL', () => {
  it.each([
    'https://cdn.example.com/mika.png',
    'HTTPS://CDN.example.com/MIKA.PNG',
    'https://cdn.example.com:8443/a/b.png?x=1&y=%20#top',
    'https://cdn.example.com',
    'https://例え.jp/絵.png',
    'https://[2606:4700::1111]/mika.png',
  ])('that is absolute is left alone: %s', async (url) => {
    expect((await judge(url)).told).toEqual([]);
  });

  it.each<[url: string, help: RegExp]>([
    ['file:///home/me/mika.png', /Write the path alone/],
    ['data:image/png;base64,iVBORw0KGgo=', /upload it to public storage/],
    ['//cdn.example.com/mika.png', /`https:\/\/cdn\.example\.com\/mika\.png`/],
    ['gs://bucket/mika.png', /does not know `gs:`/],
    ['s3://bucket/mika.png', /does not know `s3:`/],
    ['ftp://example.com/mika.png', /does not know `ftp:`/],
    ['https:/cdn.example.com/mika.png', /Write it whole/],
    ['https:cdn.example.com/mika.png', /Write it whole/],
    ['https://', /Write it whole/],
    ['https:///mika.png', /Write it whole/],
    ['https://cdn.example.com:port/mika.png', /Write it whole/],
    ['https:\\\\cdn.example.com\\mika.png', /Write it whole/],
    ['https://cdn.example.com/my mika.png', /`%20`/],
    [' https://cdn.example.com/mika.png', /Remove the white space around it/],
    ['https://cdn.example.com/a.png, https://cdn.example.com/b.png', /one URL is one item/],
    ['', /absolute http\(s\) URL/],
    ['   ', /absolute http\(s\) URL/],
  ])('that is none gets told what to do: %s', async (url, help) => {
    const found = await judge(url);
    expect(found.told).toEqual([`media-url: ${JSON.stringify(url)}`]);
    expect(found.help).toMatch(help);
  });

  it('is never repeated with its query, which may hold a signature', async () => {
    const found = await judge('s3://bucket/mika.png?X-Amz-Signature=cafebabe&X-Amz-Credential=AKIAEXAMPLE');
    expect(found.message).toBe('`s3://bucket/mika.png?…` is neither an absolute http(s) URL nor a path');
    expect(`${found.message}${found.help}`).not.toMatch(/cafebabe|AKIA/);
  });

  it('is shown cut short when it is long', async () => {
    const found = await judge(`data:image/png;base64,${'iVBORw0KGgo'.repeat(10_000)}`);
    expect(found.message?.length).toBeLessThan(120);
  });

  it('that is a bad asset is one finding at the asset, used or not', async () => {
    const text = (use: string): string => `version: 1
project: demo
assets: { mika: 's3://art/mika.png' }
defaults: { model: videos, duration: 5 }
shots:
  - { id: one, prompt: Rain${use} }
  - { id: two, prompt: Snow${use} }
  - { id: three, prompt: Fog, first_image: "\${assets.mika}", last_image: "\${assets.mika}" }
`;
    const used = await lintText(text(', referenceImages: ["${assets.mika}"]'));
    expect(told(used)).toEqual(["media-url: 's3://art/mika.png'"]);
    expect(used.diagnostics[0]?.message).toMatch(/ \(one and 2 more\)$/);
    const unused = await lintText(
      'version: 1\nproject: demo\nassets: { mika: [s3://art/mika.png] }\nx-on: "${assets.mika}"\nshots: []\n',
    );
    expect(told(unused)).toEqual(['media-url: s3://art/mika.png']);
    expect(unused.diagnostics[0]?.key).toBeNull();
  });

  it('of a frame is checked under either spelling', async () => {
    const text = shots(
      '  - { id: one, model: videos, duration: 5, prompt: Rain, image: gs://a.png, last_image: gs://b.png }\n',
    );
    expect(told(await lintText(text))).toEqual([
      'legacy-field: image',
      'media-url: gs://a.png',
      'media-url: gs://b.png',
    ]);
  });
});
