import type { ReachedMedia } from './facts.ts';
import type { FileStamp } from './file-stamp.ts';

/** A file on a disk that should be a medium, and as what people know it. */
export interface LocalName {
  readonly file: string;
  /** The place where it should be. */
  readonly absolutePath: string;
}

/** Facts of a local file on the disk. */
export type LocalMedium =
  /** An ordinary file inside the folders that may be read. */
  | {
      readonly kind: 'file';
      /** Links followed: what is read, and what tells whether two names are of one file. */
      readonly realPath: string;
      readonly stamp: FileStamp;
      readonly facts: ReachedMedia;
      /** The name on the disk, where it differs from the one that was written in case or in how letters are composed. */
      readonly writtenOnDisk: string | null;
    }
  | {
      readonly kind: 'missing';
      /** The name that was probably meant, written as the one that is missing; null for none. */
      readonly meant: string | null;
      /** It differs in case, or in how letters are composed, and in nothing else. */
      readonly isCase: boolean;
    }
  /** Outside the folders that may be read, by its name or by a link; nothing more is said of it. */
  | { readonly kind: 'outside'; readonly byLink: boolean }
  /** Git LFS has put a pointer in its place. */
  | { readonly kind: 'pointer' }
  /** A folder, a pipe, or nothing that may be read: a sentence about it without its subject. */
  | { readonly kind: 'unfit'; readonly why: string };

/** Looks at files on a disk; by absolute path as it was given. */
export type LocalMediaReader = (
  files: readonly LocalName[],
  place: LocalPlace,
) => Promise<ReadonlyMap<string, LocalMedium>>;

/** The places where files may lie. */
export interface LocalPlace {
  /** Absolute folders whose work trees may be read. */
  readonly bases: readonly string[];
  /** Absolute folders besides. */
  readonly roots: readonly string[];
}
