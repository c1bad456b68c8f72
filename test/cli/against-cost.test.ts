import { describe, expect, it } from 'vitest';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { emulator } from '../helpers/emulator.ts';
import { commit, gitEnv, writeFiles } from '../helpers/git.ts';
import { board, files, plan, repository } from '../helpers/neon-repository.ts';

describe('plan --against a file', () => {
  it('compares two manifests, in no repository at all', async () => {
    const folder = temporaryFolder();
    writeFiles(folder, { ...files, 'boards/old.yaml': board.replace('duration: 5', 'duration: 4') });
    const { stdout } = await plan(folder, '--against', 'boards/old.yaml');
    expect(stdout).toContain('neon  boards/neon.yaml beside boards/old.yaml');
    expect(stdout).toContain('duration  4 → 5');
  });
});

describe('--max-increase', () => {
  const longer = (top: string): void =>
    writeFiles(top, { 'boards/neon.yaml': board.replace('takes: 2', 'takes: 4') });

  it('shows the comparison and exits with 3 beyond it; equal is allowed', async () => {
    const top = repository();
    longer(top);
    const over = await plan(top, '--against', 'HEAD', '--max-increase', '13.99');
    expect(over.code).toBe(3);
    expect(over.stdout).toContain('Cost: 14 CNY more');
    expect(over.stderr).toContain(
      'a run costs 14 CNY more than at HEAD, and --max-increase allows 13.99 CNY',
    );
    expect((await plan(top, '--against', 'HEAD', '--max-increase', '14')).code).toBe(0);
  });

  it('counts what was paid before only where it is paid again', async () => {
    const top = repository();
    const { env } = await emulator();
    const real = { cwd: top, env: { ...gitEnv, ...env } };
    expect((await shotlist(['run', 'boards/neon.yaml', '--yes', '--no-report'], real)).code).toBe(0);
    writeFiles(top, { 'boards/prompts/sh2.md': 'other words\n', 'boards/acts/two.yaml': 'shots: []\n' });
    const args = ['plan', 'boards/neon.yaml', '--against', 'HEAD', '--max-increase', '13'];
    const { stdout, code } = await shotlist(args, real);
    expect(stdout).toContain('Cost: 14 CNY more');
    expect(stdout).toMatch(/-\s+end\s+videos\s+text\s+paid/);
    expect(code).toBe(3);
  });

  it('needs something to compare with, and prices to count in', async () => {
    const top = repository();
    expect((await plan(top, '--max-increase', '5')).stderr).toContain('--max-increase needs --against');
    writeFiles(top, { 'boards/neon.yaml': board.replace('videos: 7, ', '') });
    const unpriced = await plan(top, '--against', 'HEAD', '--max-increase', '5');
    expect(unpriced.code).toBe(1);
    expect(unpriced.stderr).toContain('unpriced-model');
    writeFiles(top, { 'boards/neon.yaml': board.replace('CNY', 'USD') });
    expect((await plan(top, '--against', 'HEAD', '--max-increase', '5')).code).toBe(3);
  });
});

describe('the comment for a pull request', () => {
  it('is one table with the details folded, and the same text each time', async () => {
    const top = repository();
    writeFiles(top, {
      'boards/neon.yaml': board
        .replace('Neon skyline', 'Ping @octocat about #12, <img src=x>, | and `code`')
        .replace('videos: 7', 'videos: 8'),
      'boards/prompts/sh2.md': '雨夜，一块完整的霓虹招牌\n',
      'boards/acts/two.yaml': 'shots:\n  - { id: fin, prompt: The end }\n',
    });
    const { stdout } = await plan(top, '--against', 'HEAD', '--format', 'markdown');
    expect((await plan(top, '--against', 'HEAD', '--format', 'markdown')).stdout).toBe(stdout);
    expect(stdout).toMatchInlineSnapshot(`
      "<!-- shotlist plan: boards/neon.yaml -->

      **\`boards/neon.yaml\`: costs 4 CNY more** (beside \`HEAD\`)

      A run now submits 4 requests for 32 CNY; before it would have submitted 4 requests for 28 CNY. 3 changed, 1 renamed, 0 as before.

      |  | request | what | cost |
      | --- | --- | --- | --- |
      | changed | \`sc1/sh1\` | \`prompt\` | +1 CNY |
      | changed | \`sc1/sh2\` × 2 | \`prompt\` \`雨夜，一块缺了笔画的霓虹招牌\` → \`雨夜，一块完整的霓虹招牌\` | +2 CNY |
      | renamed | \`fin\` | was \`end\` | +1 CNY |
      | terms | \`budget.prices.videos\` | \`7\` → \`8\` |  |

      Renamed. So that what was paid counts, and is not paid again:

      \`\`\`sh
      shotlist adopt boards/neon.yaml end fin
      \`\`\`

      <details>
      <summary>What changed, parameter by parameter</summary>

      \`sc1/sh1\`

      <blockquote><b>prompt</b><br><del>Neon skyline</del><ins><b>Ping @<!-- -->octocat about #<!-- -->12, &lt;img src=x&gt;, | and \`code\`</b></ins>, cinematic</blockquote>

      \`sc1/sh2\`

      <blockquote><b>prompt</b><br>雨夜，一块<del>缺了笔画</del><ins><b>完整</b></ins>的霓虹招牌</blockquote>

      </details>
      "
    `);
    // Nobody is mentioned, no issue linked and no markup taken from a prompt.
    expect(stdout).not.toMatch(/@octocat|#12|<img/);
  });

  it.each([
    ['changed', (n: number) => `id: ${'s'.repeat(58)}-${n}, prompt: ${`rain ${n} `.repeat(40)}`],
    ['renamed', (n: number) => `id: ${'t'.repeat(58)}-${n}, prompt: ${`snow ${n} `.repeat(40)}`],
  ])('stays below what GitHub takes with a thousand shots %s', async (kind, after) => {
    const top = temporaryFolder();
    const many = (shot: (n: number) => string): string =>
      `version: 1\nproject: many\ndefaults: { model: videos, duration: 5 }\nscenes:\n  - id: ${'c'.repeat(60)}\n    shots:\n${Array.from(
        { length: 1000 },
        (_, n) => `      - { ${shot(n)} }\n`,
      ).join('')}`;
    commit(top, {
      'neon.yaml': many((n) => `id: ${'s'.repeat(58)}-${n}, prompt: ${`snow ${n} `.repeat(40)}`),
    });
    writeFiles(top, { 'neon.yaml': many(after) });
    const args = ['plan', 'neon.yaml', '--against', 'HEAD', '--format', 'markdown'];
    const { stdout } = await shotlist(args, { cwd: top, env: gitEnv });
    expect(stdout).toContain(`1,000 ${kind}, 0 as before`);
    expect(stdout.length).toBeLessThan(61_000);
    expect(stdout).toMatch(kind === 'changed' ? /… and \d+ more: too long/ : /# and \d+ more: shotlist plan/);
    expect(stdout.match(/<details>/g)?.length).toBe(stdout.match(/<\/details>/g)?.length);
  });

  it('says that a difference holds as far as prices are known', async () => {
    const top = repository();
    writeFiles(top, {
      'boards/acts/two.yaml': 'shots:\n  - { id: new, prompt: New, model: videos_stable_fast }\n',
    });
    const { stdout } = await plan(top, '--against', 'HEAD', '--format', 'markdown');
    expect(stdout).toContain('costs 7 CNY less, as far as prices are known');
    expect(stdout).toContain('4 requests for 21 CNY (1 of them without a price)');
  });

  it('shows a plan without --against too', async () => {
    const top = repository();
    const { stdout } = await plan(top, '--format', 'markdown');
    expect(stdout).toContain('**`boards/neon.yaml`: 4 requests to submit for 28 CNY**');
    expect(stdout).toContain('| `videos` | 4 | 7 CNY | 28 CNY |');
  });
});
