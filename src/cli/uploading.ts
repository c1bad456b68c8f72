import { InterruptedError } from '../core/errors.ts';
import { size } from '../lint/media-words.ts';
import type { FailedUpload, ReadyUpload } from '../project/uploading.ts';
import type { CommandCall } from './command.ts';
import type { Stages } from './render/stages.ts';
import { count } from './render/text.ts';

/** Puts what the store lacks as a stage of a call, with its progress in bytes. */
export async function showUpload(
  call: CommandCall,
  stages: Stages,
  upload: ReadyUpload,
): Promise<readonly FailedUpload[]> {
  if (upload.files === 0) return [];
  const { io, verbosity } = call;
  const stop = new AbortController();
  const end = io.onInterrupt(() =>
    stop.abort(new InterruptedError('interrupted while files were uploaded: nothing was sent')),
  );
  try {
    return await stages.stage(
      `Upload ${count(upload.files, 'file')}`,
      (show) =>
        upload.start({
          signal: stop.signal,
          onEvent: (event) => {
            if (event.type === 'bytes')
              show(`${size(event.sent)} of ${size(event.bytes)}, ${event.done} of ${event.files} files`);
            if (event.type === 'put' && verbosity === 'verbose') {
              io.stderr.write(`${event.path}: uploaded, ${size(event.bytes)}\n`);
            }
            if (event.type === 'failed') io.stderr.write(`${event.path}: not uploaded: ${event.error}\n`);
          },
        }),
      (failed) => ({
        text: `Upload: ${upload.files - failed.length} of ${count(upload.files, 'file')}, ${size(upload.bytes)}, to ${upload.host}`,
        isClean: failed.length === 0,
      }),
    );
  } finally {
    end();
  }
}
