import type { Rule } from '../rule.ts';

export const audioOnlyReferences: Rule = {
  id: 'audio-only-references',
  severity: 'warning',
  summary: 'A shot has reference audios, and neither images nor videos',
  why: 'The provider’s documents neither allow nor forbid audio references on their own. Sibling models on the same gateway refuse them.',
  provider: 'May refuse the request, or make the clip without the audio.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Rain on a tin roof, slow pan left
    referenceAudios:
      - https://cdn.example.com/rain.mp3
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Rain on a tin roof, slow pan left
    referenceImages:
      - https://cdn.example.com/roof.png
    referenceAudios:
      - https://cdn.example.com/rain.mp3
`,
  check({ subjects, report }) {
    for (const { version, model, verdict } of subjects) {
      const { referenceAudios, referenceImages, referenceVideos } = version.parameters;
      if (referenceAudios === undefined || verdict !== undefined) continue;
      if (referenceImages !== undefined || referenceVideos !== undefined) continue;
      if (version.broken.has('referenceImages') || version.broken.has('referenceVideos')) continue;
      // A model that takes none is a finding of its own.
      if (model === undefined || model.referenceAudios.maxItems === 0) continue;
      // A medium that the model is known to need is an error, and a rule of its own.
      if (model.requires?.referenceAudios !== undefined) continue;
      report(
        {
          message: 'There are reference audios alone, which the provider may refuse',
          help: 'Add a reference image or video of what is to be seen',
          origin: referenceAudios.stated,
          mark: 'key',
        },
        version,
      );
    }
  },
};
