import { copyFileSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { extendCatalog } from '../../src/catalog/extend.ts';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const folder = fileURLToPath(new URL('../../examples/models', import.meta.url));
const files = readdirSync(folder).filter((name) => name.endsWith('.json'));

const catalogOf = (file: string) =>
  extendCatalog(shippedCatalog, JSON.parse(readFileSync(path.join(folder, file), 'utf8')));

/** A shot for each model of a file, with what its model takes. */
function boardOf(file: string): string {
  const { models } = JSON.parse(readFileSync(path.join(folder, file), 'utf8')) as { models: object };
  const image = 'referenceImages: [https://cdn.example.com/a.png]';
  const shots = Object.keys(models).map(
    (id) => `  - { id: ${id}, model: ${id}, prompt: Rain on glass, ${image} }\n`,
  );
  return `version: 1\nproject: siblings\nmodels: ${file}\ndefaults: { duration: 10, ratio: "16:9" }\nshots:\n${shots.join('')}`;
}

describe.each(files)('the models file %s', (file) => {
  it('states nothing wrong', () => {
    expect(catalogOf(file).problems).toEqual([]);
  });

  it('is linted and sent at the emulator', async () => {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), boardOf(file));
    copyFileSync(path.join(folder, file), path.join(cwd, file));
    const { env, books } = await emulator({
      catalog: catalogOf(file).catalog,
      taskMs: { minMs: 0, maxMs: 0 },
    });
    const run = await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    expect(run).toMatchObject({ code: 0 });
    expect(books()).toHaveLength(boardOf(file).split('- { id:').length - 1);
  });
});

describe('what a sibling does in its own way', () => {
  const models = {
    version: 1,
    models: {
      pro: {
        extends: 'videos',
        createPath: '/v2/pro/tasks',
        queryPath: '/v2/pro/tasks',
        durations: [15, 10],
        statuses: { FINISHED: 'completed', Waiting: 'queued' },
        requires: { referenceAudios: ['referenceImages', 'referenceVideos'] },
      },
      free: { extends: 'pro', duration: { min: 5 } },
    },
  };
  const { catalog, problems } = extendCatalog(shippedCatalog, models);
  const board = (shots: string): string => `version: 1\nproject: pro\nmodels: models.json\nshots:\n${shots}`;

  async function project(shots: string): Promise<string> {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), board(shots));
    writeFileSync(path.join(cwd, 'models.json'), JSON.stringify(models));
    return cwd;
  }

  it('is read from its entry', () => {
    expect(problems).toEqual([]);
    expect(catalog.get('pro')).toMatchObject({ durations: [10, 15], duration: { min: 10, max: 15 } });
    expect(catalog.get('free')?.durations).toBeUndefined();
    expect(catalog.get('free')).toMatchObject({ duration: { min: 5, max: 15 }, queryPath: '/v2/pro/tasks' });
  });

  it('is held against by the lint', async () => {
    const cwd = await project(
      '  - { id: a, model: pro, duration: 12, prompt: Rain }\n  - { id: b, model: pro, duration: 10, prompt: Fog, referenceAudios: [https://cdn.example.com/a.mp3] }\n  - { id: c, model: pro, duration: 15, prompt: Sun, referenceVideos: [https://cdn.example.com/a.mp4], referenceAudios: [https://cdn.example.com/a.mp3] }\n',
    );
    const { stdout } = await shotlist(['lint', 'board.yaml', '--format', 'json'], { cwd });
    const { diagnostics } = JSON.parse(stdout) as {
      diagnostics: { rule: string; key: string; message: string }[];
    };
    expect(diagnostics.map(({ rule, key, message }) => [rule, key, message])).toEqual([
      ['duration-out-of-range', 'a', '`pro` makes 10 or 15 s, not 12 s'],
      [
        'required-beside',
        'b',
        '`pro` takes `referenceAudios` only with `referenceImages` or `referenceVideos` beside them',
      ],
    ]);
  });

  it('is held against by the emulator', async () => {
    const { baseUrl, key } = await emulator({ catalog });
    const send = async (body: object, at = '/v2/pro/tasks'): Promise<string> =>
      (
        await fetch(`${baseUrl}${at}`, {
          method: 'POST',
          headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' },
          body: JSON.stringify({ model: 'pro', prompt: 'Rain', duration: 10, ...body }),
        })
      ).text();
    expect(await send({ duration: 12 })).toContain('duration must be one of 10, 15');
    expect(await send({ referenceAudios: ['https://cdn.example.com/a.mp3'] })).toContain(
      'referenceAudios needs',
    );
    const { id } = JSON.parse(await send({})) as { id: string };
    const ask = async (at: string): Promise<string> =>
      (await fetch(`${baseUrl}${at}/${id}`, { headers: { authorization: `Bearer ${key}` } })).text();
    expect(await ask('/v2/pro/tasks')).toContain(`"id":"${id}"`);
    expect(await ask('/v1/result')).toContain('does not exist');
  });

  it('is asked about at its own path, and understood in its own words', async () => {
    const cwd = await project('  - { id: a, model: pro, duration: 10, prompt: Rain }\n');
    const { env, books } = await emulator({ catalog, taskMs: { minMs: 0, maxMs: 0 } });
    expect(await shotlist(['run', 'board.yaml', '--yes'], { cwd, env })).toMatchObject({ code: 0 });
    const { code, stderr } = await shotlist(['collect', 'board.yaml', '--once'], { cwd, env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    expect(stderr).not.toContain('FINISHED');
    expect(books()[0]).toMatchObject({ status: 'completed', polls: 1, downloads: 1 });
  });

  it('states a set or a range, not both', () => {
    const both = { version: 1, models: { videos: { durations: [5], duration: { min: 4 } } } };
    expect(extendCatalog(shippedCatalog, both).problems).toMatchObject([
      { path: ['models', 'videos', 'durations'] },
    ]);
  });
});

describe('the model whose documents and clients disagree', () => {
  it('keeps to the documents, and says so', async () => {
    expect(shippedCatalog.get('videos_stable_fast')).toMatchObject({ duration: { min: 4, max: 15 } });
    const { stdout } = await shotlist(['models', 'videos_stable_fast'], { cwd: temporaryFolder() });
    expect(stdout.replace(/\s+/g, ' ')).toContain('4 to 15 s');
    expect(stdout.replace(/\s+/g, ' ')).toContain('"durations": [10, 15]');
  });
});
