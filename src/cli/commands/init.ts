import { lstat } from 'node:fs/promises';
import path from 'node:path';
import { command } from '../../project/shell.ts';
import { defineCommand } from '../command.ts';
import { exitCodes } from '../exit-codes.ts';
import { initSignature } from '../init/signature.ts';
import { columns } from '../render/text.ts';

export const initCommand = defineCommand({
  name: 'init',
  summary: 'begin a storyboard in a folder',
  description:
    'Writes a commented storyboard.yaml, an .env.example for the key, the schema for editors and settings for VS Code; has git ignore the ledger and the key, and merge journals line by line. Asks on a terminal; with any flag of its own, or without a terminal, it asks nothing. What is there is never overwritten: .gitignore and .gitattributes get the lines that they lack, every other file is kept as it is.',
  ...initSignature,
  examples: [
    { command: 'shotlist init', summary: 'ask, and begin here' },
    {
      command: 'shotlist init neon-alley --model videos --ratio 21:9 --price 7',
      summary: 'begin in a new folder, without a question',
    },
  ],
  async execute(call) {
    const { io } = call;
    const [
      { shippedCatalog },
      { projectFrom, starterAnswers },
      starter,
      { createFile, ensureLines },
      schema,
    ] = await Promise.all([
      import('../../catalog/shipped.ts'),
      import('../init/answers.ts'),
      import('../init/starter.ts'),
      import('../init/files.ts'),
      import('../../../schemas/manifest.schema.json'),
    ]);
    const named = call.arguments.dir ?? '.';
    const folder = path.resolve(io.cwd, named);
    const storyboard = path.join(named, 'storyboard.yaml');
    const isThere = await lstat(path.join(folder, 'storyboard.yaml')).then(
      () => true,
      () => false,
    );
    const proposed = projectFrom(path.basename(folder));
    const answers = await starterAnswers(call, shippedCatalog, { proposed, mayAsk: !isThere });
    const texts = {
      'storyboard.yaml': starter.starterManifest(answers),
      '.env.example': starter.envExample,
      [starter.schemaPath]: `${JSON.stringify(schema.default, null, 2)}\n`,
      '.vscode/settings.json': starter.vsCodeSettings,
      '.vscode/extensions.json': starter.vsCodeExtensions,
    };
    const done: [result: string, name: string][] = [];
    for (const [name, text] of Object.entries(texts)) done.push([await createFile(folder, name, text), name]);
    for (const [name, lines] of [
      ['.gitignore', starter.gitIgnoreLines],
      ['.gitattributes', starter.gitAttributesLines],
    ] as const) {
      done.push([await ensureLines(folder, name, lines), name]);
    }
    io.stdout.write(columns(done, ''));
    if (call.verbosity !== 'quiet') {
      if (isThere) io.stderr.write(`\n${storyboard} was there already, and stays as it is.\n`);
      io.stderr.write(`\nNext:\n  ${command('lint', storyboard)}\n  ${command('plan', storyboard)}\n`);
    }
    return exitCodes.ok.code;
  },
});
