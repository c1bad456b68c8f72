import type { Mode } from '../core/mode.ts';

/** The limits of one model, as data: no rule and no message names a model. */
export interface Model {
  readonly id: string;
  /** For people. */
  readonly title: string;
  /** Where a task of this model is created, relative to the base URL, with a leading slash. */
  readonly createPath: string;
  /** Names under which parameters are sent, where they are not the manifest's. */
  readonly fields?: FieldMap;
  readonly modes: readonly Mode[];
  /** In Unicode code points; null where there is no known limit. */
  readonly prompt: { readonly maxLength: number | null };
  /** In whole seconds, both ends allowed. */
  readonly duration: { readonly min: number; readonly max: number };
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
