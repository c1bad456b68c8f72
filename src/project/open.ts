import path from 'node:path';
import { systemClock } from '../core/clock.ts';
import { SetupError, ShotlistError } from '../core/errors.ts';
import { userAtHost } from '../core/user.ts';
import { holdsPassword, type LedgerLocation, ledgerBeside } from '../ledger/location.ts';
import type { LintedManifest, LintOptions, LintResult } from '../lint/lint.ts';
import { anyFingerprintOf } from '../manifest/filed.ts';
import { yamlReader } from '../manifest/read-budget.ts';
import { profileAt } from '../provider/profiles.ts';
import { badSignature } from './approval/approval.ts';
import { wasChangedAfterSigning } from './approval/signature-file.ts';
import { isPlanName, readApprovedPlan } from './approved-plan.ts';
import type { ProjectContext } from './context.ts';
import { type Emit, warn } from './events.ts';
import { type ProjectFiles, systemFiles } from './files.ts';
import { followUpOf } from './follow-up.ts';
import { Journal } from './journal.ts';
import { LedgerAccess } from './ledger-access.ts';
import { builtInLedgers } from './ledgers.ts';
import { boundFiles } from './links-out.ts';
import { fileCacheBeside, settleLocalFiles } from './local-files.ts';
import { similarFile, unreadableManifest } from './manifest-files.ts';
import type { LedgerOpener, ProjectOptions } from './options.ts';
import { placeOf } from './places.ts';
import { Project } from './project.ts';
import { manifestRefused, refuseErrors } from './refusal.ts';
import { ignoredBaseUrl, readSettings, type Settings, scopeOf } from './settings.ts';
import { tellSpooled, tellSpoolWaits } from './spooled.ts';

/**
 * Opens a project: reads and lints its manifest, and finds out where its memory is. The ledger is opened when it is first
 * needed, once; see `LedgerAccess` for what happens then. Close the project when you are done.
 *
 * @param file the manifest, or a plan saved with `plan --out`, whose manifest is opened then; `-` with `options.stdin`.
 * @throws SetupError for a manifest that cannot be read and for settings that are wrong; UsageError for a saved plan that
 *   cannot be sent; LintFailedError where not even the project's name can be read, or with `options.refuseErrors`.
 *
 * @example
 * await using project = await openProject('storyboard.yaml');
 * const plan = await project.plan();
 * await project.submit(plan, { maxCost: 50 });
 * await project.collect();
 */
export async function openProject(file: string, options: ProjectOptions = {}): Promise<Project> {
  try {
    return await open(file, options);
  } catch (error) {
    const { cwd = path.resolve(), env = {}, files = systemFiles, readOnly } = options;
    const isPlanToSend = error instanceof ShotlistError && isPlanName(file) && readOnly !== true;
    if (isPlanToSend && (await wasChangedAfterSigning(file, { cwd, env, files }))) throw badSignature(file);
    throw error;
  }
}

async function open(file: string, options: ProjectOptions): Promise<Project> {
  const { cwd = path.resolve(), env = {}, clock = systemClock, files: ownFiles = systemFiles } = options;
  const { ledgers = builtInLedgers, onEvent = () => {} } = options;
  const approved = await readApprovedPlan(file, { cwd, files: ownFiles });
  const place: Place = { named: approved?.manifest ?? file, cwd, emit: onEvent };
  const fileCache = fileCacheBeside(place.named, { cwd, clock });
  const [result, settings] = await Promise.all([
    lintManifest(place, { ...options, clock, env, fileCache }),
    readSettings({ cwd, env }, options),
  ]);
  const found = await expectProject(place, result, options.refuseErrors === true);
  const { linted, files: localFiles } = await settleLocalFiles(found, cwd, settings, fileCache);
  warnOfSettings(onEvent, settings, options.ledger);
  const { folder, name } = await findPlace(linted, { cwd, files: ownFiles, ledgers, clock });
  const stem = path.join(folder, name);
  const files = boundFiles(ownFiles, { cwd, stem });
  const scope = {
    provider: scopeOf(settings),
    project: linted.manifest.project,
  };
  const location = ledgerOf(settings, folder);
  const followUp = followUpOf(options, linted.manifest.source.file);
  const by = options.by ?? userAtHost();
  const journal = new Journal({
    ...{ by, cwd, stem, scope, files, followUp, ledger: location },
    named: options.journal,
    asked: () => anyFingerprintOf(linted.requests),
    emit: onEvent,
  });
  const ledger = new LedgerAccess({
    ...{ location, clock, opener: ledgers },
    readOnly: options.readOnly === true,
    onSpooled: (report) => tellSpooled(onEvent, report),
    onSpoolWaits: (spool, error) => tellSpoolWaits(onEvent, spool.folder, error),
    prepare: (opened) => journal.takeIn(opened),
  });
  const context: ProjectContext = {
    ...{ options, cwd, env, settings, linted, result, scope, stem, ledger, journal, files, clock, followUp },
    ...{ ledgers, localFiles },
    ledgerIsNew: !(await ledger.exists()),
    createProvider: options.createProvider ?? ((how) => profileAt(how.baseUrl).create(how)),
    probeMedia:
      options.probeMedia ?? (async (...of) => (await import('../media/probe.ts')).probeMedia(...of)),
    random: options.random ?? Math.random,
    by,
    emit: onEvent,
  };
  return new Project(context, approved);
}

/** The ledger that is named, else the one beside the manifest. Of one that is shared, this machine's part is there. */
function ledgerOf({ ledgerLocation: named }: Settings, folder: string): LedgerLocation {
  const own = ledgerBeside(folder);
  if (named === null) return own;
  return named.isShared ? named.keptIn(own.folder) : named;
}

/** The manifest that is opened, as it is named, and from where. */
interface Place {
  readonly named: string;
  readonly cwd: string;
  readonly emit: Emit;
}

async function lintManifest(
  { named, cwd, emit }: Place,
  {
    stdin,
    models,
    needPrices,
    allowPrivateMedia,
    readFile,
    clock,
    env,
    fileCache,
  }: ProjectOptions & Pick<ProjectContext, 'clock' | 'env'> & Pick<LintOptions, 'fileCache'>,
): Promise<LintResult> {
  const { lint } = await import('../lint/lint.ts');
  const result = await lint([named], {
    ...{ cwd, stdin, models, needPrices, allowPrivateMedia, readFile, fileCache },
    now: clock.now(),
    yaml: yamlReader(env),
  });
  const unreadable = unreadableManifest(result);
  if (unreadable !== undefined) {
    const meant = await similarFile(cwd, named);
    const help = meant === undefined ? unreadable.help : `did you mean ${meant}?`;
    throw new SetupError(unreadable.message, { help: help ?? undefined });
  }
  if (result.manifests[0]?.manifest.project === '' && readFile === undefined) {
    const { refuseFragment } = await import('./fragments.ts');
    await refuseFragment(named, cwd);
  }
  emit({ type: 'linted', findings: result });
  return result;
}

/** @throws ManifestRefusedError where the manifest does not say which project it is, or has errors and may not. */
async function expectProject(
  { named }: Place,
  result: LintResult,
  refusesErrors: boolean,
): Promise<LintedManifest> {
  const [linted] = result.manifests;
  if (linted === undefined || linted.manifest.project === '') throw manifestRefused(named, result);
  if (refusesErrors) refuseErrors(named, result);
  return linted;
}

/** A slip in a setting must not have its default paid for without a word. */
function warnOfSettings(emit: Emit, settings: Settings, ledger: string | undefined): void {
  if (ledger !== undefined && holdsPassword(ledger)) {
    const help = 'put the URL into SHOTLIST_LEDGER, or the password into PGPASSWORD or .pgpass';
    warn(emit, 'passwordShown', 'everybody on this machine can read a password that --ledger names', help);
  }
  for (const misspelt of settings.misspelt) warn(emit, 'misspeltSetting', misspelt);
  if (!settings.isDotEnvBaseUrlIgnored) return;
  const { why, help } = ignoredBaseUrl;
  warn(emit, 'ignoredBaseUrl', `SHOTLIST_BASE_URL in .env is not used: ${why}`, help);
}

/** Finds the place of the files beside the manifest: absolute folder, and the name that they begin with. */
async function findPlace(
  { manifest }: LintedManifest,
  {
    cwd,
    ...world
  }: {
    readonly cwd: string;
    readonly files: ProjectFiles;
    readonly ledgers: LedgerOpener;
    readonly clock: ProjectContext['clock'];
  },
): Promise<{ readonly folder: string; readonly name: string }> {
  const { absolutePath } = manifest.source;
  if (absolutePath === null) return { folder: cwd, name: manifest.project };
  const placed = await placeOf(absolutePath, manifest.project, world);
  return { folder: path.dirname(placed), name: path.basename(placed).replace(/\.[^.]+$/, '') };
}
