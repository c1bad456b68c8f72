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
  const entries = Object.entries(body).map(([name, value]) => [
    name,
    name === 'prompt' ? value : unsigned(value),
  ]);
  const text = canonicalJson({ body: Object.fromEntries(entries) as JsonObject, take });
  return `sha256:${createHash('sha256').update(text).digest('hex')}`;
}

function unsigned(value: Json): Json {
  if (typeof value === 'string') return withoutSignature(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) return value.map(unsigned);
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, unsigned(item as Json)]));
}
