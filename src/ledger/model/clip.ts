import type { TaskStatus } from '../../core/task-status.ts';
import type { LedgerRequest, TaskIdentity } from './identity.ts';

/** The properties of a clip, by the file itself; null for what cannot be read, or is not there. */
export interface ClipMedia {
  /** In pixels, as they are shown. */
  readonly width: number | null;
  readonly height: number | null;
  /** Frames a second. */
  readonly fps: number | null;
  /** Names of codecs, such as `avc` and `aac`. */
  readonly videoCodec: string | null;
  readonly audioCodec: string | null;
  /** True for one of the emulator's, whose pictures are the same whatever was asked for. */
  readonly isStandIn?: true;
}

/** A clip that is whole on a disk. */
export interface SavedFile {
  /** Relative to the manifest's folder where it is inside, with `/`; absolute elsewhere. */
  readonly path: string;
  readonly bytes: number;
  /** In hexadecimal. */
  readonly sha256: string;
  /** Length that it plays, in seconds, by the file itself; null where that cannot be read. */
  readonly seconds: number | null;
  /** Left out of what releases before it was read have saved. */
  readonly media?: ClipMedia;
}

/** A task and what is known of it. A request that was sent again has one for each attempt that was accepted. */
export interface LedgerTask extends LedgerRequest, TaskIdentity {
  readonly status: TaskStatus;
  readonly submittedAt: string;
  readonly completedAt: string | null;
  readonly videoUrl: string | null;
  /** In seconds, as the provider says. */
  readonly actualDuration: number | null;
  readonly file: SavedFile | null;
  /** Price of the task by the provider, as it came: its unit is not known. Left out where it says nothing. */
  readonly providerAmount?: number | string;
  /** Findings of a look at the pictures and the sound of the file; left out where nobody has looked. */
  readonly qc?: readonly string[];
  /** A person gave the clip up, which nobody saved in time. */
  readonly isClipGivenUp?: true;
}

/** The tasks that a look saw. */
export interface TasksSeen {
  readonly tasks: readonly LedgerTask[];
  /** The place at which the next look begins. */
  readonly next: number;
}

/** The state of a clip's download, for the next collector. */
export interface Download {
  /** Absolute path of the file without its extension; null before one was chosen. The unfinished file is `<stem>.part`. */
  readonly stem: string | null;
  /** A strong ETag, or a Last-Modified that is as good as one, of what the unfinished file holds the beginning of. */
  readonly validator: string | null;
  /** Of the whole file, in bytes. */
  readonly size: number | null;
  /** Set once the unfinished file is whole, checked and on the disk: what is left is to give it its name. */
  readonly whole: { readonly extension: string; readonly sha256: string } | null;
}
