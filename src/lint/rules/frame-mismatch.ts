import { mediaKey } from '../../manifest/local-file.ts';
import type { Resolved, ResolvedMedium } from '../../manifest/model.ts';
import type { MediaFacts } from '../../media/facts.ts';
import { image } from '../example-media.ts';
import { pixels } from '../media-words.ts';
import type { Rule } from '../rule.ts';

/** Difference that two frames may have: a row of pixels that an encoder added is nothing. */
const frameTolerance = 0.01;
/** Difference from the ratio that a frame may have: names of ratios are used loosely (21:9 is often 64:27 or 43:18). */
const ratioTolerance = 0.03;

export const frameMismatch: Rule = {
  id: 'frame-mismatch',
  severity: 'warning',
  summary: "The first and the last frame differ in shape, or from the shot's ratio",
  why: 'A clip has one shape from its first frame to its last. A frame of another shape is cropped, stretched or padded, and nobody asks how. Found with `--media`.',
  provider: 'Takes the request, and fits the frames in its own way.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    ratio: "16:9"
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b-square.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    ratio: "16:9"
    prompt: The skyline dissolves into rain on glass
    first_image: https://cdn.example.com/a.png
    last_image: https://cdn.example.com/b.png
`,
  media: [
    image('https://cdn.example.com/a.png', { width: 1920, height: 1080 }),
    image('https://cdn.example.com/b-square.png', { width: 1080, height: 1080 }),
    image('https://cdn.example.com/b.png', { width: 1280, height: 720 }),
  ],
  check({ subjects, facts, report }) {
    for (const { version, model } of subjects) {
      const { first_image, last_image, ratio } = version.parameters;
      const first = sizeOf(first_image, facts);
      const last = sizeOf(last_image, facts);
      const asked = ratio?.value ?? model?.ratio.default;
      if (first !== undefined && last !== undefined && !isNear(shape(first), shape(last), frameTolerance)) {
        report(
          {
            message: `The last frame is ${pixels(last)}, and the first one ${pixels(first)}: their shapes differ`,
            help: `Crop one of them, so that both have ${asked === undefined ? 'one shape' : `the shot's ratio \`${asked}\``}`,
            origin: last.origin,
            mark: 'value',
            about: first.url,
          },
          version,
        );
        continue;
      }
      const wanted = asked === undefined ? undefined : shapeNamed(asked);
      const frame = first ?? last;
      if (asked === undefined || wanted === undefined || frame === undefined) continue;
      if (isNear(shape(frame), wanted, ratioTolerance)) continue;
      report(
        {
          message: `${first !== undefined && last !== undefined ? 'The frames are' : 'The frame is'} ${pixels(frame)}, which is not the shot's ratio \`${asked}\``,
          help: `Crop ${first !== undefined && last !== undefined ? 'them' : 'it'} to \`${asked}\`, or choose the ratio that fits`,
          origin: frame.origin,
          mark: 'value',
          about: asked,
        },
        version,
      );
    }
  },
};

interface Frame extends Pick<Resolved<string>, 'origin'> {
  readonly url: string;
  readonly width: number;
  readonly height: number;
}

function sizeOf(
  frame: ResolvedMedium | undefined,
  facts: ReadonlyMap<string, MediaFacts>,
): Frame | undefined {
  const found = frame === undefined ? undefined : facts.get(mediaKey(frame));
  if (frame === undefined || found?.outcome !== 'reached' || found.kind !== 'image') return undefined;
  const { width, height } = found;
  return width === null || height === null || width === 0 || height === 0
    ? undefined
    : { url: frame.value, origin: frame.origin, width, height };
}

function shape({ width, height }: Frame): number {
  return width / height;
}

/** The shape that a ratio such as `16:9` names; undefined for one that names none. */
function shapeNamed(ratio: string): number | undefined {
  const [, width, height] = /^(\d+(?:\.\d+)?):(\d+(?:\.\d+)?)$/.exec(ratio) ?? [];
  const named = Number(width) / Number(height);
  return Number.isFinite(named) && named > 0 ? named : undefined;
}

function isNear(a: number, b: number, tolerance: number): boolean {
  return Math.max(a, b) / Math.min(a, b) - 1 <= tolerance;
}
