import { nearest } from '../core/suggest.ts';

/** Names that other tools and APIs have for the keys of a shot; written without case and separators. */
const ofAShot: Readonly<Record<string, readonly string[]>> = {
  model: ['modelid', 'modelname', 'engine'],
  prompt: ['text', 'description', 'caption', 'promptext', 'prompttext', 'positiveprompt'],
  promptFile: ['promptpath'],
  duration: [
    'seconds',
    'secs',
    'sec',
    'length',
    'time',
    'dur',
    'durationseconds',
    'durationsec',
    'durations',
    'clipduration',
    'videolength',
  ],
  ratio: ['aspectratio', 'aspect', 'ar', 'videoratio'],
  resolution: ['size', 'quality', 'videoresolution', 'definition'],
  first_image: [
    'imageurl',
    'firstframe',
    'firstframeimage',
    'firstframeurl',
    'startimage',
    'startframe',
    'startimageurl',
    'inputimage',
    'imagestart',
    'initimage',
  ],
  last_image: [
    'lastframe',
    'lastframeurl',
    'endimage',
    'endframe',
    'endimageurl',
    'imageend',
    'imagetail',
    'tailimage',
  ],
  referenceImages: [
    'images',
    'imageurls',
    'imagelist',
    'inputimages',
    'refs',
    'refimages',
    'references',
    'imagereferences',
    'referenceimageurls',
  ],
  referenceVideos: [
    'video',
    'videos',
    'videourl',
    'videourls',
    'inputvideo',
    'refvideos',
    'referencevideourls',
  ],
  referenceAudios: ['audio', 'audios', 'audiourl', 'audiourls', 'refaudios', 'referenceaudiourls'],
  takes: ['n', 'count', 'num', 'samples', 'numvideos', 'batchsize', 'repeat'],
  notes: ['comment', 'comments', 'note', 'remark', 'remarks'],
  tags: ['labels', 'label', 'keywords'],
  title: ['name'],
  id: ['shotid', 'shot', 'key', 'uid'],
  skip: ['disabled', 'ignore', 'omit'],
};

/** Parameters of video APIs that have no key of their own here. */
const parameters: ReadonlySet<string> = new Set(
  'seed negativeprompt fps framerate cfg cfgscale guidance guidancescale motion motionstrength camera cameracontrol cameramotion watermark autoface generateaudio withaudio sound style styleid enhanceprompt promptoptimizer promptenhancer loop steps numinferencesteps callbackurl webhook webhookurl user safety personGeneration'
    .toLowerCase()
    .split(' '),
);

const byForeignName: ReadonlyMap<string, string> = new Map(
  Object.entries(ofAShot).flatMap(([key, foreign]) => foreign.map((name) => [name, key] as const)),
);

/** Kinds of maps that hold keys of a shot. */
export const shotPlaces: ReadonlySet<string> = new Set(['shot', 'variant', 'defaults']);

/** The key of a shot that another tool's name stands for. */
export function ownKeyOf(foreign: string, known: Iterable<string>): string | undefined {
  const own = byForeignName.get(folded(foreign));
  return own !== undefined && new Set(known).has(own) ? own : undefined;
}

/** The key that an unknown one was probably meant to be: under another tool's name, or nearly spelt so. */
export function meantKey(key: string, known: readonly string[], place: string): string | undefined {
  const own = shotPlaces.has(place) ? ownKeyOf(key, known) : undefined;
  if (own !== undefined) return own;
  const [before = ''] = key.split('：');
  if (before !== key && known.includes(before)) return before;
  return shotPlaces.has(place) && isParameter(key) ? undefined : nearest(key, known);
}

/** True where a key is a parameter that providers take and that has no key here. */
export function isParameter(key: string): boolean {
  return parameters.has(folded(key));
}

function folded(key: string): string {
  return key.toLowerCase().replace(/[-_\s]/g, '');
}
