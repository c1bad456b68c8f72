import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // By default one core is left idle, which on two cores takes twice as long.
    maxWorkers: '100%',
    testTimeout: 90_000,
    // The suite must never inherit a real key, proxy or ledger from the developer's shell.
    env: {
      SHOTLIST_API_KEY: '',
      SHOTLIST_API_KEY_FILE: '',
      SHOTLIST_BASE_URL: '',
      SHOTLIST_LEDGER: '',
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
