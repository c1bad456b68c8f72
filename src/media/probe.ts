import { lookup as systemLookup } from 'node:dns';
import type { LookupFunction } from 'node:net';
import pLimit, { type LimitFunction } from 'p-limit';
import type { Clock } from '../core/clock.ts';
import { ByteBudget } from './byte-budget.ts';
import { MediaCache } from './cache.ts';
import type { MediaFacts, MediaKind } from './facts.ts';
import { ProbeFailure } from './failure.ts';
import { Inspector } from './inspector.ts';
import { defaultProbeLimits, type ProbeLimits } from './limits.ts';
import { parseMediaUrl } from './media-url.ts';
import { openNetwork } from './network.ts';
import { type ProbeContext, probeFile } from './probe-file.ts';

/** A URL of a manifest, and what its place in the manifest says it is. */
export interface MediaRequest {
  readonly url: string;
  readonly expected: MediaKind;
}

export type ProbeEvent =
  | { readonly type: 'started'; readonly total: number }
  | { readonly type: 'probed'; readonly facts: MediaFacts; readonly done: number; readonly total: number }
  /** The facts are whole, but the next probe will not remember them. */
  | { readonly type: 'cacheNotSaved'; readonly error: Error };

export interface ProbeOptions {
  readonly clock: Clock;
  /** The file, beside the ledger, that remembers readings; null for none. */
  readonly cacheFile: string | null;
  /**
   * Probes loopback, private and link-local addresses too. Never set it for a manifest that a stranger may have written:
   * the probe would look around inside the network for them.
   */
  readonly allowPrivateMedia?: boolean;
  /**
   * The proxy for a target, or null for none. A proxy resolves names and connects on its own, so of the address guard only
   * names and addresses that are private in themselves are refused; `addressChecked` is false in such facts.
   */
  readonly proxyFor?: ((target: URL) => URL | null) | undefined;
  /** Resolves host names; the system's way unless given. */
  readonly lookup?: LookupFunction | undefined;
  readonly limits?: Partial<ProbeLimits>;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: ProbeEvent) => void) | undefined;
}

/**
 * Finds out about the media behind URLs, without downloading them: kind, pixels, duration and size, by range requests,
 * politely and within limits. Each distinct URL is probed once. Mistakes of a server or a file are facts, never thrown.
 *
 * @returns facts by URL as it was given, in the order of `requests`.
 * @throws what `signal` was aborted with.
 */
export async function probeMedia(
  requests: readonly MediaRequest[],
  options: ProbeOptions,
): Promise<ReadonlyMap<string, MediaFacts>> {
  const targets = distinctTargets(requests);
  const emit = options.onEvent ?? (() => undefined);
  emit({ type: 'started', total: targets.size });
  if (targets.size === 0) return new Map();
  const limits = { ...defaultProbeLimits, ...options.limits };
  const context = await openContext(options, limits);
  const hosts = new HostLimits(limits);
  const underWay = new Set<AbortController>();
  const stopAll = (): void => {
    for (const file of underWay) file.abort(options.signal?.reason);
  };
  options.signal?.addEventListener('abort', stopAll, { once: true });
  const spent = new ProbeFailure(
    'unprobed',
    `the ${limits.maxTotalMs / 60_000} minutes that one probe may take are used up`,
    'probe fewer files at a time, or those of one host; what was read by now is remembered',
  );
  let isSpent = false;
  const timer = setTimeout(() => {
    isSpent = true;
    for (const file of underWay) file.abort(spent);
  }, limits.maxTotalMs);
  let done = 0;
  try {
    const probed = await settled(
      [...targets.values()].map(async (target) => {
        const facts = await hosts.run(target.host, async () => {
          options.signal?.throwIfAborted();
          if (isSpent) return factsOf(spent, target.url);
          return probeTarget(target, context, underWay);
        });
        done += 1;
        emit({ type: 'probed', facts, done, total: targets.size });
        return [target.key, facts] as const;
      }),
    );
    const factsByKey = new Map(probed);
    return new Map(requests.flatMap(({ url }) => withUrl(url, factsByKey.get(keyOf(url)))));
  } finally {
    clearTimeout(timer);
    options.signal?.removeEventListener('abort', stopAll);
    await Promise.all([context.network.close(), context.inspector.close()]);
    await context.cache.save().catch((error: Error) => emit({ type: 'cacheNotSaved', error }));
  }
}

interface Target extends MediaRequest {
  readonly key: string;
  readonly host: string;
}

function distinctTargets(requests: readonly MediaRequest[]): ReadonlyMap<string, Target> {
  const targets = new Map<string, Target>();
  for (const request of requests) {
    const key = keyOf(request.url);
    const host = URL.canParse(key) ? new URL(key).host : '';
    if (!targets.has(key)) targets.set(key, { ...request, key, host });
  }
  return targets;
}

/** The same for spellings that lead to the same request. */
function keyOf(url: string): string {
  try {
    return parseMediaUrl(url).href;
  } catch {
    return url;
  }
}

function withUrl(url: string, facts: MediaFacts | undefined): readonly (readonly [string, MediaFacts])[] {
  return facts === undefined ? [] : [[url, { ...facts, url }]];
}

async function openContext(options: ProbeOptions, limits: ProbeLimits): Promise<ProbeContext> {
  return {
    network: await openNetwork({
      allowPrivate: options.allowPrivateMedia ?? false,
      proxyFor: options.proxyFor,
      lookup: options.lookup ?? systemLookup,
      connectionsPerHost: limits.concurrencyPerHost,
      connectTimeoutMs: limits.connectTimeoutMs,
      silenceTimeoutMs: limits.silenceTimeoutMs,
    }),
    inspector: new Inspector({
      fileTimeoutMs: limits.readingTimeoutMs,
      memoryMiB: limits.readingMemoryMiB,
      maxGivenUp: limits.maxGivenUp,
    }),
    cache: await MediaCache.open(options.cacheFile),
    budget: new ByteBudget(limits.maxTotalBytes),
    limits,
    clock: options.clock,
  };
}

/** Lets few files of one host through at a time, and few of all hosts, so that a slow host does not hold up the others. */
class HostLimits {
  readonly #all: LimitFunction;
  readonly #hosts = new Map<string, LimitFunction>();
  readonly #perHost: number;

  constructor({ concurrency, concurrencyPerHost }: ProbeLimits) {
    this.#all = pLimit(concurrency);
    this.#perHost = concurrencyPerHost;
  }

  run<T>(host: string, work: () => Promise<T>): Promise<T> {
    const limit = this.#hosts.get(host) ?? pLimit(this.#perHost);
    this.#hosts.set(host, limit);
    return limit(() => this.#all(work));
  }
}

async function probeTarget(
  { url, expected }: Target,
  context: ProbeContext,
  underWay: Set<AbortController>,
): Promise<MediaFacts> {
  const { fileTimeoutMs } = context.limits;
  const stop = new AbortController();
  underWay.add(stop);
  const timer = setTimeout(() => {
    const message = `the file took longer than ${fileTimeoutMs / 1000} s`;
    stop.abort(new ProbeFailure('timeout', message, 'the provider will not wait either'));
  }, fileTimeoutMs);
  try {
    return await probeFile(parseMediaUrl(url), expected, context, stop.signal);
  } catch (error) {
    if (!(error instanceof ProbeFailure)) throw error;
    return factsOf(error, url);
  } finally {
    clearTimeout(timer);
    underWay.delete(stop);
  }
}

function factsOf({ code, message, help }: ProbeFailure, url: string): MediaFacts {
  return code === 'unprobed'
    ? { outcome: 'unprobed', url, message, help }
    : { outcome: 'unreachable', url, code, message, help };
}

/** Waits as `Promise.all` does, and leaves nothing running when one fails. */
async function settled<T>(promises: readonly Promise<T>[]): Promise<readonly T[]> {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
