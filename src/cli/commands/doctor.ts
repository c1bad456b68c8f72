import { stat } from 'node:fs/promises';
import path from 'node:path';
import pc from 'picocolors';
import { UsageError } from '../../core/errors.ts';
import { type LedgerLocation, ledgerBeside } from '../../ledger/location.ts';
import type { Check } from '../../project/doctor/check.ts';
import { afterChecks, type NextAction } from '../../project/next-actions.ts';
import { readSettings, type Settings } from '../../project/settings.ts';
import { type CallOf, type CommandCall, defineCommand, type Signature } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { proseWidth } from '../language.ts';
import { baseUrlOption, formatOption, ledgerOption } from '../options.ts';
import { columns, wrap } from '../render/text.ts';

const signature = {
  arguments: {
    manifest: {
      name: '[manifest]',
      summary: 'the manifest, or its folder, whose ledger to look at; this folder if left out',
      completion: 'files',
    },
  },
  options: {
    offline: { flags: '--offline', summary: 'ask nobody: leave the provider and the clock out' },
    ...formatOption,
    ...ledgerOption,
    ...baseUrlOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const doctorCommand = defineCommand({
  name: 'doctor',
  summary: 'say what works, and what to do about the rest',
  description:
    'Looks at the versions, the key, the base URL, the proxy, the ledger and the clock, and asks the provider for a task that does not exist, which costs nothing and tells whether it takes the key. Where a manifest with a `store` is named, it puts a small object there, reads it without keys and deletes it. Changes nothing else, and never prints a key. Exits with 2 when something must be mended.',
  ...signature,
  examples: [
    { command: 'shotlist doctor', summary: 'before the first run, and when something is odd' },
    { command: 'shotlist doctor boards/neon.yaml --offline', summary: 'without the network' },
  ],
  async execute(call) {
    const checks = await examine(call);
    const { io } = call;
    const isWell = checks.every(({ status }) => status !== 'problem');
    io.stdout.write(
      call.options.format === 'json'
        ? `${JSON.stringify({ version: 1, checks, nextActions: nextOf(call, isWell) }, null, 2)}\n`
        : render(checks, call),
    );
    return isWell ? exitCodes.ok.code : exitCodes.setup.code;
  },
});

function nextOf(call: Call, isWell: boolean): readonly NextAction[] {
  const { manifest } = call.arguments;
  const followUp = followUpOf(call, manifest ?? '.');
  return afterChecks(isWell, followUp('doctor'), manifest === undefined ? null : followUp('plan'));
}

async function examine(call: Call): Promise<readonly Check[]> {
  const { io, options } = call;
  const { checkBaseUrl, checkKey, checkLedger, checkProxy, checkVersions } = await import(
    '../../project/doctor/checks.ts'
  );
  const { check } = await import('../../project/doctor/check.ts');
  const settings = await readSettings(io, options);
  const ledger = settings.ledgerLocation ?? (await ledgerOf(call));
  const key = await checkKey(io.env, settings);
  const baseUrl = checkBaseUrl(settings);
  const proxy = checkProxy(settings, baseUrl.url);
  const isReady = key.key !== null && baseUrl.url !== null && proxy.status === 'ok';
  const skipped = (why: string): readonly Check[] => [
    check('provider', 'skipped', why),
    check('clock', 'skipped', why),
  ];
  const asked = options.offline
    ? skipped('not asked: --offline')
    : key.key === null || !isReady
      ? skipped('not asked: key, base URL and proxy come first')
      : await ask(call, settings, key.key);
  const misspelt = settings.misspelt.map((message) => check('settings', 'warning', message));
  return [
    checkVersions(io.nodeVersion),
    ...misspelt,
    key.check,
    baseUrl.check,
    proxy,
    ...asked,
    await checkLedger(io, ledger),
    ...(await storeChecks(call, settings)),
  ];
}

/** The store of a manifest that is named; nothing for one without, and for none. */
async function storeChecks(
  { io, options, arguments: of }: Call,
  settings: Settings,
): Promise<readonly Check[]> {
  const { manifest } = of;
  if (manifest === undefined || !/\.ya?ml$/i.test(manifest) || options.offline) return [];
  const { checkStore } = await import('../../project/doctor/store.ts');
  const found = await checkStore(manifest, io, settings);
  return found === null ? [] : [found];
}

/** Asks the provider, and names whoever gets the key before it goes there. */
async function ask({ io }: Call, settings: Settings, key: string): Promise<readonly Check[]> {
  const { host } = new URL(settings.baseUrl);
  io.stderr.write(
    `asking ${host} (${settings.baseUrlFrom}) for a task that does not exist, with the key …\n`,
  );
  const { checkProvider } = await import('../../project/doctor/provider.ts');
  return checkProvider(io.clock, settings, key);
}

/** @throws UsageError for a manifest that is not there: its ledger would be looked for in the wrong place. */
async function ledgerOf({ io, arguments: { manifest } }: Call): Promise<LedgerLocation> {
  const named = manifest === undefined || manifest === '-' ? '.' : manifest;
  const file = path.resolve(io.cwd, named);
  const found = await stat(file).catch(() => undefined);
  if (found === undefined) {
    throw new UsageError(`there is no file ${named}`, {
      help: 'name a manifest, or the folder that it is in',
    });
  }
  return ledgerBeside(found.isDirectory() ? file : path.dirname(file));
}

const names: Readonly<Record<Check['name'], string>> = {
  versions: 'Versions',
  settings: 'Settings',
  key: 'Key',
  baseUrl: 'Base URL',
  proxy: 'Proxy',
  provider: 'Provider',
  clock: 'Clock',
  ledger: 'Ledger',
  store: 'Store',
};

function render(checks: readonly Check[], { color, io }: CommandCall): string {
  const colors = pc.createColors(color.stdout);
  const marks: Readonly<Record<Check['status'], string>> = {
    ok: colors.green('ok'),
    warning: colors.yellow('warning'),
    problem: colors.red('problem'),
    skipped: colors.dim('skipped'),
  };
  const width = Math.max(40, proseWidth(io.stdout, 100) - 19);
  return columns(
    checks.flatMap(({ name, status, message, help }) => {
      const lines = [
        ...wrap(message, width),
        ...(help?.split('\n').flatMap((step) => wrap(`→ ${step}`, width)) ?? []),
      ];
      return lines.map((line, index) => (index === 0 ? [marks[status], names[name], line] : ['', '', line]));
    }),
    '',
  );
}
