import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { parseEnv } from 'node:util';
import { SetupError } from '../core/errors.ts';
import { readOrdinary } from '../core/read-file.ts';
import { nearest } from '../core/suggest.ts';
import { isBelow, realPlace, workTreeOf } from '../core/work-tree.ts';
import { type LedgerLocation, parseLedgerLocation } from '../ledger/location.ts';
import type { StoreDefaults } from '../manifest/store-settings.ts';
import { parseBaseUrl, providerScope } from '../provider/base-url.ts';
import { defaultProfile } from '../provider/profiles.ts';
import type { ProxySettings } from '../provider/proxy.ts';
import type { StoreKeys } from '../store/service.ts';
import type { Environment } from './options.ts';
import { storeSettingsIn } from './store-keys.ts';

/** The settings that environment, `.env` and flags make together. */
export interface Settings {
  readonly baseUrl: string;
  /** The origin of the base URL, for messages. */
  readonly baseUrlFrom: string;
  readonly isDefaultBaseUrl: boolean;
  /** `.env` names a provider, and is not obeyed. */
  readonly isDotEnvBaseUrlIgnored: boolean;
  /** A loopback address is a gateway that pays, and no rehearsal. */
  readonly isReal: boolean;
  /** Variables that are no setting, and were meant to be one, each as a sentence. */
  readonly misspelt: readonly string[];
  readonly proxy: ProxySettings;
  /** The allowed-signers file of those who may approve, absolute, in place of the manifest's; null where none is named. */
  readonly approvers: string | null;
  /** The ledger that was named; null where the manifest decides. */
  readonly ledgerLocation: LedgerLocation | null;
  /**
   * The key, from SHOTLIST_API_KEY or SHOTLIST_API_KEY_FILE.
   *
   * @throws SetupError that says how to give one.
   */
  apiKey(): Promise<string>;
  /** Settings of a store by the environment, where its manifest states none. */
  readonly store: StoreDefaults;
  /**
   * The keys of the store.
   *
   * @throws SetupError that says how to give them.
   */
  storeKeys(): StoreKeys;
}

/** The words about a base URL in `.env` that is not used. */
export const ignoredBaseUrl = {
  why: "it counts only together with a key in the same file (SHOTLIST_API_KEY itself, no key file), so that a stranger's folder cannot redirect your key",
  help: 'put the key there too, or name the provider with --base-url or in the environment',
};

/** Names the provider, or the rehearsal, under which requests are filed. */
export function scopeOf(settings: Pick<Settings, 'baseUrl' | 'baseUrlFrom' | 'isReal'>): string {
  return providerScope(parseBaseUrl(settings.baseUrl, settings.baseUrlFrom), settings.isReal);
}

/** The places of settings. */
export interface SettingsPlace {
  /** Absolute; where `.env` lies. */
  readonly cwd: string;
  readonly env: Environment;
}

/** The settings that the call itself states. */
export interface StatedSettings {
  readonly apiKey?: string | undefined;
  readonly baseUrl?: string | undefined;
  readonly ledger?: string | undefined;
  readonly real?: boolean | undefined;
}

/** Flags win over the environment, real variables win over `.env`. */
export async function readSettings({ cwd, env }: SettingsPlace, flags: StatedSettings): Promise<Settings> {
  const dotEnv = await readDotEnv(cwd);
  const real = (name: string): string | undefined => env[name]?.trim() || undefined;
  /** Set, and empty, is a mistake where the default in its place would be paid for. */
  const stated = (name: string): string | undefined => env[name]?.trim();
  const keyFromDotEnv = !keyNames.some(real) && keyNames.some((name) => dotEnv[name]);
  // A stranger's `.env` may name any file of whoever runs it, so the key in a file counts for no provider that it names.
  const bringsKey = keyFromDotEnv && Boolean(dotEnv['SHOTLIST_API_KEY']?.trim());
  // A key from the environment, however it is given, is not replaced by one that lies in the folder.
  const keyOf = (name: (typeof keyNames)[number]): string | undefined =>
    keyFromDotEnv ? dotEnv[name]?.trim() || undefined : real(name);
  // A base URL in a stranger's checkout must not redirect the key of the person who runs it.
  const baseUrlInDotEnv = dotEnv['SHOTLIST_BASE_URL']?.trim();
  const baseUrl = pickBaseUrl(
    flags.baseUrl,
    stated('SHOTLIST_BASE_URL'),
    bringsKey ? baseUrlInDotEnv : undefined,
  );
  const ledgerInDotEnv = dotEnv['SHOTLIST_LEDGER']?.trim();
  const ledger = flags.ledger ?? stated('SHOTLIST_LEDGER') ?? ledgerInDotEnv;
  if (ledger === '') {
    const name = flags.ledger === undefined ? 'SHOTLIST_LEDGER' : '--ledger';
    throw new SetupError(`${name} is empty`, {
      help: 'name a file, or leave it out for .shotlist/ledger.db beside the manifest',
    });
  }

  const ledgerLocation = ledger === undefined ? null : parseLedgerLocation(ledger, cwd, env);
  const isFromDotEnv = flags.ledger === undefined && stated('SHOTLIST_LEDGER') === undefined;
  if (ledgerLocation !== null && isFromDotEnv) await refuseLedgerElsewhere(ledgerLocation, cwd);

  return {
    ...baseUrl,
    isReal: flags.real === true || isOn(stated('SHOTLIST_REAL') ?? dotEnv['SHOTLIST_REAL']?.trim()),
    misspelt: [...misspeltIn(env, ''), ...misspeltIn(dotEnv, ' in .env')],
    isDotEnvBaseUrlIgnored:
      baseUrl.isDefaultBaseUrl &&
      baseUrlInDotEnv !== undefined &&
      baseUrlInDotEnv !== '' &&
      baseUrlInDotEnv !== defaultProfile.defaultBaseUrl,
    proxy: {
      http: real('HTTP_PROXY') ?? real('http_proxy'),
      https: real('HTTPS_PROXY') ?? real('https_proxy'),
      all: real('ALL_PROXY') ?? real('all_proxy'),
      no: real('NO_PROXY') ?? real('no_proxy'),
    },
    // Never from `.env`, which whoever edits the manifest could edit as well.
    approvers:
      real('SHOTLIST_APPROVERS') === undefined ? null : path.resolve(cwd, real('SHOTLIST_APPROVERS') ?? ''),
    ledgerLocation,
    ...storeSettingsIn(env, dotEnv),
    apiKey: () =>
      readKey(
        cwd,
        flags.apiKey ?? keyOf('SHOTLIST_API_KEY'),
        keyOf('SHOTLIST_API_KEY_FILE'),
        keyFromDotEnv ? '.env' : 'environment',
      ),
  };
}

/**
 * A stranger's folder must not have prompts and history of whoever runs it told to a server, or written elsewhere.
 *
 * @throws SetupError for a ledger that is no file in the work tree of `cwd`.
 */
async function refuseLedgerElsewhere(location: LedgerLocation, cwd: string): Promise<void> {
  if (await location.isWithin([await workTreeOf(cwd)])) return;
  throw new SetupError(`SHOTLIST_LEDGER in .env names ${location}, which is not in this work tree`, {
    help: "a stranger's folder must not lead your ledger elsewhere: if it is meant, set SHOTLIST_LEDGER in the environment, or use --ledger. Nothing was sent.",
  });
}

const keyNames = ['SHOTLIST_API_KEY', 'SHOTLIST_API_KEY_FILE'] as const;
const prefix = 'SHOTLIST_';
const names = [
  ...keyNames,
  'SHOTLIST_BASE_URL',
  'SHOTLIST_LANG',
  'SHOTLIST_LEDGER',
  'SHOTLIST_REAL',
  'SHOTLIST_APPROVERS',
  'SHOTLIST_YAML',
];

/** True for a yes, however said. @throws SetupError for a word that may mean anything: it decides what is paid. */
function isOn(value: string | undefined): boolean {
  if (value === undefined || /^(?:|0|no|false|off)$/i.test(value)) return false;
  if (/^(?:1|yes|true|on)$/i.test(value)) return true;
  throw new SetupError('SHOTLIST_REAL is neither yes nor no', { help: 'set it to 1, or leave it out' });
}

/** A slip in a name would have the default in its place, which is paid for. */
function misspeltIn(env: Environment, where: string): readonly string[] {
  return Object.keys(env).flatMap((name) => {
    if (!/^shotlist_/i.test(name) || names.includes(name)) return [];
    const meant = nearest(
      name.slice(prefix.length),
      names.map((each) => each.slice(prefix.length)),
    );
    return meant === undefined ? [] : [`${name}${where} is no setting: did you mean ${prefix}${meant}?`];
  });
}

function pickBaseUrl(flag: string | undefined, real: string | undefined, dotEnv: string | undefined) {
  const isDefaultBaseUrl = false;
  if (flag !== undefined) return { baseUrl: flag, baseUrlFrom: '--base-url', isDefaultBaseUrl };
  if (real !== undefined) return { baseUrl: real, baseUrlFrom: 'SHOTLIST_BASE_URL', isDefaultBaseUrl };
  if (dotEnv !== undefined)
    return { baseUrl: dotEnv, baseUrlFrom: 'SHOTLIST_BASE_URL in .env', isDefaultBaseUrl };
  return { baseUrl: defaultProfile.defaultBaseUrl, baseUrlFrom: 'the default', isDefaultBaseUrl: true };
}

async function readDotEnv(cwd: string): Promise<NodeJS.Dict<string>> {
  const read = await readOrdinary(path.join(cwd, '.env'), longestDotEnv);
  switch (read.kind) {
    case 'text':
      return { ...parseEnv(read.text), ...withHashes(read.text) };
    case 'missing':
      return {};
    case 'unfit':
      // A folder of that name is what some tools make of a virtual environment.
      if (read.isFolder) return {};
      throw new SetupError(`.env ${read.why}`, {
        help: 'remove it, or make it a file of lines such as NAME=value',
      });
    case 'unreadable':
      if (read.code === 'ENOTDIR') return {};
      throw new SetupError(`.env cannot be read: ${(read.error as Error).message}`, { cause: read.error });
  }
}

/** Our settings as they are written: Node takes a `#` amid a word for a comment, and would cut a key there in silence. */
function withHashes(text: string): NodeJS.Dict<string> {
  const lines = text.matchAll(/^[ \t]*(?:export[ \t]+)?(SHOTLIST_\w+)[ \t]*=[ \t]*([^\s#"'`].*)$/gim);
  return Object.fromEntries(
    [...lines].map(([, name = '', value = '']) => [name, value.replace(/\s#.*$/, '').trim()]),
  );
}

/** Bytes of the longest `.env`: more than any settings, or any key, have. */
const longestDotEnv = 1024 * 1024;
const longestKeyFile = 64 * 1024;

async function readKey(
  cwd: string,
  key: string | undefined,
  file: string | undefined,
  from: '.env' | 'environment',
): Promise<string> {
  const found = key ?? (file === undefined ? undefined : await readKeyFile(cwd, file, from));
  if (found === undefined) {
    throw new SetupError('there is no API key', {
      help: 'set SHOTLIST_API_KEY, or SHOTLIST_API_KEY_FILE to a file that holds it, in the environment or in a .env file here',
    });
  }
  const wrong = wrongInKey(found);
  if (wrong !== undefined) {
    const from = key === undefined ? 'the file that SHOTLIST_API_KEY_FILE names' : 'SHOTLIST_API_KEY';
    throw new SetupError(`the API key ${wrong}`, {
      help: `put into ${from} the key alone, as the provider shows it: quotes and the word Bearer are not part of it`,
    });
  }
  return found;
}

/** Finds what no key has, and a hurried copy often; it never repeats the key. Undefined for what may be a key. */
function wrongInKey(key: string): string | undefined {
  if (key === '') return 'is empty';
  if (/^["'`\u2018-\u201d]|["'`\u2018-\u201d]$/.test(key)) return 'is in quotes';
  if (/^(authorization:\s*)?bearer[\s:]/i.test(key)) return 'begins with the word Bearer';
  if (/\s/.test(key)) return 'has a space or a line break in it';
  if (!/^[\x21-\x7e]+$/.test(key)) return 'holds characters other than ASCII';
  return undefined;
}

async function readKeyFile(cwd: string, named: string, from: '.env' | 'environment'): Promise<string> {
  const file = path.resolve(cwd, named);
  if (from === '.env' && !isBelow(await realpath(cwd), await realPlace(file))) {
    throw new SetupError(`SHOTLIST_API_KEY_FILE in .env names ${named}, which is not in this folder`, {
      help: "a stranger's folder must not name a key of yours: set SHOTLIST_API_KEY_FILE in the environment instead",
    });
  }
  const read = await readOrdinary(file, longestKeyFile);
  if (read.kind === 'text') return read.text.trim();
  const why = read.kind === 'unfit' ? read.why : 'cannot be read';
  throw new SetupError(`SHOTLIST_API_KEY_FILE names ${named}, which ${why}`, {
    help: 'check the path and the permissions',
    cause: read.kind === 'unreadable' ? read.error : undefined,
  });
}
