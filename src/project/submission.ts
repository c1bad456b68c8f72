import path from 'node:path';
import { SetupError } from '../core/errors.ts';
import { emulatorHeader, isRehearsalScope } from '../core/rehearsal.ts';
import type { Ledger, LedgerEntry } from '../ledger/ledger.ts';
import type { MediaFacts } from '../media/facts.ts';
import { checkBudget, type RunLimits } from '../plan/budget.ts';
import type { Plan } from '../plan/model.ts';
import { rateInterval } from '../provider/rate.ts';
import type { VideosApiOptions } from '../provider/videos-api.ts';
import type { RunEvent, RunResult } from '../run/events.ts';
import { refuseOthers, refuseSpent, requireApproval } from './approval/approval.ts';
import type { ApprovedPlan } from './approved-plan.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';
import { refuseLinksOut, refusePipes } from './links-out.ts';
import { mediaNoter } from './media-noter.ts';
import { defaultReportFiles } from './reporting.ts';
import { withSignedFiles } from './signed-files.ts';
import { refuseForgetfulLedger } from './unknown-payments.ts';
import { filesOf, prepareUpload, type ReadyUpload, uploadError, withoutFailed } from './uploading.ts';

/** The limits of one run. */
export interface PlanLimits {
  /** Sends nothing where this plan costs more. */
  readonly maxCost?: number | undefined;
  /** Sends nothing where this plan has more requests. */
  readonly maxRequests?: number | undefined;
}

export function runLimits({ maxCost, maxRequests }: PlanLimits): RunLimits {
  return { maxCost: maxCost ?? null, maxRequests: maxRequests ?? null };
}

/** The options of sending a plan. Left out, the manifest's `run` or the default holds. */
export interface SubmitOptions extends PlanLimits {
  /** Requests in flight at the most; 4 by default. */
  readonly concurrency?: number | undefined;
  /** `N/s`, `N/min` or `N/h`, evenly spaced; as fast as concurrency allows by default. */
  readonly rate?: string | undefined;
  /** Number of times that a request that provably was not sent is tried again; 4 by default. */
  readonly retries?: number | undefined;
  /** Time to wait for an answer, in milliseconds; two minutes by default. Without one the request is in doubt. */
  readonly answerTimeoutMs?: number | undefined;
  /**
   * Reports that are going to be written, as `writeReports` takes them: folders that are not there are refused first,
   * and an earlier report there is asked what the ledger may have forgotten.
   */
  readonly reports?: readonly string[] | null | undefined;
  /** Stops taking new requests; the answers under way are waited for. */
  readonly signal?: AbortSignal | undefined;
  /** Sends what needs no local file that could not be uploaded; without it nothing is sent then. */
  readonly partial?: boolean | undefined;
  /** Leaves at once: what was sent and not answered is in doubt. */
  readonly leaveSignal?: AbortSignal | undefined;
  readonly onEvent?: ((event: RunEvent) => void) | undefined;
}

/** A plan that could be sent now: key, provider, ledger, limits and report folders are known to be right. */
export interface ReadySubmission {
  /** The upload to the store that comes first; null where no request names a local file. */
  readonly upload: ReadyUpload | null;
  /** Sends it, once. The journal is written before this resolves or throws. */
  send(how?: Pick<SubmitOptions, 'signal' | 'leaveSignal' | 'onEvent'>): Promise<RunResult>;
}

/** Facts that were read for a plan. */
interface KnownOfPlan {
  readonly entries: readonly LedgerEntry[];
  /** By URL; empty where nobody looked. */
  readonly media: ReadonlyMap<string, MediaFacts>;
}

const defaults = { concurrency: 4, answerTimeoutMs: 120_000 };

/**
 * Looks at everything that can be wrong before a person is asked and anything is spent: the approval, the limits, a ledger
 * that forgot, the key, the folders of the reports.
 *
 * @param approved the saved plan that this is; null for one that was made just now.
 */
export async function prepareSubmission(
  context: ProjectContext,
  plan: Plan,
  { entries, media }: KnownOfPlan,
  approved: ApprovedPlan | null,
  options: SubmitOptions,
): Promise<ReadySubmission> {
  const { manifest, catalog } = context.linted;
  const { reports = null } = options;
  const approvedPlan = approved?.digest ?? null;
  if ((await requireApproval(context, approved)) !== null && approved !== null) {
    refuseSpent(plan, approved);
    refuseOthers(plan, approved);
  }
  checkBudget(plan, entries, manifest.budget, runLimits(options));
  await refuseForgetfulLedger(context, reports);
  const apiKey = await context.settings.apiKey();
  for (const file of reports ?? []) await checkFolder(context, file);
  const own = defaultReportFiles(context);
  const named = (reports ?? []).map((file) => path.resolve(context.cwd, file));
  await refuseLinksOut(context, reports === null ? own : named);
  if (reports === null) await refusePipes(context.files, own);
  const files = filesOf(
    context,
    plan.requests.filter(({ action }) => action === 'submit'),
  );
  const upload = await prepareUpload(context, files);
  const concurrency = options.concurrency ?? manifest.run.concurrency ?? defaults.concurrency;
  const rate = options.rate ?? manifest.run.rate;
  const intervalMs = rate === null ? null : rateInterval(rate);

  const send: ReadySubmission['send'] = async (how = {}) => {
    const { signal, leaveSignal, onEvent } = { ...options, ...how };
    const sent = upload === null ? plan : await uploadFirst(context, plan, upload, { ...options, signal });
    const client = await context.createProvider({
      baseUrl: context.settings.baseUrl,
      apiKey,
      catalog,
      connections: concurrency,
      answerTimeoutMs: options.answerTimeoutMs ?? defaults.answerTimeoutMs,
      onAnswer: isRehearsalScope(context.scope.provider) ? warnOfGateway(context) : undefined,
      proxy: context.settings.proxy,
      clock: context.clock,
    });
    const isPresigned = upload !== null && upload.store.publicBase === null;
    const noted = await mediaNoter(context, plan, media);
    const provider = isPresigned ? withSignedFiles(client, files, upload.service) : client;
    try {
      const ledger = journaled(await context.ledger.writer(), () => context.journal.follow(context.ledger));
      const { run } = await import('../run/run.ts');
      return await run({
        ...{ plan: sent, ledger, provider, concurrency, intervalMs, approvedPlan, signal, leaveSignal },
        scope: context.scope,
        isReady: ({ key }) => whyNotReady(context, key),
        limits: manifest.budget,
        retries: options.retries,
        by: context.by,
        clock: context.clock,
        random: context.random,
        answerTimeoutMs: options.answerTimeoutMs ?? defaults.answerTimeoutMs,
        onEvent: (event) => {
          void context.journal.follow(context.ledger);
          noted.follow(event);
          context.emit({ type: 'run', event });
          onEvent?.(event);
        },
      });
    } finally {
      await Promise.all([provider.close(), noted.written()]);
    }
  };

  return {
    upload,
    async send(how) {
      try {
        return await send(how);
      } finally {
        await upload?.close();
        // Whatever went wrong, what was sent by then must be known to the next clone.
        await context.journal.write(context.ledger);
      }
    },
  };
}

/**
 * Puts what the store lacks, before the first claim.
 *
 * @returns the plan of what can be sent.
 * @throws UploadError where a file could not be put, unless the rest may go alone.
 */
async function uploadFirst(
  { emit }: ProjectContext,
  plan: Plan,
  upload: ReadyUpload,
  { partial, signal }: SubmitOptions,
): Promise<Plan> {
  const failed = await upload.start({ signal });
  if (failed.length === 0) return plan;
  const { plan: rest, left } = withoutFailed(plan, failed);
  const error = uploadError(failed, left);
  if (partial !== true) throw error;
  for (const { file, error: why, help } of failed) {
    const needing = left.filter(({ files = [] }) => files.some(({ sha256 }) => sha256 === file.sha256));
    const keys = needing.map(({ key }) => key).join(', ');
    warn(emit, 'notUploaded', `${file.path} could not be uploaded, so ${keys} is not sent: ${why}`, help);
  }
  return rest;
}

/** The reason why a request may not be claimed: a file that it names holds something else by now. Null for none. */
async function whyNotReady(context: ProjectContext, key: string): Promise<string | null> {
  const { cache } = context.localFiles;
  if (cache === null) return null;
  const { isUnchanged } = await import('../store/local-contents.ts');
  for (const file of filesOf(context, [{ key }])) {
    if (!(await isUnchanged(file, cache))) {
      return `${file.path} has changed since the plan was made: plan again`;
    }
  }
  return null;
}

/** Warns of a gateway at a loopback address that is not the emulator: it may pay, and a person should know by the first request. */
function warnOfGateway({ emit, settings }: ProjectContext): NonNullable<VideosApiOptions['onAnswer']> {
  let isTold = false;
  return (_status, headers) => {
    if (isTold || headers[emulatorHeader] !== undefined) return;
    isTold = true;
    warn(
      emit,
      'unknownGateway',
      `what answers at ${new URL(settings.baseUrl).host} is not the emulator, and counts as a rehearsal: no journal is written, and no other ledger is asked what was paid`,
      'if it passes requests on to a provider that bills them, say so with --real or SHOTLIST_REAL=1',
    );
  };
}

/**
 * A ledger whose claims are in the journal, too, before anything is sent: whoever has only the journal, after a kill and in
 * a fresh clone, knows of everything that may have been billed. What an answer says need not be waited for: until the
 * journal has it, the request is in doubt there, and is not sent again.
 */
function journaled(ledger: Ledger, follow: () => Promise<void>): Pick<Ledger, 'startRun' | 'tasks'> {
  return {
    tasks: (scope) => ledger.tasks(scope),
    async startRun(spec) {
      const run = await ledger.startRun(spec);
      return {
        id: run.id,
        nextSlot: () => run.nextSlot(),
        settle: (...of) => run.settle(...of),
        close: () => run.close(),
        async claim(...of) {
          const claim = await run.claim(...of);
          await follow();
          return claim;
        },
      };
    },
  };
}

async function checkFolder({ cwd, files }: ProjectContext, file: string): Promise<void> {
  const folder = path.dirname(path.resolve(cwd, file));
  if ((await files.kindOf(folder)) === 'folder') return;
  throw new SetupError(`the report ${file} cannot be written: there is no folder ${folder}`, {
    help: 'create the folder, or name another file with --report; nothing was sent',
  });
}
