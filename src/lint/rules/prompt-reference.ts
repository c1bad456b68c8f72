import { count } from '../../core/count.ts';
import type { ParameterName, Version } from '../../manifest/model.ts';
import { promptPlace } from '../prompt-place.ts';
import type { Rule } from '../rule.ts';
import { shown } from '../words.ts';

export const promptReference: Rule = {
  id: 'prompt-reference',
  severity: 'warning',
  summary: 'A prompt names a reference by a number that the request does not have',
  why: 'Prompts name their media by position: `@Image2`, `@图片2`, `图2`, `@视频1`. A position that does not exist is a medium that was forgotten, or a prompt that was copied from another shot. Images count in the order of `referenceImages`; in frames mode the first is 1 and the last 2. Left alone: `image 3` in plain words where the request has no image, numbers that count (`图2张`), and words that only end like one (`地图3`).',
  provider: 'Makes a clip without the medium, and bills it.',
  bad: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: "@Image1 crosses the alley of @Image3, handheld camera, rain"
    referenceImages: [https://cdn.example.com/mika.png, https://cdn.example.com/alley.png]
`,
  good: `version: 1
project: demo
shots:
  - id: sh0010
    model: videos
    duration: 5
    prompt: "@Image1 crosses the alley of @Image2, handheld camera, rain"
    referenceImages: [https://cdn.example.com/mika.png, https://cdn.example.com/alley.png]
`,
  check({ subjects, sources, report }) {
    for (const { version, signs: prompt } of subjects) {
      const found = prompt === undefined ? undefined : missingReference(prompt.value, version);
      if (prompt === undefined || found === undefined) continue;
      const { token, kind, items } = found;
      report(
        {
          message: `The prompt names ${shown(token)}, and the request has ${items === 0 ? `no ${kind}` : count(items, kind)}`,
          help:
            items === 0
              ? `Add the ${kind} to the request, or take its name out of the prompt`
              : `Name ${items === 1 ? 'number 1' : `one of 1 to ${items}`}, or add the ${kind} that is missing`,
          ...promptPlace(prompt, token, sources),
        },
        version,
      );
    }
  },
};

type Kind = 'image' | 'video' | 'audio';

interface Missing {
  readonly token: string;
  readonly kind: Kind;
  readonly items: number;
}

function missingReference(prompt: string, version: Version): Missing | undefined {
  for (const pattern of patterns(prompt)) {
    for (const { 0: token, groups = {} } of prompt.matchAll(pattern)) {
      const kind = kinds[(groups['kind'] ?? '').toLowerCase()];
      const number = groups['number'] ?? '';
      const position = chinese.indexOf(number) === -1 ? Number(number) : chinese.indexOf(number) + 1;
      const items = kind === undefined ? undefined : itemsOf(version, kind);
      if (kind === undefined || items === undefined || position <= items || position === 0) continue;
      // In plain words a number may mean anything.
      if (items === 0 && pattern === plain) continue;
      return { token, kind, items };
    }
  }
  return undefined;
}

/** Picks the patterns that could match: nearly every prompt has none of the signs, and a look or two says so. */
function* patterns(prompt: string): Generator<RegExp> {
  if (prompt.includes('@')) yield signed;
  if (/[图频]/.test(prompt)) yield han;
  if (digit.test(prompt)) yield plain;
}

const digit = /(?:mage|ideo|udio) ?#?\d/;
const signed =
  /@\s?(?<kind>image|img|picture|pic|图片|图像|图|video|视频|audio|音频)[\s_-]?(?<number>\d{1,2})(?!\d)/giu;
/** Matches no sign behind another Han character, where it ends a word, but for characters that join words. */
const han =
  /(?<=^|[^\p{Script=Han}@]|[和与及跟在用把将从按照像以为对让给向到据考是为成由见])(?<kind>图片|图|视频|音频)\s?(?<number>\d{1,2}|[二三四五六七八九])(?![\d.．:：张幅个段条秒倍种次])/gu;
const plain =
  /\b(?<kind>[Ii]mage|[Vv]ideo|[Aa]udio) ?#?(?<number>\d{1,2})\b(?![:.×x]\d|\s?(?:s|sec|seconds?|fps|px|mm)\b)/gu;

const chinese = ['一', '二', '三', '四', '五', '六', '七', '八', '九'];

const kinds: Readonly<Record<string, Kind>> = {
  ...{
    image: 'image',
    img: 'image',
    picture: 'image',
    pic: 'image',
    图片: 'image',
    图像: 'image',
    图: 'image',
  },
  ...{ video: 'video', 视频: 'video', audio: 'audio', 音频: 'audio' },
};

const lists = {
  image: 'referenceImages',
  video: 'referenceVideos',
  audio: 'referenceAudios',
} as const satisfies Record<Kind, ParameterName>;

/** Counts the items of a kind; undefined where a value that was reported leaves it open. */
function itemsOf({ parameters, broken }: Version, kind: Kind): number | undefined {
  const frames = kind === 'image' ? (['first_image', 'last_image'] as const) : [];
  if (broken.has(lists[kind]) || frames.some((name) => broken.has(name))) return undefined;
  const inFrames = frames.filter((name) => parameters[name] !== undefined).length;
  return inFrames + (parameters[lists[kind]]?.value.length ?? 0);
}
