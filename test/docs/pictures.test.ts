import { readFileSync, statSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { scenes } from '../../scripts/pictures/scenes.ts';
import { linesIn } from '../../scripts/pictures/svg.ts';
import { Shell, usualPort } from './shell.ts';
import { isShown, linesOf } from './transcript.ts';

const images = path.resolve(import.meta.dirname, '../../docs/images');

describe('the pictures of README', () => {
  it.each(scenes)('$name shows what the program prints', async ({ name, files, commands, answers }) => {
    const shell = new Shell();
    onTestFinished(() => shell.close());
    await shell.startEmulator(['--port', usualPort, '--seed', '7']);
    shell.pointAt(usualPort);
    for (const [file, text] of Object.entries(files)) writeFileSync(path.join(shell.cwd, file), text);
    const left = [...answers];
    const printed: string[] = [];
    for (const command of commands) {
      const { output } = await shell.run(command, left.splice(0, 1));
      printed.push(`$ ${command}`, ...linesOf(output), '');
    }
    const shown = linesIn(readFileSync(path.join(images, `${name}.svg`), 'utf8'));
    const isCurrent = isShown(shown, linesOf(printed.join('\n')));
    expect(isCurrent ? printed : shown, 'stale: npm run pictures').toEqual(printed);
  });

  it('are small', () => {
    expect(statSync(path.join(images, 'report.png')).size).toBeLessThan(200_000);
  });
});
