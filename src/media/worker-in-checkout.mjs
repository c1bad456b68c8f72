// Threads do not inherit the loader that lets the checkout run TypeScript. A release has `media-worker.js` instead.
import { register } from 'tsx/esm/api';

register();
await import('./worker.ts');
