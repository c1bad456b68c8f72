import { audio, image } from '../example-media.ts';
import { checkTotalDuration } from '../media-totals.ts';
import type { Rule } from '../rule.ts';

export const audioTotalDuration: Rule = {
  id: 'audio-total-duration',
  severity: 'error',
  summary: 'The reference audios of a shot last too long together',
  why: 'The seconds of all reference audios of a request are added up. What an encoder pads is let pass; a total within 0.1 s of the limit gets a warning, because the provider may measure a little differently. Found with `--media`.',
  provider: 'Refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika hums as she crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
    referenceAudios:
      - https://cdn.example.com/humming-take-3.mp3
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika hums as she crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
    referenceAudios:
      - https://cdn.example.com/humming.mp3
`,
  media: [
    image('https://cdn.example.com/mika.png'),
    audio('https://cdn.example.com/humming-take-3.mp3', { duration: 42.318 }),
    audio('https://cdn.example.com/humming.mp3', { duration: 12 }),
  ],
  check(context) {
    checkTotalDuration(context, 'referenceAudios');
  },
};
