import path from 'node:path';
import { canonicalJson } from '../../core/canonical-json.ts';
import {
  ApprovalExpiredError,
  BadSignatureError,
  PlanOutOfDateError,
  PlanSpentError,
  StoppedError,
  UnknownSignerError,
  UnsignedError,
  UsageError,
} from '../../core/errors.ts';
import type { Plan } from '../../plan/model.ts';
import type { ApprovedPlan } from '../approved-plan.ts';
import type { ProjectContext } from '../context.ts';
import { ledgerPlaceOf } from '../outputs.ts';
import { command } from '../shell.ts';
import { signatureText, wasChangedAfterSigning } from './signature-file.ts';
import { type Signed, verify } from './ssh-keygen.ts';

/** The statement that a plan may be sent, and its signer. */
export interface ApprovedBy {
  /** The approver, as the allowed-signers file names them. */
  readonly signer: string;
  /** ISO 8601, UTC; null where the plan was signed without `approve`, for as long as the signer is an approver. */
  readonly expiresAt: string | null;
}

/** Those who may approve, and where they are listed. */
export interface Approvers {
  /** As people name the file. */
  readonly file: string;
  /** The text of the allowed-signers file; null where it cannot be read, so that nobody is known. */
  readonly text: string | null;
}

/** Reads who may approve; null where nobody need. What the environment says wins: an edit of the manifest cannot lift it. */
export async function readApprovers({
  settings,
  linted,
  files,
  cwd,
}: Pick<ProjectContext, 'settings' | 'linted' | 'files' | 'cwd'>): Promise<Approvers | null> {
  const file = settings.approvers ?? linted.manifest.approvers;
  if (file === null) return null;
  const shown = path.relative(cwd, file);
  return { file: shown.startsWith('..') ? file : shown, text: await files.read(file).catch(() => null) };
}

/**
 * The one gate for what is sent where a manifest names approvers: only a saved plan that one of them signed, as it was
 * signed, in its time and with its own ledger. Null where nobody has to approve.
 *
 * @throws NotApprovedError that says what is missing; PlanOutOfDateError for another ledger.
 */
export async function requireApproval(
  context: ProjectContext,
  approved: ApprovedPlan | null,
): Promise<ApprovedBy | null> {
  const approvers = await readApprovers(context);
  if (approvers === null) {
    // Nobody has to sign it; but what was signed is not changed afterwards, least of all to name another manifest.
    if (approved !== null && (await wasChangedAfterSigning(approved.file, context))) {
      throw badSignature(approved.file);
    }
    return null;
  }
  if (approved === null) throw notAPlan(context, approvers);
  const { file, bytes, saved } = approved;
  const signature = await signatureText(context, file);
  if (signature === null) throw unsigned(file, approvers);
  const signer = await signerOf(context, { message: bytes, signature }, file, approvers);
  const expiresAt = saved.approval?.expiresAt ?? null;
  // A time that is none has passed, too.
  if (expiresAt !== null && !(Date.parse(expiresAt) > context.clock.now())) {
    throw new ApprovalExpiredError(`the approval of ${file} ended at ${expiresAt}: nothing was sent`, {
      help: approveAgain(file),
    });
  }
  refuseOtherLedger(context, approved);
  return { signer, expiresAt };
}

async function signerOf(
  { clock, env }: ProjectContext,
  signed: Signed,
  file: string,
  approvers: Approvers,
): Promise<string> {
  const verdict = await verify(signed, approvers.text ?? '', clock.now(), env);
  switch (verdict.kind) {
    case 'good':
      return verdict.signer;
    case 'bad':
      throw badSignature(file);
    case 'stranger':
      throw new UnknownSignerError(
        approvers.text === null
          ? `${approvers.file} cannot be read, so nobody is known who may approve: nothing was sent`
          : `${file} was signed with the key ${verdict.key}, which is none of the approvers in ${approvers.file}: nothing was sent`,
        {
          help:
            approvers.text === null
              ? 'the manifest names it as `approvers`: an OpenSSH allowed-signers file'
              : 'have one of them approve it; a key may also be listed there for another namespace or another time',
        },
      );
  }
}

/** @param file the plan, as it was named. */
export function badSignature(file: string): BadSignatureError {
  return new BadSignatureError(`${file} is not what ${file}.sig signs: nothing was sent`, {
    help: `it was changed after it was signed, or the signature is another plan's. ${approveAgain(file)}`,
  });
}

function notAPlan({ linted, followUp }: ProjectContext, { file }: Approvers): UnsignedError {
  return new UnsignedError(
    `${linted.manifest.source.file} sends only a plan that one of ${file} approved: nothing was sent`,
    {
      help: [
        `save the plan: ${followUp('plan', '--out', 'plan.json')}`,
        `have a person approve it: ${command('approve', 'plan.json')}`,
        `then send it: ${command('run', 'plan.json')}`,
      ].join('\n'),
    },
  );
}

function unsigned(plan: string, { file }: Approvers): UnsignedError {
  return new UnsignedError(`${plan} has no signature, and one of ${file} must approve it: nothing was sent`, {
    help: `have a person approve it: ${command('approve', plan)}`,
  });
}

function approveAgain(file: string): string {
  return `Have a person look at it and approve it: ${command('approve', file)}`;
}

/** A plan that is spent in its own ledger would be new in any other. */
function refuseOtherLedger(context: ProjectContext, { file, saved }: ApprovedPlan): void {
  const { ledgerPlace } = saved.approvedAgainst;
  const now = ledgerPlaceOf(context);
  if (ledgerPlace === now) return;
  throw new PlanOutOfDateError(
    ledgerPlace === undefined
      ? `${file} does not say which ledger it was approved for, so nothing was sent`
      : `${file} was approved for the ledger ${ledgerPlace}, and this one is ${now}: nothing was sent`,
    {
      help:
        ledgerPlace === undefined
          ? 'an older release made it: make a new one with shotlist plan --out, and have that approved'
          : 'name that ledger, or have a plan approved that was made with this one',
    },
  );
}

/** @throws PlanSpentError for a plan of which everything that it approves was sent. */
export function refuseSpent(plan: Plan, { file, saved }: ApprovedPlan): void {
  if (plan.summary.submit > 0 || saved.summary.submit === 0) return;
  throw new PlanSpentError(`all that ${file} approves was sent before: nothing was sent`, {
    help: 'an approval holds once. Make a new plan with shotlist plan --out, and have that approved',
  });
}

/**
 * The saved plan that was opened, if there is something in it to approve.
 *
 * @throws UsageError for a manifest; PlanSpentError, StoppedError where nothing would be sent.
 */
export function expectApprovable(approved: ApprovedPlan | null, plan: Plan): ApprovedPlan {
  if (approved === null) {
    throw new UsageError(`${plan.manifest} is no saved plan`, {
      help: 'save one with shotlist plan --out plan.json, and approve that',
    });
  }
  refuseSpent(plan, approved);
  if (plan.summary.submit > 0) return approved;
  throw new StoppedError(`${approved.file} sends nothing, so there is nothing to approve`);
}

/** @throws BadSignatureError for a request to submit that the saved plan does not hold, to the byte. */
export function refuseOthers(plan: Plan, { file, saved }: ApprovedPlan): void {
  const approved = new Map(
    saved.requests.flatMap((each) => (each.action === 'submit' ? [[nameOf(each), each.body] as const] : [])),
  );
  for (const request of plan.requests) {
    if (request.action !== 'submit') continue;
    const body = approved.get(nameOf(request));
    if (body !== undefined && canonicalJson(body) === canonicalJson(request.body)) continue;
    throw new BadSignatureError(`${request.key} is not as ${file} approves it: nothing was sent`, {
      help: 'send the plan that `project.plan()` gives for that file',
    });
  }
}

function nameOf({ key, take }: { readonly key: string; readonly take: number }): string {
  return `${key} ${take}`;
}
