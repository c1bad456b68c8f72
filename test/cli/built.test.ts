import { spawnSync } from 'node:child_process';
import { closeSync, existsSync, openSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { built, builtMain } from '../helpers/built.ts';
import { temporaryFolder } from '../helpers/cli.ts';

// What only the built program can show: that everything it loads by name was bundled with it.
describe('the built program', () => {
  it.each(['manifest', 'models', 'report'])('prints the schema of the %s', async (name) => {
    const { code, stdout, stderr } = await built(['schema', name], { cwd: temporaryFolder() });
    expect(stderr).toBe('');
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toHaveProperty('$schema');
  });

  it('begins a storyboard that it finds no mistake in', async () => {
    const cwd = temporaryFolder();
    expect((await built(['init', '--yes'], { cwd })).code).toBe(0);
    expect((await built(['lint', '--strict', 'storyboard.yaml'], { cwd })).code).toBe(0);
  });

  it.skipIf(process.platform === 'win32').each([22, 26, 30])(
    'says in a sentence that it may not open enough files: %i',
    (most) => {
      const cwd = temporaryFolder();
      const command = `ulimit -n ${most}; exec "$0" "$@"`;
      const { status, stdout, stderr } = spawnSync(
        'bash',
        ['-c', command, process.execPath, builtMain, 'plan', 'board.yaml'],
        { cwd, encoding: 'utf8', env: withoutSettings() },
      );
      expect(stdout).toBe('');
      expect(stderr).toMatch(/^error (this process may not open as many files|`board\.yaml` does not exist)/);
      expect(status).toBe(2);
    },
  );

  it.skipIf(!existsSync('/dev/full')).each([[['--version']], [['rules']]])(
    'says in a sentence that the disk behind its output is full: %j',
    (args) => {
      const full = openSync('/dev/full', 'w');
      const { status, stderr } = spawnSync(process.execPath, [builtMain, ...args], {
        stdio: ['ignore', full, 'pipe'],
        encoding: 'utf8',
      });
      closeSync(full);
      expect(stderr).toBe(
        'error standard output cannot be written: no space left on device\n  help free some space, or send the output somewhere else\n',
      );
      expect(status).toBe(2);
    },
  );
});

/** The environment as it is, without what the suite sets for commands that it calls in its own process. */
function withoutSettings(): NodeJS.ProcessEnv {
  return Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('SHOTLIST_')));
}
