import type { Rule } from '../rule.ts';
import { secretsIn } from '../secrets.ts';

export const secretInManifest: Rule = {
  id: 'secret-in-manifest',
  severity: 'error',
  summary: 'A file holds what looks like a key, a token or a password',
  why: 'A manifest is kept in git and read by many. Every text of it is looked at, comments and notes included; what is found is never repeated, and cannot be suppressed. Take it out, and have it replaced by whoever gave it: what was committed once stays in the history. The parameters of signed URLs are no secrets in this sense.',
  provider: 'Needs none: the key goes along with each request, and comes from `SHOTLIST_API_KEY`.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
    notes: "to test: curl -H 'Authorization: Bearer 4f9d2c7b81e6a05398'"
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Neon skyline at night, slow dolly in
    notes: "to test: curl -H @headers.txt"
`,
  check({ sources, report }) {
    for (const source of sources) {
      for (const { start, end, what, inUrl } of secretsIn(source.text)) {
        report({
          message: `This looks like ${what}`,
          help: inUrl
            ? 'Take it out of the URL and have it replaced: use public storage, or a signed URL'
            : 'Take it out of the file and have it replaced: the key comes from `SHOTLIST_API_KEY`',
          origin: { source, path: [] },
          mark: 'value',
          range: { start, end },
          secret: source.text.slice(start, end),
        });
      }
    }
  },
};
