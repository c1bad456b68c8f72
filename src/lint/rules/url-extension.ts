import type { MediaKind } from '../../media/facts.ts';
import type { Rule } from '../rule.ts';

export const urlExtension: Rule = {
  id: 'url-extension',
  severity: 'warning',
  summary: 'A media URL ends like a file of another kind',
  why: 'An `.mp3` among images is more likely a slip than an image with an odd name. What counts is what the file holds, so this is a warning.',
  provider: 'Refuses the request, or the task fails, if the file is not what the parameter takes.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: Mika crosses the alley, handheld camera, rain
    referenceImages:
      - https://cdn.example.com/rain.mp3
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
    referenceAudios:
      - https://cdn.example.com/rain.mp3
`,
  check({ media, facts, report }) {
    for (const { value, url, kind, stated, version } of media) {
      if (url === undefined || kind === undefined) continue;
      // The content of the file is known, and judged by itself.
      if (facts.get(value)?.outcome === 'reached') continue;
      const extension = /\.([a-z0-9]{2,5})$/i.exec(url.pathname)?.[1]?.toLowerCase() ?? '';
      const holds = extensions.get(extension);
      if (holds === undefined || holds.includes(kind)) continue;
      report(
        {
          message: `This URL ends in \`.${extension}\`, which is ${nouns[holds[0]]}, where ${nouns[kind]} belongs`,
          help: `Move it to where ${nouns[holds[0]]} belongs, or give the URL of ${nouns[kind]}`,
          origin: stated,
          mark: 'value',
        },
        version,
      );
    }
  },
};

const nouns: Readonly<Record<MediaKind, string>> = { image: 'an image', video: 'a video', audio: 'an audio' };

/** Kinds of media that files with an extension hold, the likeliest first. */
const extensions: ReadonlyMap<string, readonly [MediaKind, ...MediaKind[]]> = new Map([
  ...kindOf('jpg jpeg png webp gif bmp tif tiff heic heif avif svg', 'image'),
  ...kindOf('mp4 mov m4v mkv avi wmv flv mpg mpeg', 'video'),
  ...kindOf('mp3 wav m4a aac flac opus oga wma aiff', 'audio'),
  ...kindOf('webm', 'video', 'audio'),
  ...kindOf('ogg', 'audio', 'video'),
]);

function kindOf(
  list: string,
  ...kinds: readonly [MediaKind, ...MediaKind[]]
): readonly (readonly [string, readonly [MediaKind, ...MediaKind[]]])[] {
  return list.split(' ').map((extension) => [extension, kinds] as const);
}
