import type { Rule } from '../rule.ts';
import { sharePageOf } from '../share-pages.ts';

export const shareLink: Rule = {
  id: 'share-link',
  severity: 'warning',
  summary: 'A media URL is a link to a page about the file',
  why: 'What a "Share" button gives is a page for people: a preview with a login, a button, or a viewer. The provider fetches that page in place of the picture. Found by the URL alone.',
  provider: 'Gets a web page, and refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://www.dropbox.com/s/k3n2/mika.png?dl=0
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://www.dropbox.com/s/k3n2/mika.png?dl=1
`,
  check({ media, report }) {
    for (const { url, origin, version } of media) {
      const page = url === undefined ? null : sharePageOf(url);
      if (page === null) continue;
      const { service, direct } = page;
      report(
        {
          message: `This is a link to a page of ${service}, not to a file`,
          help:
            direct === null
              ? 'Give the address of the file itself: put it on public storage, or name the file on your disk and let `store` keep it'
              : `The file itself is at \`${direct}\`, if everybody may read it; write that`,
          origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
