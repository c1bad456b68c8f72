import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The crash matrix takes longest, so it begins; what mostly waits runs beside it. */
class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const isMatrix = ({ moduleId }: TestSpecification): boolean => moduleId.endsWith('crash-matrix.test.ts');
    return [...(await super.sort(files))].sort((a, b) => Number(isMatrix(b)) - Number(isMatrix(a)));
  }
}

/**
 * Suites that take minutes, or that need more than Node: each is a folder, a project here and a script of package.json
 * (`npm run test:faults`). `npm test` runs all the others.
 */
const apart = ['faults', 'generated', 'programs', 'servers'];

export default defineConfig({
  test: {
    projects: [
      {
        extends: true,
        test: {
          name: 'quick',
          include: ['test/**/*.test.ts'],
          exclude: apart.map((name) => `test/${name}/**`),
          // No module of ours holds state, so files can share what one of them has loaded: half the time of the suite.
          isolate: false,
        },
      },
      ...apart.map((name) => ({
        extends: true as const,
        test: {
          name,
          include: [`test/${name}/**/*.test.ts`],
          ...(name === 'servers' ? { globalSetup: 'test/servers/global-setup.ts', hookTimeout: 90_000 } : {}),
        },
      })),
    ],
    sequence: { sequencer: LongestFirst },
    // By default one core is left idle, which on two cores takes twice as long.
    maxWorkers: '100%',
    testTimeout: 90_000,
    // The suite must never inherit a real key, proxy or ledger from the developer's shell.
    env: {
      SHOTLIST_API_KEY: '',
      SHOTLIST_API_KEY_FILE: '',
      SHOTLIST_BASE_URL: '',
      SHOTLIST_LEDGER: '',
      SHOTLIST_APPROVERS: '',
      HTTP_PROXY: '',
      HTTPS_PROXY: '',
      ALL_PROXY: '',
      all_proxy: '',
      http_proxy: '',
      https_proxy: '',
      NO_COLOR: '1',
    },
  },
});
