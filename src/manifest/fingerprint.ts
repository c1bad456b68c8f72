import { createHash } from 'node:crypto';
import type { Json, JsonObject } from '../core/canonical-json.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import type { RequestBody } from './model.ts';
import { withoutSignature } from './signed-urls.ts';

/**
 * What tells one request from another: `sha256:` and the hash, in hex, of the canonical JSON of body and take. What
 * signing a URL added is left out, so that signing it again does not make another request; the prompt is left as it is.
 * What is paid is filed under this: its output for a given body must never change.
 */
export function fingerprint(body: RequestBody, take: number): string {
  const text = canonicalJson({ body: unsignedMap(body, 'prompt'), take });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

/** A value of a body without what signing its URLs added: what tells one value from another. */
export function unsigned(value: Json): Json {
  if (typeof value === 'string') return withoutSignature(value);
  if (value === null || typeof value !== 'object') return value;
  return Array.isArray(value) ? value.map(unsigned) : unsignedMap(value as JsonObject);
}

/** The map itself where nothing in it was signed, which is nearly always. */
function unsignedMap(map: JsonObject, untouched?: string): JsonObject {
  let copy: Record<string, Json> | undefined;
  for (const name of Object.keys(map)) {
    const value = map[name] as Json;
    const kept = name === untouched ? value : unsigned(value);
    if (kept === value) continue;
    copy ??= { ...map };
    copy[name] = kept;
  }
  return copy ?? map;
}
