/** The extensions of objects, where they are others than the names of formats. */
const extensions: Readonly<Record<string, string>> = {
  jpeg: 'jpg',
  matroska: 'mkv',
  mpegts: 'ts',
  mpeg: 'mpg',
};

/** The extension of an object: by what its bytes are, so that no renaming of the file moves its address. */
export function extensionOf(format: string | null): string {
  return format === null ? 'bin' : (extensions[format] ?? format);
}

const contentTypes: Readonly<Record<string, string>> = {
  png: 'image/png',
  jpeg: 'image/jpeg',
  gif: 'image/gif',
  webp: 'image/webp',
  tiff: 'image/tiff',
  bmp: 'image/bmp',
  avif: 'image/avif',
  heic: 'image/heic',
  jxl: 'image/jxl',
  mp4: 'video/mp4',
  mov: 'video/quicktime',
  webm: 'video/webm',
  matroska: 'video/x-matroska',
  avi: 'video/x-msvideo',
  mpegts: 'video/mp2t',
  mpeg: 'video/mpeg',
  mp3: 'audio/mpeg',
  wav: 'audio/wav',
  m4a: 'audio/mp4',
  aac: 'audio/aac',
  ogg: 'audio/ogg',
  flac: 'audio/flac',
};

/** The media type that the store tells whoever fetches an object. */
export function contentTypeOf(format: string | null): string {
  return contentTypes[format ?? ''] ?? 'application/octet-stream';
}
