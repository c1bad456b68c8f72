export const mediaKinds = ['image', 'video', 'audio'] as const;
/** The kinds of media that the provider's parameters take. */
export type MediaKind = (typeof mediaKinds)[number];

/** Size of a picture in pixels, as displayed. */
export interface PixelSize {
  readonly width: number;
  readonly height: number;
}

/** Facts about a file by its own bytes, whatever its name and its server claim. */
export interface MediaReading {
  /** null where the content is none of the three, or could not be told: then `unknown` says why. */
  readonly kind: MediaKind | null;
  /** Short name of the format, for example `mp4`, `png` or `html`; null where it is not known. */
  readonly format: string | null;
  /** In pixels, as displayed: rotation applied. null for audio. */
  readonly width: number | null;
  readonly height: number | null;
  /** In seconds. null for images. */
  readonly duration: number | null;
  /** Length of one video frame in seconds, an average; null where it is not known. */
  readonly frameDuration: number | null;
  /** Names of codecs, such as `avc` and `aac`; left out where nobody asked for them. */
  readonly videoCodec?: string | null;
  readonly audioCodec?: string | null;
  /** The reason why a fact that this kind of media has is missing, a clause without a full stop; null where none is. */
  readonly unknown: string | null;
}

/** Tells one version of a remote file from another. */
export interface FileVersion {
  /** The server's own words. */
  readonly etag: string | null;
  readonly lastModified: string | null;
  /** Size of the whole file; null where the server does not tell. */
  readonly bytes: number | null;
  /** Hash of the first bytes. */
  readonly headHash: string;
  /** SHA-256 of the file, in hex; null where not all of it was read. */
  readonly sha256: string | null;
}

/** The server gave bytes. */
export interface ReachedMedia extends MediaReading {
  readonly outcome: 'reached';
  readonly url: string;
  /** Size of the whole file; null where the server does not tell. */
  readonly bytes: number | null;
  /** The server's content type: a hint, never a fact. */
  readonly declaredType: string | null;
  /**
   * True where the address that was connected to was seen and found public. False behind a proxy, which connects on its
   * own, and where private addresses are allowed.
   */
  readonly addressChecked: boolean;
  /** True where the facts come from an earlier probe that the server confirmed. */
  readonly cached: boolean;
  /** The version of the file that this is about; absent for a local file, which is known by its content. */
  readonly version?: FileVersion | undefined;
}

export type UnreachableCode =
  | 'badUrl'
  | 'credentialsInUrl'
  | 'addressRefused'
  | 'hostNotFound'
  | 'connectionFailed'
  | 'certificate'
  | 'timeout'
  | 'tooManyRedirects'
  | 'status'
  | 'badAnswer';

/** The provider could not fetch it either, or we will not try. */
export interface UnreachableMedia {
  readonly outcome: 'unreachable';
  readonly url: string;
  readonly code: UnreachableCode;
  /** A sentence without a full stop that says what happened. */
  readonly message: string;
  /** Advice on it. */
  readonly help: string | null;
}

/** Nothing is known, and nothing is held against the URL: a limit of ours, or a server that asks for patience. */
export interface UnprobedMedia {
  readonly outcome: 'unprobed';
  readonly url: string;
  readonly message: string;
  readonly help: string | null;
}

export type MediaFacts = ReachedMedia | UnreachableMedia | UnprobedMedia;

/** Bytes `start` (inclusive) to `end` (exclusive) of a file. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

export interface Piece {
  readonly start: number;
  readonly bytes: Uint8Array;
}
