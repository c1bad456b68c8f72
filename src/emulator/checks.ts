import { type Catalog, type Model, offersDuration } from '../catalog/catalog.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import type { Json, JsonObject } from '../core/canonical-json.ts';
import type { Mode } from '../core/mode.ts';

/** A check of one model's request against the provider's documents: the message, or null where all is well. */
type Check = (body: JsonObject, model: Model) => string | null;

const referenceLists = ['referenceImages', 'referenceVideos', 'referenceAudios'] as const;
const frameNames = [
  ['first_image', 'image'],
  ['last_image', 'lastFrameImage'],
] as const;

/**
 * Checks the parameters of a create call against the provider's documents, with the limits of the catalog.
 *
 * @param createPath where it was posted, relative to the base URL: a model is known only where the catalog puts it.
 * @returns what is wrong, the first of it, in the provider's manner; null where the request would be taken.
 */
export function checkCreate(body: JsonObject, createPath: string, catalog: Catalog): string | null {
  const name = body['model'];
  if (!stated(name)) return 'model is required';
  const model = typeof name === 'string' ? catalog.get(name) : undefined;
  if (model === undefined || model.createPath !== createPath)
    return `model ${JSON.stringify(name)} is not supported`;
  const own = underOwnNames(body, model.fields);
  for (const check of checks) {
    const problem = check(own, model);
    if (problem !== null) return problem;
  }
  return null;
}

const checks: readonly Check[] = [
  checkPrompt,
  checkDuration,
  (body, model) => checkChoice('ratio', body, model.ratio.values),
  (body, model) => checkChoice('resolution', body, model.resolution.values),
  checkFrameUrls,
  checkLegacyConflict,
  checkReferenceLists,
  checkFramePair,
  checkModes,
  checkRequirements,
];

function checkPrompt(body: JsonObject, { prompt: { maxLength } }: Model): string | null {
  const prompt = body['prompt'];
  if (typeof prompt !== 'string' || prompt.trim() === '') return 'prompt is required';
  if (maxLength === null || prompt.length <= maxLength) return null;
  const length = [...prompt].length;
  return length > maxLength ? `prompt has ${length} characters, the limit is ${maxLength}` : null;
}

function checkDuration(body: JsonObject, model: Model): string | null {
  const duration = body['duration'];
  if (!stated(duration)) return 'duration is required';
  if (typeof duration === 'number' && Number.isInteger(duration) && offersDuration(model, duration))
    return null;
  const { min, max } = model.duration;
  return model.durations === undefined
    ? `duration must be an integer from ${min} to ${max}`
    : `duration must be one of ${model.durations.join(', ')}`;
}

function checkChoice(name: string, body: JsonObject, values: readonly string[]): string | null {
  const value = body[name];
  if (!stated(value) || values.some((allowed) => allowed === value)) return null;
  return `${name} must be one of ${values.join(', ')}`;
}

function checkFrameUrls(body: JsonObject): string | null {
  for (const name of frameNames.flat()) {
    if (stated(body[name]) && !isWebUrl(body[name])) return `${name} must be an http(s) URL`;
  }
  return null;
}

function checkLegacyConflict(body: JsonObject): string | null {
  for (const [name, legacy] of frameNames) {
    if (stated(body[name]) && stated(body[legacy]) && body[name] !== body[legacy]) {
      return `parameter conflict: ${name} and ${legacy} differ`;
    }
  }
  return null;
}

function checkReferenceLists(body: JsonObject, model: Model): string | null {
  for (const name of referenceLists) {
    const list = body[name];
    if (!stated(list)) continue;
    if (!Array.isArray(list) || !list.every(isWebUrl)) return `${name} must be a list of http(s) URLs`;
    const { maxItems } = model[name];
    if (list.length > maxItems) return `${name} has ${list.length} items, the limit is ${maxItems}`;
  }
  return null;
}

function checkFramePair(body: JsonObject): string | null {
  const [first, last] = frameNames.map((names) => names.some((name) => stated(body[name])));
  if (first === last) return null;
  return `${first ? 'last_image' : 'first_image'} is required: first and last frame go together`;
}

function checkModes(body: JsonObject, model: Model): string | null {
  const frames = frameNames.flat().some((name) => stated(body[name]));
  const references = referenceLists.some((name) => Array.isArray(body[name]) && body[name].length > 0);
  if (frames && references) return 'first and last frame cannot be combined with references';
  const mode: Mode = frames ? 'frames' : references ? 'references' : 'text';
  return model.modes.includes(mode) ? null : `${mode} mode is not supported by ${model.id}`;
}

function checkRequirements(body: JsonObject, { requires = {} }: Model): string | null {
  const isThere = (name: string): boolean =>
    Array.isArray(body[name]) ? body[name].length > 0 : stated(body[name]);
  for (const [name, others] of Object.entries(requires)) {
    if (isThere(name) && !others.some(isThere)) return `${name} needs ${others.join(' or ')}`;
  }
  return null;
}

function stated(value: Json | undefined): boolean {
  return value !== undefined && value !== null;
}

function isWebUrl(value: Json | undefined): boolean {
  return typeof value === 'string' && /^https?:\/\//i.test(value) && URL.canParse(value);
}
