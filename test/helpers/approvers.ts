import { execFileSync } from 'node:child_process';
import { copyFileSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';

export const storyboard = `version: 1
project: approved
approvers: approvers
defaults: { model: videos, duration: 5 }
budget: { currency: CNY, prices: { videos: 7 }, maxCost: 100 }
shots:
  - { id: sh1, prompt: First }
  - { id: sh2, prompt: Second }
  - { id: sh3, prompt: Third }
`;

/** Makes a key pair without a passphrase: its private file. */
export function makeKey(folder: string, name: string): string {
  const file = path.join(folder, name);
  execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', file]);
  return file;
}

/** A line of an allowed-signers file. */
export function allowedSigner(principal: string, key: string, options = ''): string {
  return `${principal} ${options}${readFileSync(`${key}.pub`, 'utf8')}`;
}

/** Signs a file as a person would without `approve`; the signature lies beside it. */
export function signByHand(file: string, key: string, namespace = 'shotlist'): void {
  rmSync(`${file}.sig`, { force: true });
  execFileSync('ssh-keygen', ['-q', '-Y', 'sign', '-n', namespace, '-f', key, file], { stdio: 'ignore' });
}

export interface ApproversDesk {
  readonly mika: string;
  readonly stranger: string;
}

/** Writes a storyboard into a folder whose one approver is mika, and makes the keys of her and of a stranger. */
export function approversDesk(cwd: string): ApproversDesk {
  const mika = makeKey(cwd, 'mika');
  const stranger = makeKey(cwd, 'stranger');
  writeFileSync(path.join(cwd, 'board.yaml'), storyboard);
  writeFileSync(path.join(cwd, 'approvers'), allowedSigner('mika@example.com', mika));
  return { mika, stranger };
}

/** Copies the storyboard with its plan and signature to another folder, as git would: no ledger. */
export function cloneDesk(from: string, to: string): void {
  for (const name of ['board.yaml', 'approvers', 'plan.json', 'plan.json.sig']) {
    copyFileSync(path.join(from, name), path.join(to, name));
  }
}
