import { mediaKey } from '../manifest/local-file.ts';
import type { LocalFile, Manifest, MediaItem, Origin, Version } from '../manifest/model.ts';
import type { MediaKind } from '../media/facts.ts';
import { hasMedia } from './media.ts';
import type { Subject } from './subject.ts';
import { absoluteUrl } from './url.ts';
import { usedMedia } from './used-media.ts';

/** A medium where it is used, or where it is defined as an asset. */
export interface MediaUse {
  readonly value: string;
  /** The value as a URL; undefined where it is none: a file, or a finding of its own, and other rules stay silent. */
  readonly url: URL | undefined;
  /** The file that it names; undefined for a URL. */
  readonly file: LocalFile | undefined;
  /** Under which facts about it are found. */
  readonly key: string;
  /** The place where the text of the URL is written. */
  readonly origin: Origin;
  /** The place where it is used: the same as `origin` but for references. */
  readonly stated: Origin;
  /** The kind of media that the parameter takes; undefined for an asset, which may be any. */
  readonly kind: MediaKind | undefined;
  /** Undefined for an asset. */
  readonly version: Version | undefined;
}

/** Every medium of a manifest, the assets first. URLs that are used again and again are parsed once. */
export function mediaUses(manifest: Manifest, subjects: readonly Subject[]): readonly MediaUse[] {
  const parsed = new Map<string, URL | undefined>();
  const uses: MediaUse[] = [];
  const add = (
    { value, file, origin, stated }: MediaItem,
    kind: MediaKind | undefined,
    version: Version | undefined,
  ): void => {
    let url = parsed.get(value);
    if (file === undefined && url === undefined && !parsed.has(value)) {
      url = absoluteUrl(value);
      parsed.set(value, url);
    }
    const key = mediaKey({ value, file });
    uses.push({ value, url, file, key, origin, stated, kind, version });
  };
  for (const items of manifest.assets.values()) for (const item of items) add(item, undefined, undefined);
  for (const { version } of subjects) {
    if (!hasMedia(version.parameters)) continue;
    for (const { kind, ...item } of usedMedia(version)) add(item, kind, version);
  }
  return uses;
}
