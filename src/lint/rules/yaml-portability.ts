import { mayBeRead, olderReading } from '../older-yaml.ts';
import type { Rule } from '../rule.ts';

export const yamlPortability: Rule = {
  id: 'yaml-portability',
  severity: 'warning',
  summary: 'A value without quotes means something else to readers of YAML 1.1',
  why: 'Manifests are YAML 1.2, where `16:9` and `no` are texts. Many other programs still read YAML 1.1, where `16:9` is 969, `no` is false, `0777` is an octal number and `1_000` is a thousand. In quotes a value is the same everywhere. `lint --fix` writes them.',
  provider: 'Gets what YAML 1.2 says.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    ratio: 16:9
    prompt: Neon skyline at night, slow dolly in
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    ratio: "16:9"
    prompt: Neon skyline at night, slow dolly in
`,
  check({ sources, report }) {
    for (const source of sources) {
      for (const scalar of source.plainScalars?.(mayBeRead) ?? []) {
        const reading = olderReading(scalar);
        if (reading === undefined) continue;
        const [start, end] = scalar.range ?? [0, 0];
        if (end <= start) continue;
        const { readAs, portable } = reading;
        report({
          message: `YAML 1.1 reads \`${scalar.source}\` as ${readAs}`,
          help: `Write \`${portable}\``,
          origin: { source, path: [] },
          mark: 'value',
          range: { start, end },
          fix: { title: `Write ${portable}`, edits: [{ start, end, text: portable }] },
        });
      }
    }
  },
};
