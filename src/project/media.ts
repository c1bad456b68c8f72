import path from 'node:path';
import { count } from '../core/count.ts';
import type { MediaLintResult } from '../lint/lint.ts';
import type { MediaProbe } from '../lint/used-media.ts';
import type { Plan, PlannedRequest } from '../plan/model.ts';
import { chooseProxy } from '../provider/proxy.ts';
import type { ProjectContext } from './context.ts';
import type { ProbeMedia } from './options.ts';
import { PaidMediaNotes } from './paid-media.ts';
import { ManifestRefusedError } from './refusal.ts';
import type { Settings } from './settings.ts';

export interface MediaProbeOptions {
  readonly settings: Pick<Settings, 'proxy'>;
  /** Absolute; where what was read is remembered: the ledger's folder. */
  readonly folder: string;
  readonly allowPrivateMedia: boolean;
  readonly clock: ProjectContext['clock'];
  readonly probeMedia: ProbeMedia;
}

/** Probes media. It knows no key: of the settings it gets the proxy alone. */
export function mediaProbe(options: MediaProbeOptions): MediaProbe {
  const { settings, folder, allowPrivateMedia, clock, probeMedia } = options;
  return async (requests) => {
    if (requests.length === 0) return new Map();
    return probeMedia(requests, {
      clock,
      allowPrivateMedia,
      cacheFile: path.join(folder, 'media-cache.json'),
      proxyFor: (target) => chooseProxy(target, settings.proxy),
    });
  };
}

/** Options of a look at the media of a plan. */
export interface MediaCheckOptions {
  /**
   * True where media that were noted when they were paid for are probed as well, with a warning for those that are others
   * now. Left out, nothing is asked for but what would be sent: links of what was paid may have expired.
   */
  readonly comparePaid?: boolean;
}

/** Probes and checks the media of what a plan submits, and tells the findings. */
export async function checkMedia(
  context: ProjectContext,
  plan: Plan,
  { comparePaid = false }: MediaCheckOptions = {},
): Promise<MediaLintResult> {
  const [{ lintMedia }, notes] = await Promise.all([import('../lint/lint.ts'), paidMediaOf(context)]);
  const { linted, ledger, settings, clock, probeMedia, options, emit } = context;
  const { project } = context.scope;
  const keysOf = (isMeant: (request: PlannedRequest) => boolean): ReadonlySet<string> =>
    new Set(plan.requests.filter(isMeant).map(({ key }) => key));
  const submitted = keysOf(({ action }) => action === 'submit');
  const isPaid = keysOf(({ reason }) => reason === 'submitted' || reason === 'completed');
  const paid = linted.requests.filter(
    ({ key, fingerprint }) => comparePaid && isPaid.has(key) && notes.has({ project, fingerprint }),
  );
  const result = await lintMedia(
    linted,
    linted.requests.filter(({ key }) => submitted.has(key)),
    mediaProbe({
      ...{ settings, clock, probeMedia },
      folder: ledger.location.folder,
      allowPrivateMedia: options.allowPrivateMedia === true,
    }),
    { requests: paid, media: notes },
  );
  emit({ type: 'linted', findings: result });
  return result;
}

/** Opens the notes of what the project's requests were paid with. */
export function paidMediaOf({ ledger, scope }: ProjectContext): Promise<PaidMediaNotes> {
  return PaidMediaNotes.open(ledger.location.folder, scope.provider);
}

/** @throws ManifestRefusedError where media have errors. */
export function refuseBadMedia(result: MediaLintResult, { manifest }: Plan): void {
  const { errors } = result.summary;
  if (errors === 0) return;
  throw new ManifestRefusedError(
    `the media of ${manifest} have ${count(errors, 'error')}: nothing was sent`,
    'mend what is listed above; without --media nobody looks before the provider does',
    result,
  );
}
