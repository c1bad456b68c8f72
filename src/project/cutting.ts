import path from 'node:path';
import { UsageError } from '../core/errors.ts';
import { didYouMean } from '../core/suggest.ts';
import { cutFormats } from '../cut/formats/index.ts';
import { commonRate, frameRate } from '../cut/frame-rate.ts';
import { mediaPaths } from '../cut/media-path.ts';
import type { CutShot, FrameRate, Timeline } from '../cut/model.ts';
import { layOut } from '../cut/timeline.ts';
import type { ProjectContext } from './context.ts';
import { clipsOf } from './cut-shots.ts';
import { warn } from './events.ts';
import { refuseOverwriting } from './outputs.ts';

/** The way to make a cut. */
export interface CutOptions {
  /** The file to write, from the working directory; its extension picks the format. */
  readonly output: string;
  /** Frames a second; that of most of the clips, else 24, where it is left out. */
  readonly fps?: number | undefined;
  /** The stand-in where nothing is picked; a gap where it is left out. */
  readonly unpicked?: 'gap' | 'latest' | undefined;
  /** Only these scenes. */
  readonly scenes?: readonly string[] | undefined;
  /** Frames left unused at each end of a clip. */
  readonly handles?: number | undefined;
  /** Stops an animatic that is being made. */
  readonly signal?: AbortSignal | undefined;
}

/** A cut that was written. */
export interface CutMade {
  /** As the caller knows it. */
  readonly file: string;
  readonly timeline: Timeline;
  /** Number of items that show a picked clip, the newest one, or nothing. */
  readonly picked: number;
  readonly latest: number;
  readonly gaps: number;
}

/** The extension that ffmpeg makes a film for. */
const film = 'mp4';

/**
 * Writes the picked clips, in manifest order, for an editing program.
 *
 * @throws UsageError for an extension, rate or scene that is none; SetupError for what cannot be written, and without
 *   ffmpeg for a film.
 */
export async function writeCut(context: ProjectContext, options: CutOptions): Promise<CutMade> {
  const { output, scenes = [], unpicked = 'gap', handles = 0 } = options;
  const extension = path.extname(output).slice(1).toLowerCase();
  const format = cutFormats.find((each) => each.extension === extension);
  if (format === undefined && extension !== film) throw noFormat(output, extension);
  refuseUnknownScenes(context, scenes);
  refuseOverwriting(context, undefined, output);
  const { shots, missing } = await clipsOf(context, scenes);
  if (shots.length === 0) throw new UsageError('the manifest has no shots to cut');
  tellMissing(context, missing);
  const { manifest } = context.linted;
  const rate = options.fps === undefined ? rateOf(shots) : frameRate(options.fps);
  const { project, title } = manifest;
  const timeline = layOut({ project, title, shots, rate, unpicked, handles });
  const file = path.resolve(context.cwd, output);
  const folder = path.dirname(file);
  if (format === undefined) {
    const { makeAnimatic } = await import('./animatic.ts');
    await makeAnimatic(context, timeline, file, options.signal);
  } else {
    await context.files.write(file, format.render(timeline, mediaPaths(folder, path)));
  }
  const count = (decides: (item: Timeline['items'][number]) => boolean): number =>
    timeline.items.filter(decides).length;
  return {
    ...{ file: output, timeline },
    picked: count(({ take }) => take?.decision === 'picked'),
    latest: count(({ take }) => take !== null && take.decision !== 'picked'),
    gaps: count(({ take }) => take === null),
  };
}

/** The rate of most clips that are cut, or else of most that are there. */
function rateOf(shots: readonly CutShot[]): FrameRate {
  const takes = shots.flatMap((shot) => shot.takes);
  const picked = takes.filter(({ decision }) => decision === 'picked');
  const rates = (of: typeof takes) => commonRate(of.map(({ fps }) => fps));
  return rates(picked) ?? rates(takes) ?? frameRate(24);
}

function noFormat(output: string, extension: string): UsageError {
  const known = [...cutFormats.map((each) => each.extension), film].map((each) => `.${each}`);
  return new UsageError(
    extension === ''
      ? `${output} has no extension, so its format is unknown`
      : `no cut can be written as .${extension}`,
    { help: `end the file name in ${known.slice(0, -1).join(', ')} or ${known.at(-1)}` },
  );
}

function refuseUnknownScenes({ linted }: ProjectContext, scenes: readonly string[]): void {
  const known = new Set(linted.manifest.versions.flatMap(({ scene }) => scene ?? []));
  for (const scene of scenes) {
    if (known.has(scene)) continue;
    throw new UsageError(`--scene ${scene} selects nothing`, {
      help: didYouMean(scene, known, 'shotlist plan lists the keys'),
    });
  }
}

function tellMissing({ emit, followUp }: ProjectContext, missing: readonly string[]): void {
  for (const key of missing) {
    warn(
      emit,
      'clipMissing',
      `the picked clip of ${key} is not where it was saved, so the cut goes on without it`,
      `where it was saved: ${followUp('history', key)}`,
    );
  }
}
