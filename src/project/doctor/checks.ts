import type { Clock } from '../../core/clock.ts';
import { count } from '../../core/count.ts';
import { ShotlistError } from '../../core/errors.ts';
import { engines, version } from '../../core/version.ts';
import {
  aboutLedger,
  examineLedger,
  type LedgerCondition,
  type LedgerLocation,
  type OpenLedgerOptions,
  openLedgerForReading,
} from '../../ledger/open-ledger.ts';
import { fingerprintsOf } from '../../manifest/fingerprint.ts';
import type { RequestBody } from '../../manifest/model.ts';
import { likelyBaseUrl, parseBaseUrl } from '../../provider/base-url.ts';
import { profileAt } from '../../provider/profiles.ts';
import { chooseProxy } from '../../provider/proxy.ts';
import type { Environment } from '../options.ts';
import { ignoredBaseUrl, type Settings } from '../settings.ts';
import { type Check, check } from './check.ts';

export function checkVersions(nodeVersion: string): Check {
  const running = `shotlist ${version} on Node.js ${nodeVersion}`;
  const least = /\d[\d.]*/.exec(engines.node)?.[0] ?? '0';
  return isAtLeast(nodeVersion, least)
    ? check('versions', 'ok', running)
    : check('versions', 'problem', running, `install Node.js ${least} or newer`);
}

function isAtLeast(version: string, least: string): boolean {
  const [have, want] = [version, least].map((each) => each.split('.').map(Number));
  for (let part = 0; part < 3; part += 1) {
    const difference = (have?.[part] ?? 0) - (want?.[part] ?? 0);
    if (difference !== 0) return difference > 0;
  }
  return true;
}

/** Checks the key, and names its source. Nothing of the key itself, not even its length, is told. */
export async function checkKey(
  env: Environment,
  settings: Settings,
): Promise<{ key: string | null; check: Check }> {
  const isSet = (name: string): boolean => (env[name] ?? '').trim() !== '';
  const from = isSet('SHOTLIST_API_KEY')
    ? 'SHOTLIST_API_KEY'
    : isSet('SHOTLIST_API_KEY_FILE')
      ? 'the file that SHOTLIST_API_KEY_FILE names'
      : '.env in this folder';
  try {
    const key = await settings.apiKey();
    return { key, check: check('key', 'ok', `there is a key, from ${from}`) };
  } catch (error) {
    return { key: null, check: problemOf('key', error) };
  }
}

export function checkBaseUrl(settings: Settings): { url: URL | null; check: Check } {
  const { baseUrl, baseUrlFrom } = settings;
  try {
    const url = parseBaseUrl(baseUrl, baseUrlFrom);
    const likely = likelyBaseUrl(url);
    const message = `${url.href} (${baseUrlFrom})${about(settings, url)}`;
    // Another gateway may well keep its service somewhere else; only a call can tell.
    if (likely !== null && url.host === new URL(profileAt(url).defaultBaseUrl).host) {
      return { url, check: check('baseUrl', 'problem', message, `use ${likely}`) };
    }
    if (settings.isDotEnvBaseUrlIgnored) {
      const ignored = `${message}; SHOTLIST_BASE_URL in .env is not used: ${ignoredBaseUrl.why}`;
      return { url, check: check('baseUrl', 'warning', ignored, ignoredBaseUrl.help) };
    }
    return { url, check: check('baseUrl', 'ok', message) };
  } catch (error) {
    return { url: null, check: problemOf('baseUrl', error) };
  }
}

/** Says what a base URL costs. At a loopback address nobody but a person can tell. */
function about({ isReal }: Settings, url: URL): string {
  if (!profileAt(url).isRehearsal(url)) return '';
  return isReal
    ? ': a gateway on this machine that pays'
    : ': a rehearsal, nothing is paid; --real or SHOTLIST_REAL=1 says that a gateway there pays';
}

/** A proxy's name without the password that it may be written with. */
export function checkProxy(settings: Settings, url: URL | null): Check {
  if (url === null) return check('proxy', 'skipped', 'needs a base URL first');
  try {
    const proxy = chooseProxy(url, settings.proxy);
    if (proxy !== null) return check('proxy', 'ok', `through ${proxy.protocol}//${proxy.host}`);
    const isSet = settings.proxy.http !== undefined || settings.proxy.https !== undefined;
    return check('proxy', 'ok', isSet ? `none for ${url.host}` : 'none');
  } catch (error) {
    return problemOf('proxy', error);
  }
}

/**
 * Checks that a ledger can be read, and where there is none yet, that one could be made.
 *
 * @param fileSystemType asks the operating system by default
 */
export async function checkLedger(
  io: { readonly cwd: string; readonly clock: Clock },
  location: LedgerLocation,
  fileSystemType?: OpenLedgerOptions['fileSystemType'],
): Promise<Check> {
  const shown = location.shownFrom(io.cwd);
  let condition: LedgerCondition;
  try {
    condition = await examineLedger(location, { fileSystemType });
    const ledger = await openLedgerForReading(location, { clock: io.clock });
    try {
      const findings = await ledger.verify((body, take) => fingerprintsOf(body as RequestBody, take));
      if (findings.length > 0) {
        return check(
          'ledger',
          'problem',
          `${shown} contradicts itself in ${count(findings.length, 'place')}`,
          'see them with: shotlist ledger verify <manifest>',
        );
      }
    } finally {
      await ledger.close();
    }
  } catch (error) {
    return problemOf('ledger', error);
  }
  const { exists, unwritable } = condition;
  if (unwritable !== null) {
    return check(
      'ledger',
      'problem',
      `${exists ? shown : unwritable} may not be written`,
      'give yourself permission to write it, or name another ledger with --ledger or SHOTLIST_LEDGER',
    );
  }
  return check(
    'ledger',
    'ok',
    exists
      ? `${shown} can be read and written${await kept(location, io.clock)}`
      : `none yet; the first run makes ${shown}`,
  );
}

/** Of a ledger that a team shares: the server, the version of the schema, and who is at work. */
async function kept(location: LedgerLocation, clock: Clock): Promise<string> {
  if (!location.isShared) return '';
  const about = await aboutLedger(location, { clock });
  return about === null
    ? ''
    : `: ${about.name}, schema ${about.schema}, ${count(about.runs.length, 'live run')}`;
}

function problemOf(name: Check['name'], error: unknown): Check {
  if (!(error instanceof ShotlistError)) throw error;
  return check(name, 'problem', error.message, error.help ?? null);
}
