import type { MediaFacts, MediaKind } from '../../media/facts.ts';
import { video } from '../example-media.ts';
import { sentence } from '../media-words.ts';
import type { Rule } from '../rule.ts';
import { probedUses } from '../used-media.ts';

export const mediaUnknown: Rule = {
  id: 'media-unknown',
  severity: 'warning',
  summary: 'Something about a media file could not be found out',
  why: 'A limit that cannot be checked may be broken: what is not known is said, so that nobody takes silence for approval. Found with `--media`.',
  provider: 'Takes the file, if it keeps to the limits.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://old.example.com/alley.mp4
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceVideos:
      - https://cdn.example.com/alley.mp4
`,
  media: [
    video('https://old.example.com/alley.mp4', {
      width: null,
      height: null,
      duration: null,
      unknown: 'old.example.com ignores range requests, and was cut off after 256 KB',
    }),
    video('https://cdn.example.com/alley.mp4'),
  ],
  check(context) {
    for (const { medium, facts, subject } of probedUses(context)) {
      // A local file that is no medium is a finding of its own.
      const isNoMedium = medium.file !== undefined && facts.outcome === 'reached' && facts.kind === null;
      const problem = isNoMedium ? undefined : judge(facts, medium.kind);
      if (problem === undefined) continue;
      context.report(
        { ...problem, origin: medium.origin, mark: 'value', about: medium.kind },
        subject.version,
      );
    }
  },
};

const nouns = { image: 'image', video: 'video', audio: 'audio file' } as const;

function judge(
  facts: MediaFacts,
  expected: MediaKind,
): { readonly message: string; readonly help: string } | undefined {
  const noun = nouns[expected];
  if (facts.outcome === 'unreachable') return undefined;
  if (facts.outcome === 'unprobed') {
    return {
      message: `Nothing could be found out about this ${noun}: ${facts.message}`,
      help: sentence(facts.help ?? 'try again later, or check the limits by hand'),
    };
  }
  const help =
    'Check the limits by hand, or put the file on a server that answers range requests, as object storage does';
  if (facts.kind === null && facts.unknown !== null) {
    const article = expected === 'video' ? 'a' : 'an';
    return { message: `Whether this is ${article} ${noun} could not be found out: ${facts.unknown}`, help };
  }
  // A file of another kind is a finding of its own.
  if (facts.kind !== expected) return undefined;
  const lacking = [
    expected !== 'audio' && facts.width === null ? 'pixels' : '',
    expected !== 'image' && facts.duration === null ? 'duration' : '',
    expected !== 'audio' && facts.bytes === null ? 'size in bytes' : '',
  ].filter((fact) => fact !== '');
  if (lacking.length === 0 && facts.unknown === null) return undefined;
  const why = facts.unknown ?? 'its server does not tell';
  return {
    message:
      lacking.length === 0
        ? `This ${noun} could not be read whole: ${why}`
        : `The ${listed(lacking)} of this ${noun} could not be found out: ${why}`,
    help,
  };
}

function listed(words: readonly string[]): string {
  return words.length < 2 ? words.join('') : `${words.slice(0, -1).join(', ')} and ${words.at(-1)}`;
}
