import { isFarther } from '../media.ts';
import type { Rule } from '../rule.ts';

export const framesWithReferences: Rule = {
  id: 'frames-with-references',
  severity: 'error',
  summary: 'A shot has frames and reference media together',
  why: 'A clip is made either from a first and a last frame or from reference media. Frames exclude references of every kind, audio included.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b.png
    referenceAudios:
      - https://cdn.example.com/rain.mp3
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b.png
`,
  check({ subjects, report }) {
    for (const { version, verdict } of subjects) {
      if (verdict?.kind !== 'both') continue;
      const { frames, references } = verdict;
      report(
        {
          message: `\`${references.writtenAs}\` cannot go together with \`${frames.writtenAs}\`: a clip is made from frames or from references`,
          help: isFarther(references.level, frames.level)
            ? 'The references are inherited: state `mode: frames` beside the frames to drop them'
            : isFarther(frames.level, references.level)
              ? 'The frames are inherited: state `mode: references` beside the references to drop them'
              : 'Keep the frames or the references, or make two shots of it',
          origin: references.stated,
          mark: 'key',
        },
        version,
      );
    }
  },
};
