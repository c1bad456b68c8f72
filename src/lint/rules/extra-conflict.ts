import { mappedNames } from '../../catalog/field-map.ts';
import type { Rule } from '../rule.ts';

export const extraConflict: Rule = {
  id: 'extra-conflict',
  severity: 'error',
  summary: 'A parameter in `extra` takes the place of one that the model is sent under that name',
  why: 'A models file can say that a model knows a parameter under another name (`fields`). The same name in `extra` would be sent in its place, unchecked.',
  provider: 'Gets what is in `extra`, and never sees the other.',
  models: {
    version: 1,
    models: { kyyvideo2: { extends: 'videos_stable', fields: { prompt: 'text' } } },
  },
  bad: `version: 1
project: demo
models: models.json
shots:
  - id: sh0010
    model: kyyvideo2
    duration: 5
    prompt: Neon skyline at night, slow dolly in
    extra: { text: Neon skyline }
`,
  good: `version: 1
project: demo
models: models.json
shots:
  - id: sh0010
    model: kyyvideo2
    duration: 5
    prompt: Neon skyline at night, slow dolly in
    extra: { seed: 7 }
`,
  check({ subjects, report }) {
    for (const { version, model } of subjects) {
      const { extra } = version.parameters;
      if (extra === undefined || model?.fields === undefined) continue;
      for (const name of mappedNames) {
        const sent = model.fields[name];
        if (sent === undefined || !Object.hasOwn(extra.value, sent)) continue;
        if (version.parameters[name] === undefined) continue;
        const { source, path } = extra.stated;
        report(
          {
            message: `\`${sent}\` is what \`${model.id}\` calls \`${name}\`, and both are stated`,
            help: `Remove \`${sent}\` from \`extra\`, or \`${name}\` beside it`,
            origin: { source, path: [...path, sent] },
            mark: 'key',
          },
          version,
        );
      }
    }
  },
};
