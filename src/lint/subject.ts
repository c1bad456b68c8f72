import type { Model } from '../catalog/catalog.ts';
import type { Version } from '../manifest/model.ts';
import type { ModeVerdict } from './media.ts';

/** A version, and the limits of its model. */
export interface Subject {
  readonly version: Version;
  /** Undefined where the model is missing or not known, which is a finding of its own: other rules stay silent. */
  readonly model: Model | undefined;
  /** How its mode and its media contradict each other; undefined where they agree. */
  readonly verdict: ModeVerdict | undefined;
}
