import path from 'node:path';
import { withoutTake } from '../core/request-key.ts';
import type { CutShot, CutTake } from '../cut/model.ts';
import type { LedgerEntry } from '../ledger/ledger.ts';
import type { KnownTask } from '../ledger/model/attempt.ts';
import { type Decisions, decisionsOf } from '../ledger/model/clip-decisions.ts';
import type { Version } from '../manifest/model.ts';
import type { ProjectContext } from './context.ts';

/** The clips of a project as a cut takes them, and what is missing. */
export interface ProjectClips {
  /** In manifest order. */
  readonly shots: readonly CutShot[];
  /** Keys of picked clips whose files are not where the ledger knows them. */
  readonly missing: readonly string[];
}

/** The length of a shot whose duration the provider decides, until there is a clip. In seconds. */
const unstatedDuration = 5;

/** Every version of the manifest's shots, with each clip of it that is on the disk, those from before an edit included. */
export async function clipsOf(
  context: ProjectContext,
  scenes: readonly string[] = [],
): Promise<ProjectClips> {
  const { linted, ledger, scope } = context;
  const entries = await (await ledger.reader()).read(scope);
  const decisions = decisionsOf(entries);
  const byVersion = new Map<string, LedgerEntry[]>();
  for (const entry of entries) {
    const version = withoutTake(entry.key);
    byVersion.set(version, [...(byVersion.get(version) ?? []), entry]);
  }
  const { manifest } = linted;
  const wanted = new Set(scenes);
  const versions = manifest.versions.filter(
    ({ key, scene }) => key !== '' && (wanted.size === 0 || (scene !== null && wanted.has(scene))),
  );
  const missing: string[] = [];
  const shots: CutShot[] = [];
  for (const version of versions) {
    const takes = await takesOf(context, byVersion.get(version.key) ?? [], decisions, missing);
    const { scene, title = null, parameters } = version;
    shots.push({
      ...{ key: version.key, scene, title, takes },
      sceneTitle: scene === null ? null : (manifest.sceneTitles?.get(scene) ?? null),
      duration: parameters.duration?.value ?? unstatedDuration,
      plate: await plateOf(context, version),
      prompt: parameters.prompt?.value ?? '',
    });
  }
  return { shots, missing };
}

async function takesOf(
  context: ProjectContext,
  entries: readonly LedgerEntry[],
  { clips }: Decisions,
  missing: string[],
): Promise<readonly CutTake[]> {
  const root = path.dirname(context.stem);
  const found: { readonly take: CutTake; readonly at: string }[] = [];
  for (const entry of entries) {
    for (const task of tasksWithFiles(entry)) {
      const decision = clips.get(task.id)?.decision ?? null;
      const file = path.resolve(root, task.file.path);
      if ((await context.files.kindOf(file)) !== 'file') {
        if (decision === 'picked') missing.push(entry.key);
        continue;
      }
      found.push({ take: takeOf(entry, task, file, decision), at: task.completedAt ?? '' });
    }
  }
  return found.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0)).map(({ take }) => take);
}

export type TaskWithFile = Pick<KnownTask, 'id' | 'completedAt' | 'actualDuration'> & {
  readonly file: NonNullable<KnownTask['file']>;
};

/** The clips of a request that are safe, the latest one last. */
export function tasksWithFiles({
  earlierTasks = [],
  taskId,
  completedAt,
  actualDuration,
  file,
}: LedgerEntry): readonly TaskWithFile[] {
  const earlier = earlierTasks.flatMap((task) => (task.file === null ? [] : [{ ...task, file: task.file }]));
  if (taskId === null || file === null) return earlier;
  return [...earlier, { id: taskId, completedAt, actualDuration, file }];
}

function takeOf(
  { key, model, body, charges }: LedgerEntry,
  { id, actualDuration, file }: TaskWithFile,
  absolute: string,
  decision: CutTake['decision'],
): CutTake {
  const { media, seconds } = file;
  const charge = charges.find(({ taskId }) => taskId === id);
  const asked = body['duration'];
  const prompt = body['prompt'];
  return {
    ...{ key, taskId: id, model, decision, file: absolute },
    prompt: typeof prompt === 'string' ? prompt : '',
    cost: charge?.price ?? null,
    currency: charge?.currency ?? null,
    seconds: seconds ?? actualDuration ?? (typeof asked === 'number' ? asked : unstatedDuration),
    fps: media?.fps ?? null,
    width: media?.width ?? null,
    height: media?.height ?? null,
    hasAudio: (media?.audioCodec ?? null) !== null,
  };
}

/** The first image of a shot, where it is a file of this machine. */
async function plateOf({ files, cwd }: ProjectContext, { parameters }: Version): Promise<string | null> {
  const image = parameters.first_image;
  if (image === undefined || typeof image.value !== 'string') return null;
  if (/^[a-z][a-z0-9+.-]*:/i.test(image.value) && !/^[a-z]:[\\/]/i.test(image.value)) return null;
  const from = image.origin.source.absolutePath;
  const file = path.resolve(from === null ? cwd : path.dirname(from), image.value);
  return (await files.kindOf(file)) === 'file' ? file : null;
}
