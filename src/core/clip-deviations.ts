/** The properties that a request asked of its clip; null where it did not say. */
export interface AskedClip {
  /** In seconds. */
  readonly duration: number | null;
  /** As in `16:9`. */
  readonly ratio: string | null;
  /** As in `720p`. */
  readonly resolution: string | null;
}

/** The properties of the clip that came, by its file. */
export interface FoundClip {
  /** In seconds. */
  readonly seconds: number | null;
  /** In pixels, as they are shown. */
  readonly width: number | null;
  readonly height: number | null;
}

/**
 * Names how a clip is not what was asked for, in a few words each. Encoders round: to whole frames, and to whole
 * blocks. What is called `720p` has as many pixels as 1280 × 720, or as few on its short side.
 */
export function clipDeviations(asked: AskedClip, found: FoundClip): readonly string[] {
  return [lengthOf(asked, found), ratioOf(asked, found), pixelsOf(asked, found)].filter(
    (deviation) => deviation !== null,
  );
}

function lengthOf({ duration }: AskedClip, { seconds }: FoundClip): string | null {
  if (duration === null || seconds === null) return null;
  if (Math.abs(duration - seconds) <= Math.max(0.5, duration * 0.05)) return null;
  return `plays for ${Math.round(seconds * 100) / 100} s, not ${duration} s`;
}

const ratioSlack = 0.04;

function ratioOf({ ratio }: AskedClip, { width, height }: FoundClip): string | null {
  const [, across, down] = /^(\d{1,5}):(\d{1,5})$/.exec(ratio ?? '') ?? [];
  if (width === null || height === null || across === undefined || Number(down) === 0) return null;
  const difference = width / height / (Number(across) / Number(down));
  return Math.abs(Math.log(difference)) <= ratioSlack ? null : `is ${width} × ${height}, not ${ratio}`;
}

const sideSlack = 0.05;
const areaSlack = 0.15;

function pixelsOf({ resolution }: AskedClip, { width, height }: FoundClip): string | null {
  const [, lines] = /^(\d{3,4})p$/i.exec(resolution ?? '') ?? [];
  if (width === null || height === null || lines === undefined) return null;
  const side = Math.min(width, height) / Number(lines);
  const area = (width * height) / (Number(lines) ** 2 * (16 / 9));
  if (Math.abs(side - 1) <= sideSlack || Math.abs(area - 1) <= areaSlack) return null;
  return `is ${width} × ${height}, not ${resolution}`;
}
