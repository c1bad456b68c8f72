import { lookup } from 'node:dns';
import { setMaxListeners } from 'node:events';
import pLimit from 'p-limit';
import type { AskedClip } from '../core/clip-deviations.ts';
import { type Clock, type Random, systemClock } from '../core/clock.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import type { Ledger, LedgerCollector, LedgerScope } from '../ledger/ledger.ts';
import type { LedgerTask } from '../ledger/model/clip.ts';
import type { Provider } from '../provider/provider.ts';
import { chooseProxy, type ProxySettings } from '../provider/proxy.ts';
import { Collection } from './collection.ts';
import type { SaveHooks } from './collection-options.ts';
import type { CollectEvent, CollectResult } from './events.ts';
import { ClipNames, defaultNameTemplate, type NameSubject } from './file-names.ts';
import { defaultPollIntervalMs, Polling } from './polling.ts';
import { type SaveResult, saveClip } from './save-clip.ts';

export interface CollectOptions {
  readonly scope: LedgerScope;
  readonly ledger: Ledger;
  readonly provider: Provider;
  /** The folder for clips, and how they are named; null to poll only. */
  readonly download: DownloadOptions | null;
  /** Asks about each unfinished task once, and ends. */
  readonly once?: boolean | undefined;
  /** Milliseconds between two questions about one task, on average; 45 s by default, which jitter makes 30 to 60. */
  readonly intervalMs?: number | undefined;
  /** Parameters that a task's clip was asked to have, to tell deviations; none is told where this is left out. */
  readonly asked?: ((task: LedgerTask) => AskedClip) | undefined;
  /** True for tasks that it is about; all where it is left out. */
  readonly select?: ((task: LedgerTask) => boolean) | undefined;
  /**
   * The person who gives up clips that cannot be had any more, more than a day after their tasks were completed, and
   * tasks that the provider does not know, more than two days after they were submitted. Null where nobody does.
   */
  readonly giveUp?: { readonly by: string } | null | undefined;
  /** Time to wait for tasks, in milliseconds; for ever by default. Downloads that are due then still end. */
  readonly timeoutMs?: number | undefined;
  /** The system's by default. */
  readonly clock?: Clock | undefined;
  /** `Math.random` by default. */
  readonly random?: Random | undefined;
  /** Ends everything soon; a download goes on at the next collect. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: CollectEvent) => void) | undefined;
}

export interface DownloadOptions {
  /** Absolute folder of the clips; made where it is missing. */
  readonly folder: string;
  /** Absolute folder that the ledger's paths are relative to, for clips inside it: the manifest's. */
  readonly root: string;
  /** See `parseNameTemplate`. */
  readonly nameTemplate?: string | undefined;
  /** Requests that will be named beside those in the ledger: the manifest's. */
  readonly subjects?: readonly NameSubject[] | undefined;
  readonly proxy?: ProxySettings | undefined;
}

const nothingAsked: AskedClip = { duration: null, ratio: null, resolution: null };

const downloadsAtOnce = 3;

/** The longest that a download host may be silent, in milliseconds. */
const silenceTimeoutMs = 60_000;
const slowest = { bytes: 64 * 1024, ms: 60_000 };

/**
 * Polls the unfinished tasks of a project until they end, and makes the clips of finished ones safe. It starts from the
 * ledger alone: it can be stopped, killed and repeated at any time, and run beside a run or another collect. Nothing that
 * fails here changes the state of a task; the result tells.
 *
 * @throws UsageError for a name template that is none.
 * @throws SetupError when the folder cannot be written, before anything is asked.
 * @throws LedgerError when the ledger cannot be used.
 */
export async function collect(options: CollectOptions): Promise<CollectResult> {
  const { ledger, scope, download, onEvent = () => {} } = options;
  const { clock = systemClock, random = Math.random } = options;
  const leave = new AbortController();
  setMaxListeners(0, leave.signal);
  const polling = new Polling({
    provider: options.provider,
    clock,
    random,
    intervalMs: options.intervalMs ?? defaultPollIntervalMs,
    onEvent,
  });
  const saver =
    download === null ? null : await openSaver(download, { ...options, clock, random }, leave.signal);
  let collector: LedgerCollector | undefined;
  try {
    const started = await ledger.startCollector(scope);
    collector = started;
    const collection = new Collection({
      ...{ ledger, scope, clock, polling, leave, onEvent },
      once: options.once === true,
      select: options.select ?? (() => true),
      asked: options.asked ?? (() => nothingAsked),
      timeoutMs: options.timeoutMs ?? null,
      giveUp: (task) => (options.giveUp == null ? null : started.giveUpClip(task, options.giveUp.by)),
      signal: options.signal,
      save:
        saver === null
          ? null
          : {
              know: (task) => saver.know(task),
              save: (task, hooks) => saver.save(task, { ...hooks, collector: started }),
            },
    });
    return await collection.finish();
  } finally {
    polling.stop();
    leave.abort();
    await saver?.close();
    await collector?.close();
  }
}

interface OpenSaver {
  know(task: LedgerTask): void;
  save(task: LedgerTask, hooks: SaveHooks & { readonly collector: LedgerCollector }): Promise<SaveResult>;
  close(): Promise<void>;
}

async function openSaver(
  { folder, root, nameTemplate = defaultNameTemplate, subjects = [], proxy = {} }: DownloadOptions,
  {
    scope,
    clock,
    random,
    provider,
  }: Pick<CollectOptions, 'scope' | 'provider'> & { readonly clock: Clock; readonly random: Random },
  signal: AbortSignal,
): Promise<OpenSaver> {
  const { project } = scope;
  // Refuses a template that is none before anything is asked.
  const names = new ClipNames(nameTemplate);
  for (const subject of subjects) names.add(subject);
  const [{ openNetwork }, { Inspector }, { defaultProbeLimits }, { prepareFolder }] = await Promise.all([
    import('../media/network.ts'),
    import('../media/inspector.ts'),
    import('../media/limits.ts'),
    import('./disk.ts'),
  ]);
  await prepareFolder(folder);
  const network = await openNetwork({
    // The provider names the host, as it is reached itself; https and the certificate say that it is that host.
    allowPrivate: true,
    proxyFor: (target) => chooseProxy(target, proxy),
    lookup,
    connectionsPerHost: downloadsAtOnce,
    connectTimeoutMs: 10_000,
    silenceTimeoutMs,
  });
  // A clip that is waited for holds up no other: the first limit is on those at work, the second on what is loaded.
  const atWork = pLimit(downloadsAtOnce);
  const loading = pLimit(downloadsAtOnce);
  const plainHosts = new Set<string>();
  const { readingTimeoutMs, readingMemoryMiB, maxGivenUp } = defaultProbeLimits;
  const inspector = new Inspector({
    fileTimeoutMs: readingTimeoutMs,
    memoryMiB: readingMemoryMiB,
    maxGivenUp,
  });
  const atRest = async (wait: () => Promise<void>): Promise<void> => {
    atWork.concurrency += 1;
    await wait();
    atWork.concurrency -= 1;
  };
  return {
    know: (task) => names.add({ ...task, project }),
    save: (task, hooks) =>
      atWork(() =>
        saveClip(task, {
          ...hooks,
          ...{ network, plainHosts, signal, slowest, clock, random, folder, root, project },
          ...{ atRest, whenFree: loading, inspector },
          allowLoopback: isRehearsalScope(provider.scope),
          now: () => clock.now(),
          nameOf: (subject, version) => names.nameOf(subject, version),
        }),
      ),
    close: async () => {
      await Promise.all([network.close(), inspector.close()]);
    },
  };
}
