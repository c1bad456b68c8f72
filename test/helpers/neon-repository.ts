import { type CliResult, shotlist, temporaryFolder } from './cli.ts';
import { commit, gitEnv } from './git.ts';

/** A storyboard with a fragment and a prompt file. */
export const board = `version: 1
project: neon
vars: { look: cinematic }
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7, videos_stable: 5 } }
include: [acts/two.yaml]
scenes:
  - id: sc1
    shots:
      - { id: sh1, prompt: "Neon skyline, \${vars.look}" }
      - { id: sh2, promptFile: prompts/sh2.md, takes: 2 }
`;
export const files = {
  'boards/neon.yaml': board,
  'boards/acts/two.yaml': 'shots:\n  - { id: end, prompt: The end }\n',
  'boards/prompts/sh2.md': '雨夜，一块缺了笔画的霓虹招牌\n',
};

/** A repository with a storyboard in a folder of its own. */
export function repository(): string {
  const top = temporaryFolder();
  commit(top, files);
  return top;
}

export function plan(cwd: string, ...args: readonly string[]): Promise<CliResult> {
  return shotlist(['plan', 'boards/neon.yaml', ...args], { cwd, env: gitEnv });
}
