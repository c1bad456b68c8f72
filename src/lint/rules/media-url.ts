import type { Rule } from '../rule.ts';
import { judgeUrl } from '../url.ts';

export const mediaUrl: Rule = {
  id: 'media-url',
  severity: 'error',
  summary: 'A medium is not an absolute http(s) URL',
  why: 'The provider fetches media itself, from the public internet. A file on your disk, a `data:` URL or the address of a storage bucket means nothing to it: upload the file to where anyone can fetch it, and give that URL.',
  provider: 'Refuses the request, or the task fails when it cannot fetch the file.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - art/mika.png
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
    for (const { value, url, origin, version } of media) {
      const problem = url === undefined ? judgeUrl(value) : undefined;
      if (problem !== undefined) report({ ...problem, origin, mark: 'value' }, version);
    }
  },
};
