import path from 'node:path';
import { ShotlistError } from '../../core/errors.ts';
import type { ProjectFiles } from '../files.ts';
import type { Environment } from '../options.ts';

export interface SignaturePlace {
  readonly cwd: string;
  readonly files: Pick<ProjectFiles, 'read'>;
}

/** The file that holds the signature of a plan. */
export function signatureFile(plan: string): string {
  return `${plan}.sig`;
}

/** Characters of the longest signature; none has as many. */
const longestSignature = 64 * 1024;

/** The signature that lies beside a plan; null where there is none. */
export async function signatureText({ cwd, files }: SignaturePlace, plan: string): Promise<string | null> {
  const text = await files.read(path.resolve(cwd, signatureFile(plan))).catch(() => null);
  return text?.slice(0, longestSignature) ?? null;
}

/**
 * True where a plan that cannot be opened was changed after it was signed: that says more than its mistakes of now.
 * False where nobody signed it, and where the signature fits.
 */
export async function wasChangedAfterSigning(
  plan: string,
  { env, ...place }: SignaturePlace & { readonly files: ProjectFiles; readonly env: Environment },
): Promise<boolean> {
  const signature = await signatureText(place, plan);
  if (signature === null) return false;
  const read = await place.files.readFrom(path.resolve(place.cwd, plan), 0).catch(() => null);
  if (read?.bytes === null || read === null) return false;
  const { fits } = await import('./ssh-keygen.ts');
  try {
    return !(await fits({ message: read.bytes, signature }, env));
  } catch (error) {
    // Without OpenSSH nothing is known of it, and what is wrong with the plan stands.
    if (error instanceof ShotlistError) return false;
    throw error;
  }
}
