import { isoTime } from '../../core/clock.ts';
import { expiryOf } from '../../manifest/signed-urls.ts';
import type { Rule } from '../rule.ts';
import { span } from '../words.ts';

export const urlExpired: Rule = {
  id: 'url-expired',
  severity: 'error',
  suppressible: true,
  summary: 'A signed media URL has expired',
  why: 'A signed URL says itself until when it holds. Signing it again does not make another request of a shot: what was paid stays paid. Where every request that uses it was sent already, the finding can be suppressed with a comment.',
  provider: 'The task fails when it cannot fetch the file, after it was billed.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://media.example.com/mika.png?X-Amz-Date=20250101T120000Z&X-Amz-Expires=3600&X-Amz-Signature=3f
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://media.example.com/mika.png?X-Amz-Date=20991231T120000Z&X-Amz-Expires=3600&X-Amz-Signature=3f
`,
  check({ media, now, report }) {
    for (const { url, origin, version } of media) {
      const expiry = url === undefined ? undefined : expiryOf(url);
      if (expiry === undefined || expiry > now) continue;
      report(
        {
          message: `The signed URL expired ${span(now - expiry)} ago, at ${isoTime(expiry)}`,
          help: 'Sign it again, for longer than the run and its tasks take',
          origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
