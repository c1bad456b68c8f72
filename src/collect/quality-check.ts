import { execFile } from 'node:child_process';
import path from 'node:path';
import { systemCode } from '../core/errors.ts';
import type { Ledger, LedgerScope, LedgerTask } from '../ledger/ledger.ts';
import type { CollectEvent } from './events.ts';

export interface QualityCheckOptions {
  readonly ledger: Ledger;
  readonly scope: LedgerScope;
  /** Absolute folder that the ledger's paths are relative to. */
  readonly root: string;
  readonly select?: ((task: LedgerTask) => boolean) | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: CollectEvent) => void) | undefined;
  /** The program that looks; `ffmpeg` of the PATH by default. */
  readonly ffmpeg?: string | undefined;
}

/** Shorter stretches are cuts, blinks and breaths. In seconds. */
const shortest = { black: 0.5, frozen: 1, silent: 1 };
const filters = {
  video: `blackdetect=d=${shortest.black}:pix_th=0.10,freezedetect=n=-60dB:d=${shortest.frozen}`,
  audio: `silencedetect=n=-50dB:d=${shortest.silent}`,
};
/** Milliseconds that ffmpeg gets. Ten seconds of 720p take it two seconds; if it needs so much longer, it is stuck. */
const longestMs = 10 * 60_000;

/**
 * Looks at the saved clips that nobody has looked at: black, frozen and silent stretches, as findings with their times in
 * the history. It flags, and decides nothing. Without ffmpeg on the PATH it says so, and looks at none.
 *
 * @throws LedgerError when the ledger cannot be used.
 */
export async function checkQuality(options: QualityCheckOptions): Promise<void> {
  const { ledger, scope, root, select = () => true, signal, onEvent = () => {} } = options;
  const tasks = (await ledger.tasks(scope)).filter((task) => task.qc === undefined && select(task));
  const clips = tasks.flatMap((task) => (task.file === null ? [] : [{ task, file: task.file }]));
  if (clips.length === 0) return;
  const isOver = (): boolean => signal?.aborted === true;
  const collector = await ledger.startCollector(scope);
  try {
    for (const { task, file } of clips) {
      if (isOver()) return;
      const { key } = task;
      const looked = await lookAt(path.resolve(root, file.path), options);
      if (isOver()) return;
      if (looked.kind === 'noProgram') {
        onEvent({ type: 'qcUnavailable', message: 'ffmpeg is not on the PATH, so no clip was looked at' });
        return;
      }
      if (looked.kind === 'failed') {
        onEvent({ type: 'warning', key, message: `the clip could not be looked at: ${looked.error}` });
        continue;
      }
      await collector.fileInspected(task, looked.findings);
      onEvent({ type: 'inspected', key, findings: looked.findings });
    }
  } finally {
    await collector.close();
  }
}

type Looked =
  | { readonly kind: 'looked'; readonly findings: readonly string[] }
  | { readonly kind: 'noProgram' }
  | { readonly kind: 'failed'; readonly error: string };

function lookAt(file: string, { ffmpeg = 'ffmpeg', signal }: QualityCheckOptions): Promise<Looked> {
  const args = [
    ...['-hide_banner', '-nostats', '-nostdin', '-protocol_whitelist', 'file', '-i', `file:${file}`],
    ...['-vf', filters.video, '-af', filters.audio, '-f', 'null', '-'],
  ];
  return new Promise((resolve) => {
    const limits = { timeout: longestMs, maxBuffer: 64 * 1024 * 1024, windowsHide: true };
    execFile(
      ffmpeg,
      args,
      { ...limits, ...(signal === undefined ? {} : { signal }) },
      (error, _stdout, stderr) => {
        if (error === null) resolve({ kind: 'looked', findings: findingsIn(stderr) });
        else if (systemCode(error) === 'ENOENT') resolve({ kind: 'noProgram' });
        else resolve({ kind: 'failed', error: stderr.trim().split(/\r?\n/).at(-1) ?? error.message });
      },
    );
  });
}

/** Reads ffmpeg's findings in order of time: `black from 1.2 s to 3.5 s`. One that lasts to the end has no end. */
export function findingsIn(stderr: string): readonly string[] {
  const found: { readonly what: string; readonly from: number; to: number | null }[] = [];
  for (const line of stderr.split(/\r?\n/)) {
    const black = /black_start:(-?[\d.]+) black_end:(-?[\d.]+)/.exec(line);
    if (black !== null) found.push({ what: 'black', from: Number(black[1]), to: Number(black[2]) });
    const [, what, edge, seconds] = /(freeze|silence)_(start|end): (-?[\d.]+)/.exec(line) ?? [];
    if (what === undefined || seconds === undefined) continue;
    const name = what === 'freeze' ? 'frozen' : 'silent';
    if (edge === 'start') found.push({ what: name, from: Number(seconds), to: null });
    const open = found.findLast((each) => each.what === name && each.to === null);
    if (edge === 'end' && open !== undefined) open.to = Number(seconds);
  }
  return found
    .sort((a, b) => a.from - b.from)
    .map(
      ({ what, from, to }) =>
        `${what} from ${inSeconds(from)} ${to === null ? 'to the end' : `to ${inSeconds(to)}`}`,
    );
}

function inSeconds(seconds: number): string {
  return `${Math.max(0, Math.round(seconds * 100) / 100)} s`;
}
