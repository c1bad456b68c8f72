import { whyUnreachable } from '../hosts.ts';
import type { Rule } from '../rule.ts';

export const urlInsecure: Rule = {
  id: 'url-insecure',
  severity: 'warning',
  summary: 'A media URL is http and not https',
  why: 'Anyone between the provider and your storage can read the file, or put another in its place, and the clip is billed all the same. Most storage answers on https too.',
  provider: 'Fetches it as it is.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - http://cdn.example.com/mika.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  check({ media, report }) {
    for (const { url, origin, version } of media) {
      // A URL whose host has to change needs another one as a whole.
      if (url?.protocol !== 'http:' || whyUnreachable(url) !== null) continue;
      report(
        {
          message: 'The media URL is http: what the provider fetches can be read and replaced on the way',
          help: 'Write `https://`, if the host answers on it',
          origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
