import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { type Block, commandsOf, partsOf, patched } from './document.ts';
import { settings } from './settings.ts';
import { Shell } from './shell.ts';
import { isShown, linesOf, updated } from './transcript.ts';

// Every command that a document shows is run, in the order of the document, against the emulator. What is wrong in an
// output that is shown is mended with `npx vitest run test/docs -u`; look at what it writes.
//
// In a document:
//   ```sh                     commands, one a line
//   ```console                commands after `$ `, each with what it prints; `…` stands for what is left out
//   ```console exit=1         the last command of the block ends with that code; all others with 0
//   ```yaml storyboard.yaml   the text of a file; the same after a line that is `storyboard.yaml`:
//   ```diff storyboard.yaml   an edit of that file
//   <!-- setting: NAME -->    from here on in a new folder, made ready as settings.ts says
//   | `shotlist …` |          a cell that is a whole command is run too

const root = path.resolve(import.meta.dirname, '../..');

/** Pages that are made from the program itself; their rooms have tests that run what they show. */
const generated = [
  'docs/cli.md',
  'docs/rules.md',
  'docs/manifest.md',
  'docs/models.md',
  'docs/signed-urls.md',
];

const documents = [
  ...readdirSync(root).filter((name) => /^README.*\.md$/.test(name)),
  ...readdirSync(path.join(root, 'docs')).map((name) => `docs/${name}`),
].filter((name) => name.endsWith('.md') && !generated.includes(name));

/** Commands that are shown and cannot run here, each with its reason. */
const left: Readonly<Record<string, string>> = {
  'npm ci && npm run demo': 'CI runs it, with the packages that it installs',
  'npm ci && npm test': 'this is it',
  'npm ci && npm pack': 'npm run check:package packs and installs',
  'npm install --global ./shotlist-0.1.0.tgz': 'npm run check:package packs and installs',
  'npm run soak -- --minutes 10': 'it takes ten minutes',
};

/** Where a document's first block finds itself, unless it says so itself. */
const start = 'empty';

const executed = ['sh', 'console'];
const shown = ['yaml', 'csv', 'json', 'ts', 'js', 'text', 'diff', 'ini', 'sql'];

describe('the commands of the documents', () => {
  it.each(documents)('%s: each runs, and prints what is shown', async (name) => {
    const file = path.join(root, name);
    const text = readFileSync(file, 'utf8');
    const shell = new Shell();
    onTestFinished(() => shell.close());
    await settings[start]?.(shell);
    const lines = text.split('\n');
    const better: { readonly block: Block; readonly lines: readonly string[] }[] = [];
    for (const part of partsOf(text)) {
      if ('setting' in part) {
        const prepare = settings[part.setting];
        if (prepare === undefined) throw new Error(`${name}: no setting is called ${part.setting}`);
        shell.begin();
        await prepare(shell);
      } else if ('command' in part) {
        if (/\b[A-Z]{2,}\b|…/.test(part.command)) continue;
        const { code, output } = await shell.run(part.command);
        expect(code, `${name}:${part.line} ${part.command}\n${output}`).toBe(0);
      } else if (executed.includes(part.language)) {
        better.push({ block: part, lines: await runBlock(shell, name, part) });
      } else {
        expect(shown, `${name}:${part.line}`).toContain(part.language);
        if (part.info !== '') writeBlock(shell, part);
      }
    }
    for (const { block, lines: own } of better.reverse()) {
      const indent = ' '.repeat((lines[block.line - 1] ?? '').indexOf('`'));
      lines.splice(block.line, block.lines.length, ...own.map((line) => (line === '' ? '' : indent + line)));
    }
    await expect(lines.join('\n')).toMatchFileSnapshot(file);
  });

  it('leave out nothing that no document shows', () => {
    const all = documents
      .flatMap((name) => partsOf(readFileSync(path.join(root, name), 'utf8')))
      .flatMap((part) => ('language' in part && executed.includes(part.language) ? commandsOf(part) : []))
      .map(({ command }) => command);
    expect(Object.keys(left).filter((command) => !all.includes(command))).toEqual([]);
  });
});

/** Runs a block. Returns its lines, with the output as it is where it is not as shown. */
async function runBlock(shell: Shell, name: string, block: Block): Promise<readonly string[]> {
  const commands = commandsOf(block);
  const lines: string[] = [];
  let from = 0;
  for (const [index, { command, output, at }] of commands.entries()) {
    lines.push(...block.lines.slice(from, at));
    from = at + (output?.length ?? 0);
    if (left[command] !== undefined) continue;
    const answers = output?.flatMap((line) => /\? \[y\/N\] (\S+)$/.exec(line)?.[1] ?? []);
    const done = await shell.run(command, answers?.length === 0 ? undefined : answers);
    const [, wanted = '0'] = (index === commands.length - 1 && /^exit=(\d+)$/.exec(block.info)) || [];
    expect(String(done.code), `${name}:${block.line + at} ${command}\n${done.output}`).toBe(wanted);
    if (output === null) continue;
    const printed = linesOf(done.output);
    const said = linesOf(output.join('\n'));
    const empty = index < commands.length - 1 ? [''] : [];
    lines.push(...(isShown(said, printed) ? output : [...updated(said, printed), ...empty]));
  }
  return [...lines, ...block.lines.slice(from)];
}

function writeBlock(shell: Shell, { language, info, lines }: Block): void {
  const file = path.join(shell.cwd, info);
  mkdirSync(path.dirname(file), { recursive: true });
  if (language === 'diff') writeFileSync(file, patched(readFileSync(file, 'utf8'), lines));
  else writeFileSync(file, `${lines.join('\n')}\n`);
}
