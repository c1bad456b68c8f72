import type { Json, JsonObject } from '../core/canonical-json.ts';
import type { FieldMap } from './catalog.ts';

/** The parameters that a field map can give another name, in the order in which they are sent. */
export const mappedNames = [
  'prompt',
  'duration',
  'ratio',
  'resolution',
  'first_image',
  'last_image',
  'referenceImages',
  'referenceVideos',
  'referenceAudios',
] as const satisfies readonly (keyof FieldMap)[];

/** A body that was sent, under the names of the manifest again. */
export function underOwnNames(body: JsonObject, fields: FieldMap | undefined): JsonObject {
  if (fields === undefined) return body;
  const own = new Map(
    mappedNames.flatMap((name) => (fields[name] === undefined ? [] : [[fields[name], name]])),
  );
  const renamed: Record<string, Json> = {};
  for (const [name, value] of Object.entries(body)) renamed[own.get(name) ?? name] = value;
  return renamed;
}
