import { readdirSync, statSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

// Threads do not inherit the loader that lets the checkout run TypeScript. A release has `media-worker.js` instead, which
// starts in a third of the time: it is taken here too, unless a source is newer than it.
const built = new URL('../../dist/media-worker.js', import.meta.url);
const sources = ['.', '../core'].flatMap((folder) => {
  const url = new URL(`${folder}/`, import.meta.url);
  return readdirSync(url).map((name) => new URL(name, url));
});
const changed = (url) => statSync(fileURLToPath(url), { throwIfNoEntry: false })?.mtimeMs ?? 0;

if (sources.every((source) => changed(source) < changed(built))) {
  await import(built.href);
} else {
  const { register } = await import('tsx/esm/api');
  register();
  await import('./worker.ts');
}
