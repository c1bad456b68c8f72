import { UsageError } from '../../core/errors.ts';
import { rateText, timecode } from '../../cut/frame-rate.ts';
import type { CutMade } from '../../project/cutting.ts';
import { withProject } from '../called-project.ts';
import { type CallOf, defineCommand, type Signature } from '../command.ts';
import { type ExitCode, exitCodes } from '../exit-codes.ts';
import { followUpOf } from '../follow-up.ts';
import { baseUrlOption, journalOption, ledgerOption, modelsOption } from '../options.ts';
import { wholeNumber } from '../parse-values.ts';
import { count } from '../render/text.ts';

const signature = {
  arguments: {
    manifest: {
      name: '<manifest>',
      summary: 'the manifest; - reads standard input',
      completion: 'manifests',
    },
  },
  options: {
    output: {
      flags: '-o, --output <file>',
      summary: 'where it is written: .otio, .edl, .fcpxml, .ffconcat, .csv or .mp4',
      completion: 'files',
    },
    fps: {
      flags: '--fps <n>',
      summary: 'frames a second, 29.97 for instance',
      parse: positive,
      default: 'that of most clips, else 24',
    },
    unpicked: {
      flags: '--unpicked <what>',
      summary: 'what stands for a shot of which no clip is picked',
      choices: ['gap', 'latest'],
      default: 'gap',
    },
    scene: {
      flags: '--scene <id>',
      summary: 'only this scene (repeatable)',
      repeatable: true,
      completion: 'scenes',
    },
    handles: {
      flags: '--handles <n>',
      summary: 'frames left unused at each end of a clip, to trim into',
      parse: wholeNumber(0, 10_000),
      default: '0',
    },
    ...ledgerOption,
    ...journalOption,
    ...baseUrlOption,
    ...modelsOption,
  },
} as const satisfies Signature;
type Call = CallOf<typeof signature>;

export const cutCommand = defineCommand({
  name: 'cut',
  summary: 'write the picked clips as a timeline for an editor',
  description:
    'The picked clip of every shot, in the order of the manifest, with a marker where a scene begins; a gap as long as the shot where nothing is picked, or the newest clip that nobody rejected with --unpicked latest. The extension picks the format: OpenTimelineIO holds every take as an alternate, EDL is CMX3600, and .mp4 is a film that ffmpeg makes, with a card where there is no clip. Clips are named relative to the file, so keep the folder together.',
  ...signature,
  examples: [
    { command: 'shotlist cut storyboard.yaml -o cut.otio', summary: 'for Resolve, Premiere and others' },
    {
      command: 'shotlist cut storyboard.yaml -o animatic.mp4 --unpicked latest',
      summary: 'a film to look at, by ffmpeg',
    },
    {
      command: 'shotlist cut storyboard.yaml -o sc010.edl --scene sc010 --fps 29.97 --handles 12',
      summary: 'one scene, for broadcast',
    },
  ],
  execute,
});

async function execute(call: Call): Promise<ExitCode> {
  const { output, fps, unpicked, scene: scenes, handles } = call.options;
  if (output === undefined) {
    throw new UsageError('where is the cut written?', { help: 'name a file: -o cut.otio' });
  }
  const abort = new AbortController();
  const release = call.io.onInterrupt(() => abort.abort());
  try {
    return await withProject(call, call.arguments.manifest, { readOnly: true }, async (project) => {
      const { signal } = abort;
      const made = await project.clips.cut({ output, fps, unpicked, scenes, handles, signal });
      call.io.stderr.write(told(made));
      if (made.picked === 0 && made.latest === 0) {
        const pick = followUpOf(call, project.linted.manifest.source.file)('pick');
        call.io.stderr.write(
          `Nothing is picked yet: choose clips with ${pick} KEY, or add --unpicked latest.\n`,
        );
      }
      return exitCodes.ok.code;
    });
  } finally {
    release();
  }
}

function told({ file, timeline, picked, latest, gaps }: CutMade): string {
  const { rate, frames, items } = timeline;
  const parts = [
    `${picked} picked`,
    ...(latest > 0 ? [`${latest} by their newest clip`] : []),
    ...(gaps > 0 ? [count(gaps, 'gap')] : []),
  ];
  return `${file}: ${count(items.length, 'shot')}, ${parts.join(', ')}; ${timecode(frames, rate)} at ${rateText(rate)} frames a second.\n`;
}

function positive(text: string): number {
  const value = /^\d+(\.\d+)?$/.test(text) ? Number(text) : Number.NaN;
  if (value > 0) return value;
  throw new UsageError(`'${text}' is no number of frames a second`);
}
