import type { Request } from '../manifest/model.ts';
import type { FileVersion } from '../media/facts.ts';

/** Versions of the media that requests were paid with, as far as `--media` noted them. */
export interface PaidMedia {
  /** The version that was behind a URL when a request was sent; undefined where nobody noted it. */
  versionOf(request: PaidRequest, url: string): FileVersion | undefined;
}

/** By what a request is known to have been paid. */
export interface PaidRequest {
  readonly project: string;
  readonly fingerprint: string;
}

/** Requests that were paid, and with which versions of their media. */
export interface PaidRequests {
  readonly requests: readonly Request[];
  readonly media: PaidMedia;
}

/**
 * What shows that a file is another one by now, a clause; null where nothing does. Contents decide where both are known:
 * a file that was uploaded once more has another date, and the same picture.
 */
export function whatMoved(then: FileVersion, now: FileVersion): string | null {
  if (then.sha256 !== null && now.sha256 !== null) {
    return then.sha256 === now.sha256 ? null : (whatSizes(then, now) ?? 'its content is another');
  }
  const resized = whatSizes(then, now);
  if (resized !== null) return resized;
  if (then.headHash !== now.headHash) return 'its first bytes are others';
  if (then.etag !== null && now.etag !== null) {
    return then.etag === now.etag ? null : 'its server gives another ETag';
  }
  if (then.lastModified === null || now.lastModified === null) return null;
  return then.lastModified === now.lastModified
    ? null
    : `its date is ${now.lastModified}, and was ${then.lastModified}`;
}

function whatSizes({ bytes: then }: FileVersion, { bytes: now }: FileVersion): string | null {
  if (then === null || now === null || then === now) return null;
  const inBytes = (bytes: number): string => bytes.toLocaleString('en-US');
  return `it has ${inBytes(now)} bytes, and had ${inBytes(then)}`;
}
