import { constants } from 'node:fs';
import { access, stat } from 'node:fs/promises';
import path from 'node:path';
import { ShotlistError } from '../../core/errors.ts';
import { engines, version } from '../../core/version.ts';
import type { FileSystemType } from '../../ledger/sqlite/ledger-file.ts';
import { fingerprint } from '../../manifest/fingerprint.ts';
import type { RequestBody } from '../../manifest/model.ts';
import { ignoredBaseUrl, type Settings } from '../../project/settings.ts';
import { defaultBaseUrl, isLoopback, likelyBaseUrl, parseBaseUrl } from '../../provider/base-url.ts';
import { chooseProxy } from '../../provider/proxy.ts';
import type { Io } from '../io.ts';
import { count } from '../render/text.ts';
import { type Check, check } from './check.ts';

export function checkVersions(io: Io): Check {
  const running = `shotlist ${version} on Node.js ${io.nodeVersion}`;
  const least = /\d[\d.]*/.exec(engines.node)?.[0] ?? '0';
  return isAtLeast(io.nodeVersion, least)
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

/** Where the key comes from, and whether it can be one. Nothing of the key itself, not even its length, is told. */
export async function checkKey(io: Io, settings: Settings): Promise<{ key: string | null; check: Check }> {
  const isSet = (name: string): boolean => (io.env[name] ?? '').trim() !== '';
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
    const message = `${url.href} (${baseUrlFrom})${isLoopback(url) ? ': a rehearsal, nothing is paid' : ''}`;
    // Another gateway may well keep its service somewhere else; only a call can tell.
    if (likely !== null && url.host === new URL(defaultBaseUrl).host) {
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
 * Whether a ledger can be read, and where there is none yet, whether one could be made.
 *
 * @param fileSystemType asks the operating system by default
 */
export async function checkLedger(
  io: Pick<Io, 'cwd' | 'clock'>,
  file: string,
  fileSystemType?: FileSystemType,
): Promise<Check> {
  const shown = path.relative(io.cwd, file) || file;
  const [{ openLedgerForReading }, { refuseNetwork, systemFileSystemType }] = await Promise.all([
    import('../../ledger/open-ledger.ts'),
    import('../../ledger/sqlite/ledger-file.ts'),
  ]);
  try {
    await refuseNetwork(file, fileSystemType ?? systemFileSystemType);
    const ledger = await openLedgerForReading(file, { clock: io.clock });
    try {
      const findings = await ledger.verify((body, take) => fingerprint(body as RequestBody, take));
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
  const there = (await stat(file).catch(() => undefined)) !== undefined;
  const folder = await nearestFolder(path.dirname(file));
  const isWritable = await access(there ? file : folder, constants.W_OK).then(
    () => true,
    () => false,
  );
  if (!isWritable) {
    return check(
      'ledger',
      'problem',
      `${there ? shown : folder} may not be written`,
      'give yourself permission to write it, or name another ledger with --ledger or SHOTLIST_LEDGER',
    );
  }
  return check(
    'ledger',
    'ok',
    there ? `${shown} can be read and written` : `none yet; the first run makes ${shown}`,
  );
}

async function nearestFolder(folder: string): Promise<string> {
  const found = await stat(folder).catch(() => undefined);
  const parent = path.dirname(folder);
  return found !== undefined || parent === folder ? folder : nearestFolder(parent);
}

function problemOf(name: Check['name'], error: unknown): Check {
  if (!(error instanceof ShotlistError)) throw error;
  return check(name, 'problem', error.message, error.help ?? null);
}
