import type { Json, JsonObject } from '../../core/canonical-json.ts';
import { framesIn, framesPerSecond } from '../frame-rate.ts';
import type { MediaPaths } from '../media-path.ts';
import type { CutItem, CutTake, FrameRate, Timeline } from '../model.ts';
import { clipName } from '../timeline.ts';
import type { CutFormat } from './format.ts';

/** OpenTimelineIO: every take of a shot is a media reference of its clip, the chosen one is the active one. */
export const otio: CutFormat = {
  extension: 'otio',
  summary: 'OpenTimelineIO, with every take as an alternate',
  render: (timeline, paths) => `${JSON.stringify(document(timeline, paths), null, 2)}\n`,
};

function document(timeline: Timeline, paths: MediaPaths): JsonObject {
  const video = timeline.items.map((item) => itemOf(item, timeline.rate, paths, 'video'));
  const hasAudio = timeline.items.some(({ take }) => take?.hasAudio === true);
  const audio = hasAudio
    ? [
        track(
          'Audio',
          timeline.items.map((item) => itemOf(item, timeline.rate, paths, 'audio')),
        ),
      ]
    : [];
  return {
    OTIO_SCHEMA: 'Timeline.1',
    name: timeline.title,
    global_start_time: rational(0, timeline.rate),
    metadata: { shotlist: { project: timeline.project } },
    tracks: {
      OTIO_SCHEMA: 'Stack.1',
      ...itemFields('tracks', null),
      children: [track('Video', video), ...audio],
    },
  };
}

function track(kind: 'Video' | 'Audio', children: readonly Json[]): JsonObject {
  return { OTIO_SCHEMA: 'Track.1', ...itemFields(kind, null), kind, children };
}

function itemOf(item: CutItem, rate: FrameRate, paths: MediaPaths, kind: 'video' | 'audio'): JsonObject {
  const { take, shot } = item;
  const range = timeRange(item.sourceStart, item.frames, rate);
  const isSilent = kind === 'audio' && take?.hasAudio === false;
  const markers = kind === 'video' ? markersOf(item, rate) : [];
  if (take === null || isSilent) {
    return {
      OTIO_SCHEMA: 'Gap.1',
      ...itemFields(shot.key, timeRange(0, item.frames, rate), { key: shot.key }),
      markers,
    };
  }
  const references = shot.takes.map((each) => [nameOf(each, take), reference(each, rate, paths)] as const);
  return {
    OTIO_SCHEMA: 'Clip.2',
    ...itemFields(clipName(item), range, {
      key: shot.key,
      scene: shot.scene,
      title: shot.title,
      ...told(take),
    }),
    markers,
    media_references: Object.fromEntries(references),
    active_media_reference_key: nameOf(take, take),
  };
}

/** Names a take: the active one as the library's default, others by keys, and attempts of one key by their tasks. */
function nameOf(take: CutTake, active: CutTake): string {
  if (take === active) return 'DEFAULT_MEDIA';
  return `${take.key} ${take.taskId}`;
}

function reference(take: CutTake, rate: FrameRate, paths: MediaPaths): JsonObject {
  return {
    OTIO_SCHEMA: 'ExternalReference.1',
    name: take.key,
    target_url: paths.url(take.file),
    available_range: timeRange(0, Math.max(1, framesIn(take.seconds, rate)), rate),
    available_image_bounds: null,
    metadata: { shotlist: told(take) },
  };
}

function told({ key, taskId, model, prompt, cost, currency, decision }: CutTake): JsonObject {
  return { request: key, taskId, model, prompt, cost, currency, decision };
}

function markersOf({ scene }: CutItem, rate: FrameRate): readonly Json[] {
  if (scene === null) return [];
  return [
    {
      OTIO_SCHEMA: 'Marker.2',
      name: scene.title ?? scene.id,
      color: 'GREEN',
      comment: '',
      marked_range: timeRange(0, 1, rate),
      metadata: { shotlist: { scene: scene.id } },
    },
  ];
}

function itemFields(name: string, range: JsonObject | null, metadata?: JsonObject): JsonObject {
  return {
    name,
    source_range: range,
    effects: [],
    markers: [],
    enabled: true,
    color: null,
    metadata: metadata === undefined ? {} : { shotlist: metadata },
  };
}

function timeRange(start: number, duration: number, rate: FrameRate): JsonObject {
  return {
    OTIO_SCHEMA: 'TimeRange.1',
    start_time: rational(start, rate),
    duration: rational(duration, rate),
  };
}

function rational(value: number, rate: FrameRate): JsonObject {
  return { OTIO_SCHEMA: 'RationalTime.1', rate: framesPerSecond(rate), value };
}
