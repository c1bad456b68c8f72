import type { FailedUpload, ReadyUpload } from '../../project/uploading.ts';
import { openCalled } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { filterOptions, formatOption, modelsOption } from '../options.ts';
import { createStages } from '../render/stages.ts';
import { renderUpload, type UploadedFile, uploadJson } from '../render/upload.ts';
import { showUpload } from '../uploading.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    dryRun: { flags: '--dry-run', summary: 'ask the store what it lacks, and show that; upload nothing' },
    ...filterOptions,
    ...formatOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const uploadCommand = defineCommand({
  name: 'upload',
  summary: 'put local media into the store, each content once',
  description:
    'Asks the store (`store` in the manifest) which of the local files that the requests name it has, and puts the others, each under the hash of its content. Nothing is sent to the provider and nothing is paid for; `run` does the same before it sends. Killed, it goes on where it was. The keys come from AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY and AWS_SESSION_TOKEN. Exits with 1 when a file could not be put.',
  ...signature,
  examples: [
    { command: 'shotlist upload storyboard.yaml', summary: 'put what the store lacks' },
    { command: 'shotlist upload storyboard.yaml --dry-run', summary: 'only say what that is' },
    { command: "shotlist upload storyboard.yaml --only 'sc010/*'", summary: 'the files of one scene' },
  ],
  async execute(call) {
    const stages = await createStages(call);
    const opening = { refuseErrors: true, readOnly: true };
    const project = await openCalled(call, call.arguments.manifest, opening);
    let upload: ReadyUpload | null = null;
    try {
      const { only, tag, scene } = call.options;
      upload = await project.prepareUpload({ only, tags: tag, scenes: scene });
      const isDry = call.options.dryRun || upload === null;
      const failed = isDry || upload === null ? [] : await showUpload(call, stages, upload);
      tell(call, upload, failed);
      return failed.length > 0 ? exitCodes.problems.code : exitCodes.ok.code;
    } finally {
      await upload?.close();
      await project.close();
    }
  },
});

function tell({ io, options }: Call, upload: ReadyUpload | null, failed: readonly FailedUpload[]): void {
  const errors = new Map(failed.map(({ file, error }) => [file.object.name, error]));
  const files = (upload?.missing ?? []).map((file): UploadedFile => {
    const { path, sha256, bytes, object } = file;
    const error = errors.get(object.name) ?? null;
    return { path, sha256, bytes, stored: !options.dryRun && error === null, error };
  });
  const host = upload?.host ?? null;
  const had = (upload?.asked ?? 0) - files.length;
  const text = options.format === 'json' ? uploadJson(files, host, had) : renderUpload(files, host, had);
  io.stdout.write(text);
  const [first] = failed;
  if (first !== undefined) io.stderr.write(`help ${first.help}\n`);
}
