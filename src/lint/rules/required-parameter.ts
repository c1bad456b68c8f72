import type { ParameterName, Version } from '../../manifest/model.ts';
import { lacking } from '../lacking.ts';
import type { Rule } from '../rule.ts';
import { names } from '../words.ts';

export const requiredParameter: Rule = {
  id: 'required-parameter',
  severity: 'error',
  summary: 'A shot has no model, no prompt or no duration',
  why: 'Every request needs the three of them. A shot can state them itself or take them from the defaults of its scene or of the manifest.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
`,
  check({ subjects, report }) {
    for (const { version, item, what } of lacking(subjects, ({ version }) => missingFrom(version))) {
      report(
        {
          message: `${version.variant === null ? 'The shot' : 'The variant'} has no ${names(what)}`,
          help: what.map((name) => examples[name]).join('; '),
          origin: item,
          mark: 'item',
          about: what.join(),
        },
        version,
      );
    }
  },
};

const required = ['model', 'prompt', 'duration'] as const satisfies readonly ParameterName[];
type Required = (typeof required)[number];

const examples: Readonly<Record<Required, string>> = {
  model: 'State `model` here or under `defaults` (`shotlist models` lists them)',
  prompt: 'Write `prompt`, or `promptFile` with the path of a text file',
  duration: 'State `duration` in whole seconds here or under `defaults`, such as `duration: 5`',
};

function missingFrom({ parameters, broken }: Version): readonly Required[] | undefined {
  const { model, prompt, duration } = parameters;
  if (model !== undefined && prompt !== undefined && duration !== undefined) return undefined;
  const missing = required.filter((name) => parameters[name] === undefined && !broken.has(name));
  return missing.length === 0 ? undefined : missing;
}
