import type { Rule } from '../rule.ts';
import { span } from '../words.ts';

/** Tasks with many references take the longest, and no document says how long: a working day's backlog has to fit in. */
const longestQueueMs = 6 * 3_600_000;

export const storeExpires: Rule = {
  id: 'store-expires',
  severity: 'warning',
  summary: 'Presigned URLs of the store end before the provider may be done',
  why: 'A URL is signed right before its request is sent, and the task waits for its turn at the provider before anything is fetched. No document says how long that can be, and a URL that ends before then fails a task that was paid for.',
  provider: 'The task fails when it cannot fetch the file any more, after it was billed.',
  bad: `version: 1
project: demo
store:
  s3: plates/neon
  expires: 1h
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - plates/mika.png
`,
  good: `version: 1
project: demo
store:
  s3: plates/neon
  expires: 24h
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - plates/mika.png
`,
  check({ manifest, local, report }) {
    const { store } = manifest;
    if (store === undefined || store === null || store.publicBase !== null || local.size === 0) return;
    if (store.expires * 1000 >= longestQueueMs) return;
    const { source, path } = store.origin;
    report({
      message: `Presigned URLs end after ${span(store.expires * 1000)}, and a task can wait longer than that`,
      help: 'Leave `expires` out, which is 24 hours, or write `6h` or more',
      origin: { source, path: [...path, 'expires'] },
      mark: 'value',
    });
  },
};
