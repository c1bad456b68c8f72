import { StoppedError } from '../../core/errors.ts';
import type { GivenApproval } from '../../project/approval/approve-plan.ts';
import { parseLifetime } from '../../project/approval/lifetime.ts';
import { afterApproval } from '../../project/next-actions.ts';
import type { Project } from '../../project/project.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { isYes } from '../io.ts';
import { baseUrlOption, formatOption, journalOption, ledgerOption, modelsOption } from '../options.ts';

const signature = {
  arguments: {
    plan: { name: '<plan.json>', summary: 'a plan saved with plan --out', completion: 'files' },
  },
  options: {
    key: {
      flags: '--key <file>',
      summary: 'the SSH key to sign with',
      default: "git's signing key, the agent's first, or one in ~/.ssh",
      completion: 'files',
    },
    expires: {
      flags: '--expires <time>',
      summary: 'how long the approval holds: 30m, 48h, 7d',
      parse: parseLifetime,
      default: '48h',
    },
    yes: { flags: '--yes', summary: 'sign without asking' },
    ...formatOption,
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const approveCommand = defineCommand({
  name: 'approve',
  summary: 'sign a saved plan, so that it may be sent',
  description:
    'Shows what a saved plan would pay, and signs it with your SSH key, as git signs commits: `<plan>.sig` is an SSH signature of the plan, namespace `shotlist`. Where the manifest says `approvers: FILE`, an OpenSSH allowed-signers file, `run` sends nothing but a plan that one of them signed: not with --yes, not another plan, not after it expired, not twice, not with another ledger. So a CI job or an agent can send what a person approved, and nothing else. On a terminal it asks before it signs.',
  ...signature,
  examples: [
    { command: 'shotlist approve plan.json', summary: 'look at it, then sign it for two days' },
    {
      command: 'shotlist approve plan.json --key ~/.ssh/id_ed25519 --expires 4h',
      summary: 'with this key, for this afternoon',
    },
  ],
  execute: (call) =>
    withProject(call, call.arguments.plan, { readOnly: true, refuseErrors: true }, (project) =>
      execute(call, project),
    ),
});

async function execute(call: Call, project: Project): Promise<ExitCode> {
  const { io, options } = call;
  const plan = await project.plan();
  project.approval.expect(plan);
  await project.tellOverBudget(plan);
  const [{ renderPlan }, { fitLines }] = await Promise.all([
    import('../render/plan.ts'),
    import('../render/fit.ts'),
  ]);
  const out = options.format === 'json' ? io.stderr : io.stdout;
  const { target, linted } = project;
  const view = {
    ...{ target, budget: await project.budget(), skippedShots: linted.manifest.skippedShots },
    followUp: followUpOf(call, plan.manifest),
    color: options.format === 'json' ? call.color.stderr : call.color.stdout,
  };
  out.write(fitLines(renderPlan(plan, view), out));
  await confirm(call);
  const given = await project.approval.give({
    key: options.key,
    lifeMs: options.expires,
    onNotice: (text) => io.stderr.write(`${text}\n`),
  });
  tell(call, given);
  if (options.format === 'json') {
    const { project: name, summary } = plan;
    const nextActions = afterApproval(followUpOf(call, given.plan)('run'));
    const document = { version: 1, project: name, ...given, summary, nextActions };
    io.stdout.write(`${JSON.stringify(document, null, 2)}\n`);
  }
  return exitCodes.ok.code;
}

/** Asks for a yes. Without a terminal nobody is asked: whoever holds the key has said enough. */
async function confirm({ io, options }: Call): Promise<void> {
  if (options.yes || !io.stdin.isTTY || !io.stderr.isTTY) return;
  if (!isYes(await io.stdin.ask('Sign this plan, so that it may be sent? [y/N] '))) {
    throw new StoppedError('not confirmed: nothing was signed');
  }
}

function tell(call: Call, { plan, signature, signer, approvers, expiresAt }: GivenApproval): void {
  const { stderr } = call.io;
  const as = signer === null ? '' : ` as ${signer}`;
  stderr.write(`approved${as} until ${expiresAt}: ${signature}\n`);
  if (approvers === null) {
    stderr.write(
      'note: the manifest names no approvers, so a run takes any plan; add `approvers: FILE` to have it look at signatures\n',
    );
  } else if (signer === null) {
    stderr.write(
      `note: your key is none of the approvers in ${approvers}, so a run will refuse it; have one of them sign\n`,
    );
  }
  stderr.write(`send it with: ${followUpOf(call, plan)('run')}\n`);
}
