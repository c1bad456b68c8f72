import path from 'node:path';
import { pathToFileURL } from 'node:url';
import type { ReportPlace } from '../format.ts';

/**
 * The URL of a clip, relative to the page, so that page and clips can be moved together. Without a place the page is
 * taken to be beside the manifest. A clip on another drive has an absolute `file:` URL, since no relative one leads there.
 */
export function clipUrl(file: string, place: ReportPlace | undefined): string {
  if (place === undefined) return path.isAbsolute(file) ? pathToFileURL(file).href : relativeUrl(file);
  const target = path.resolve(place.root, file);
  const relative = path.relative(place.folder, target);
  return path.isAbsolute(relative) ? pathToFileURL(target).href : relativeUrl(relative);
}

/** Every segment is encoded, so that no name is taken for a scheme, a query or a fragment. */
function relativeUrl(file: string): string {
  const segments = file.split(path.sep === '\\' ? /[\\/]/ : '/').filter((segment) => segment !== '.');
  return segments.map(encodeSegment).join('/');
}

/** A name that is no well-formed Unicode has no URL; the mark makes it a file that is not found, and nothing worse. */
function encodeSegment(segment: string): string {
  return encodeURIComponent(segment.replace(/\p{Surrogate}/gu, '\ufffd'));
}
