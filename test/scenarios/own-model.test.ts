import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { extendCatalog } from '../../src/catalog/extend.ts';
import { shippedCatalog } from '../../src/catalog/shipped.ts';
import type { Plan } from '../../src/plan/model.ts';
import type { Report } from '../../src/report/model.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';

const models = {
  version: 1,
  models: {
    kyyvideo2: {
      extends: 'videos_stable',
      createPath: '/v1/kyyvideo2/videos',
      fields: { prompt: 'text', duration: 'seconds', referenceImages: 'images' },
    },
  },
};

const storyboard = `version: 1
project: siblings
models: models.json
defaults: { duration: 6 }
shots:
  - id: own
    model: kyyvideo2
    prompt: Rain on glass
    referenceImages: [https://cdn.example.com/a.png]
  - { id: shipped, model: videos, prompt: Rain on glass }
`;

describe('a sibling model that a file adds', () => {
  function project(): string {
    const cwd = temporaryFolder();
    writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
    writeFileSync(path.join(cwd, 'models.json'), JSON.stringify(models));
    return cwd;
  }
  const planned = async (cwd: string): Promise<Plan> =>
    JSON.parse((await shotlist(['plan', 'board.yaml', '--format', 'json'], { cwd })).stdout) as Plan;

  it('is linted, planned, submitted to its own path under its own names, and reported, without code', async () => {
    const cwd = project();
    const { catalog } = extendCatalog(shippedCatalog, models);
    const { env, books } = await emulator({ catalog });
    const bodies = (await planned(cwd)).requests.map(({ body }) => body);
    expect(bodies[0]).toEqual({
      model: 'kyyvideo2',
      text: 'Rain on glass',
      seconds: 6,
      images: ['https://cdn.example.com/a.png'],
    });
    const { code, stderr } = await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    expect({ code, stderr }).toMatchObject({ code: 0 });
    // What is sent is what the plan showed.
    expect(
      books()
        .map(({ body }) => JSON.stringify(body))
        .sort(),
    ).toEqual(bodies.map((body) => JSON.stringify(body)).sort());
    const report = JSON.parse(readFileSync(path.join(cwd, 'board.report.json'), 'utf8')) as Report;
    expect(report.rows[0]).toMatchObject({
      key: 'own',
      status: 'queued',
      prompt: 'Rain on glass',
      duration: 6,
    });
    const again = await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    expect(again.stderr).toContain('Nothing to send');
    expect(books()).toHaveLength(2);
  });

  it('is another request under other names, and moves no other', async () => {
    const cwd = project();
    const before = (await planned(cwd)).requests.map(({ fingerprint }) => fingerprint);
    const { fields: _, ...plain } = models.models.kyyvideo2;
    writeFileSync(
      path.join(cwd, 'models.json'),
      JSON.stringify({ version: 1, models: { kyyvideo2: plain } }),
    );
    const after = (await planned(cwd)).requests.map(({ fingerprint }) => fingerprint);
    expect(after[0]).not.toBe(before[0]);
    expect(after[1]).toBe(before[1]);
  });

  it.each([
    [
      'two parameters of one name',
      { prompt: 'text', ratio: 'text' },
      '`prompt` and `ratio` would both be sent as `text`',
    ],
    [
      'a name that another parameter has',
      { prompt: 'duration' },
      '`prompt` and `duration` would both be sent as `duration`',
    ],
    ['the name of the model', { prompt: 'model' }, undefined],
    ['a parameter that is not known', { promt: 'text' }, undefined],
  ])('is told when its names cannot be: %s', async (_, fields, message) => {
    const { problems } = extendCatalog(shippedCatalog, {
      version: 1,
      models: { x: { extends: 'videos', fields } },
    });
    expect(problems).toHaveLength(1);
    if (message !== undefined) expect(problems[0]?.message).toBe(message);
  });
});
