import type { FileVersion } from '../../media/facts.ts';
import { image } from '../example-media.ts';
import { whatMoved } from '../paid-media.ts';
import type { Rule } from '../rule.ts';
import { probedUses } from '../used-media.ts';

const url = 'https://cdn.example.com/mika.png';
const first: FileVersion = {
  etag: '"a1"',
  lastModified: null,
  bytes: 2_000_000,
  headHash: 'first',
  sha256: null,
};
const second: FileVersion = { ...first, etag: '"b2"', bytes: 2_150_000, headHash: 'second' };

export const mediaChanged: Rule = {
  id: 'media-changed',
  severity: 'warning',
  summary: 'A shot was paid with another file than the one behind the URL now',
  why: 'A shot is known by the URLs that it names, so a new picture behind an old URL changes nothing that can be seen: the shot looks paid, and shows the old picture. `run --media` notes what it pays with, and `lint --media` and `plan --media` compare. Nothing is sent again by itself: `run --resend KEY` is a decision, and costs. A new file under a name of its own is a changed shot by itself.',
  provider: 'Made the clip from the file that was there then.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika.png
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/mika-v2.png
`,
  media: [
    image(url, { bytes: second.bytes, version: second }),
    image('https://cdn.example.com/mika-v2.png', { bytes: second.bytes, version: second }),
  ],
  paid: new Map([[url, first]]),
  check(context) {
    const { paid, manifest, requestsOf, report } = context;
    if (paid === null) return;
    const { project } = manifest;
    for (const { medium, facts, subject } of probedUses(context)) {
      if (facts.outcome !== 'reached' || facts.version === undefined) continue;
      for (const { fingerprint } of requestsOf(subject.version)) {
        const then = paid.versionOf({ project, fingerprint }, medium.value);
        const moved = then === undefined ? null : whatMoved(then, facts.version);
        if (moved === null) continue;
        report(
          {
            message: `This was paid for with another file behind the same URL: ${moved}`,
            help: 'To pay once more, with the file of now: `shotlist run --resend KEY`. Where the earlier one is right, put it back; a new one is best given a name of its own',
            origin: medium.origin,
            mark: 'value',
          },
          subject.version,
        );
        break;
      }
    }
  },
};
