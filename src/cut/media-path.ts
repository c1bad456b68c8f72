import type { PlatformPath } from 'node:path';

/** Names files beside the one that is written, so that the whole folder can be moved or sent. */
export interface MediaPaths {
  /** Names a file with `/` on every system; absolute where it lies on another drive. */
  path(file: string): string;
  /** The same as a URL reference: relative, percent-encoded; `file:` where the file lies on another drive. */
  url(file: string): string;
}

/**
 * @param folder absolute: where the cut is written.
 * @param platform `node:path`, or that of another system in a test.
 */
export function mediaPaths(folder: string, platform: PlatformPath): MediaPaths {
  const relative = (file: string): string => platform.relative(folder, file).split(platform.sep).join('/');
  return {
    path: relative,
    url(file) {
      const path = relative(file);
      if (!platform.isAbsolute(platform.relative(folder, file))) return encoded(path, true);
      const drive = /^[A-Za-z]:/.exec(path)?.[0] ?? '';
      return `file://${drive === '' ? '' : `/${drive}`}${encoded(path.slice(drive.length), false)}`;
    },
  };
}

/** A first part with a colon would read as a scheme. */
function encoded(path: string, isRelative: boolean): string {
  const url = path.split('/').map(encodeURIComponent).join('/');
  return isRelative && /^[^/]*:/.test(decodeURIComponent(url)) ? `./${url}` : url;
}
