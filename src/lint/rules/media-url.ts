import type { Rule } from '../rule.ts';
import { judgeUrl } from '../url.ts';

export const mediaUrl: Rule = {
  id: 'media-url',
  severity: 'error',
  summary: 'A medium is neither an absolute http(s) URL nor a path',
  why: 'The provider fetches media itself, from the public internet. A `data:` URL or the address of a storage bucket means nothing to it: give the URL under which anyone can fetch the file, or the path of a file on your disk, which `store` uploads.',
  provider: 'Refuses the request, or the task fails when it cannot fetch the file.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - s3://plates/mika.png
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
    for (const { value, url, file, origin, version } of media) {
      const problem = url === undefined && file === undefined ? judgeUrl(value) : undefined;
      if (problem !== undefined) report({ ...problem, origin, mark: 'value' }, version);
    }
  },
};
