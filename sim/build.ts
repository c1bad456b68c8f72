import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, type Rolldown } from 'tsdown';
import type { Mutant } from './mutants.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const root = path.dirname(here);

/** Stand-ins for modules of Node.js in the program, so that files and chance belong to the simulation. */
const standIns: Readonly<Record<string, string>> = {
  'node:fs': path.join(here, 'world/fs-sync.ts'),
  'node:fs/promises': path.join(here, 'world/fs-promises.ts'),
  'node:crypto': path.join(here, 'world/crypto.ts'),
};

/**
 * Bundles the simulator with the program's own code, over simulated files and chance.
 *
 * @param outDir absolute.
 * @param mutant a fault to plant in the code.
 * @returns the bundle's file.
 */
export async function bundle(outDir: string, mutant: Mutant | null = null): Promise<string> {
  let planted = mutant === null;
  const plugin: Rolldown.Plugin = {
    name: 'simulated-world',
    resolveId(id, importer) {
      // A stand-in may ask the module that it stands in for.
      if (importer !== undefined && importer === standIns[id]) return { id, external: true };
      return standIns[id];
    },
    transform(code, id) {
      if (mutant === null || path.relative(root, id) !== mutant.file) return undefined;
      if (code.split(mutant.find).length !== 2) {
        throw new Error(`the mutant ${mutant.name} does not fit ${mutant.file} any more`);
      }
      planted = true;
      return code.replace(mutant.find, () => mutant.replace);
    },
  };
  await build({
    config: false,
    cwd: root,
    entry: { sim: path.join(here, 'main.ts') },
    outDir,
    format: 'esm',
    platform: 'node',
    target: 'node20.19',
    dts: false,
    clean: false,
    logLevel: 'error',
    plugins: [plugin],
    outputOptions: { codeSplitting: false, entryFileNames: 'sim.mjs' },
  });
  if (!planted)
    throw new Error(`the mutant ${mutant?.name} names ${mutant?.file}, which is not in the bundle`);
  return path.join(outDir, 'sim.mjs');
}
