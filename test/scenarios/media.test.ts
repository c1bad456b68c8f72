import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { systemClock } from '../../src/core/clock.ts';
import { built } from '../helpers/built.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { fixture, inflatedMp4 } from '../media/files.ts';
import type { MediaServer } from '../media/media-server.ts';
import { useServers } from '../media/probing.ts';

const startServer = useServers();

/** Limits that the small files of the fixtures keep to. */
const models = {
  version: 1,
  models: {
    videos: {
      referenceVideos: { minPixels: 40, maxPixels: 100, maxTotalSeconds: 2 },
      ratio: { values: ['7:5'], default: '7:5' },
    },
  },
};

interface Board {
  readonly cwd: string;
  readonly file: string;
  readonly text: string;
}

/** A storyboard with media of every kind, and the server that has them. */
async function board(): Promise<Board & { readonly server: MediaServer }> {
  const server = await startServer();
  const mika = server.serve('/mika.png', { bytes: fixture('still.png'), etag: '"m"' });
  const clip = server.serve('/clip.mp4', { bytes: inflatedMp4('index-last.mp4', 2_000_000), etag: '"c"' });
  const hum = server.serve('/hum.mp3', { bytes: fixture('xing.mp3'), etag: '"h"' });
  const text = `version: 1
project: media
models: models.json
assets: { mika: "${mika}" }
defaults: { model: videos, duration: 5 }
scenes:
  - id: sc010
    shots:
      - id: sh0010
        prompt: Mika hums in the alley, rain
        referenceImages: ["\${assets.mika}"]
        referenceVideos: [${clip}]
        referenceAudios: [${hum}]
      - id: sh0020
        prompt: Mika runs, rain
        takes: 2
        referenceImages: ["\${assets.mika}"]
      - id: sh0030
        prompt: Mika turns round, rain
        first_image: \${assets.mika}
        # shotlist-disable-next-line frames-alike -- one picture is enough here
        last_image: \${assets.mika}
`;
  return { server, ...written(text) };
}

function written(text: string): Board {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), text);
  writeFileSync(path.join(cwd, 'models.json'), JSON.stringify(models));
  return { cwd, file: 'board.yaml', text };
}

function rewrite({ cwd, file, text }: Board, change: (text: string) => string): void {
  writeFileSync(path.join(cwd, file), change(text));
}

const open = ['--media', '--allow-private-media'];

describe('lint --media, as it is released', () => {
  it('asks for each file once, and the second time only whether it has changed', async () => {
    const { server, cwd, file } = await board();
    const first = await built(['lint', file, ...open], { cwd });
    expect(first).toMatchObject({ code: 0 });
    expect(first.stdout).toContain('No problems in 1 file');
    expect(first.stderr).toContain('Media: 3 files\n');
    const opening = server.requests.filter(({ headers }) => headers.range?.startsWith('bytes=0-'));
    expect(opening.map(({ url }) => url).sort()).toEqual(['/clip.mp4', '/hum.mp3', '/mika.png']);
    expect(server.bytesSent).toBeLessThan(200_000);
    expect(existsSync(path.join(cwd, '.shotlist', 'media-cache.json'))).toBe(true);

    server.requests.length = 0;
    server.bytesSent = 0;
    const second = await built(['lint', file, ...open], { cwd });
    expect(second.code).toBe(0);
    expect(second.stderr).toContain('3 as known from before');
    expect(server.requests.map(({ url }) => url).sort()).toEqual(['/clip.mp4', '/hum.mp3', '/mika.png']);
    expect(server.bytesSent).toBe(0);
  });

  it('puts each finding at the URL, and what is about a list at the list', async () => {
    const project = await board();
    const { server } = project;
    const page = server.serve('/page.png', { bytes: Buffer.from('<!doctype html><title>Sign in</title>') });
    const deaf = server.serve('/deaf.mp4', {
      bytes: inflatedMp4('index-last.mp4', 3_000_000),
      ranges: false,
    });
    rewrite(project, (text) =>
      text
        .replace(
          'referenceImages: ["${assets.mika}"]',
          `referenceImages: [${page}, ${server.url('/gone.png')}]`,
        )
        .replace(/referenceVideos: \[(.*)\]/, `referenceVideos: [$1, $1?2, $1?3]`)
        .replace('        takes: 2\n', `        takes: 2\n        referenceVideos: [${deaf}]\n`),
    );
    const { code, stdout } = await shotlist(['lint', project.file, '--format', 'json', ...open], project);
    expect(code).toBe(1);
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { rule: string; severity: string; line: number; column: number; message: string }[];
    };
    expect(diagnostics.map(({ rule, severity, line }) => `${severity} ${rule} ${line}`)).toEqual([
      'error media-kind 11',
      'error media-unreachable 11',
      'error video-total-duration 12',
      'warning media-unknown 17',
    ]);
    expect(diagnostics.map(({ message }) => message)).toEqual([
      'This is a web page (html), and `referenceImages` takes images',
      expect.stringContaining('answers 404: there is no such file'),
      'The reference videos last 2.4 s together; `videos` takes at most 2 s',
      expect.stringMatching(
        /^The duration of this video|^The pixels and duration of this video.*ignores range/,
      ),
    ]);
  });

  it('refuses addresses inside the network, and asks them nothing', async () => {
    const { server, cwd, file } = await board();
    const { code, stdout } = await shotlist(['lint', file, '--media'], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('url-not-public');
    expect(stdout).toContain('a loopback address');
    expect(server.requests).toEqual([]);
  });

  it('uses no network without --media', async () => {
    const { server, cwd, file } = await board();
    await shotlist(['lint', file], { cwd });
    expect(server.requests).toEqual([]);
  });

  it('takes a warning for a failure only when it is strict', async () => {
    const project = await board();
    const bare = project.server.serve('/bare.png', {
      bytes: Buffer.concat([fixture('still.png'), Buffer.alloc(900_000)]),
      ranges: false,
      sized: false,
    });
    rewrite(project, (text) => text.replace(/mika: "[^"]*"/, `mika: "${bare}"`));
    const lenient = await shotlist(['lint', project.file, ...open], project);
    expect(lenient).toMatchObject({ code: 0, stdout: expect.stringContaining('warning media-unknown') });
    expect((await shotlist(['lint', project.file, '--strict', ...open], project)).code).toBe(1);
  });

  it('finds in the URL what needs no probe, unless private media are meant', async () => {
    const { server, cwd, file } = await board();
    const { code, stdout } = await shotlist(['lint', file], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('error url-not-public');
    expect((await shotlist(['lint', file, '--allow-private-media'], { cwd })).stdout).not.toContain('error');
    expect(server.requests).toEqual([]);
  });

  it('counts a comment that suppresses what only a probe can find, and leaves it alone without one', async () => {
    const project = await board();
    const gone = project.server.url('/gone.png');
    rewrite(project, (text) =>
      text.replace(
        /^assets: .*$/m,
        `assets:\n  # shotlist-disable-next-line media-unreachable -- uploaded at night\n  mika: "${gone}"`,
      ),
    );
    const open2 = ['--strict', '--allow-private-media'];
    for (const more of [[], ['--media']]) {
      const { stdout } = await shotlist(['lint', project.file, ...open2, ...more], project);
      expect(stdout).not.toMatch(/media-unreachable|unused-suppression/);
    }
    const planned = await shotlist(['plan', project.file, ...open], project);
    expect(planned.stderr).not.toContain('media-unreachable');
  });

  it('looks once where it also mends', async () => {
    const project = await board();
    rewrite(project, (text) => text.replace('first_image', 'image').replace('last_image', 'lastFrameImage'));
    const { code } = await shotlist(['lint', project.file, '--fix', ...open], project);
    expect(code).toBe(0);
    expect(readFileSync(path.join(project.cwd, project.file), 'utf8')).toContain('first_image');
    expect(project.server.requests.filter(({ url }) => url === '/mika.png')).toHaveLength(1);
  });
});

describe('no key of ours reaches a media host', () => {
  it('whatever the environment and .env hold', async () => {
    const { server, cwd, file } = await board();
    const { env } = await emulator();
    writeFileSync(path.join(cwd, '.env'), 'SHOTLIST_API_KEY=key-in-dot-env\n');
    const keys = { ...env, SHOTLIST_API_KEY: 'key-in-environment' };
    await shotlist(['lint', file, ...open], { cwd, env: keys });
    await shotlist(['plan', file, ...open], { cwd, env: keys });
    await shotlist(['run', file, '--yes', ...open], { cwd, env });
    expect(server.requests.length).toBeGreaterThan(6);
    for (const { headers, url } of server.requests) {
      expect(Object.keys(headers)).not.toContain('authorization');
      expect(Object.keys(headers)).not.toContain('cookie');
      expect(JSON.stringify([headers, url])).not.toMatch(/key-in-|secret-key-of-the-test/);
    }
  });
});

describe('run --media', () => {
  it('sends nothing where the media have errors, and says which', async () => {
    const project = await board();
    const { env, books } = await emulator();
    project.server.serve('/mika.png', { bytes: fixture('clip.avi') });
    const { code, stderr } = await shotlist(['run', project.file, '--yes', ...open], { ...project, env });
    expect(code).toBe(1);
    expect(stderr).toContain('error media-kind');
    expect(stderr).toContain('the media of board.yaml have 1 error: nothing was sent');
    expect(books()).toEqual([]);
  });

  it('probes what it would send, and no more: links of what was paid may have expired', async () => {
    const { server, cwd, file } = await board();
    const { env, books } = await emulator();
    const one = await shotlist(['run', file, '--yes', '--only', 'sc010/sh0010', ...open], { cwd, env });
    expect(one.code).toBe(0);
    expect(books()).toHaveLength(1);

    server.requests.length = 0;
    server.on('/clip.mp4', (_request, response) => response.writeHead(403).end());
    const rest = await shotlist(['run', file, '--yes', ...open], { cwd, env });
    expect(rest.code).toBe(0);
    expect(books()).toHaveLength(4);
    expect(server.requests.map(({ url }) => url)).toEqual(['/mika.png']);

    server.requests.length = 0;
    expect((await shotlist(['run', file, '--yes', ...open], { cwd, env })).code).toBe(0);
    expect(server.requests).toEqual([]);
  });
});

describe('plan --media', () => {
  it('shows what is behind the URLs, and what uses it', async () => {
    const { server, cwd, file } = await board();
    const { code, stdout } = await shotlist(['plan', file, ...open], { cwd });
    expect(code).toBe(0);
    const table = stdout.slice(stdout.indexOf('\nMedia\n'));
    const { host } = new URL(server.url('/'));
    expect(table.split('\n').map((line) => line.trim().split(/ {2,}/))).toEqual([
      [''],
      ['Media'],
      ['kind', 'size', 'duration', 'pixels', 'used by', 'file'],
      ['image (png)', '576 bytes', '70x50', 'sc010/sh0010 and 2 others', `${host}/mika.png`],
      ['video (mp4)', '1.9 MB', '0.8 s', '64x48', 'sc010/sh0010', `${host}/clip.mp4`],
      ['audio (mp3)', expect.any(String), '0.836 s', 'sc010/sh0010', `${host}/hum.mp3`],
      [''],
    ]);
  });

  it('tells a script the same, in one document', async () => {
    const { server, cwd, file } = await board();
    const args = ['plan', file, '--format', 'json', '--only', 'sc010/sh0030', ...open];
    const { stdout } = await shotlist(args, { cwd });
    expect(JSON.parse(stdout)).toMatchObject({
      summary: { submit: 1 },
      media: [
        {
          url: server.url('/mika.png'),
          expected: 'image',
          outcome: 'reached',
          kind: 'image',
          format: 'png',
          bytes: fixture('still.png').length,
          duration: null,
          width: 70,
          height: 50,
          usedBy: ['sc010/sh0030'],
        },
      ],
    });
    expect(server.requests.map(({ url }) => url)).toEqual(['/mika.png']);
  });

  it('folds the table in a comment for a pull request, also beside what changed', async () => {
    const { cwd, file, text } = await board();
    writeFileSync(path.join(cwd, 'before.yaml'), text.replace('Mika runs', 'Mika walks'));
    const row = '| image (png) | 576 bytes |  | 70x50 | `sc010/sh0010 and 2 others` |';
    for (const more of [[], ['--against', 'before.yaml']]) {
      const { code, stdout } = await shotlist(['plan', file, '--format', 'markdown', ...more, ...open], {
        cwd,
      });
      expect(code).toBe(0);
      expect(stdout).toContain('<summary>Media</summary>');
      expect(stdout).toContain(row);
    }
    const json = await shotlist(['plan', file, '--format', 'json', '--against', 'before.yaml', ...open], {
      cwd,
    });
    expect(JSON.parse(json.stdout)).toMatchObject({
      media: [{ width: 70 }, { width: 64 }, { kind: 'audio' }],
    });
  });

  it('saves no plan whose media have errors', async () => {
    const { server, cwd, file } = await board();
    server.on('/mika.png', (_request, response) => response.writeHead(404).end());
    const { code, stdout, stderr } = await shotlist(['plan', file, '--out', 'plan.json', ...open], { cwd });
    expect(code).toBe(1);
    expect(stdout).toContain('image, out of reach');
    expect(stderr).toContain('error media-unreachable');
    expect(existsSync(path.join(cwd, 'plan.json'))).toBe(false);
  });

  it('remembers where the ledger is', async () => {
    const { cwd, file } = await board();
    await shotlist(['plan', file, '--ledger', 'elsewhere/ledger.db', ...open], { cwd });
    const cache = readFileSync(path.join(cwd, 'elsewhere', 'media-cache.json'), 'utf8');
    expect(cache).not.toContain('mika.png');
    expect(existsSync(path.join(cwd, '.shotlist', 'media-cache.json'))).toBe(false);
  });
});

describe('many media', () => {
  it('are counted while they are probed', async () => {
    const project = await board();
    let hours = 0;
    const clock = { ...systemClock, now: () => 3_600_000 * ++hours };
    const { stderr } = await shotlist(['lint', project.file, ...open], { cwd: project.cwd, clock });
    expect(stderr).toBe(
      'Media: 3 files: 1 of 3 probed\nMedia: 3 files: 2 of 3 probed\nMedia: 3 files: 3 of 3 probed\nMedia: 3 files\n',
    );
  });

  it('can be stopped', async () => {
    const project = await board();
    let press: () => void = () => undefined;
    project.server.on('/mika.png', () => press());
    const { code, stderr } = await shotlist(['lint', project.file, ...open], {
      cwd: project.cwd,
      onInterruptible: (pressCtrlC) => {
        press = pressCtrlC;
      },
    });
    expect(code).toBe(130);
    expect(stderr).toContain('interrupted while media were probed');
  });
});
