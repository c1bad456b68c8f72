import { count } from '../core/count.ts';
import { SetupError } from '../core/errors.ts';
import { objectUrl, type Store } from '../manifest/store-settings.ts';
import type { Plan, PlannedRequest } from '../plan/model.ts';
import { type Selection, select } from '../plan/select.ts';
import { chooseProxy } from '../provider/proxy.ts';
import type { LocalFileSpec } from '../store/local-contents.ts';
import type { StoreService } from '../store/service.ts';
import { StoreFailure } from '../store/store-failure.ts';
import type { FailedUpload, UploadEvent } from '../store/upload.ts';
import type { ProjectContext } from './context.ts';
import { hostOf } from './local-files.ts';
import { refuseLintErrors } from './refusal.ts';
import { UploadError } from './upload-error.ts';

export type { FailedUpload } from '../store/upload.ts';

/** An upload, known before a person is asked. */
export interface ReadyUpload {
  /** Contents that the store lacks, and their bytes. */
  readonly files: number;
  readonly bytes: number;
  /** Contents that the store was asked for. */
  readonly asked: number;
  /** The store's. */
  readonly host: string;
  /** The files that would go up, the first of each content. */
  readonly missing: readonly LocalFileSpec[];
  /** Puts them, once, however often it is called. What could not be put is given back. */
  start(how?: UploadOptions): Promise<readonly FailedUpload[]>;
  close(): Promise<void>;
}

export interface UploadOptions {
  /** Begins no further file. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: UploadEvent) => void) | undefined;
}

/** The files of some requests. */
export function filesOf(
  { linted, localFiles }: Pick<ProjectContext, 'linted' | 'localFiles'>,
  requests: readonly Pick<PlannedRequest, 'key'>[],
): readonly LocalFileSpec[] {
  const keys = new Set(requests.map(({ key }) => key));
  const files = new Map<string, LocalFileSpec>();
  for (const request of linted.requests) {
    if (!keys.has(request.key)) continue;
    for (const { absolutePath } of request.files ?? []) {
      const spec = localFiles.specs.get(absolutePath);
      if (spec !== undefined) files.set(absolutePath, spec);
    }
  }
  return [...files.values()];
}

/**
 * Asks the store which of these files it lacks.
 *
 * @throws SetupError for missing keys, and for a store that cannot be asked; nothing was sent then.
 */
export async function prepareUpload(
  context: ProjectContext,
  files: readonly LocalFileSpec[],
): Promise<(ReadyUpload & { readonly service: StoreService; readonly store: Store }) | null> {
  const { localFiles } = context;
  const { store, cache } = localFiles;
  if (files.length === 0 || store === null) return null;
  const service = await openService(context, store);
  const { findMissing, uploadAll } = await import('../store/upload.ts');
  const host = hostOf(store);
  let missing: readonly LocalFileSpec[];
  try {
    missing = await findMissing(files, service);
  } catch (error) {
    await service.close();
    throw asSetupError(error);
  }
  const lacks = new Set(missing.map(({ object }) => object.name));
  for (const { object } of files) cache?.noteStored(objectUrl(store, object.name), !lacks.has(object.name));
  await cache?.save();
  let started: Promise<readonly FailedUpload[]> | undefined;
  const put = async ({ signal, onEvent }: UploadOptions): Promise<readonly FailedUpload[]> => {
    const failed = await uploadAll(missing, service, { signal, onEvent });
    const bad = new Set(failed.map(({ file }) => file.object.name));
    for (const { object } of missing) {
      if (!bad.has(object.name)) cache?.noteStored(objectUrl(store, object.name), true);
    }
    await cache?.save();
    return failed;
  };
  return {
    ...{ host, missing, service, store },
    asked: new Set(files.map(({ object }) => object.name)).size,
    files: missing.length,
    bytes: missing.reduce((sum, { object }) => sum + object.bytes, 0),
    start(how = {}) {
      started ??=
        missing.length === 0 ? Promise.resolve([]) : put({ onEvent: how.onEvent, signal: how.signal });
      return started;
    },
    close: () => service.close(),
  };
}

/** The same for the local files of selected requests. @throws ManifestRefusedError, UsageError for a selection of nothing. */
export async function prepareSelected(
  context: ProjectContext,
  selection: Selection,
): Promise<ReadyUpload | null> {
  refuseLintErrors(context);
  return prepareUpload(context, filesOf(context, select(context.linted.requests, selection)));
}

/** A client for the store, with the keys of the environment. @throws SetupError where there are none. */
export async function openService(
  { settings, clock, random }: Pick<ProjectContext, 'settings' | 'clock' | 'random'>,
  store: Store,
): Promise<StoreService> {
  const keys = settings.storeKeys();
  const { openStoreService } = await import('../store/service.ts');
  const { looksAtOnce } = await import('../store/upload.ts');
  return openStoreService({
    ...{ store, keys, clock, random },
    connections: looksAtOnce,
    proxyFor: (target) => chooseProxy(target, settings.proxy),
  });
}

function asSetupError(error: unknown): unknown {
  if (!(error instanceof StoreFailure)) return error;
  return new SetupError(`the store cannot be asked what it has: ${error.message}`, {
    help: `${error.help}; nothing was sent`,
    cause: error,
  });
}

/** The plan without the requests that need what could not be put. */
export function withoutFailed(
  plan: Plan,
  failed: readonly FailedUpload[],
): { readonly plan: Plan; readonly left: readonly PlannedRequest[] } {
  const bad = new Set(failed.map(({ file }) => file.sha256));
  const needs = ({ action, files = [] }: PlannedRequest): boolean =>
    action === 'submit' && files.some(({ sha256 }) => bad.has(sha256));
  const left = plan.requests.filter(needs);
  return { plan: { ...plan, requests: plan.requests.filter((request) => !needs(request)) }, left };
}

/** Files that a message names before the rest is only counted. */
const named = 5;

/** What could not be put, which requests need it, and that nothing was sent. */
export function uploadError(failed: readonly FailedUpload[], left: readonly PlannedRequest[]): UploadError {
  const reasons = failed.slice(0, named).map(({ file, error }) => `${file.path}: ${error}`);
  const more = failed.length > named ? `; and ${failed.length - named} more` : '';
  const keys = left.slice(0, named).map(({ key }) => key);
  const moreKeys = left.length > named ? ` and ${left.length - named} more` : '';
  const [first] = failed;
  return new UploadError(
    `${count(failed.length, 'file')} could not be uploaded, so nothing was sent: ${reasons.join('; ')}${more}`,
    {
      help: [
        `needed by ${keys.join(', ')}${moreKeys}`,
        first?.help ?? '',
        'to send the requests that need none of them: --partial',
      ]
        .filter((line) => line !== '')
        .join('\n'),
    },
  );
}
