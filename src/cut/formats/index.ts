import { csv } from './csv.ts';
import { edl } from './edl.ts';
import { fcpxml } from './fcpxml.ts';
import { ffconcat } from './ffconcat.ts';
import type { CutFormat } from './format.ts';
import { otio } from './otio.ts';

export type { CutFormat } from './format.ts';

/** Every way to write a cut as text; `.mp4` is made by ffmpeg, see `animatic.ts`. */
export const cutFormats: readonly CutFormat[] = [otio, edl, fcpxml, ffconcat, csv];
