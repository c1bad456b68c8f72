import { localUses } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const storeMissing: Rule = {
  id: 'store-missing',
  severity: 'error',
  summary: 'Local files are named, and no `store` says where they go',
  why: 'The provider fetches media itself, from the public internet. A file on your disk has to be uploaded first, to storage of your own: `store` says where.',
  provider: 'Never sees it: nothing is sent.',
  bad: `version: 1
project: demo
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
store: { s3: plates/neon }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - plates/mika.png
`,
  check(context) {
    const { manifest } = context;
    if (manifest.isFragment || manifest.statesStore === true) return;
    for (const { use, medium } of localUses(context)) {
      // What is not there is a finding of its own, and perhaps no file at all.
      if (medium.kind !== 'file' && medium.kind !== 'pointer') continue;
      context.report({
        message: `${shown(use.value)} is a file, and the manifest has no \`store\` for it to go to`,
        help: 'Add `store: { s3: BUCKET/PREFIX, endpoint: https://… }`, or give a URL under which anyone can fetch the file',
        origin: use.origin,
        mark: 'value',
      });
      // One `store` is enough for all of them.
      return;
    }
  },
};
