import type { Origin } from '../../manifest/model.ts';
import type { Lacking } from '../lacking.ts';
import { lacking } from '../lacking.ts';
import type { ModeVerdict } from '../media.ts';
import type { Rule } from '../rule.ts';
import type { Subject } from '../subject.ts';

type Half = Extract<ModeVerdict, { kind: 'half' }>;

export const framePair: Rule = {
  id: 'frame-pair',
  severity: 'error',
  summary: 'A shot has a first frame and no last one, or the reverse',
  why: 'A clip from frames moves from the first to the last: both are needed, or neither. Where the clip should only begin with an image, give that image as a reference.',
  provider: 'Refuses the request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b.png
`,
  check({ subjects, report }) {
    const halves = lacking(subjects, ({ verdict }) => (verdict?.kind === 'half' ? verdict : undefined));
    if (halves.length === 0) return;
    const paired = framesOfWholePairs(subjects);
    for (const half of halves) {
      const { present, missing } = half.what;
      report(
        {
          message: `\`${present.writtenAs}\` is there without \`${missing}\``,
          help: `Add \`${missing}\`, or move the image to \`referenceImages\``,
          origin: itemOf(half, paired),
          mark: 'item',
        },
        half.version,
      );
    }
  },
};

/** Defaults that state one frame lack the other, unless some of their shots bring it. */
function itemOf({ item, what: { present } }: Lacking<Half>, paired: ReadonlySet<Origin>): Origin {
  const inherited = present.level === 'scene' || present.level === 'manifest';
  if (!inherited || paired.has(present.stated)) return item;
  return { source: present.stated.source, path: present.stated.path.slice(0, -1) };
}

/** Finds where the frames of versions that have both were stated. */
function framesOfWholePairs(subjects: readonly Subject[]): ReadonlySet<Origin> {
  const origins = new Set<Origin>();
  for (const { version } of subjects) {
    const { first_image, last_image } = version.parameters;
    if (first_image === undefined || last_image === undefined) continue;
    origins.add(first_image.stated).add(last_image.stated);
  }
  return origins;
}
