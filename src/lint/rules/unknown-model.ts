import { nearest } from '../../core/suggest.ts';
import { meantValue } from '../meant-value.ts';
import type { Rule } from '../rule.ts';
import { names, shown } from '../words.ts';

export const unknownModel: Rule = {
  id: 'unknown-model',
  severity: 'error',
  summary: 'A model is not in the catalog',
  why: 'A request for a model that does not exist cannot succeed, and the limits of a model that the catalog does not know cannot be checked. A model that exists at the provider and not here can be added with a models file.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: video_stable
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos_stable
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  check({ subjects, catalog, isUncertain, report }) {
    for (const { version } of subjects) {
      const { model } = version.parameters;
      if (model === undefined || catalog.has(model.value) || isUncertain(model.value)) continue;
      const meant = meantValue(model.value, catalog.keys());
      const suggestion = nearest(model.value, catalog.keys());
      const advice =
        suggestion === undefined
          ? `Use ${names([...catalog.keys()], 'or')}`
          : `Did you mean \`${suggestion}\`?`;
      report(
        {
          message:
            meant === undefined
              ? `There is no model ${shown(model.value)} in the catalog`
              : `The model ${shown(model.value)} holds ${meant.character}, and there is none of that name`,
          help: `${advice} A model that is missing from the catalog can be added with a \`models\` file`,
          origin: model.origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
