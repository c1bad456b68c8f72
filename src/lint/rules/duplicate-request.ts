import type { Request } from '../../manifest/model.ts';
import type { Rule } from '../rule.ts';

export const duplicateRequest: Rule = {
  id: 'duplicate-request',
  severity: 'warning',
  summary: 'Two shots or variants would send the same request',
  why: 'Both are billed. Where the same clip is wanted more than once, `takes` says so; where not, one of the two was meant to differ.',
  provider: 'Makes and bills both.',
  bad: `version: 1
project: demo
defaults: { model: videos, duration: 5 }
shots:
  - id: sh0010
    prompt: Neon skyline at night, slow dolly in
  - id: sh0020
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
defaults: { model: videos, duration: 5 }
shots:
  - id: sh0010
    prompt: Neon skyline at night, slow dolly in
    takes: 2
`,
  check({ subjects, requests, report }) {
    const groups = alike(requests);
    if (groups.length === 0) return;
    const versions = new Map(subjects.map(({ version }) => [version.key, version]));
    for (const group of groups) {
      const first = new Map<string, Request>();
      for (const request of group) {
        const same = first.get(request.fingerprint);
        const version = versions.get(request.key);
        if (same === undefined) first.set(request.fingerprint, request);
        else if (version !== undefined) {
          report(
            {
              message: `This would send and bill the same request as \`${same.key}\``,
              help: 'State what is different, delete one of the two, or write `takes` for the same clip once more',
              origin: version.origin,
              mark: 'item',
            },
            version,
          );
        }
      }
    }
  },
};

/** First takes that have their prompt in common: to compare those alone is to compare few. */
function alike(requests: readonly Request[]): readonly (readonly Request[])[] {
  const first = new Map<unknown, Request>();
  const groups = new Map<unknown, Request[]>();
  for (const request of requests) {
    if (request.take !== 1) continue;
    const { prompt } = request.body;
    const other = first.get(prompt);
    if (other === undefined) first.set(prompt, request);
    else if (!groups.has(prompt)) groups.set(prompt, [other, request]);
    else groups.get(prompt)?.push(request);
  }
  return [...groups.values()];
}
