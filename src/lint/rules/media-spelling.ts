import { localImage } from '../example-media.ts';
import { localUses } from '../local-files.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const mediaSpelling: Rule = {
  id: 'media-spelling',
  severity: 'warning',
  summary: 'One media file is written in two ways',
  why: 'By `.` or `..`, by a link or by another folder, two paths lead to one file. It is uploaded once, and the requests are what they are; but who searches for one spelling does not find the other.',
  provider: 'Gets one address for both.',
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
  - id: sh0020
    model: videos
    duration: 5
    prompt: Mika waits under a neon sign, rain
    referenceImages:
      - ./plates/mika.png
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
  - id: sh0020
    model: videos
    duration: 5
    prompt: Mika waits under a neon sign, rain
    referenceImages:
      - plates/mika.png
`,
  local: { 'plates/latest.png': localImage('plates/latest.png', {}, 'plates/mika.png') },
  check(context) {
    /** By where the file is and which file names it: elsewhere another path is the right one. */
    const first = new Map<string, string>();
    for (const { use, medium } of localUses(context)) {
      if (medium.kind !== 'file') continue;
      const place = JSON.stringify([medium.realPath, use.origin.source.file]);
      const before = first.get(place) ?? use.value;
      first.set(place, before);
      if (before === use.value) continue;
      context.report(
        {
          message: `This is the same file as ${shown(before)}`,
          help: `Write ${shown(before)} in both places, or name it once under \`assets\``,
          origin: use.origin,
          mark: 'value',
        },
        use.version,
      );
    }
  },
};
