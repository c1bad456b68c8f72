import { chmodSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CodeCacheOptions, loadProgram } from '../../src/core/code-cache.ts';

// Node.js 22 and later keep compiled code in their own way, in the same folder.
const keepsItself = Number(process.versions.node.split('.')[0]) >= 22;

describe.skipIf(keepsItself)('compiled code is kept', () => {
  let home: string;
  let file: string;
  let options: CodeCacheOptions;
  const folder = (): string => path.join(home, '.cache', 'shotlist', 'code');
  const kept = (): readonly string[] => readdirSync(folder());
  const loadAndKeep = (more: Partial<CodeCacheOptions> = {}): unknown => {
    const { exports, keep } = loadProgram(file, { ...options, ...more });
    keep();
    return exports;
  };

  beforeEach(() => {
    home = mkdtempSync(path.join(tmpdir(), 'shotlist-code-'));
    file = path.join(home, 'program.js');
    writeFileSync(file, 'const add = (a, b) => a + b;\nexports.three = add(1, 2);\n');
    const uid = process.getuid?.() ?? null;
    options = { caches: path.join(home, '.cache'), uid, name: 'lint', made: '1.0.0 x64' };
  });

  afterEach(() => rmSync(home, { recursive: true, force: true }));

  it('in a folder and a file of the user alone, and used from there', () => {
    expect(loadAndKeep()).toEqual({ three: 3 });
    expect(statSync(folder()).mode & 0o777).toBe(0o700);
    const [name = ''] = kept();
    expect(kept()).toHaveLength(1);
    const before = statSync(path.join(folder(), name));
    expect(before.mode & 0o777).toBe(0o600);
    expect(loadAndKeep()).toEqual({ three: 3 });
    expect(statSync(path.join(folder(), name)).mtimeMs).toBe(before.mtimeMs);
  });

  it('once for each command, and for one release of each', () => {
    loadAndKeep();
    loadAndKeep({ name: 'plan' });
    writeFileSync(file, 'exports.three = "another release";\n');
    expect(loadAndKeep()).toEqual({ three: 'another release' });
    expect(kept().map((name) => name.split('-')[0])).toEqual(['lint', 'plan']);
  });

  it.each([
    ['cut off', (bytes: Buffer) => bytes.subarray(0, bytes.length - 8)],
    ['empty', () => Buffer.alloc(0)],
    ['full of zeros', (bytes: Buffer) => Buffer.alloc(bytes.length)],
    ['made by another version', (bytes: Buffer) => Buffer.concat([Buffer.from('0'), bytes])],
  ])('and made again where it is %s', (_, damage) => {
    loadAndKeep();
    const [name = ''] = kept();
    const whole = readFileSync(path.join(folder(), name));
    writeFileSync(path.join(folder(), name), damage(whole));
    expect(loadAndKeep()).toEqual({ three: 3 });
    expect(readFileSync(path.join(folder(), name)).length).toBeGreaterThan(100);
  });

  it('not where others can write', () => {
    loadAndKeep();
    chmodSync(folder(), 0o770);
    rmSync(path.join(folder(), kept()[0] ?? ''));
    expect(loadAndKeep()).toEqual({ three: 3 });
    expect(kept()).toEqual([]);
  });

  it('not from a file that others can write', () => {
    loadAndKeep();
    const [name = ''] = kept();
    writeFileSync(path.join(folder(), name), 'x');
    chmodSync(path.join(folder(), name), 0o666);
    expect(loadAndKeep()).toEqual({ three: 3 });
    expect(statSync(path.join(folder(), name)).mode & 0o777).toBe(0o600);
  });

  it("not in another user's home", () => {
    expect(loadAndKeep({ uid: 12_345_678 })).toEqual({ three: 3 });
    expect(readdirSync(home)).toEqual(['program.js']);
  });

  it('nowhere where there is no place for it', () => {
    expect(loadAndKeep({ caches: null })).toEqual({ three: 3 });
    expect(loadAndKeep({ caches: 'relative' })).toEqual({ three: 3 });
    expect(loadAndKeep({ caches: path.join(file, 'below-a-file') })).toEqual({ three: 3 });
    expect(readdirSync(home)).toEqual(['program.js']);
  });
});
