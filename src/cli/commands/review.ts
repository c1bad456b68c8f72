import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { platform } from 'node:os';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';
import { wholeNumber } from '../parse-values.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    port: {
      flags: '--port <port>',
      summary: 'where to listen on this machine',
      parse: wholeNumber(0, 65_535),
      default: 'any free port',
    },
    open: { flags: '--open', summary: 'open the page in the browser' },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const reviewCommand = defineCommand({
  name: 'review',
  summary: 'serve the report page on this machine, and write down what is decided on it',
  description:
    'Prints a URL for a browser on this machine: the takes of a shot side by side and in step, picked, rejected and noted by the keyboard. Every decision is in the ledger as soon as it is made; those of others, and clips that a collect saves meanwhile, show up by themselves. The token in the URL is the key to the page, and new for each review: hand it to nobody. It gives out no file but the clips of the report. Runs until Ctrl-C.',
  ...signature,
  examples: [{ command: 'shotlist review storyboard.yaml --open', summary: 'choose takes in the browser' }],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const { io, options } = call;
  return withProject(call, call.arguments.manifest, {}, async (project) => {
    const { startReview } = await import('../../server/review/review.ts');
    const token = randomBytes(24).toString('base64url');
    const review = await startReview({ project, port: options.port ?? 0, token });
    const stopped = new Promise<void>((resolve) => io.onInterrupt(() => resolve()));
    io.stdout.write(`${review.url}\n`);
    io.stderr.write('Open it in a browser on this machine. Ctrl-C stops the review.\n');
    if (options.open) openInBrowser(review.url);
    await stopped;
    await review.close();
    return exitCodes.ok.code;
  });
}

/** Whoever has no browser here has the URL. */
function openInBrowser(url: string): void {
  const system = platform();
  const program = system === 'darwin' ? 'open' : system === 'win32' ? 'explorer.exe' : 'xdg-open';
  const child = spawn(program, [url], { stdio: 'ignore', detached: true });
  child.on('error', () => undefined);
  child.unref();
}
