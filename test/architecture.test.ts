import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const src = path.resolve(import.meta.dirname, '../src');

/** Who may import whom, besides itself and core. The one place that says so; ARCHITECTURE.md repeats it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  manifest: [],
  catalog: [],
  ledger: [],
  media: [],
  lint: ['manifest', 'catalog', 'media'],
  plan: ['manifest', 'catalog', 'ledger'],
  provider: ['catalog'],
  run: ['plan', 'provider', 'ledger'],
  collect: ['provider', 'ledger', 'media'],
  report: ['manifest', 'catalog', 'ledger'],
  spreadsheet: ['manifest'],
  emulator: ['catalog'],
  // What its files still take from the command line moves out of them next.
  project: [
    'manifest',
    'catalog',
    'ledger',
    'media',
    'lint',
    'plan',
    'provider',
    'run',
    'collect',
    'report',
    'cli',
  ],
  cli: [
    'project',
    'manifest',
    'catalog',
    'ledger',
    'media',
    'lint',
    'plan',
    'provider',
    'run',
    'collect',
    'report',
    'emulator',
    'spreadsheet',
  ],
  // The library's entry offers every room's functions, but no terminal.
  'index.ts': [
    'manifest',
    'catalog',
    'ledger',
    'media',
    'lint',
    'plan',
    'provider',
    'run',
    'collect',
    'report',
    'emulator',
  ],
  'main.ts': ['cli'],
};

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly name: string;
  readonly text: string;
  /** Files of src that it imports, type imports included, relative to src. */
  readonly imports: readonly string[];
  /** Those that it imports when it is loaded: neither types only nor lazily. */
  readonly eagerImports: readonly string[];
}

const files = readdirSync(src, { recursive: true, encoding: 'utf8' })
  .filter((name) => name.endsWith('.ts') || name.endsWith('.js'))
  .map((name) => name.split(path.sep).join('/'))
  .map(readSource);

function readSource(name: string): SourceFile {
  const text = readFileSync(path.join(src, name), 'utf8');
  const relative = (specifier: string): string =>
    path
      .relative(src, path.resolve(src, path.dirname(name), specifier))
      .split(path.sep)
      .join('/');
  const inside = (specifier: string | undefined): specifier is string =>
    specifier?.startsWith('.') === true && !relative(specifier).startsWith('..');
  const statements = [
    ...text.matchAll(/^\s*(?:import|export)\s+(type\s)?[^;'"]*?(?:from\s*)?['"]([^'"]+)['"]/gm),
  ];
  const lazy = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier);
  return {
    name,
    text,
    imports: [...statements.map(([, , specifier]) => specifier), ...lazy].filter(inside).map(relative),
    eagerImports: statements
      .filter(([, type]) => type === undefined)
      .map(([, , specifier]) => specifier)
      .filter(inside)
      .map(relative),
  };
}

const roomOf = (name: string): string => name.split('/')[0] ?? name;

describe('architecture', () => {
  it('reads the imports that it judges', () => {
    const run = files.find(({ name }) => name === 'run/run.ts');
    expect(run?.imports).toContain('ledger/ledger.ts');
    expect(run?.imports).toContain('plan/model.ts');
    expect(files.length).toBeGreaterThan(50);
  });

  it.each(files.map((file) => [file.name, file] as const))(
    '%s imports only what its room may',
    (name, file) => {
      const room = roomOf(name);
      const rooms = allowed[room];
      expect(rooms, `${room} is a room of the house`).toBeDefined();
      const forbidden = file.imports.filter((target) => {
        const other = roomOf(target);
        return other !== room && other !== 'core' && !rooms?.includes(other);
      });
      expect(forbidden).toEqual([]);
    },
  );

  it('has no import cycles', () => {
    const byName = new Map(files.map((file) => [file.name, file]));
    const done = new Set<string>();
    const visit = (name: string, trail: readonly string[]): void => {
      if (trail.includes(name))
        throw new Error(`cycle: ${[...trail.slice(trail.indexOf(name)), name].join(' → ')}`);
      if (done.has(name)) return;
      for (const target of byName.get(name)?.eagerImports ?? []) visit(target, [...trail, name]);
      done.add(name);
    };
    for (const { name } of files) visit(name, []);
  });

  it('lets only main.ts touch process', () => {
    const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const offenders = files
      .filter(({ name }) => name !== 'main.ts' && !name.includes('.gen.'))
      .filter(({ text }) => /\bprocess\s*\.|from 'node:process'/.test(code(text)))
      .map(({ name }) => name);
    expect(offenders).toEqual([]);
  });

  it('keeps files short enough to read at one sitting', () => {
    const long = files
      .filter(({ name }) => !name.includes('.gen.') && !name.endsWith('-data.ts'))
      .filter(({ text }) => text.split('\n').length > 320)
      .map(({ name, text }) => `${name}: ${text.split('\n').length} lines`);
    expect(long).toEqual([]);
  });
});
