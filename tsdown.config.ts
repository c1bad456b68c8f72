import { defineConfig } from 'tsdown';

export default defineConfig({
  // The thread that reads media is loaded by its file name, which is this key.
  entry: { main: 'src/main.ts', index: 'src/index.ts', 'media-worker': 'src/media/worker.ts' },
  format: 'esm',
  platform: 'node',
  target: 'node20.19',
  outExtensions: () => ({ js: '.js', dts: '.d.ts' }),
  dts: { entry: ['src/index.ts'] },
  clean: true,
});
