import path from 'node:path';
import { type SavedPlan, savedPlanText } from '../../plan/saved-plan.ts';
import type { ApprovedPlan } from '../approved-plan.ts';
import type { ProjectContext } from '../context.ts';
import { readApprovers } from './approval.ts';
import { signatureFile } from './signature-file.ts';
import { findSigningKey } from './signing-key.ts';
import { sign, type Verdict, verify } from './ssh-keygen.ts';

export interface ApproveOptions {
  /** The file of a private SSH key; by default the one that git signs with, the agent's first, or the one in `~/.ssh`. */
  readonly key?: string | undefined;
  /** Life of the approval, in milliseconds; 48 hours by default. */
  readonly lifeMs?: number | undefined;
  /** Told of what the person has to do meanwhile, such as touching a key. */
  readonly onNotice?: ((text: string) => void) | undefined;
}

/** A plan that was signed. */
export interface GivenApproval {
  /** The plan's file, as it was named; it says now until when it is approved. */
  readonly plan: string;
  /** The file that holds the signature. */
  readonly signature: string;
  /** ISO 8601, UTC. */
  readonly expiresAt: string;
  /** The approver, as the allowed-signers file names them; null where a run will not take the signature, or needs none. */
  readonly signer: string | null;
  /** The file that lists the approvers; null where the manifest names none, so that no run looks at signatures. */
  readonly approvers: string | null;
}

const hour = 3_600_000;
const defaultLifeMs = 48 * hour;

/** Signs an opened plan with how long that holds, and writes both beside each other. */
export async function approvePlan(
  context: ProjectContext,
  { file, saved }: ApprovedPlan,
  { key, lifeMs = defaultLifeMs, onNotice = () => {} }: ApproveOptions,
): Promise<GivenApproval> {
  const { cwd, env, files, clock } = context;
  const now = clock.now();
  const approval = {
    approvedAt: new Date(now).toISOString(),
    expiresAt: new Date(now + lifeMs).toISOString(),
  };
  const document: SavedPlan = { ...saved, approval };
  const text = savedPlanText(document);
  const signed = await sign(text, await findSigningKey(key, { cwd, env, files }), env, onNotice);
  const approvers = await readApprovers(context);
  const verdict: Verdict | null =
    approvers === null ? null : await verify(signed, approvers.text ?? '', now, env);
  const signature = signatureFile(file);
  // Between the two the plan is not as it was signed, and nothing is sent.
  await files.write(path.resolve(cwd, file), text);
  await files.write(path.resolve(cwd, signature), signed.signature);
  return {
    ...{ plan: file, signature, expiresAt: approval.expiresAt },
    signer: verdict?.kind === 'good' ? verdict.signer : null,
    approvers: approvers?.file ?? null,
  };
}
