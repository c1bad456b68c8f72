import type { Json, JsonObject } from '../core/canonical-json.ts';
import { withoutSignature } from './signed-urls.ts';

/** `https://host/path/<sha256>.png`: the folder, and the hash of the content. */
const contentAddress = /^(https?:\/\/[^?#]+\/)([0-9a-f]{64})\.[a-z0-9]{1,8}$/;

/** The content that a URL in a store's folder names, as a fingerprint holds it; undefined for any other text. */
export function contentIn(folder: string | null, text: string): string | undefined {
  if (folder === null || !text.startsWith(folder)) return undefined;
  const [, of, sha256] = contentAddress.exec(withoutSignature(text)) ?? [];
  return of === folder ? `sha256:${sha256}` : undefined;
}

/** The hash, in hex, of the content that a URL names by it; null for a URL that names none. */
export function contentOf(url: string): string | null {
  return contentAddress.exec(withoutSignature(url))?.[2] ?? null;
}

/** The folder of a store in which the object of a URL lies; null for a URL that names no content. */
export function storeFolderOf(url: string): string | null {
  return contentAddress.exec(url)?.[1] ?? null;
}

/** The folder of a body in which a content lies; null where it is not in it. */
export function folderHolding(body: JsonObject, sha256: string): string | null {
  return storeFolders(body).find((folder) => JSON.stringify(body).includes(`${folder}${sha256}.`)) ?? null;
}

/**
 * Every folder that may be that of a body's local files. A body does not say which of its URLs stand for files: whoever
 * knows its fingerprint tries each.
 */
export function storeFolders(body: JsonObject): readonly string[] {
  const folders = new Set<string>();
  const visit = (value: Json): void => {
    if (typeof value === 'string') {
      const folder = value.startsWith('http') ? contentAddress.exec(withoutSignature(value))?.[1] : undefined;
      if (folder !== undefined) folders.add(folder);
    } else if (typeof value === 'object' && value !== null) Object.values(value).forEach(visit);
  };
  visit(body);
  return [...folders];
}
