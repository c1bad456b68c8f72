import { execFile } from 'node:child_process';
import path from 'node:path';
import { SetupError } from '../../core/errors.ts';
import type { ProjectFiles } from '../files.ts';
import type { Environment } from '../options.ts';
import type { SigningKey } from './ssh-keygen.ts';

export interface KeyPlace {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  readonly files: Pick<ProjectFiles, 'kindOf'>;
}

/** The keys that OpenSSH makes, the better first. */
const ownKeys = ['id_ed25519', 'id_ed25519_sk', 'id_ecdsa', 'id_ecdsa_sk', 'id_rsa'];

/**
 * The key that a person signs with: the one that is named, or the one that git signs with, or the first of the agent, or the
 * first in `~/.ssh`.
 *
 * @throws SetupError where there is none.
 */
export async function findSigningKey(named: string | undefined, place: KeyPlace): Promise<SigningKey> {
  const { cwd, files } = place;
  if (named !== undefined)
    return { kind: 'file', file: await expectFile(named, path.resolve(cwd, named), files) };
  const ofGit = await gitKey(place);
  if (ofGit !== null) return ofGit;
  const inAgent = await ofAgent(place);
  if (inAgent !== null) return inAgent;
  const home = homeOf(place.env);
  for (const name of home === undefined ? [] : ownKeys) {
    const file = path.join(home ?? '', '.ssh', name);
    if ((await files.kindOf(file)) === 'file') return { kind: 'file', file };
  }
  throw new SetupError('there is no SSH key to sign with', {
    help: 'name one with --key, or make one with: ssh-keygen -t ed25519',
  });
}

async function expectFile(named: string, file: string, files: KeyPlace['files']): Promise<string> {
  if ((await files.kindOf(file)) === 'file') return file;
  throw new SetupError(`there is no key ${named}`, {
    help: 'name the file of your private SSH key with --key',
  });
}

/** `user.signingKey`, where git signs with SSH. */
async function gitKey(place: KeyPlace): Promise<SigningKey | null> {
  const format = await output('git', ['config', '--get', 'gpg.format'], place);
  if (format?.trim() !== 'ssh') return null;
  const key = (await output('git', ['config', '--type=path', '--get', 'user.signingKey'], place))?.trim();
  if (key === undefined || key === '') return null;
  const literal = /^(?:key::)?((?:ssh|ecdsa|sk)-\S+ .*)$/.exec(key)?.[1];
  if (literal !== undefined) return { kind: 'agent', publicKey: literal };
  const file = path.resolve(place.cwd, key);
  return { kind: 'file', file: await expectFile(`${key} (user.signingKey of git)`, file, place.files) };
}

async function ofAgent(place: KeyPlace): Promise<SigningKey | null> {
  if (!place.env['SSH_AUTH_SOCK']) return null;
  const [first] = ((await output('ssh-add', ['-L'], place)) ?? '').split('\n');
  return first === undefined || !/^\S+ AAAA/.test(first) ? null : { kind: 'agent', publicKey: first };
}

function homeOf(env: Environment): string | undefined {
  return env['HOME'] ?? env['USERPROFILE'];
}

/** Output of a program; null where it fails or is not there. */
function output(program: string, words: readonly string[], { cwd, env }: KeyPlace): Promise<string | null> {
  return new Promise((resolve) => {
    execFile(program, words, { cwd, env: { ...env, LC_ALL: 'C' } }, (error, stdout) => {
      resolve(error === null ? stdout : null);
    });
  });
}
