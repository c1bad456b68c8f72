import type { ReachedMedia, UnreachableMedia } from '../media/facts.ts';
import type { LocalMedium } from '../media/local-medium.ts';

/** The facts that an example states of a file that can be read; the rest is as it usually is. */
type ExampleFile = Partial<ReachedMedia> & Pick<ReachedMedia, 'kind' | 'format'>;

/** A file behind a URL of an example. */
export function file(url: string, facts: ExampleFile): ReachedMedia {
  return {
    outcome: 'reached',
    url,
    width: null,
    height: null,
    duration: null,
    frameDuration: facts.kind === 'video' ? 1 / 25 : null,
    unknown: null,
    bytes: 2_000_000,
    declaredType: null,
    addressChecked: true,
    cached: false,
    ...facts,
  };
}

/** An image of an example. */
export function image(url: string, facts: Partial<ReachedMedia> = {}): ReachedMedia {
  return file(url, { kind: 'image', format: 'png', width: 1280, height: 720, ...facts });
}

/** A video of an example. */
export function video(url: string, facts: Partial<ReachedMedia> = {}): ReachedMedia {
  return file(url, { kind: 'video', format: 'mp4', width: 1280, height: 720, duration: 5, ...facts });
}

/** A sound of an example. */
export function audio(url: string, facts: Partial<ReachedMedia> = {}): ReachedMedia {
  return file(url, { kind: 'audio', format: 'mp3', duration: 5, ...facts });
}

/** A file of an example that is not where its URL says. */
export function missing(url: string): UnreachableMedia {
  return {
    outcome: 'unreachable',
    url,
    code: 'status',
    message: `${new URL(url).host} answers 404: there is no such file`,
    help: 'check the URL, and that the file was uploaded',
  };
}

/** An image of an example on the disk. */
export function localImage(
  path: string,
  facts: Partial<ReachedMedia> = {},
  realPath = path,
): LocalMedium & { readonly kind: 'file' } {
  const stamp = { bytes: 2_000_000, inode: '1', modified: '0', changed: '0' };
  return { kind: 'file', realPath, stamp, facts: image(path, facts), writtenOnDisk: null };
}
