import { execFileSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

/**
 * Runs commands in a real terminal, typing the answers at its questions. Returns what is on the screen at the end, colors as
 * escape sequences. Needs tmux.
 */
export async function filmed(
  commands: readonly string[],
  answers: readonly string[],
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>>; readonly columns: number },
): Promise<string> {
  const socket = `${path.basename(path.dirname(options.cwd))}-${path.basename(options.cwd)}`;
  const tmux = (...args: readonly string[]): string =>
    execFileSync('tmux', ['-L', socket, '-f', '/dev/null', ...args], {
      encoding: 'utf8',
      env: { ...options.env, TERM: 'xterm-256color', LANG: 'C.UTF-8' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
  const script = commands.map((command) => `printf '\\033[1;35m$\\033[0m %s\\n' '${command}'; ${command}`);
  const file = path.join(options.cwd, 'scene.sh');
  writeFileSync(file, `cd "${options.cwd}"\n${script.join('\necho\n')}\ntouch finished\nread -r\n`);
  const size = ['-x', String(options.columns), '-y', '90'];
  tmux('new-session', '-d', '-s', 'film', ...size, `bash --noprofile --norc ${file}`);
  try {
    const screen = (): string => tmux('capture-pane', '-t', 'film', '-p', '-e');
    const left = [...answers];
    const end = Date.now() + 30_000;
    for (;;) {
      const seen = screen();
      if (/\[y\/N\] *\n*$/.test(seen.trimEnd()) && left.length > 0) {
        tmux('send-keys', '-t', 'film', left.shift() ?? '', 'Enter');
      }
      if (existsSync(path.join(options.cwd, 'finished'))) return screen();
      if (Date.now() > end) throw new Error(`the commands do not end:\n${seen}`);
      await sleep(200);
    }
  } finally {
    tmux('kill-server');
  }
}
