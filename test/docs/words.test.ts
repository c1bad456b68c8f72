import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { flagsIn } from '../../src/cli/command.ts';
import { loadCommands } from '../../src/cli/commands/index.ts';
import * as library from '../../src/index.ts';
import { shotlist, temporaryFolder } from '../helpers/cli.ts';
import { partsOf } from './document.ts';

const root = path.resolve(import.meta.dirname, '../..');
const documents = [
  ...readdirSync(root).filter((name) => name.endsWith('.md')),
  ...readdirSync(path.join(root, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];
const textOf = (name: string): string => readFileSync(path.join(root, name), 'utf8');

/** A text without its fenced blocks. */
const prose = (text: string): string => text.replace(/^( *)```[\s\S]*?^\1```$/gm, '');

const flagsOf = (texts: readonly string[]): readonly string[] =>
  texts.flatMap((text) => text.match(/--[a-z][a-z-]*/g) ?? []);

const everywhere = ['--help', '--version', '--quiet', '--verbose'];
const known = new Map(
  (await loadCommands()).map(({ name, options }) => [
    name,
    [...everywhere, ...flagsOf(flagsIn(options).map(({ flags }) => flags))],
  ]),
);

/** Flags of other programs and of scripts, and of prompts for other models, that documents speak of. */
const foreign = ['--global', '--prefix', '--ar', '--aspect', '--mutants'];

describe.each(documents)('%s', (name) => {
  const text = textOf(name);
  const spans = [...prose(text).matchAll(/`([^`\n]+)`/g)].map(([, span]) => span ?? '');

  it('speaks of commands and flags that there are', () => {
    const wrong = spans.filter((span) => {
      const [, command] = /^shotlist ([a-z]+)\b/.exec(span) ?? [];
      const flags = flagsOf([span]).filter((flag) => !foreign.includes(flag));
      if (command === undefined || command === 'help') {
        return !flags.every((flag) => [...known.values()].flat().includes(flag));
      }
      return !flags.every((flag) => known.get(command)?.includes(flag)) || !known.has(command);
    });
    expect(wrong).toEqual([]);
  });

  it('links to what there is', () => {
    const broken = [...prose(text).matchAll(/\]\(([^)\s]+)\)/g)]
      .map(([, target]) => target ?? '')
      .filter((target) => !/^[a-z]+:/.test(target))
      .filter((target) => {
        const [file = '', anchor] = target.split('#');
        const absolute = file === '' ? path.join(root, name) : path.resolve(root, path.dirname(name), file);
        if (!existsSync(absolute)) return true;
        return anchor !== undefined && !anchorsOf(readFileSync(absolute, 'utf8')).includes(anchor);
      });
    expect(broken).toEqual([]);
  });
});

/** The anchors of headings, as GitHub makes them. */
function anchorsOf(text: string): readonly string[] {
  return [...prose(text).matchAll(/^#+ (.*)$/gm)].map(([, title = '']) =>
    title
      .toLowerCase()
      .replace(/[^\p{L}\p{N}\p{M} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

describe('code in the documents', () => {
  it('imports what the library exports', () => {
    const imported = documents.flatMap((name) =>
      partsOf(textOf(name)).flatMap((part) => {
        if (!('language' in part) || !['ts', 'js'].includes(part.language)) return [];
        const [, names = ''] = /import \{([^}]*)\} from 'shotlist'/.exec(part.lines.join('\n')) ?? [];
        return names.split(',').map((each) => each.trim().replace(/ as \w+$/, ''));
      }),
    );
    expect(imported).toContain('lint');
    expect(imported.filter((name) => name !== '' && !(name in library))).toEqual([]);
  });
});

describe('the page about the manifest', () => {
  it('has examples that lint finds nothing in', async () => {
    const cwd = temporaryFolder();
    const examples = partsOf(textOf('docs/manifest.md')).flatMap((part) =>
      'language' in part && part.language === 'yaml' && part.lines.includes('version: 1') ? [part.lines] : [],
    );
    expect(examples).toHaveLength(2);
    for (const [index, lines] of examples.entries()) {
      const file = `${index}.yaml`;
      writeFileSync(path.join(cwd, file), lines.join('\n'));
      const { code, stdout } = await shotlist(['lint', '--strict', file], { cwd });
      expect(code, stdout).toBe(0);
    }
  });
});

describe('the index of the documents', () => {
  it('names every page', () => {
    const index = textOf('docs/README.md');
    const pages = documents
      .filter((name) => name.startsWith('docs/') && name !== 'docs/README.md')
      .map((name) => name.slice('docs/'.length));
    expect(pages.filter((page) => !index.includes(`](${page})`))).toEqual([]);
  });
});

describe('the README in Chinese', () => {
  it('says the same: as many headings, the same pictures, the same commands', () => {
    const shape = (name: string) => {
      const text = textOf(name);
      const parts = partsOf(text).map((part) => {
        if ('setting' in part) return part.setting;
        if ('command' in part) return part.command;
        // Comments are translated.
        return part.lines.map((line) => line.replace(/\s+# .*$/, '').replace(/^# .*$/, ''));
      });
      return {
        headings: [...prose(text).matchAll(/^(#+) /gm)].map(([, level]) => level),
        pictures: [...text.matchAll(/!\[[^\]]+\]\(([^)]+)\)/g)].map(([, file]) => file),
        parts,
      };
    };
    expect(shape('README.zh-CN.md')).toEqual(shape('README.md'));
  });
});
