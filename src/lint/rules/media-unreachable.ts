import type { UnreachableMedia } from '../../media/facts.ts';
import { image, missing } from '../example-media.ts';
import { whyUnreachable } from '../hosts.ts';
import { sentence } from '../media-words.ts';
import type { Rule } from '../rule.ts';
import { probedUses } from '../used-media.ts';

export const mediaUnreachable: Rule = {
  id: 'media-unreachable',
  severity: 'error',
  suppressible: true,
  summary: 'A media file cannot be fetched',
  why: 'The provider fetches media itself, from the public internet and without credentials. What cannot be fetched from here without a cookie or a key cannot be fetched by the provider either; where you know better, suppress it with a comment. Found with `--media`.',
  provider: 'Refuses the request, or bills it and lets the task fail.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika-v2.png
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
  media: [missing('https://cdn.example.com/mika-v2.png'), image('https://cdn.example.com/mika.png')],
  check(context) {
    for (const { medium, facts, subject } of probedUses(context)) {
      if (facts.outcome !== 'unreachable' || isFoundInUrl(facts)) continue;
      context.report(
        {
          message: `The file cannot be fetched: ${facts.message}`,
          help:
            facts.code === 'addressRefused'
              ? 'The provider cannot reach it either: upload it to public storage. To probe it all the same, add `--allow-private-media`'
              : sentence(facts.help ?? 'open the URL in a private browser window to see why'),
          origin: medium.origin,
          mark: 'value',
        },
        subject.version,
      );
    }
  },
};

/** True where other rules find the same in the URL alone: no URL, one with a password, an address inside a network. */
function isFoundInUrl({ code, url }: UnreachableMedia): boolean {
  if (code === 'addressRefused') return URL.canParse(url) && whyUnreachable(new URL(url)) !== null;
  return code === 'badUrl' || code === 'credentialsInUrl';
}
