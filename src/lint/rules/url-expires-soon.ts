import { isoTime } from '../../core/clock.ts';
import { expiryOf } from '../../manifest/signed-urls.ts';
import type { Rule } from '../rule.ts';
import { span } from '../words.ts';

/** Tasks wait for their turn at the provider before it fetches anything. */
const soonMs = 30 * 60_000;

export const urlExpiresSoon: Rule = {
  id: 'url-expires-soon',
  severity: 'warning',
  summary: 'A signed media URL expires within half an hour',
  why: 'A request is sent in its turn, and its task waits at the provider for another turn before anything is fetched. A URL that ends before then fails a task that was paid for.',
  provider: 'The task fails when it cannot fetch the file any more, after it was billed.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://media.example.com/mika.png?X-Amz-Date=20260101T000000Z&X-Amz-Expires=900&X-Amz-Signature=3f
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://media.example.com/mika.png?X-Amz-Date=20260101T000000Z&X-Amz-Expires=86400&X-Amz-Signature=3f
`,
  check({ media, now, report }) {
    for (const { url, origin, version } of media) {
      const expiry = url === undefined ? undefined : expiryOf(url);
      if (expiry === undefined || expiry <= now || expiry - now > soonMs) continue;
      report(
        {
          message: `The signed URL expires in ${span(expiry - now)}, at ${isoTime(expiry)}`,
          help: 'Sign it for longer: the run and the tasks at the provider have to be done with it',
          origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
