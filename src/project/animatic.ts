import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rename, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { InterruptedError, SetupError, systemCode } from '../core/errors.ts';
import { animaticCommand } from '../cut/animatic.ts';
import type { Timeline } from '../cut/model.ts';
import type { ProjectContext } from './context.ts';
import { warn } from './events.ts';
import { refuseLinksOut } from './links-out.ts';

/** Fonts that most systems have, for the texts of cards; those with Chinese characters first. */
const fonts = [
  '/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc',
  '/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf',
  '/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf',
  '/System/Library/Fonts/PingFang.ttc',
  '/System/Library/Fonts/Helvetica.ttc',
  'C:/Windows/Fonts/msyh.ttc',
  'C:/Windows/Fonts/arial.ttf',
];

/**
 * Makes a film of a cut with ffmpeg, and puts it whole in its place.
 *
 * @throws SetupError where ffmpeg is not on the PATH, or fails.
 */
export async function makeAnimatic(
  context: ProjectContext,
  timeline: Timeline,
  file: string,
  signal?: AbortSignal,
): Promise<void> {
  await refuseLinksOut(context, [file]);
  const listed = await ffmpeg(['-hide_banner', '-filters'], signal);
  const canWriteText = /\bdrawtext\b/.test(listed);
  if (!canWriteText && timeline.items.some(({ take }) => take === null)) {
    warn(context.emit, 'plainCards', 'this ffmpeg cannot write text, so cards stay empty');
  }
  const cardFolder = await mkdtemp(path.join(tmpdir(), 'shotlist-cut-'));
  const part = `${file}.part.mp4`;
  try {
    const font = await firstFont();
    const made = animaticCommand(timeline, { output: part, cardFolder, font, canWriteText });
    for (const [name, text] of made.cards) await writeFile(path.join(cardFolder, name), text);
    await mkdir(path.dirname(file), { recursive: true });
    await ffmpeg(made.arguments, signal);
    await rename(part, file);
  } finally {
    await rm(cardFolder, { recursive: true, force: true });
    await rm(part, { force: true });
  }
}

async function firstFont(): Promise<string | null> {
  for (const font of fonts) if ((await stat(font).catch(() => null))?.isFile() === true) return font;
  return null;
}

function ffmpeg(args: readonly string[], signal?: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = { maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    execFile(
      'ffmpeg',
      args,
      { ...options, ...(signal === undefined ? {} : { signal }) },
      (error, stdout, stderr) => {
        if (error === null) return resolve(stdout);
        if (signal?.aborted === true) return reject(new InterruptedError('the film was not finished'));
        if (systemCode(error) === 'ENOENT') {
          return reject(
            new SetupError('ffmpeg is not on the PATH, and a film needs it', {
              help: 'install ffmpeg, or write the cut as .otio, .edl, .fcpxml, .ffconcat or .csv',
            }),
          );
        }
        const said = stderr.trim().split(/\r?\n/).slice(-3).join('; ');
        reject(
          new SetupError(`ffmpeg made no film: ${said === '' ? error.message : said}`, { cause: error }),
        );
      },
    );
  });
}
