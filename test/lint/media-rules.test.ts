import { describe, expect, it } from 'vitest';
import { lint, lintMedia } from '../../src/lint/lint.ts';
import type { MediaProbe } from '../../src/lint/used-media.ts';
import type { MediaFacts } from '../../src/media/facts.ts';
import type { MediaRequest } from '../../src/media/probe.ts';
import { folderWith, lintText, marked, shots, told } from './linting.ts';
import { probeOf, usualFacts } from './media-facts.ts';

/** A probe where nothing is wrong but what is said here, by the last part of the URL. */
function probe(wrong: Readonly<Record<string, object>> = {}): MediaProbe {
  return probeOf((url, expected) => usualFacts(url, expected, wrong[url.slice(url.lastIndexOf('/') + 1)]));
}

const cdn = 'https://cdn.example.com/';
const defaults = 'defaults: { model: videos, duration: 5, ratio: "21:9", prompt: Rain }\n';

/** One shot with these media. */
function shot(media: string): string {
  return shots(`  - id: a\n${media.replace(/^/gm, '    ')}\n`, defaults);
}

/** Each finding as `severity rule: message`. */
async function found(text: string, wrong: Readonly<Record<string, object>>): Promise<readonly string[]> {
  const { diagnostics } = await lintText(text, {}, { media: probe(wrong) });
  return diagnostics.map(({ severity, rule, message }) => `${severity} ${rule}: ${message}`);
}

describe('what is probed', () => {
  const asked = async (files: Readonly<Record<string, string>>): Promise<readonly MediaRequest[]> => {
    const requests: MediaRequest[] = [];
    const media: MediaProbe = async (of) => {
      requests.push(...of);
      return new Map();
    };
    await lint(Object.keys(files), { cwd: await folderWith(files), media });
    return requests;
  };

  it('is each URL of all manifests once, with what its place takes', async () => {
    const text = shots(
      `  - { id: a, referenceImages: [${cdn}a.png, ${cdn}b.png], referenceVideos: [${cdn}c.mp4] }
  - { id: b, first_image: ${cdn}a.png, last_image: ${cdn}d.png }
`,
      defaults,
    );
    expect(await asked({ '1.yaml': text, '2.yaml': text.replace('demo', 'other') })).toEqual([
      { url: `${cdn}a.png`, expected: 'image' },
      { url: `${cdn}b.png`, expected: 'image' },
      { url: `${cdn}c.mp4`, expected: 'video' },
      { url: `${cdn}d.png`, expected: 'image' },
    ]);
  });

  it('is neither an asset that nothing uses, nor a medium of a skipped shot, nor what is no URL', async () => {
    const text = shots(
      `  - { id: a, skip: true, referenceImages: [${cdn}a.png] }
  - { id: b, referenceImages: [art/b.png, "file:///etc/passwd", "ftp://cdn.example.com/c.png"] }
`,
      `${defaults}assets: { mika: ${cdn}m.png }\n`,
    );
    expect(await asked({ '1.yaml': text })).toEqual([]);
  });

  it('is nothing without a probe, and then no rule about media has anything to say', async () => {
    const result = await lintText(shot(`referenceImages: [${cdn}a.png]`));
    expect(result.diagnostics).toEqual([]);
  });
});

describe('media-unreachable', () => {
  const gone = { outcome: 'unreachable', code: 'status', message: 'cdn.example.com answers 404', help: null };

  it('stands at the asset once, however many shots use it', async () => {
    const text = shots(
      `  - { id: a, referenceImages: ["\${assets.mika}"] }
  - { id: b, prompt: Snow, takes: 3, referenceImages: ["\${assets.mika}"] }
`,
      `${defaults}assets: { mika: ${cdn}m.png }\n`,
    );
    const result = await lintText(text, {}, { media: probe({ 'm.png': gone }) });
    expect(told(result)).toEqual([`media-unreachable: ${cdn}m.png`]);
    expect(result.diagnostics[0]?.message).toBe(
      'The file cannot be fetched: cdn.example.com answers 404 (a and 1 more)',
    );
  });

  it('tells how to let a private address be probed', async () => {
    const text = shot(`referenceImages: [${cdn}a.png]`);
    const refused = { ...gone, code: 'addressRefused', message: '10.0.0.1 is a private address' };
    const { diagnostics } = await lintText(text, {}, { media: probe({ 'a.png': refused }) });
    expect(diagnostics[0]?.help).toContain('--allow-private-media');
  });

  it('leaves what is no URL to the rule about URLs', async () => {
    const result = await lintText(shot('referenceImages: [s3://art/a.png]'), {}, { media: probe() });
    expect(told(result)).toEqual(['media-url: s3://art/a.png']);
  });
});

describe('media-kind', () => {
  it.each([
    [{ kind: 'video', format: 'mp4' }, 'This is a video (mp4), and `referenceImages` takes images'],
    [{ kind: 'audio', format: 'mp3' }, 'This is an audio file (mp3), and `referenceImages` takes images'],
    [{ kind: null, format: 'html' }, 'This is a web page (html), and `referenceImages` takes images'],
    [{ kind: null, format: 'json' }, 'This is no medium (json), and `referenceImages` takes images'],
  ])('says what is there: %j', async (facts, message) => {
    expect(await found(shot(`referenceImages: [${cdn}a.png]`), { 'a.png': facts })).toEqual([
      `error media-kind: ${message}`,
    ]);
  });

  it('trusts the bytes, not what the server calls them', async () => {
    const text = shot(`referenceImages: [${cdn}a.png]`);
    expect(await found(text, { 'a.png': { declaredType: 'text/html' } })).toEqual([]);
  });
});

describe('image-too-large', () => {
  const limit = 20 * 1024 * 1024;
  const text = shot(`referenceImages: [${cdn}a.png]`);

  it.each([
    [limit + 1, ['error']],
    [limit, ['warning']],
    [20_000_000, ['warning']],
    [limit * 0.95, []],
  ])('%i bytes: %j', async (bytes, severities) => {
    const all = await found(text, { 'a.png': { bytes } });
    expect(all.map((line) => line.split(' ', 2).join(' '))).toEqual(
      severities.map((severity) => `${severity} image-too-large:`),
    );
  });

  it('only warns of a frame, for which the documents state no limit', async () => {
    const frames = shot(`first_image: ${cdn}a.png\nlast_image: ${cdn}b.png`);
    expect(await found(frames, { 'a.png': { bytes: limit + 1 } })).toEqual([
      'warning image-too-large: The image has 20 MB (20,971,521 bytes); `videos` takes reference images of at most 20 MB (20,971,520 bytes)',
    ]);
    expect(await found(frames, { 'a.png': { bytes: limit } })).toEqual([]);
  });
});

describe('video-resolution', () => {
  const text = shot(`referenceVideos: [${cdn}a.mp4]`);

  it.each([
    [1280, 720, null],
    [720, 1280, null],
    [2160, 2160, null],
    [1280, 719, 'error'],
    [719, 1280, 'error'],
    [3840, 2160, 'warning'],
    [2161, 1000, 'warning'],
    [2161, 2161, 'error'],
  ])('%i x %i: %s', async (width, height, severity) => {
    const all = await found(text, { 'a.mp4': { width, height } });
    expect(all.map((line) => line.split(':')[0])).toEqual(
      severity === null ? [] : [`${severity} video-resolution`],
    );
  });
});

describe.each([
  ['video', 'referenceVideos', 'mp4'],
  ['audio', 'referenceAudios', 'mp3'],
])('%s-total-duration', (kind, list, extension) => {
  const images = `referenceImages: [${cdn}i.png]\n`;
  const [a, b] = [`a.${extension}`, `b.${extension}`];
  const text = shot(`${images}${list}: [${cdn}${a}, ${cdn}${b}]`);
  const frame = { frameDuration: 1 / 25 };

  it.each([
    [7.4, 7.5, null],
    [7.4, 7.500001, 'warning'],
    [7.5, 7.5, 'warning'],
    [5.1, 9.92, 'warning'],
    [5.1, 9.921, 'error'],
    [20, 1, 'error'],
  ])('%d s and %d s: %s', async (first, second, severity) => {
    const wrong = { [a]: { duration: first, ...frame }, [b]: { duration: second, ...frame } };
    const all = await found(text, wrong);
    expect(all.map((line) => line.split(':')[0])).toEqual(
      severity === null ? [] : [`${severity} ${kind}-total-duration`],
    );
  });

  it('stands at the list', async () => {
    const result = await lintText(text, {}, { media: probe({ [a]: { duration: 14 } }) });
    const [diagnostic] = result.diagnostics;
    expect(diagnostic && marked(diagnostic, text)).toBe(`[${cdn}${a}, ${cdn}${b}]`);
    expect(diagnostic?.message).toMatch(/last (17|19) s together; `videos` takes at most 15 s$/);
  });

  it('adds up what is known where something is not, and says so', async () => {
    const unknown = { duration: null, unknown: 'its index is cut off' };
    expect(await found(text, { [a]: { duration: 16 }, [b]: unknown })).toEqual([
      expect.stringMatching(
        new RegExp(`^error ${kind}-total-duration: The reference ${kind}s last at least 16 s together`),
      ),
      expect.stringMatching(/^warning media-unknown: The duration of this .* its index is cut off$/),
    ]);
  });

  it('counts a file twice that is used twice', async () => {
    const twice = shot(`${images}${list}: [${cdn}${a}, ${cdn}${a}]`);
    expect(await found(twice, { [a]: { duration: 8 } })).toEqual([
      expect.stringContaining('last 16 s together'),
      expect.stringContaining('duplicate-media'),
    ]);
  });

  it('takes the limit from the catalog', async () => {
    const files = {
      'models.json': JSON.stringify({ version: 1, models: { videos: { [list]: { maxTotalSeconds: 30 } } } }),
    };
    const media = probe({ [a]: { duration: 20 }, [b]: { duration: 5 } });
    const withModels = text.replace('project: demo\n', 'project: demo\nmodels: models.json\n');
    expect((await lintText(withModels, files, { media })).diagnostics).toEqual([]);
  });
});

describe('video-total-size', () => {
  const limit = 200 * 1024 * 1024;
  const text = shot(`referenceVideos:\n  - ${cdn}a.mp4\n  - ${cdn}b.mp4`);

  it.each([
    [limit - 1000, 1001, 'error'],
    [limit - 1000, 1000, 'warning'],
    [100_000_000, 100_000_000, 'warning'],
    [100_000_000, 90_000_000, null],
  ])('%i and %i bytes: %s', async (first, second, severity) => {
    const all = await found(text, { 'a.mp4': { bytes: first }, 'b.mp4': { bytes: second } });
    expect(all.map((line) => line.split(':')[0])).toEqual(
      severity === null ? [] : [`${severity} video-total-size`],
    );
  });

  it('is left to the rule about numbers where the list is too long', async () => {
    const many = shot(`referenceVideos: [${'abcd'.replace(/./g, (name) => `${cdn}${name}.mp4,`)}]`);
    expect((await found(many, { 'a.mp4': { bytes: limit * 2 } })).map((line) => line.split(':')[0])).toEqual([
      'error too-many-videos',
    ]);
  });
});

describe('media-unknown is a warning, never silence', () => {
  const text = shot(`referenceVideos: [${cdn}a.mp4]`);

  it.each<[string, Partial<MediaFacts> & object, string]>([
    [
      'a server that ignores ranges',
      { width: null, height: null, duration: null, unknown: 'it ignores range requests' },
      'The pixels and duration of this video could not be found out: it ignores range requests',
    ],
    [
      'no size',
      { bytes: null },
      'The size in bytes of this video could not be found out: its server does not tell',
    ],
    [
      'bytes like nothing that is known',
      {
        kind: null,
        format: null,
        width: null,
        height: null,
        duration: null,
        unknown: 'its first bytes are odd',
      },
      'Whether this is a video could not be found out: its first bytes are odd',
    ],
    [
      'a limit of ours',
      { outcome: 'unprobed', message: 'the budget is used up', help: null },
      'Nothing could be found out about this video: the budget is used up',
    ],
  ])('%s', async (_what, facts, message) => {
    expect(await found(text, { 'a.mp4': facts })).toEqual([`warning media-unknown: ${message}`]);
  });
});

describe('frame-mismatch', () => {
  const text = shot(`first_image: ${cdn}a.png\nlast_image: ${cdn}b.png`);
  const at = (width: number, height: number): object => ({ width, height });

  it.each([
    ['one shape, that of the ratio', at(2520, 1080), at(1260, 540), null],
    ['a row of pixels more', at(1920, 823), at(1920, 824), null],
    ['what films call 21:9', at(3440, 1440), at(3440, 1440), null],
    ['two shapes', at(2520, 1080), at(1920, 1080), 'their shapes differ'],
    ['upright and across', at(1080, 2520), at(2520, 1080), 'their shapes differ'],
    ['one shape, not that of the ratio', at(1920, 1080), at(1920, 1080), "is not the shot's ratio `21:9`"],
  ])('%s', async (_what, first, last, message) => {
    const all = await found(text, { 'a.png': first, 'b.png': last });
    expect(all).toEqual(
      message === null ? [] : [expect.stringMatching(new RegExp(`^warning frame-mismatch: .*${message}$`))],
    );
  });

  it('goes by the ratio that the model takes where the shot states none', async () => {
    const none = text.replace(', ratio: "21:9"', '');
    expect(await found(none, {})).toEqual([expect.stringContaining('`16:9`')]);
  });
});

describe('the media of some requests', () => {
  const text = shots(
    `  - { id: a, takes: 2, referenceImages: [${cdn}shared.png] }
  - id: b
    referenceImages: [${cdn}shared.png]
    variants: { wide: {}, tall: { referenceImages: [${cdn}tall.png] } }
  - { id: c, referenceImages: [${cdn}other.png] }
`,
    defaults,
  );

  it('are probed and judged alone, and told with what uses them', async () => {
    const [linted] = (await lintText(text)).manifests;
    if (linted === undefined) throw new Error('nothing was read');
    const asked: string[] = [];
    const spy: MediaProbe = (requests) => {
      asked.push(...requests.map(({ url }) => url));
      return probe({ 'tall.png': { bytes: 30_000_000 }, 'other.png': { bytes: 30_000_000 } })(requests);
    };
    const keys = ['a', 'a@2', 'b:wide', 'b:tall'];
    const some = linted.requests.filter(({ key }) => keys.includes(key));
    const { diagnostics, summary, media } = await lintMedia(linted, some, spy);
    expect(asked).toEqual([`${cdn}shared.png`, `${cdn}tall.png`]);
    expect(diagnostics.map(({ rule, key }) => [rule, key])).toEqual([['image-too-large', 'b:tall']]);
    expect(summary).toMatchObject({ requests: 4, errors: 1, warnings: 0 });
    expect(media.map(({ facts, usedBy }) => [facts.url, usedBy])).toEqual([
      [`${cdn}shared.png`, ['a', 'b:wide']],
      [`${cdn}tall.png`, ['b:tall']],
    ]);
  });
});
