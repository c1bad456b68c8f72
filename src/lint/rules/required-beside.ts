import type { MediaName } from '../../catalog/catalog.ts';
import type { Version } from '../../manifest/model.ts';
import type { Rule } from '../rule.ts';
import { names } from '../words.ts';

export const requiredBeside: Rule = {
  id: 'required-beside',
  severity: 'error',
  summary: 'A medium needs another beside it that the shot does not have',
  why: 'Some models take a medium only together with another: reference audios with a reference image, for example. A models file says so under `requires`; of several that are listed there, one is enough.',
  provider: 'Refuses the request.',
  models: {
    version: 1,
    models: { videos_pro: { extends: 'videos', requires: { referenceAudios: ['referenceImages'] } } },
  },
  bad: `version: 1
project: demo
models: models.json
shots:
  - id: sh0010
    model: videos_pro
    duration: 5
    prompt: Rain on a tin roof, slow pan left
    referenceAudios: [https://cdn.example.com/rain.mp3]
`,
  good: `version: 1
project: demo
models: models.json
shots:
  - id: sh0010
    model: videos_pro
    duration: 5
    prompt: Rain on a tin roof, slow pan left
    referenceImages: [https://cdn.example.com/roof.png]
    referenceAudios: [https://cdn.example.com/rain.mp3]
`,
  check({ subjects, report }) {
    for (const { version, model, verdict } of subjects) {
      if (model?.requires === undefined || verdict !== undefined) continue;
      for (const [name, others] of Object.entries(model.requires) as [MediaName, readonly MediaName[]][]) {
        const stated = version.parameters[name];
        if (stated === undefined || others.some((other) => isThere(version, other))) continue;
        report(
          {
            message: `\`${model.id}\` takes \`${name}\` only with ${names(others, 'or')} beside ${name.startsWith('reference') ? 'them' : 'it'}`,
            help: `Add ${names(others, 'or')}, take out \`${name}\`, or use another model`,
            origin: stated.stated,
            mark: 'key',
            about: name,
          },
          version,
        );
      }
    }
  },
};

/** True where it was stated: also where it was reported, since its absence is not a mistake of its own. */
function isThere({ parameters, broken }: Version, name: MediaName): boolean {
  return parameters[name] !== undefined || broken.has(name);
}
