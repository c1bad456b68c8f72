import { hash } from 'node:crypto';
import type { Json, JsonObject } from '../core/canonical-json.ts';
import { canonicalJson } from '../core/canonical-json.ts';
import { contentIn, storeFolders } from './content-address.ts';
import type { RequestBody } from './model.ts';
import { withoutSignature } from './signed-urls.ts';

/**
 * Tells one request from another: `sha256:` and the hash, in hex, of the canonical JSON of body and take. Left out is
 * what makes no other request: what signing a URL added (the prompt is left as it is), a default of the provider that is
 * stated, and how Unicode composes a letter.
 *
 * What is paid is filed under this. Its output for a given body must never change; where it has to, the old one becomes
 * one of the earlier forms, by which what was paid before is recognised.
 *
 * @param folder of the store in which the body's local files lie (see `storeFolderOf`): each is known by its content, and
 *   nothing counts of where it lies. Null for a request without any.
 */
export function fingerprint(body: RequestBody, take: number, folder: string | null = null): string {
  const { prompt, ...others } = withoutDefaults(body);
  const plain = (text: string): string => composed(withoutSignature(text));
  const content = (text: string): string => contentIn(folder, text) ?? plain(text);
  const same = mapped(others, folder === null ? plain : content) as JsonObject;
  const words = prompt === undefined ? {} : { prompt: mapped(prompt, composed) };
  return hashOf({ ...same, ...words }, take);
}

/**
 * Further fingerprints that the same request may have been filed under, by the form of release 0.1.0: that one left out
 * signatures of form 1 and nothing more, so each way to write the request had one of its own. Without the one of today.
 */
export function earlierFingerprints(body: RequestBody, take: number): readonly string[] {
  const today = fingerprint(body, take);
  const earlier = new Set<string>();
  for (const way of waysToWrite(body)) {
    for (const text of new Set([way, inForm(way, 'NFC'), inForm(way, 'NFD')])) earlier.add(first(text, take));
  }
  earlier.delete(today);
  return [...earlier];
}

/** Everything that this body may be filed under: its fingerprint of today, and those of the same request before. */
export function fingerprintsOf(body: RequestBody, take: number): readonly string[] {
  const ofFiles = storeFolders(body).map((folder) => fingerprint(body, take, folder));
  return [...ofFiles, fingerprint(body, take), ...earlierFingerprints(body, take)];
}

/** A value of a body without what signing its URLs added: what tells one value from another. */
export function unsigned(value: Json): Json {
  return unsignedIn(value, 2);
}

/** The first form, that of release 0.1.0. */
function first(body: RequestBody, take: number): string {
  return hashOf(unsignedMap(body, 'prompt', 1), take);
}

function hashOf(body: JsonObject, take: number): string {
  return `sha256:${hash('sha256', canonicalJson({ body, take }), 'hex')}`;
}

/**
 * Values that the provider takes where nothing is stated, by its documents. Not the catalog's: that can be extended and
 * overridden, and grows, while a fingerprint stays as it is.
 */
const providerDefaults: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  videos: { ratio: '16:9', resolution: '720p' },
  videos_stable: { ratio: '16:9', resolution: '720p' },
  videos_stable_fast: { ratio: '16:9', resolution: '720p' },
};

function withoutDefaults(body: RequestBody): RequestBody {
  const defaults = Object.entries(providerDefaults[body.model] ?? {});
  const stated = defaults.filter(([name, value]) => body[name] === value);
  if (stated.length === 0) return body;
  const left: Record<string, Json> & { model: string } = { ...body };
  for (const [name] of stated) delete left[name];
  return left;
}

/** A body with each default stated, and without it. */
function waysToWrite(body: RequestBody): readonly RequestBody[] {
  let ways: readonly RequestBody[] = [body];
  for (const [name, value] of Object.entries(providerDefaults[body.model] ?? {})) {
    if (body[name] !== undefined && body[name] !== value) continue;
    ways = ways.flatMap((way) => {
      const { [name]: _, ...without } = way;
      return [{ ...way, [name]: value }, without as RequestBody];
    });
  }
  return ways;
}

function composed(text: string): string {
  return isAscii(text) ? text : text.normalize('NFC');
}

/** The same body with every text in it in one form of Unicode; itself where that changes nothing. */
function inForm<Body extends JsonObject>(body: Body, form: 'NFC' | 'NFD'): Body {
  return mapped(body, (text) => (isAscii(text) ? text : text.normalize(form))) as Body;
}

function isAscii(text: string): boolean {
  return !/[^\0-\x7f]/.test(text);
}

function unsignedIn(value: Json, form: 1 | 2): Json {
  return mapped(value, (text) => withoutSignature(text, form));
}

/** The map itself where nothing in it was signed, which is nearly always. */
function unsignedMap(map: JsonObject, untouched: string, form: 1 | 2): JsonObject {
  const kept = map[untouched];
  const unsigned = unsignedIn(map, form) as JsonObject;
  return kept === undefined || unsigned === map || unsigned[untouched] === kept
    ? unsigned
    : { ...unsigned, [untouched]: kept };
}

/** A value with every text in it changed; the value itself where that changes nothing. */
function mapped(value: Json, change: (text: string) => string): Json {
  if (typeof value === 'string') return change(value);
  if (value === null || typeof value !== 'object') return value;
  if (Array.isArray(value)) {
    const items = value.map((item: Json) => mapped(item, change));
    return items.some((item, index) => item !== value[index]) ? items : value;
  }
  let copy: Record<string, Json> | undefined;
  for (const [name, item] of Object.entries(value as JsonObject)) {
    const kept = mapped(item, change);
    if (kept === item) continue;
    copy ??= { ...(value as JsonObject) };
    copy[name] = kept;
  }
  return copy ?? value;
}
