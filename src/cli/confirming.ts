import { NotConfirmedError } from '../core/errors.ts';
import type { Plan } from '../plan/model.ts';
import type { Target } from '../project/target.ts';
import type { ReadyUpload } from '../project/uploading.ts';
import type { CommandCall } from './command.ts';
import { isYes } from './io.ts';
import { price, uploadText } from './render/plan.ts';
import { targetInWords } from './render/target.ts';
import { count } from './render/text.ts';

/**
 * Asks whether a plan is to be sent, unless the call says so.
 *
 * @throws NotConfirmedError without a terminal, and for any answer but yes.
 */
export async function confirm(
  { io, options }: CommandCall<{ readonly yes: boolean }>,
  plan: Plan,
  target: Target,
  upload: ReadyUpload | null,
): Promise<void> {
  if (options.yes) return;
  const { submit } = plan.summary;
  if (!io.stdin.isTTY || !io.stderr.isTTY) {
    throw new NotConfirmedError(
      `${count(submit, 'request')} would be sent, and nobody confirmed it: nothing was sent`,
      {
        help: 'add --yes to send without a terminal',
      },
    );
  }
  const answer = await io.stdin.ask(
    `${uploadInWords(upload)}ubmit ${count(submit, 'request')} ${price(plan)} ${targetInWords(target)}? [y/N] `,
  );
  if (!isYes(answer)) throw new NotConfirmedError('not confirmed: nothing was sent');
}

/** Names the upload, as the beginning of the question: `Upload 2 files, 3.4 MB, to s3.example.com, and s`. */
function uploadInWords(upload: ReadyUpload | null): string {
  if (upload === null || upload.files === 0) return 'S';
  return `Upload ${uploadText(upload)}, to ${upload.host}, and s`;
}
