import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { tools } from '../../src/server/mcp/tools/index.ts';
import { storyboard } from '../helpers/approvers.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { agent } from './client.ts';

const reading = [
  'lint',
  'requests',
  'propose_edit',
  'plan',
  'price',
  'status',
  'report',
  'history',
  'rules',
  'models',
];

/** A work tree with a storyboard that nobody approves. */
function plainDesk(text = storyboard.replace('approvers: approvers\n', '')): string {
  const cwd = temporaryFolder();
  writeFileSync(path.join(cwd, 'board.yaml'), text);
  return cwd;
}

describe('the server for agents', () => {
  it('offers what only reads, and more only where it was started for it', async () => {
    const cwd = plainDesk();
    const names = async (allow: 'read' | 'plan' | 'run'): Promise<readonly string[]> => {
      const { client } = await agent({ cwd, env: {}, allow });
      const { tools: offered } = await client.listTools();
      for (const { name, annotations, outputSchema } of offered) {
        expect(annotations?.readOnlyHint).toBe(reading.includes(name));
        expect(outputSchema?.['properties']).toHaveProperty('nextActions');
      }
      return offered.map(({ name }) => name).sort();
    };
    expect(await names('read')).toEqual([...reading].sort());
    expect(await names('plan')).toEqual([...reading, 'save_plan'].sort());
    expect(await names('run')).toEqual([...tools].map(({ name }) => name).sort());
  });

  it('answers as --format json does, with the same next actions', async () => {
    const cwd = plainDesk();
    const { env } = await emulator();
    const { call } = await agent({ cwd, env, allow: 'read' });
    const cli = async (words: string) =>
      JSON.parse((await shotlist([...words.split(' '), '--format', 'json'], { cwd, env })).stdout);
    const lint = await call('lint', { manifest: 'board.yaml' });
    expect(lint.value).toMatchObject(await cli('lint board.yaml'));
    const { requests, summary, nextActions } = await cli('plan board.yaml');
    const plan = await call('plan', { manifest: 'board.yaml' });
    expect(plan.value).toMatchObject({ requests, summary, nextActions });
    expect((await call('price', { manifest: 'board.yaml', only: ['sh1'] })).value).toMatchObject({
      byModel: [{ model: 'videos', requests: 1, price: 7, cost: 7 }],
      budget: { maxCost: 100 },
    });
    await shotlist(['run', 'board.yaml', '--yes'], { cwd, env });
    const status = await call('status', { manifest: 'board.yaml' });
    const shown = await cli('status board.yaml');
    expect(status.value).toMatchObject({ summary: shown.summary, nextActions: shown.nextActions });
    const history = await call('history', { manifest: 'board.yaml', key: 'sh1' });
    expect(history.value).toMatchObject(await cli('history board.yaml sh1'));
    const report = await call('report', { manifest: 'board.yaml', status: ['queued'], limit: 2 });
    expect(report.value).toMatchObject({ total: 3, nextOffset: 2, rows: [{ key: 'sh1' }, { key: 'sh2' }] });
  });

  it('reads a storyboard as resolved requests, page by page', async () => {
    const { call } = await agent({ cwd: plainDesk(), env: {}, allow: 'read' });
    const { value } = await call('requests', { manifest: 'board.yaml', offset: 1, limit: 1 });
    expect(value).toMatchObject({
      total: 3,
      nextOffset: 2,
      requests: [{ key: 'sh2', body: { model: 'videos', prompt: 'Second', duration: 5 } }],
    });
  });

  it('explains rules and models, and names the near miss', async () => {
    const { call } = await agent({ cwd: plainDesk(), env: {}, allow: 'read' });
    expect((await call('rules')).value['rules']).not.toHaveLength(0);
    expect((await call('rules', { id: 'frame-pair' })).text).toContain('frame-pair');
    expect((await call('models', { id: 'videos' })).value).toMatchObject({ models: [{ id: 'videos' }] });
    const miss = await call('models', { id: 'video' });
    expect(miss).toMatchObject({ isError: true, value: { errorCode: 'usage' } });
    expect(miss.text).toContain('did you mean videos');
  });

  it('proposes an edit as a diff, with what it would cost, and writes nothing', async () => {
    const cwd = plainDesk();
    const before = readFileSync(path.join(cwd, 'board.yaml'), 'utf8');
    const { call } = await agent({ cwd, env: {}, allow: 'read' });
    const edit = (find: string, replace: string) =>
      call('propose_edit', { manifest: 'board.yaml', edits: [{ find, replace }] });
    const good = await edit('prompt: Third }', 'prompt: Third, takes: 4 }');
    expect(good.value['diff']).toContain(
      '-  - { id: sh3, prompt: Third }\n+  - { id: sh3, prompt: Third, takes: 4 }',
    );
    expect(good.value).toMatchObject({ lint: { errors: 0 }, plan: { submit: 6, cost: 42 } });
    const bad = await edit('id: sh3', 'id: sh1');
    expect(bad.value).toMatchObject({ plan: null, nextActions: [{ action: 'lint' }] });
    expect((await edit('nowhere', 'x')).value).toMatchObject({ errorCode: 'usage' });
    expect((await edit('prompt', 'x')).text).toContain('3 times');
    expect(readFileSync(path.join(cwd, 'board.yaml'), 'utf8')).toBe(before);
  });

  it('has the schemas and the documents to read', async () => {
    const { client } = await agent({ cwd: plainDesk(), env: {}, allow: 'read' });
    const { resources } = await client.listResources();
    expect(resources.map(({ uri }) => uri)).toEqual(
      expect.arrayContaining([
        'shotlist://schemas/manifest',
        'shotlist://schemas/plan',
        'shotlist://docs/rules.md',
      ]),
    );
    for (const { uri } of resources) {
      const { contents } = await client.readResource({ uri });
      expect(contents[0]).toMatchObject({ uri });
    }
  });
});
