import path from 'node:path';
import type { CommandCall } from '../cli/command.ts';
import { ManifestRefusedError } from '../cli/refusal.ts';
import { createStages } from '../cli/render/stages.ts';
import { count } from '../cli/render/text.ts';
import { InterruptedError } from '../core/errors.ts';
import type { MediaLintResult } from '../lint/lint.ts';
import type { MediaProbe } from '../lint/used-media.ts';
import type { MediaFacts } from '../media/facts.ts';
import type { Plan } from '../plan/model.ts';
import { chooseProxy } from '../provider/proxy.ts';
import { type Project, showFindings } from './project.ts';
import type { Settings } from './settings.ts';

/** Whether media are to be probed. */
export function wantsMedia({ options }: CommandCall): boolean {
  return options['media'] === true;
}

/**
 * Probes media for a call, shown as a stage of it. What was read is remembered in `folder`, the ledger's.
 *
 * The probe knows no key: of the settings it gets the proxy alone.
 */
export function mediaProbe(
  call: CommandCall,
  { proxy }: Pick<Settings, 'proxy'>,
  folder: string,
): MediaProbe {
  return async (requests) => {
    if (requests.length === 0) return new Map();
    const [{ probeMedia }, stages] = await Promise.all([import('../media/probe.ts'), createStages(call)]);
    const stop = new AbortController();
    const end = call.io.onInterrupt(() =>
      stop.abort(new InterruptedError('interrupted while media were probed: nothing was sent')),
    );
    const notes: string[] = [];
    try {
      return await stages.stage(
        `Media: ${count(requests.length, 'file')}`,
        (show) =>
          probeMedia(requests, {
            clock: call.io.clock,
            cacheFile: path.join(folder, 'media-cache.json'),
            allowPrivateMedia: call.options['allowPrivateMedia'] === true,
            proxyFor: (target) => chooseProxy(target, proxy),
            signal: stop.signal,
            onEvent: (event) => {
              if (event.type === 'probed') show(`${event.done} of ${event.total} probed`);
              if (event.type === 'cacheNotSaved') notes.push(event.error.message);
            },
          }),
        (facts) => `Media: ${outcome([...facts.values()])}`,
      );
    } finally {
      end();
      for (const note of notes) {
        call.io.stderr.write(`what was found out about media cannot be remembered: ${note}\n`);
      }
    }
  };
}

/** `12 files, 3 of them as known from before, 1 out of reach` */
function outcome(facts: readonly MediaFacts[]): string {
  const cached = facts.filter((each) => each.outcome === 'reached' && each.cached).length;
  const unreachable = facts.filter((each) => each.outcome === 'unreachable').length;
  return [
    count(facts.length, 'file'),
    cached > 0 ? `${cached} as known from before` : '',
    unreachable > 0 ? `${unreachable} out of reach` : '',
  ]
    .filter((part) => part !== '')
    .join(', ');
}

/** Probes and checks the media of what a plan submits. Findings go to standard error. */
export async function checkMedia(call: CommandCall, project: Project, plan: Plan): Promise<MediaLintResult> {
  const { lintMedia } = await import('../lint/lint.ts');
  const submitted = new Set(plan.requests.filter(({ action }) => action === 'submit').map(({ key }) => key));
  const { linted, settings, ledgerFile } = project;
  const result = await lintMedia(
    linted,
    linted.requests.filter(({ key }) => submitted.has(key)),
    mediaProbe(call, settings, path.dirname(ledgerFile)),
  );
  await showFindings(call, result);
  return result;
}

/** @throws LintFailedError where media have errors. */
export function refuseBadMedia(result: MediaLintResult, { manifest }: Plan): void {
  const { errors } = result.summary;
  if (errors === 0) return;
  throw new ManifestRefusedError(
    `the media of ${manifest} have ${count(errors, 'error')}: nothing was sent`,
    'mend what is listed above; without --media nobody looks before the provider does',
    result,
  );
}
