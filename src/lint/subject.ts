import type { Model } from '../catalog/catalog.ts';
import type { Resolved, Version } from '../manifest/model.ts';
import type { ModeVerdict } from './media.ts';

/** A version, and the limits of its model. */
export interface Subject {
  readonly version: Version;
  /** Undefined where the model is missing or not known, which is a finding of its own: other rules stay silent. */
  readonly model: Model | undefined;
  /** The contradiction between its mode and its media; undefined where they agree. */
  readonly verdict: ModeVerdict | undefined;
  /** Its prompt, where it holds a sign or a digit that words alone do not have: what rules about such signs look at. */
  readonly signs: Resolved<string> | undefined;
}

/** Signs that a prompt of words alone has none of. Nearly every prompt is one, and one look says so for all rules. */
const signs = /[\d@{}<>[\]$%＄｛图频]|UHD|TODO|FIXME|TB[DCA]|orem /;

/** The prompt of a version, where `Subject.signs` has it. */
export function signsOf({ parameters: { prompt } }: Version): Resolved<string> | undefined {
  return prompt !== undefined && signs.test(prompt.value) ? prompt : undefined;
}
