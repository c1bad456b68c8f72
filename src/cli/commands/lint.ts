import path from 'node:path';
import type { MediaProbe } from '../../lint/used-media.ts';
import { limits } from '../../manifest/limits.ts';
import { type CommandCall, type CommandDefinition, wordsAt } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { mediaProbe, wantsMedia } from '../media.ts';
import { mediaOptions, modelsOption } from '../options.ts';
import { unreadableManifest } from '../project.ts';

export const lintCommand: CommandDefinition = {
  name: 'lint',
  summary: 'check manifests before anything is spent',
  description:
    'Checks manifests with every rule, without a key, and without network unless `--media` is given. Each finding names the rule; `shotlist rules <id>` explains it.',
  arguments: [{ name: '<manifest...>', summary: 'manifests to check; - reads standard input' }],
  options: [
    {
      flags: '--format <format>',
      summary: 'how findings are written',
      choices: ['pretty', 'json'],
      default: 'pretty',
    },
    { flags: '--strict', summary: 'warnings fail too' },
    ...mediaOptions,
    modelsOption,
  ],
  examples: [
    { command: 'shotlist lint storyboard.yaml', summary: 'check one manifest' },
    {
      command: 'shotlist lint --strict --format json acts/*.yaml',
      summary: 'check several in CI, warnings included',
    },
    {
      command: 'shotlist lint --media storyboard.yaml',
      summary: 'also check the media, without downloading them',
    },
  ],
  async execute(call) {
    const { io, options } = call;
    const [{ lint }, { formats }] = await Promise.all([
      import('../../lint/lint.ts'),
      import('../../lint/formats/index.ts'),
    ]);
    const result = await lint(wordsAt(call, 0), {
      cwd: io.cwd,
      stdin: () => io.stdin.read(limits.manifestBytes),
      models: options['models'] as string | undefined,
      media: await probeOf(call),
    });
    const format = formats[options['format'] === 'json' ? 'json' : 'pretty'];
    io.stdout.write(await format(result, { color: call.color.stdout, width: io.stdout.columns }));
    if (unreadableManifest(result) !== undefined) return exitCodes.setup.code;
    const { errors, warnings } = result.summary;
    const failed = errors > 0 || (options['strict'] === true && warnings > 0);
    return failed ? exitCodes.problems.code : exitCodes.ok.code;
  },
};

/** undefined without `--media`. What is found out is remembered where the ledger of the first manifest is. */
async function probeOf(call: CommandCall): Promise<MediaProbe | undefined> {
  if (!wantsMedia(call)) return undefined;
  const { readSettings } = await import('../settings.ts');
  const settings = await readSettings(call.io, {});
  const [first = '-'] = wordsAt(call, 0);
  const beside = first === '-' ? '.' : path.dirname(first);
  const folder =
    settings.ledgerFile === null
      ? path.resolve(call.io.cwd, beside, '.shotlist')
      : path.dirname(settings.ledgerFile);
  return mediaProbe(call, settings, folder);
}
