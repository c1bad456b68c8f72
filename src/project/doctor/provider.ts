import { shippedCatalog } from '../../catalog/shipped.ts';
import type { Clock } from '../../core/clock.ts';
import { duration } from '../../core/clock.ts';
import { ShotlistError } from '../../core/errors.ts';
import { profileAt } from '../../provider/profiles.ts';
import type { QueryOutcome } from '../../provider/provider.ts';
import type { Settings } from '../settings.ts';
import { type Check, check } from './check.ts';

/** A task that nobody has: asking for it tells whether the key and the base URL are right, and costs nothing. */
const nobodysTask = 'shotlist-doctor';

/** Beyond this, signed URLs expire too early or are not valid yet, in milliseconds. */
const mostSkew = 5 * 60_000;

/** Asks the provider for a task that is not there, and compares clocks. Nothing is created. */
export async function checkProvider(
  clock: Clock,
  settings: Settings,
  key: string,
): Promise<readonly Check[]> {
  let answer: { readonly status: number; readonly time: number } | undefined;
  let outcome: QueryOutcome;
  try {
    const provider = await profileAt(settings.baseUrl).create({
      baseUrl: settings.baseUrl,
      apiKey: key,
      catalog: shippedCatalog,
      connections: 1,
      answerTimeoutMs: 20_000,
      proxy: settings.proxy,
      clock,
      onAnswer: (status, { date }) => {
        answer = { status, time: Date.parse(date ?? '') };
      },
    });
    try {
      outcome = await provider.query(nobodysTask);
    } finally {
      await provider.close();
    }
  } catch (error) {
    if (!(error instanceof ShotlistError)) throw error;
    return [check('provider', 'problem', error.message, error.help ?? null), noClock];
  }
  return [providerCheck(outcome, answer?.status), clockCheck(clock.now(), answer)];
}

const noClock = check('clock', 'skipped', 'the provider was not reached, and is what it is compared with');

function providerCheck(outcome: QueryOutcome, status: number | undefined): Check {
  switch (outcome.kind) {
    case 'task':
    case 'notFound':
      return check('provider', 'ok', 'it answers, and takes the key');
    case 'stop':
      return check('provider', 'problem', outcome.error, outcome.help);
    case 'transient':
      break;
  }
  const { code, error } = outcome;
  if (status === undefined) {
    return check(
      'provider',
      'problem',
      `it was not reached: ${error}${error.includes(code) ? '' : ` (${code})`}`,
      'check the network, the proxy variables HTTPS_PROXY and NO_PROXY, and the base URL',
    );
  }
  if (code === 'keyRefused' || status === 403) {
    return check(
      'provider',
      'problem',
      `the key was refused: ${error}`,
      'check SHOTLIST_API_KEY: copy the key again from the provider',
    );
  }
  if (code === 'unreadableAnswer') {
    return check('provider', 'problem', 'what answers is no Videos API', 'check the base URL');
  }
  if (status < 300) return check('provider', 'ok', 'it answers, and does not refuse the key');
  return check('provider', 'warning', `it answers with trouble of its own: ${error}`, 'try again later');
}

function clockCheck(now: number, answer: { readonly time: number } | undefined): Check {
  if (answer === undefined) return noClock;
  const theirs = answer.time;
  if (Number.isNaN(theirs)) return check('clock', 'skipped', 'the provider did not say what time it is');
  const skew = Math.abs(now - theirs);
  if (skew <= mostSkew) return check('clock', 'ok', "agrees with the provider's");
  const direction = now > theirs ? 'ahead of' : 'behind';
  return check(
    'clock',
    'warning',
    `is ${duration(skew)} ${direction} the provider's`,
    'set it by the network: signed URLs are judged by the time',
  );
}
