import { localUses } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const mediaPointer: Rule = {
  id: 'media-pointer',
  severity: 'error',
  summary: 'A media file is a Git LFS pointer, and not the file itself',
  why: 'Git LFS keeps large files elsewhere, and leaves a few lines of text in their place until they are fetched. Those lines would be uploaded as the picture.',
  provider: 'Never sees it: nothing is sent.',
  bad: `version: 1
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
  good: `version: 1
project: demo
store: { s3: plates/neon }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - plates/alley.png
`,
  local: { 'plates/mika.png': { kind: 'pointer' } },
  check(context) {
    for (const { use, medium } of localUses(context)) {
      if (medium.kind !== 'pointer') continue;
      context.report(
        {
          message: `${shown(use.value)} is a Git LFS pointer: the file itself was not fetched`,
          help: 'Fetch it with `git lfs pull` (in CI: `lfs: true` at the checkout)',
          origin: use.origin,
          mark: 'value',
        },
        use.version,
      );
    }
  },
};
