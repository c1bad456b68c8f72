import { framesIn } from './frame-rate.ts';
import type { CutItem, CutRequest, CutShot, CutTake, Timeline } from './model.ts';

/** Lays the chosen takes one after the other, in the order of the storyboard. Pure. */
export function layOut({ project, title, shots, rate, unpicked, handles }: CutRequest): Timeline {
  const items: CutItem[] = [];
  let start = 0;
  let scene: string | null = null;
  for (const shot of shots) {
    const take = takeFor(shot, unpicked);
    const piece =
      take === null
        ? { frames: Math.max(1, framesIn(shot.duration, rate)), sourceStart: 0, sourceFrames: 0 }
        : trimmed(Math.max(1, framesIn(take.seconds, rate)), handles);
    const begins = shot.scene !== null && shot.scene !== scene;
    scene = shot.scene;
    items.push({
      ...{ shot, take, start, ...piece },
      scene: begins && shot.scene !== null ? { id: shot.scene, title: shot.sceneTitle } : null,
    });
    start += piece.frames;
  }
  return { project, title: title ?? project, rate, items, frames: start };
}

/** The picked take; else, where that is wanted, the newest one that nobody rejected. */
function takeFor({ takes }: CutShot, unpicked: CutRequest['unpicked']): CutTake | null {
  const picked = takes.findLast(({ decision }) => decision === 'picked');
  if (picked !== undefined || unpicked === 'gap') return picked ?? null;
  return takes.findLast(({ decision }) => decision !== 'rejected') ?? null;
}

/** A clip that is too short for its handles gives what it has, the same at both ends, and keeps a frame to show. */
function trimmed(frames: number, handles: number): Pick<CutItem, 'frames' | 'sourceStart' | 'sourceFrames'> {
  const handle = Math.min(handles, Math.floor((frames - 1) / 2));
  return { frames: frames - 2 * handle, sourceStart: handle, sourceFrames: frames };
}

/** The clip's name without its folder and extension, as editors show it. */
export function clipName({ take, shot }: CutItem): string {
  if (take === null) return shot.key;
  const name = take.file.split(/[/\\]/).at(-1) ?? take.file;
  return name.replace(/\.[^.]+$/, '');
}
