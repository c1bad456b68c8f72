import { spawn } from 'node:child_process';
import { chmodSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { builtMain } from '../helpers/built.ts';
import { gitEnv } from '../helpers/git.ts';

export const root = path.resolve(import.meta.dirname, '../..');

export interface Ran {
  readonly code: number;
  readonly output: string;
}

/** Runs a script in bash as CI does: it ends at the first failure. */
export async function bash(
  script: string,
  options: { readonly cwd: string; readonly env: Readonly<Record<string, string>> },
): Promise<Ran> {
  const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', script], {
    cwd: options.cwd,
    env: { ...options.env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  const code = await new Promise<number>((resolve) => child.once('close', (exit) => resolve(exit ?? -1)));
  return { code, output };
}

/**
 * A machine with git, the built program as `shotlist`, and an `npx` that runs it for exactly the release that it is: any
 * other call of npx fails, as one that is not pinned should.
 */
export function machine(folder: string, version: string): Readonly<Record<string, string>> {
  const bin = path.join(folder, 'bin');
  mkdirSync(bin, { recursive: true });
  const program = `exec "${process.execPath}" "${builtMain}"`;
  const scripts = {
    shotlist: `${program} "$@"`,
    npx: `[ "$1 $2" = "--yes shotlist@${version}" ] || { echo "unexpected npx $*" >&2; exit 9; }\nshift 2\n${program} "$@"`,
    node: `exec "${process.execPath}" "$@"`,
  };
  for (const [name, script] of Object.entries(scripts)) {
    writeFileSync(path.join(bin, name), `#!/bin/sh\n${script}\n`);
    chmodSync(path.join(bin, name), 0o755);
  }
  return { ...gitEnv, PATH: `${bin}:${gitEnv['PATH']}`, HOME: folder, CI: 'true' };
}

export interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly uses?: string;
  readonly with?: Readonly<Record<string, string>>;
  readonly shell?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly run?: string;
}

/** What `${{ … }}` stands for: paths such as `github.event.pull_request.number`. */
export type Context = Map<string, string>;

/** Evaluates the few expressions that an action of ours may use: paths, texts, `==`, `!=`, `&&` and `||`. */
export function evaluate(expression: string, context: Context): string {
  for (const part of expression.split('||')) {
    let value = '';
    for (const term of part.split('&&')) {
      value = evaluateTerm(term.trim(), context);
      if (value === '' || value === 'false') break;
    }
    if (value !== '' && value !== 'false') return value;
  }
  return '';
}

function evaluateTerm(term: string, context: Context): string {
  const comparison = /^(.*?)\s*(==|!=)\s*(.*)$/.exec(term);
  if (comparison !== null) {
    const [, left = '', operator, right = ''] = comparison;
    const same = evaluateTerm(left, context) === evaluateTerm(right, context);
    return String(same === (operator === '=='));
  }
  const text = /^'([^']*)'$/.exec(term);
  if (text !== null) return text[1] ?? '';
  if (!/^[a-z][\w-]*(\.[\w-]+)+$/i.test(term)) throw new Error(`no expression that is known here: ${term}`);
  return context.get(term) ?? '';
}

export function expand(text: string, context: Context): string {
  return text.replace(/\$\{\{(.*?)\}\}/g, (_, expression: string) => evaluate(expression.trim(), context));
}

/** Reads `name=value` lines, as a runner reads $GITHUB_OUTPUT. */
export function outputsIn(file: string): readonly (readonly [string, string])[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.includes('='))
    .map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)] as const);
}
