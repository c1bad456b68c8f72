import { sameFile } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { isAbsoluteUrl } from '../url.ts';

export const framesAlike: Rule = {
  id: 'frames-alike',
  severity: 'warning',
  summary: 'The first and the last image are the same',
  why: 'The clip would end as it begins. That is more often a copied line than a loop. Where a loop is meant, a comment says so: `# shotlist-disable-next-line frames-alike -- a loop`. Left alone: two URLs that differ in anything, also where the same picture is behind both.',
  provider: 'Makes a clip from the image to itself, and bills it.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/skyline.png
    last_image: https://cdn.example.com/skyline.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/skyline.png
    last_image: https://cdn.example.com/glass.png
`,
  check({ subjects, local, report }) {
    for (const { version } of subjects) {
      const { first_image, last_image } = version.parameters;
      if (first_image === undefined || last_image === undefined) continue;
      // A text that is no URL has a finding of its own.
      if (sameFile(first_image, local) !== sameFile(last_image, local)) continue;
      if (last_image.file === undefined && !isAbsoluteUrl(last_image.value)) continue;
      report(
        {
          message: 'The last image is the same as the first',
          help: 'Give the image that the clip ends with; or suppress this finding if a loop is meant',
          origin: last_image.stated,
          mark: 'value',
        },
        version,
      );
    }
  },
};
