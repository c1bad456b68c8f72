import { withoutSignature } from '../../manifest/signed-urls.ts';
import { sameFile } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { referenceLists } from '../words.ts';

export const duplicateMedia: Rule = {
  id: 'duplicate-media',
  severity: 'warning',
  summary: 'The same file is twice in one list',
  why: 'Each list takes a few files only, and the second copy takes the place of another reference. How a URL is signed makes no difference.',
  provider: 'Takes it, and counts it twice.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
      - https://cdn.example.com/mika.png
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
      - https://cdn.example.com/alley.png
`,
  check({ subjects, local, report }) {
    for (const { version } of subjects) {
      for (const list of referenceLists) {
        const items = version.parameters[list]?.value;
        if (items === undefined || items.length < 2) continue;
        const met = new Set<string>();
        for (const item of items) {
          const { stated } = item;
          const file = withoutSignature(sameFile(item, local));
          if (met.has(file)) {
            report(
              {
                message: `The same file is in \`${list}\` already`,
                help: 'Remove one of the two, or give the file that was meant',
                origin: stated,
                mark: 'value',
              },
              version,
            );
          }
          met.add(file);
        }
      }
    }
  },
};
