import pLimit from 'p-limit';
import type { LocalFileSpec } from './local-contents.ts';
import type { StoreService } from './service.ts';
import { StoreFailure } from './store-failure.ts';

/** Files that go up at the same time, and objects that are asked for. */
export const uploadsAtOnce = 4;
export const looksAtOnce = 16;

/** A file that could not be put, and why. */
export interface FailedUpload {
  readonly file: LocalFileSpec;
  readonly error: string;
  readonly help: string;
}

export type UploadEvent =
  | { readonly type: 'started'; readonly files: number; readonly bytes: number }
  /** Bytes that went out so far, of all. */
  | {
      readonly type: 'bytes';
      readonly sent: number;
      readonly bytes: number;
      readonly done: number;
      readonly files: number;
    }
  | { readonly type: 'put'; readonly path: string; readonly url: string; readonly bytes: number }
  | { readonly type: 'failed'; readonly path: string; readonly error: string };

/**
 * Which of these contents the store lacks, each once.
 *
 * @throws StoreFailure where it cannot be asked.
 */
export async function findMissing(
  files: readonly LocalFileSpec[],
  service: Pick<StoreService, 'look'>,
  signal?: AbortSignal,
): Promise<readonly LocalFileSpec[]> {
  const limit = pLimit(looksAtOnce);
  const looked = distinct(files).map((file) =>
    limit(async () => {
      signal?.throwIfAborted();
      return { file, state: await service.look(file.object) };
    }),
  );
  await Promise.allSettled(looked);
  return (await Promise.all(looked)).filter(({ state }) => state !== 'whole').map(({ file }) => file);
}

/**
 * Puts files, several at a time, each content once. What fails is told and does not stop the others, unless it would stop
 * them all.
 */
export async function uploadAll(
  files: readonly LocalFileSpec[],
  service: Pick<StoreService, 'put'>,
  {
    signal,
    onEvent = () => {},
  }: {
    readonly signal?: AbortSignal | undefined;
    readonly onEvent?: ((event: UploadEvent) => void) | undefined;
  },
): Promise<readonly FailedUpload[]> {
  const all = distinct(files);
  const bytes = all.reduce((sum, { object }) => sum + object.bytes, 0);
  onEvent({ type: 'started', files: all.length, bytes });
  const limit = pLimit(uploadsAtOnce);
  const failed: FailedUpload[] = [];
  let hopeless: StoreFailure | undefined;
  let sent = 0;
  let done = 0;
  const putOne = async (file: LocalFileSpec): Promise<void> => {
    signal?.throwIfAborted();
    try {
      if (hopeless !== undefined) throw hopeless;
      await service.put(file.object, file.realPath, (count) => {
        sent += count;
        onEvent({ type: 'bytes', sent, bytes, done, files: all.length });
      });
      done += 1;
      onEvent({ type: 'put', path: file.path, url: file.url, bytes: file.object.bytes });
    } catch (error) {
      const failure = asFailure(error);
      if (isHopeless(failure)) hopeless = failure;
      failed.push({ file, error: failure.message, help: failure.help });
      onEvent({ type: 'failed', path: file.path, error: failure.message });
    }
  };
  await Promise.all(all.map((file) => limit(() => putOne(file))));
  return failed;
}

/** One of each content. */
function distinct(files: readonly LocalFileSpec[]): readonly LocalFileSpec[] {
  return [...new Map(files.map((file) => [file.object.name, file])).values()];
}

/** True for a mistake of the keys or the bucket, which is one for every file. */
function isHopeless({ code }: StoreFailure): boolean {
  return [
    'InvalidAccessKeyId',
    'SignatureDoesNotMatch',
    'NoSuchBucket',
    'ExpiredToken',
    'ECONNREFUSED',
    'ENOTFOUND',
  ].includes(code);
}

function asFailure(error: unknown): StoreFailure {
  if (error instanceof StoreFailure) return error;
  if (error instanceof Error && 'code' in error && typeof error.code === 'string') {
    return new StoreFailure(
      `it cannot be read (${error.code})`,
      'check the file and its permissions',
      error.code,
      false,
      error,
    );
  }
  throw error;
}
