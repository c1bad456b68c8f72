import { appendFile, readFile } from 'node:fs/promises';
import path from 'node:path';
import { systemCode, UsageError } from '../../core/errors.ts';
import type { FixedFile, FixOptions } from '../../lint/fix.ts';
import type { Format } from '../../lint/formats/format.ts';
import { formatNames } from '../../lint/formats/format.ts';
import type { LintOptions, LintResult } from '../../lint/lint.ts';
import { limits } from '../../manifest/limits.ts';
import { yamlReader } from '../../manifest/read-budget.ts';
import { unreadableManifest } from '../../project/manifest-files.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import type { Output } from '../io.ts';
import { mediaOptions, modelsOption } from '../options.ts';

const signature = {
  arguments: {
    manifests: {
      name: '<manifest...>',
      summary: 'manifests to check, or patterns such as **/*.{yaml,yml}; - reads standard input',
      completion: 'files',
    },
  },
  options: {
    format: {
      flags: '--format <format>',
      summary: 'how findings are written',
      choices: formatNames,
      default: 'pretty',
    },
    strict: { flags: '--strict', summary: 'warnings fail too' },
    fix: { flags: '--fix', summary: 'mend what has one right answer, then check' },
    dryRun: {
      flags: '--dry-run',
      summary: 'with --fix: write nothing, and print what would change as a diff',
    },
    stdinFilename: {
      flags: '--stdin-filename <file>',
      summary: 'the file that standard input is the text of: paths in it are relative to that file',
      completion: 'files',
    },
    ...mediaOptions,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const lintCommand = defineCommand({
  name: 'lint',
  summary: 'check manifests before anything is spent',
  description:
    'Checks manifests with every rule, without a key, and without network unless `--media` is given. Each finding names the rule; `shotlist rules <id>` explains it.\n\n' +
    '`--fix` mends what has one right answer and leaves every other byte as it is; all files are written, or none. With standard input, the mended text goes to standard output and the findings to standard error.\n\n' +
    '`--format github` writes annotations, as many of each type as GitHub shows, and adds the findings to the summary of the job where `GITHUB_STEP_SUMMARY` names it; `gitlab` writes a Code Quality report, `rdjson` what reviewdog reads.',
  ...signature,
  // Its standard output is the text that was mended.
  textFlag: '--fix',
  examples: [
    { command: 'shotlist lint storyboard.yaml', summary: 'check one manifest' },
    { command: 'shotlist lint --fix storyboard.yaml', summary: 'mend what has one right answer' },
    {
      command: "shotlist lint --strict --format sarif 'acts/*.yaml' > lint.sarif",
      summary: 'check several in CI, warnings included',
    },
    {
      command: 'shotlist lint --media storyboard.yaml',
      summary: 'also check the media, without downloading them',
    },
  ],
  async execute(call) {
    const { io, options } = call;
    const { fix: fixes, stdinFilename } = options;
    if (options.dryRun && !fixes) {
      throw new UsageError('--dry-run goes with --fix', { help: 'without --fix, lint writes nothing' });
    }
    const [{ expandManifests }, { filesToLint }] = await Promise.all([
      import('../../project/manifest-files.ts'),
      import('../../project/fragments.ts'),
    ]);
    const { cwd } = io;
    const named = await expandManifests(call.arguments.manifests, cwd);
    const readsStdin = named.includes('-');
    if (stdinFilename !== undefined && !readsStdin) {
      throw new UsageError('--stdin-filename is for standard input', {
        help: 'give - in place of the manifest',
      });
    }
    if (fixes && readsStdin && named.length > 1) {
      throw new UsageError('--fix takes standard input alone', {
        help: 'mend the other files in another call',
      });
    }
    const stdin = (): Promise<Uint8Array> => io.stdin.read(limits.manifestBytes);
    const { files, found, ...reading } = await filesToLint({
      named,
      cwd,
      stdin,
      stdinFilename,
      keepStdin: fixes,
    });
    const lintOptions: LintOptions = {
      ...reading,
      cwd,
      stdinFilename,
      models: options.models,
      now: io.clock.now(),
      yaml: yamlReader(io.env),
      ...(await mediaOf(call, files)),
      allowPrivateMedia: options.allowPrivateMedia,
      fileCache: fileCacheOf(call, files),
    };
    const result = fixes
      ? await mend(call, files, { ...lintOptions, leave: leftAlone(found, named, cwd) })
      : await check(call, files, lintOptions);
    return exitCodeOf(result, options.strict);
  },
});

/** Leaves a manifest that only stands in for a fragment unmended, but for the files that the call names. */
function leftAlone(found: ReadonlySet<string>, named: readonly string[], cwd: string): FixOptions['leave'] {
  const own = new Set(named.map((file) => path.resolve(cwd, file)));
  return (file, manifest) => manifest !== null && found.has(manifest) && !own.has(file);
}

async function check(call: Call, files: readonly string[], options: LintOptions): Promise<LintResult> {
  const { lint } = await import('../../lint/lint.ts');
  const result = await naming(await lint(files, options), call.io.cwd);
  await show(call, result, call.io.stdout);
  return result;
}

/** Standard output gets one thing: the mended text of standard input, the diff, or the findings that are left. */
async function mend(call: Call, words: readonly string[], options: FixOptions): Promise<LintResult> {
  const { stdout, stderr } = call.io;
  const [{ fix }, { byteOrderMark, fixDiff, fixedLines, writeFixed }] = await Promise.all([
    import('../../lint/fix.ts'),
    import('../fixing.ts'),
  ]);
  const bytes = words.includes('-') ? await options.stdin?.() : undefined;
  const { result: fixed, files } = await fix(words, options);
  const result = await naming(fixed, call.io.cwd);
  const { dryRun } = call.options;
  if (dryRun) {
    const read = async ({ absolutePath }: FixedFile): Promise<string> =>
      absolutePath === null ? Buffer.from(bytes ?? []).toString() : readFile(absolutePath, 'utf8');
    stdout.write(await fixDiff(files, read));
  } else if (bytes !== undefined) {
    const text = Buffer.from(bytes).toString();
    stdout.write(files[0] === undefined ? text : byteOrderMark(text) + files[0].after);
  } else {
    await writeFixed(files);
  }
  if (call.verbosity !== 'quiet') stderr.write(fixedLines(files, dryRun ? 'would fix' : 'fixed'));
  await show(call, result, dryRun || bytes !== undefined ? stderr : stdout);
  return result;
}

/** The result with the file that was probably meant, where one is named that is not there. */
async function naming(result: LintResult, cwd: string): Promise<LintResult> {
  if (unreadableManifest(result) === undefined) return result;
  const { similarFile } = await import('../../project/manifest-files.ts');
  const diagnostics = result.diagnostics.map(async (diagnostic) => {
    if (diagnostic.rule !== 'unreadable-file') return diagnostic;
    const meant = await similarFile(cwd, diagnostic.file);
    return meant === undefined ? diagnostic : { ...diagnostic, help: `Did you mean ${meant}?` };
  });
  return { ...result, diagnostics: await Promise.all(diagnostics) };
}

async function show(call: Call, result: LintResult, output: Output): Promise<void> {
  const { formats } = await import('../../lint/formats/index.ts');
  const name = call.options.format ?? 'pretty';
  const format: Format = formats[name];
  const color = output === call.io.stdout ? call.color.stdout : call.color.stderr;
  const text =
    name === 'json'
      ? await jsonOf(call, result)
      : await format(result, { color, width: output.columns, strict: call.options.strict });
  if (name !== 'pretty' || !output.isTTY) output.write(text);
  else {
    // Measuring takes as long to start as a small lint, and what is no terminal has no width.
    const { fitLines } = await import('../render/fit.ts');
    output.write(fitLines(text, output));
  }
  const summaryFile = name === 'github' ? call.io.env['GITHUB_STEP_SUMMARY'] : undefined;
  if (summaryFile) await addToSummary(call, result, summaryFile);
}

async function jsonOf(call: Call, result: LintResult): Promise<string> {
  const [{ json }, { afterLint }] = await Promise.all([
    import('../../lint/formats/json.ts'),
    import('../../project/next-actions.ts'),
  ]);
  return json(result, { nextActions: afterLint(result, call.arguments.manifests) });
}

/** Adds the findings to the summary of a job of GitHub Actions, which is there for readers alone: it fails nothing. */
async function addToSummary(call: Call, result: LintResult, file: string): Promise<void> {
  const { stepSummary } = await import('../../lint/formats/step-summary.ts');
  const text = stepSummary(result);
  if (text === '') return;
  try {
    await appendFile(path.resolve(call.io.cwd, file), text);
  } catch (error) {
    call.io.stderr.write(
      `note: the summary of the job cannot be written (${systemCode(error) ?? 'unknown reason'})\n`,
    );
  }
}

function exitCodeOf(result: LintResult, strict: boolean): ExitCode {
  if (unreadableManifest(result) !== undefined) return exitCodes.setup.code;
  const { errors, warnings } = result.summary;
  return errors > 0 || (strict && warnings > 0) ? exitCodes.problems.code : exitCodes.ok.code;
}

/** Opens the memory of local files' facts, where the ledger of the first manifest is, if there is one. */
function fileCacheOf({ io }: Call, [first = '-']: readonly string[]): LintOptions['fileCache'] {
  return async () => {
    const { fileCacheBeside } = await import('../../project/local-files.ts');
    return fileCacheBeside(first, io, false)();
  };
}

/**
 * Nothing without `--media`. What is found out is remembered where the ledger of the first manifest is, and held against
 * what was noted there when requests were paid.
 */
async function mediaOf(
  call: Call,
  [first]: readonly string[],
): Promise<Pick<LintOptions, 'media' | 'paidMedia'>> {
  if (!call.options.media) return {};
  const [{ mediaProbe }, { PaidMediaNotes }, { readSettings, scopeOf }, { shownProbe }] = await Promise.all([
    import('../../project/media.ts'),
    import('../../project/paid-media.ts'),
    import('../../project/settings.ts'),
    import('../media.ts'),
  ]);
  const settings = await readSettings(call.io, {});
  const file = first === '-' ? call.options.stdinFilename : first;
  const folder =
    settings.ledgerLocation === null
      ? path.resolve(call.io.cwd, path.dirname(file ?? '-'), '.shotlist')
      : settings.ledgerLocation.folder;
  const { clock } = call.io;
  const { allowPrivateMedia } = call.options;
  return {
    media: mediaProbe({ settings, folder, allowPrivateMedia, clock, probeMedia: shownProbe(call) }),
    paidMedia: await PaidMediaNotes.open(folder, scopeOf(settings)),
  };
}
