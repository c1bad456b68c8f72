import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const src = path.resolve(import.meta.dirname, '../src');

/** Who may import whom, besides itself, core and generated. The one place that says so; ARCHITECTURE.md repeats it. */
const allowed: Readonly<Record<string, readonly string[]>> = {
  core: [],
  generated: [],
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
  cut: ['manifest', 'catalog', 'ledger'],
  spreadsheet: ['manifest'],
  store: ['manifest', 'media'],
  emulator: ['catalog'],
  language: [],
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
    'store',
    'cut',
  ],
  // A skin like the command line, for editors and agents.
  server: ['project', 'manifest', 'catalog', 'ledger', 'lint', 'plan', 'report'],
  cli: [
    'server',
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
    'cut',
    'emulator',
    'spreadsheet',
    'language',
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
    'project',
  ],
  // What is loaded once there is something to do; main.ts loads it, and touches the process.
  'program.ts': ['cli'],
  'main.ts': ['cli', 'program.ts'],
};

/** Rooms that every other one may import. */
const everywhere: readonly string[] = ['core', 'generated'];

interface SourceFile {
  /** Relative to src, with forward slashes. */
  readonly name: string;
  readonly text: string;
  /** Files of src that it imports, types and lazy imports included, relative to src. */
  readonly imports: readonly string[];
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
  const statements = [...text.matchAll(/^\s*(?:import|export)\s+[^;'"]*?(?:from\s*)?['"]([^'"]+)['"]/gm)];
  const lazy = [...text.matchAll(/\bimport\(\s*['"]([^'"]+)['"]/g)].map(([, specifier]) => specifier);
  return {
    name,
    text,
    imports: [...statements.map(([, specifier]) => specifier), ...lazy].filter(inside).map(relative),
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
        return other !== room && !everywhere.includes(other) && !rooms?.includes(other);
      });
      expect(forbidden).toEqual([]);
    },
  );

  // Circles of types and of lazy imports count: whoever wants to understand one file of them has to read them all.
  it('has no import cycles', () => {
    const byName = new Map(files.map((file) => [file.name, file]));
    const done = new Set<string>();
    const cycles: string[] = [];
    const visit = (name: string, trail: readonly string[]): void => {
      if (trail.includes(name)) cycles.push([...trail.slice(trail.indexOf(name)), name].join(' → '));
      if (trail.includes(name) || done.has(name)) return;
      for (const target of byName.get(name)?.imports ?? []) visit(target, [...trail, name]);
      done.add(name);
    };
    for (const { name } of files) visit(name, []);
    expect(cycles).toEqual([]);
  });

  it('lets command line and servers reach ledgers and providers through the project alone', () => {
    const behind = /^(?:ledger\/(?:sqlite|journal|spool|decide|life|open-ledger)|provider\/videos-api)/;
    const offenders = files
      .filter(({ name }) => name.startsWith('cli/') || name.startsWith('server/'))
      .filter(({ imports }) => imports.some((target) => behind.test(target)))
      .map(({ name }) => name);
    expect(offenders).toEqual([]);
  });

  // The library's door, index.ts, hands in the environment of the process where its caller hands in none.
  it('loads the driver of SQLite in one file', () => {
    const loading = files.filter(({ text }) =>
      /(?:import\(|^import (?!type)[^;]*from) ?'@photostructure\/sqlite'/m.test(text),
    );
    expect(loading.map(({ name }) => name)).toEqual(['ledger/sqlite/connection.ts']);
  });

  it('has no circle of types in the ledger', () => {
    const byName = new Map(files.map((file) => [file.name, file]));
    const done = new Set<string>();
    const visit = (name: string, trail: readonly string[]): void => {
      if (trail.includes(name)) throw new Error([...trail.slice(trail.indexOf(name)), name].join(' → '));
      if (done.has(name)) return;
      for (const target of byName.get(name)?.imports ?? []) {
        if (target.startsWith('ledger/')) visit(target, [...trail, name]);
      }
      done.add(name);
    };
    for (const { name } of files) if (name.startsWith('ledger/')) visit(name, []);
  });

  it('lets only main.ts touch process', () => {
    const code = (text: string): string => text.replace(/\/\*[\s\S]*?\*\/|\/\/.*$/gm, '');
    const offenders = files
      .filter(({ name }) => name !== 'main.ts' && roomOf(name) !== 'generated')
      .filter(({ text }) => /\bprocess\s*\.|from 'node:process'/.test(code(text)))
      .map(({ name }) => name);
    expect(offenders).toEqual([]);
  });

  it('keeps files short enough to read at one sitting', () => {
    const long = files
      .filter(({ name }) => roomOf(name) !== 'generated' && !name.endsWith('-data.ts'))
      // A catalog of messages is a table.
      .filter(({ name, text }) => text.split('\n').length > 320 && !name.startsWith('language/zh/'))
      .map(({ name, text }) => `${name}: ${text.split('\n').length} lines`);
    expect(long).toEqual([]);
  });
});
