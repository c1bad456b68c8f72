import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { SetupError, systemCode } from '../../core/errors.ts';
import type { Environment } from '../options.ts';

/** The purpose of our signatures, so that none that was given for something else counts here. */
const namespace = 'shotlist';

/** The verdict on a signature. */
export type Verdict =
  | { readonly kind: 'good'; readonly signer: string }
  /** It does not fit the message, is for another purpose, or is none. */
  | { readonly kind: 'bad' }
  /** @member key its fingerprint, as `ssh-keygen -l` shows it. */
  | { readonly kind: 'stranger'; readonly key: string };

export interface Signed {
  readonly message: Buffer;
  /** Armored, as `ssh-keygen -Y sign` writes it. */
  readonly signature: string;
}

/**
 * Verifies a signature as git does, with OpenSSH itself, so that certificates, hardware keys and the options of an
 * allowed-signers file mean what they mean everywhere.
 *
 * @param signers the text of the allowed-signers file.
 * @param now in milliseconds: when a key must be valid.
 * @throws SetupError where there is no `ssh-keygen`.
 */
export function verify(
  { message, signature }: Signed,
  signers: string,
  now: number,
  env: Environment,
): Promise<Verdict> {
  return inFolder({ signature, signers }, async (file) => {
    const key = await keyThatFits({ message, file: file('signature') }, env);
    if (key === null) return { kind: 'bad' };
    const signersAt = ['-f', file('signers'), '-s', file('signature'), '-O', `verify-time=${timeOf(now)}`];
    const found = await keygen(['-Y', 'find-principals', ...signersAt], { env });
    const names = found.isGood ? found.stdout.split('\n').filter((name) => name !== '') : [];
    for (const signer of names) {
      const how = ['-Y', 'verify', '-n', namespace, '-I', signer, ...signersAt];
      if ((await keygen(how, { env, input: message })).isGood) return { kind: 'good', signer };
    }
    return { kind: 'stranger', key };
  });
}

/** True where a signature fits a message, whoever made it. @throws SetupError where there is no `ssh-keygen`. */
export function fits({ message, signature }: Signed, env: Environment): Promise<boolean> {
  return inFolder(
    { signature },
    async (file) => (await keyThatFits({ message, file: file('signature') }, env)) !== null,
  );
}

/** The fingerprint of the key whose signature fits; null where none does. */
async function keyThatFits(
  { message, file }: { readonly message: Buffer; readonly file: string },
  env: Environment,
): Promise<string | null> {
  const how = ['-Y', 'check-novalidate', '-n', namespace, '-s', file];
  const { isGood, stdout } = await keygen(how, { env, input: message });
  return isGood ? (/SHA256:\S+/.exec(stdout)?.[0] ?? 'SHA256:?') : null;
}

/** A key to sign with: a file, or the public half of one that an agent holds. */
export type SigningKey =
  | { readonly kind: 'file'; readonly file: string }
  | { readonly kind: 'agent'; readonly publicKey: string };

/**
 * Signs a message. OpenSSH asks for a passphrase or a touch on the terminal itself.
 *
 * @param onNotice told of what the person has to do, such as touching a key.
 * @throws SetupError where there is no `ssh-keygen`, or the key cannot be used.
 */
export function sign(
  message: string,
  key: SigningKey,
  env: Environment,
  onNotice: (text: string) => void,
): Promise<Signed> {
  const texts = { message, ...(key.kind === 'agent' ? { key: `${key.publicKey}\n` } : {}) };
  return inFolder(texts, async (file) => {
    const keyFile = key.kind === 'file' ? key.file : file('key');
    const words = ['-Y', 'sign', '-n', namespace, '-f', keyFile, ...(key.kind === 'agent' ? ['-U'] : [])];
    const input = Buffer.from(message);
    const { isGood, stdout, stderr } = await keygen(words, { env, input, onNotice });
    if (isGood) return { message: input, signature: stdout };
    const why = stderr.trim().split('\n').at(-1) ?? '';
    throw new SetupError(`the plan could not be signed with ${nameOf(key)}: ${why || 'ssh-keygen failed'}`, {
      help: 'name another key with --key, or add its passphrase to an agent with ssh-add; nothing was signed',
    });
  });
}

function nameOf(key: SigningKey): string {
  return key.kind === 'file' ? key.file : 'the key of the SSH agent';
}

interface Call {
  readonly env: Environment;
  readonly input?: Buffer;
  readonly onNotice?: (text: string) => void;
}

interface Answer {
  readonly isGood: boolean;
  readonly stdout: string;
  readonly stderr: string;
}

/** Messages and times that can be read, whatever the user's language and zone are; and never the key of the provider. */
function environment({ SHOTLIST_API_KEY: _, ...env }: Environment): NodeJS.ProcessEnv {
  return { ...env, LC_ALL: 'C', TZ: 'UTC' };
}

async function keygen(words: readonly string[], { env, input, onNotice }: Call): Promise<Answer> {
  const child = spawn('ssh-keygen', words, { env: environment(env) });
  // It may end before it has read everything, and says so by its exit code.
  child.stdin.on('error', () => {});
  child.stdin.end(input ?? '');
  const [stdout, stderr, isGood] = await Promise.all([
    textOf(child.stdout),
    textOf(child.stderr, (text) => {
      if (/touch|user presence/i.test(text)) onNotice?.(text.trim());
    }),
    endOf(child),
  ]);
  return { isGood, stdout, stderr };
}

async function textOf(stream: NodeJS.ReadableStream, onText?: (text: string) => void): Promise<string> {
  let text = '';
  for await (const chunk of stream) {
    text += String(chunk);
    onText?.(String(chunk));
  }
  return text;
}

function endOf(child: ChildProcess): Promise<boolean> {
  return new Promise((resolve, reject) => {
    child.once('close', (code) => resolve(code === 0));
    child.once('error', (error) => {
      const isMissing = systemCode(error) === 'ENOENT';
      reject(
        new SetupError(
          isMissing ? 'ssh-keygen was not found' : `ssh-keygen cannot be run: ${error.message}`,
          {
            help: 'install OpenSSH (on Debian: openssh-client); approvals are its signatures. Nothing was sent.',
            cause: error,
          },
        ),
      );
    });
  });
}

/** Keeps texts as files of this user alone while work that needs their names goes on. */
async function inFolder<Name extends string, T>(
  texts: Readonly<Partial<Record<Name, string>>>,
  work: (file: (name: Name) => string) => Promise<T>,
): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'shotlist-approval-'));
  try {
    for (const [name, text] of Object.entries<string | undefined>(texts)) {
      if (text !== undefined) await writeFile(path.join(folder, name), text, { mode: 0o600 });
    }
    return await work((name) => path.join(folder, name));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Writes a time as `-O verify-time` takes it, in UTC: `20260131093000`. */
function timeOf(now: number): string {
  return new Date(now).toISOString().replace(/[-:T]|\..*$/g, '');
}
