import { durationWords, offersDuration } from '../../catalog/catalog.ts';
import type { Rule } from '../rule.ts';

export const durationOutOfRange: Rule = {
  id: 'duration-out-of-range',
  severity: 'error',
  summary: 'The model makes no clips of this duration',
  why: 'Each model makes clips between a shortest and a longest duration, in whole seconds, or of a few durations alone. A longer scene is cut from several shots.',
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
      if (offersDuration(model, duration.value)) continue;
      const { min, max } = model.duration;
      if (model.durations !== undefined) {
        report(
          {
            message: `\`${model.id}\` makes ${durationWords(model)}, not ${duration.value} s`,
            help: `State one of them: \`duration: ${nearestOf(model.durations, duration.value)}\``,
            origin: duration.origin,
            mark: 'value',
          },
          version,
        );
        continue;
      }
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

function nearestOf(durations: readonly number[], wanted: number): number {
  return durations.reduce((best, each) => (Math.abs(each - wanted) < Math.abs(best - wanted) ? each : best));
}
