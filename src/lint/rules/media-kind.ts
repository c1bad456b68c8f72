import { image, video } from '../example-media.ts';
import { whatItIs } from '../media-words.ts';
import type { Rule } from '../rule.ts';
import { probedUses } from '../used-media.ts';

export const mediaKind: Rule = {
  id: 'media-kind',
  severity: 'error',
  summary: 'A media file is of another kind than its parameter takes',
  why: 'What counts is what the bytes are, not what the name ends in or what the server calls it: a link to a page about a picture is a web page. Found with `--media`, and of files on your disk always: what is no medium is never uploaded.',
  provider: 'Refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/alley.mp4
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  media: [video('https://cdn.example.com/alley.mp4'), image('https://cdn.example.com/mika.png')],
  check(context) {
    for (const { medium, facts, subject } of probedUses(context)) {
      if (facts.outcome !== 'reached' || facts.kind === medium.kind) continue;
      const isLocal = medium.file !== undefined;
      const isUnknown = facts.kind === null && facts.unknown !== null;
      const found = isUnknown && isLocal ? `no medium that is known: ${facts.unknown}` : whatItIs(facts);
      // A kind that could not be told of a URL is a finding of its own.
      if (found === undefined || (isUnknown && !isLocal)) continue;
      context.report(
        {
          message: `This is ${found}${isUnknown ? ';' : ', and'} \`${medium.parameter}\` takes ${taken[medium.parameter]}`,
          help:
            facts.format === 'html' && !isLocal
              ? 'The link leads to a page: give the address of the file itself, and check that it needs no login'
              : `Give ${isLocal ? '' : 'the URL of '}${medium.kind === 'audio' ? 'an audio file' : `${medium.kind === 'image' ? 'an' : 'a'} ${medium.kind}`}, or move this one to where it belongs`,
          origin: medium.origin,
          mark: 'value',
          about: medium.kind,
        },
        subject.version,
      );
    }
  },
};

const taken = {
  first_image: 'an image',
  last_image: 'an image',
  referenceImages: 'images',
  referenceVideos: 'videos',
  referenceAudios: 'audio files',
} as const;
