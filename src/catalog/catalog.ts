import type { Mode } from '../core/mode.ts';
import type { TaskStatus } from '../core/task-status.ts';

/** The limits of one model, as data: no rule and no message names a model. */
export interface Model {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** The path at which a task of this model is created, relative to the base URL, with a leading slash. */
  readonly createPath: string;
  /** The path at which tasks are asked about, likewise; the task's id follows it. `defaultQueryPath` where left out. */
  readonly queryPath?: string;
  /** Words of this model's answers for the statuses of a task, in lower case, where they have words of their own. */
  readonly statuses?: Readonly<Record<string, TaskStatus>>;
  /** Companions of each parameter, one of which must stand beside it. */
  readonly requires?: Requirements;
  /** Names under which parameters are sent, where they are not the manifest's. */
  readonly fields?: FieldMap;
  readonly modes: readonly Mode[];
  /** In Unicode code points; null where there is no known limit. */
  readonly prompt: { readonly maxLength: number | null };
  /** In whole seconds, both ends allowed. */
  readonly duration: { readonly min: number; readonly max: number };
  /** The only durations on offer, in whole seconds, where not every one from `min` to `max` is. */
  readonly durations?: readonly number[];
  readonly ratio: { readonly values: readonly string[]; readonly default: string };
  readonly resolution: { readonly values: readonly string[]; readonly default: string };
  readonly referenceImages: { readonly maxItems: number; readonly maxBytesEach: number };
  readonly referenceVideos: {
    readonly maxItems: number;
    readonly maxTotalSeconds: number;
    readonly maxTotalBytes: number;
    /** Of the shorter side, in pixels. */
    readonly minPixels: number;
    readonly maxPixels: number;
  };
  readonly referenceAudios: { readonly maxItems: number; readonly maxTotalSeconds: number };
}

/** The path at which tasks are asked about by most models. */
export const defaultQueryPath = '/v1/result';

/** Media that can need others beside them. */
export type Requirements = { readonly [Name in MediaName]?: readonly MediaName[] };

export type MediaName =
  | 'first_image'
  | 'last_image'
  | 'referenceImages'
  | 'referenceVideos'
  | 'referenceAudios';

/** True where a model makes clips of this length. */
export function offersDuration(
  { duration, durations }: Pick<Model, 'duration' | 'durations'>,
  seconds: number,
): boolean {
  if (durations !== undefined) return durations.includes(seconds);
  return seconds >= duration.min && seconds <= duration.max;
}

/** The durations on offer, for people: `4 to 15 s`, `10 or 15 s`. */
export function durationWords({ duration, durations }: Pick<Model, 'duration' | 'durations'>): string {
  if (durations === undefined) return `${duration.min} to ${duration.max} s`;
  return `${durations.join(', ').replace(/, ([^,]*)$/, ' or $1')} s`;
}

/** The name that is sent, by the manifest's name of a parameter. */
export interface FieldMap {
  readonly prompt?: string;
  readonly duration?: string;
  readonly ratio?: string;
  readonly resolution?: string;
  readonly first_image?: string;
  readonly last_image?: string;
  readonly referenceImages?: string;
  readonly referenceVideos?: string;
  readonly referenceAudios?: string;
}

/** Every model that can be asked for: the shipped ones, extended or overridden by the user's file. */
export type Catalog = ReadonlyMap<string, Model>;
