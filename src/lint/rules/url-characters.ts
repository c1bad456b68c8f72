import { namedCharacter, oddBlanks } from '../../core/characters.ts';
import type { Rule } from '../rule.ts';

export const urlCharacters: Rule = {
  id: 'url-characters',
  severity: 'warning',
  summary:
    'A media URL holds punctuation of a Chinese keyboard, a curly quote or a blank that cannot be seen',
  why: 'They are allowed in a URL, and are nearly always left over from the sentence that it was copied from: the address is another one, and nothing is there. Letters of any language are left alone, and so is everything that is written as `%EF%BC%8C`.',
  provider: 'Fetches the address as it stands, finds nothing, and the task fails.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages: [https://cdn.example.com/mika.png。]
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages: [https://cdn.example.com/mika.png]
`,
  check({ media, report }) {
    for (const { value, url, origin, version } of media) {
      const found = url === undefined ? null : suspects.exec(value);
      if (found === null) continue;
      report(
        {
          message: `The URL holds ${namedCharacter(found[0])}`,
          help: 'Delete it if it is not part of the address; if it is, write it percent-encoded',
          origin,
          mark: 'value',
          token: { text: found[0], occurrence: 0 },
        },
        version,
      );
    }
  },
};

const suspects = new RegExp(`[，、。；：！？“”‘’「」『』（）【】《》｜${oddBlanks}]`, 'u');
