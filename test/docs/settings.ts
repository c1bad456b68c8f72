import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { allowedSigner, makeKey } from '../helpers/approvers.ts';
import { git, writeFiles } from '../helpers/git.ts';
import { MediaServer } from '../media/media-server.ts';
import { type Shell, usualPort } from './shell.ts';

/** The storyboard of the documents. */
export const storyboard = `version: 1
project: neon-alley
vars:
  look: cinematic, 35mm, rain-soaked
defaults:
  model: videos_stable
  duration: 5
  ratio: "16:9"
run:
  concurrency: 1
budget:
  currency: CNY
  prices: { videos_stable: 5 }
  maxCost: 60
scenes:
  - id: sc010
    title: The alley
    shots:
      - id: sh0010
        prompt: Neon skyline at night, slow dolly in, \${vars.look}
      - id: sh0020
        prompt: A courier runs through the alley, handheld camera, \${vars.look}
        takes: 3
      - id: sh0030
        prompt: The courier looks up into the rain, close-up, \${vars.look}
`;

async function must(shell: Shell, ...commands: readonly string[]): Promise<void> {
  for (const command of commands) {
    const { code, output } = await shell.run(command);
    if (code !== 0) throw new Error(`${command}\n${output}`);
  }
}

function rewrite(shell: Shell, edit: (text: string) => string): void {
  const file = path.join(shell.cwd, 'storyboard.yaml');
  writeFileSync(file, edit(readFileSync(file, 'utf8')));
}

async function withEmulator(shell: Shell, ...flags: readonly string[]): Promise<void> {
  await shell.startEmulator(['--port', usualPort, '--seed', '7', ...flags]);
  shell.pointAt(usualPort);
}

async function unsent(shell: Shell): Promise<void> {
  writeFileSync(path.join(shell.cwd, 'storyboard.yaml'), storyboard);
  await withEmulator(shell);
}

async function submitted(shell: Shell): Promise<void> {
  await unsent(shell);
  await must(shell, 'shotlist run storyboard.yaml --yes');
}

/** Where the blocks after a `<!-- setting: NAME -->` of a document find themselves, in a folder of their own. */
export const settings: Readonly<Record<string, (shell: Shell) => Promise<void>>> = {
  async empty() {},
  unsent,
  submitted,

  /** A storyboard whose approver's key lies beside it. */
  async approvers(shell) {
    const key = makeKey(shell.cwd, 'id_ed25519');
    writeFileSync(path.join(shell.cwd, 'approvers'), allowedSigner('mika@example.com', key));
    await unsent(shell);
    rewrite(shell, (text) => text.replace('vars:', 'approvers: approvers\nvars:'));
  },

  async collected(shell) {
    await submitted(shell);
    await must(shell, 'shotlist collect storyboard.yaml');
  },

  /** The answer to the second request was lost. */
  async doubt(shell) {
    writeFileSync(path.join(shell.cwd, 'storyboard.yaml'), storyboard);
    await withEmulator(shell, '--fail', 'lost#2');
    await shell.run('shotlist run storyboard.yaml --yes');
  },

  /** The provider refuses the second request, and the third fails there. */
  async failed(shell) {
    writeFileSync(path.join(shell.cwd, 'storyboard.yaml'), storyboard);
    await withEmulator(shell, '--fail', 'error-code#2,failed#3');
    await shell.run('shotlist run storyboard.yaml --yes');
  },

  /** A shot, a variant and a scene that were submitted got other ids since; another shot has variants now. */
  async renamed(shell) {
    const more = `      - id: sh0040
        prompt: The sign goes dark
        variants: { tall: { ratio: "9:16" }, wide: {} }
      - id: sh0050
        prompt: A cat looks out of a window
  - id: sc020
    shots:
      - id: sh0010
        prompt: Morning, the alley is empty
`;
    const before = `${storyboard}${more}`;
    await unsent(shell);
    rewrite(shell, () => before);
    await must(shell, 'shotlist run storyboard.yaml --yes');
    rewrite(shell, (text) =>
      text
        .replace('id: sh0030', 'id: sh0035')
        .replace('tall:', 'portrait:')
        .replace('a window\n', 'a window\n        variants: { wide: {}, square: { ratio: "1:1" } }\n')
        .replace('id: sc020', 'id: sc025'),
    );
  },

  async 'one-renamed'(shell) {
    await submitted(shell);
    rewrite(shell, (text) => text.replace('id: sh0030', 'id: sh0035'));
  },

  async 'project-renamed'(shell) {
    await submitted(shell);
    rewrite(shell, (text) => text.replace('project: neon-alley', 'project: neon-alley-2'));
  },

  /** A branch beside main, with an edited shot and one more. */
  async branch(shell) {
    writeFiles(shell.cwd, {
      'storyboard.yaml': storyboard,
      'old.yaml': storyboard,
      'boards/old.yaml': storyboard,
    });
    git(shell.cwd, 'init', '--quiet', '--initial-branch=main');
    git(shell.cwd, 'add', '--all');
    git(shell.cwd, 'commit', '--quiet', '--message=storyboard');
    git(shell.cwd, 'checkout', '--quiet', '-b', 'closer');
    const edited = storyboard.replace('slow dolly in', 'fast dolly in');
    writeFiles(shell.cwd, {
      'storyboard.yaml': `${edited}      - id: sh0040\n        prompt: Rain on the lens, the sign goes dark\n`,
      'new.yaml': edited,
    });
  },

  /** A storyboard with mistakes: two that can be mended, and one that a person must mend. */
  async mistakes(shell) {
    await unsent(shell);
    rewrite(shell, (text) =>
      text.replace('ratio: "16:9"', 'ratio: 16:9').replace('takes: 3', 'takes: 3\n        duratoin: 50'),
    );
  },

  /** A storyboard whose media are a fine image, one that is gone, and a web page. */
  async media(shell) {
    const server = await MediaServer.start();
    onTestFinished(() => server.close());
    const still = readFileSync(new URL('../fixtures/media/still.png', import.meta.url));
    server.serve('/mika.png', { bytes: still, type: 'image/png' });
    server.serve('/login.png', {
      bytes: Buffer.from('<!doctype html><title>Sign in</title>'),
      type: 'image/png',
    });
    shell.name('8000', new URL(server.url('/')).port);
    const images = ['mika', 'gone', 'login'].map((name) => `          - ${server.url(`/${name}.png`)}\n`);
    await unsent(shell);
    rewrite(shell, (text) => `${text}        referenceImages:\n${images.join('')}`);
  },

  /** Storyboards in folders, as a studio with several films has them. */
  async acts(shell) {
    mkdirSync(path.join(shell.cwd, 'acts/one'), { recursive: true });
    for (const file of ['storyboard.yaml', 'acts/storyboard.yaml', 'acts/one/film.yaml']) {
      writeFileSync(path.join(shell.cwd, file), storyboard);
    }
    await withEmulator(shell);
  },
};
