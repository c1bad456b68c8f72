import { unknownSignature } from '../../manifest/signed-urls.ts';
import type { Rule } from '../rule.ts';

export const urlSignatureUnknown: Rule = {
  id: 'url-signature-unknown',
  severity: 'warning',
  summary: 'A media URL seems to be signed in a way that is not known',
  why: 'A URL that is signed again is another text. Where the form of the signature is known, it is left out of what tells one request from another (docs/signed-urls.md lists the forms); where it is not, the shot would be another request, and be paid for again, each time. What tells: a parameter that says signature, token or policy with a value that looks random, a time at which the URL ends, a signed token. Left alone are versions (`v`, `hash`), words, and API keys, which are a mistake of their own.',
  provider: 'Fetches the file whoever signed its URL, and bills each request.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://media.example.com/mika.png?studio-sig=5f0c8b2e91d74a36be02
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://media.example.com/mika.png
`,
  check({ media, report }) {
    for (const { url, origin, version } of media) {
      const parameter = url === undefined ? undefined : unknownSignature(url);
      if (parameter === undefined) continue;
      report(
        {
          message: `This URL seems to be signed, by \`${parameter}\`, in a form that is not known here, so the signature counts as part of the request`,
          help: 'Give a URL that stays the same, or sign it once and for long: signed again, the shot would be paid for again. If it never changes, suppress this with a reason',
          origin,
          mark: 'value',
        },
        version,
      );
    }
  },
};
