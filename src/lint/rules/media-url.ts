import type { MediaItem } from '../../manifest/model.ts';
import type { Rule } from '../rule.ts';
import { judgeUrl } from '../url.ts';
import { referenceLists } from '../words.ts';

export const mediaUrl: Rule = {
  id: 'media-url',
  severity: 'error',
  summary: 'A medium is not an absolute http(s) URL',
  why: 'The provider fetches media itself, from the public internet. A file on your disk, a `data:` URL or the address of a storage bucket means nothing to it: upload the file to where anyone can fetch it, and give that URL.',
  provider: 'Refuses the request, or the task fails when it cannot fetch the file.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - art/mika.png
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
  check({ manifest, subjects, report }) {
    // The same URL is used again and again; most are good.
    const good = new Set<string>();
    const check = (
      item: Pick<MediaItem, 'value' | 'origin'>,
      version?: Parameters<typeof report>[1],
    ): void => {
      if (good.has(item.value)) return;
      const problem = judgeUrl(item.value);
      if (problem === undefined) good.add(item.value);
      else report({ ...problem, origin: item.origin, mark: 'value' }, version);
    };
    for (const items of manifest.assets.values()) for (const item of items) check(item);
    for (const { version } of subjects) {
      const { parameters } = version;
      if (parameters.first_image !== undefined) check(parameters.first_image, version);
      if (parameters.last_image !== undefined) check(parameters.last_image, version);
      for (const list of referenceLists) {
        for (const item of parameters[list]?.value ?? []) check(item, version);
      }
    }
  },
};
