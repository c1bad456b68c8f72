import { keySpan } from '../../manifest/locate.ts';
import type { Request, Version } from '../../manifest/model.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

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
  check({ subjects, requestsOf, report }) {
    for (const group of alike(subjects)) {
      const first = new Map<string, Request>();
      for (const version of group) {
        // Its takes are meant to be alike.
        const [request] = requestsOf(version);
        if (request === undefined || isMerged(version)) continue;
        const same = first.get(request.fingerprint);
        if (same === undefined) first.set(request.fingerprint, request);
        else {
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

/** A merge key (`<<`) is a mistake of its own; what the shot states without it is not known. */
function isMerged({ origin: { source, path } }: Version): boolean {
  return keySpan({ source, path: [...path, '<<'] }) !== undefined;
}

/** Versions that have their prompt in common: to compare those alone is to compare few. */
function alike(subjects: readonly Subject[]): readonly (readonly Version[])[] {
  const first = new Map<string, Version>();
  const groups = new Map<string, Version[]>();
  for (const { version } of subjects) {
    const prompt = version.parameters.prompt?.value;
    if (prompt === undefined) continue;
    const other = first.get(prompt);
    const group = groups.get(prompt);
    if (other === undefined) first.set(prompt, version);
    else if (group === undefined) groups.set(prompt, [other, version]);
    else group.push(version);
  }
  return [...groups.values()];
}
