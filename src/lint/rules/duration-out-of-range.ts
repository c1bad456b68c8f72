import type { Rule } from '../rule.ts';

export const durationOutOfRange: Rule = {
  id: 'duration-out-of-range',
  severity: 'error',
  summary: 'A duration is shorter or longer than the model makes',
  why: 'Each model makes clips between a shortest and a longest duration, in whole seconds. A longer scene is cut from several shots.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 20
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 15
    prompt: Neon skyline at night, slow dolly in
`,
  check({ subjects, report }) {
    for (const { version, model } of subjects) {
      const { duration } = version.parameters;
      if (duration === undefined || model === undefined) continue;
      const { min, max } = model.duration;
      if (duration.value >= min && duration.value <= max) continue;
      const short = duration.value < min;
      report(
        {
          message: `A duration of ${duration.value} s is ${short ? min - duration.value : duration.value - max} s too ${short ? 'short' : 'long'} for \`${model.id}\`, which makes ${min} to ${max} s`,
          help: short
            ? `State \`duration: ${min}\` or more, in whole seconds`
            : `State \`duration: ${max}\` or less, in whole seconds; split a longer scene into several shots`,
          origin: duration.origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
