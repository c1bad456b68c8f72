import { localUses } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const mediaOutside: Rule = {
  id: 'media-outside',
  severity: 'error',
  summary: 'A media file lies outside the folders that may be read',
  why: "A manifest of somebody else could name, or reach by a link, any file of whoever runs it, and upload it. So media lie in the work tree (git's top level, or else the manifest's folder) or under a folder of `store.roots`. Links are followed before this is judged. A root that is the whole disk or a home folder counts for nothing.",
  provider: 'Never sees it: nothing is read, uploaded or sent.',
  bad: `version: 1
project: demo
store: { s3: plates/neon }
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - ../../plates/mika.png
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
  local: { '../../plates/mika.png': { kind: 'outside', byLink: false } },
  check(context) {
    for (const { use, medium } of localUses(context)) {
      if (medium.kind !== 'outside') continue;
      const way = medium.byLink ? 'leads out of the work tree by a link' : 'lies outside the work tree';
      context.report(
        {
          message: `${shown(use.value)} ${way}, so it is neither read nor uploaded`,
          help: 'Move it into the work tree, or name its folder under `roots` of the `store`',
          origin: use.origin,
          mark: 'value',
        },
        use.version,
      );
    }
  },
};
