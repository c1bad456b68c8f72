import type { Json, JsonObject } from '../core/canonical-json.ts';
import type { AskedClip } from '../core/clip-deviations.ts';
import type { Model } from './catalog.ts';

/** Lists what a request asks of its clip: as stated, else as the model does it. `parameters` under the names of manifests. */
export function askedClip(parameters: JsonObject, model: Model | undefined): AskedClip {
  const { duration } = parameters;
  return {
    duration: typeof duration === 'number' ? duration : null,
    ratio: text(parameters['ratio']) ?? model?.ratio.default ?? null,
    resolution: text(parameters['resolution']) ?? model?.resolution.default ?? null,
  };
}

function text(value: Json | undefined): string | null {
  return typeof value === 'string' ? value : null;
}
