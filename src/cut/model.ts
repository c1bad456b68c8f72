/** A clip on the disk that a version of a shot may be cut with. */
export interface CutTake {
  /** The request's key, its take included. */
  readonly key: string;
  readonly taskId: string;
  readonly model: string;
  readonly prompt: string;
  /** The amount billed for it, as far as that is known. */
  readonly cost: number | null;
  readonly currency: string | null;
  /** Absolute path of the clip. */
  readonly file: string;
  /** Length of the file, in seconds. */
  readonly seconds: number;
  /** Frames a second of the file; null where that is not known. */
  readonly fps: number | null;
  readonly width: number | null;
  readonly height: number | null;
  readonly hasAudio: boolean;
  readonly decision: 'picked' | 'rejected' | null;
}

/** One version of a shot, in the order of the storyboard. */
export interface CutShot {
  /** The key without a take. */
  readonly key: string;
  readonly scene: string | null;
  readonly sceneTitle: string | null;
  readonly title: string | null;
  /** Length that the storyboard wants, in seconds: that of its gap where nothing is chosen. */
  readonly duration: number;
  /** The storyboard's first image, as an absolute path, to stand for it without a clip; null where there is none. */
  readonly plate: string | null;
  readonly prompt: string;
  /** Every clip there is of it, the newest last. */
  readonly takes: readonly CutTake[];
}

/** The shots to cut, and the way to cut them. */
export interface CutRequest {
  readonly project: string;
  readonly title: string | null;
  readonly shots: readonly CutShot[];
  readonly rate: FrameRate;
  /** The stand-in where no take was picked: nothing for as long as the shot is wanted, or the newest take. */
  readonly unpicked: 'gap' | 'latest';
  /** Frames left unused at each end of a clip, for the editor to trim into. */
  readonly handles: number;
}

/** Frames a second as a fraction, as cameras have them: 29.97 is 30000/1001. */
export interface FrameRate {
  readonly numerator: number;
  readonly denominator: number;
  /** Whole frames that a second of time code counts: 30 for 29.97. */
  readonly base: number;
  /** Time code leaves out numbers so that it keeps up with the clock: 29.97 and 59.94. */
  readonly drop: boolean;
}

/** One item of the cut. Frames count from 0, at the timeline's rate. */
export interface CutItem {
  readonly shot: CutShot;
  /** The take that is used; null for a gap. */
  readonly take: CutTake | null;
  /** The frame of the timeline on which it begins. */
  readonly start: number;
  readonly frames: number;
  /** The first frame of the clip that is used; 0 for a gap. */
  readonly sourceStart: number;
  /** All frames of the clip; 0 for a gap. */
  readonly sourceFrames: number;
  /** A scene begins here. */
  readonly scene: { readonly id: string; readonly title: string | null } | null;
}

/** A cut, laid out: every format says the same frames. */
export interface Timeline {
  readonly project: string;
  readonly title: string;
  readonly rate: FrameRate;
  readonly items: readonly CutItem[];
  readonly frames: number;
}
