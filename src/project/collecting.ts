import path from 'node:path';
import { askedClip } from '../catalog/asked-clip.ts';
import type { Model } from '../catalog/catalog.ts';
import { underOwnNames } from '../catalog/field-map.ts';
import type { CollectOptions } from '../collect/collect.ts';
import type { CollectEvent, CollectResult } from '../collect/events.ts';
import type { AskedClip } from '../core/clip-deviations.ts';
import { UsageError } from '../core/errors.ts';
import { isRehearsalScope } from '../core/rehearsal.ts';
import type { LedgerTask } from '../ledger/ledger.ts';
import type { Selection } from '../plan/select.ts';
import type { ProjectContext } from './context.ts';
import { refuseLinksOut } from './links-out.ts';
import { selectedKeys } from './selected-tasks.ts';

/** Tasks to wait for, the way to do it, and the way to save their clips. */
export interface ProjectCollectOptions extends Selection {
  /** The folder of the clips, `renders` beside the manifest by default, `renders/rehearsal` for a rehearsal; `false` to save none. */
  readonly download?: string | false | undefined;
  /** Template of the clips' names; see `parseNameTemplate`. */
  readonly name?: string | undefined;
  /** Asks about each unfinished task once, and ends. */
  readonly once?: boolean | undefined;
  /** Looks at saved clips for black, frozen and silent stretches; as the manifest says where it is left out. */
  readonly qc?: boolean | undefined;
  /** Settles clips that cannot be had any more, after one more try. */
  readonly giveUp?: boolean | undefined;
  /** Milliseconds between two questions about one task, on average; 45 s by default. */
  readonly intervalMs?: number | undefined;
  /** Time to wait for tasks, in milliseconds; for ever by default. */
  readonly timeoutMs?: number | undefined;
  /** Ends everything soon; a download goes on at the next collect. */
  readonly signal?: AbortSignal | undefined;
  readonly onEvent?: ((event: CollectEvent) => void) | undefined;
}

/** A collect that could begin now: key, folder and name template are known to be right. */
export interface ReadyCollect {
  /** The folder of the clips, as people know it; null where none are downloaded. */
  readonly folder: string | null;
  /** True for a key that the selection takes; null where it takes everything. */
  readonly isSelected: ((key: string) => boolean) | null;
  /** The journal is written before this resolves or throws. */
  start(how?: Pick<ProjectCollectOptions, 'signal' | 'onEvent'>): Promise<CollectResult>;
}

/** Stand-ins never lie among what was paid for. */
const folders = { real: 'renders', rehearsal: path.join('renders', 'rehearsal') };
const questionsAtOnce = 8;

/**
 * Looks at everything that can be wrong before anything is asked.
 *
 * @throws UsageError for a folder or name template that is none, SetupError for a missing key or a folder that cannot be written.
 */
export async function prepareCollect(
  context: ProjectContext,
  options: ProjectCollectOptions,
): Promise<ReadyCollect> {
  if (options.giveUp === true && options.download === false) {
    throw new UsageError('--give-up and --no-download exclude each other', {
      help: 'a clip is given up only after one more try to save it',
    });
  }
  const entries = await (await context.ledger.reader()).read(context.scope);
  const isSelected = selectedKeys(options, context.linted.requests, entries);
  const apiKey = await context.settings.apiKey();
  const root = path.dirname(context.stem);
  const asked = options.download;
  // An unset variable of a shell; it would mean the working directory.
  if (asked === '') throw new UsageError('--download names no folder', { help: 'write --download DIR' });
  const isRehearsal = isRehearsalScope(context.scope.provider);
  const folder =
    typeof asked === 'string'
      ? path.resolve(context.cwd, asked)
      : path.join(root, isRehearsal ? folders.rehearsal : folders.real);
  if (asked !== false) await refuseLinksOut(context, [folder]);
  const download = asked === false ? null : await downloadOptions(context, options, folder, root);

  const start: ReadyCollect['start'] = async (how = {}) => {
    const { signal, onEvent } = { ...options, ...how };
    const [{ collect }, { prepareFolder }] = await Promise.all([
      import('../collect/collect.ts'),
      import('../collect/disk.ts'),
    ]);
    // Not before: somebody may still have said no.
    if (download !== null) await prepareFolder(folder);
    const provider = await context.createProvider({
      baseUrl: context.settings.baseUrl,
      apiKey,
      catalog: context.linted.catalog,
      connections: questionsAtOnce,
      answerTimeoutMs: 30_000,
      proxy: context.settings.proxy,
      clock: context.clock,
    });
    try {
      const ledger = await context.ledger.writer();
      const select = isSelected === null ? undefined : ({ key }: LedgerTask) => isSelected(key);
      const tell = (event: CollectEvent): void => {
        context.emit({ type: 'collect', event });
        onEvent?.(event);
      };
      const result = await collect({
        ...{ provider, download, signal },
        ledger,
        scope: context.scope,
        once: options.once === true,
        asked: (task) => askedOf(task, context.linted.catalog.get(task.model)),
        select,
        giveUp: options.giveUp === true ? { by: context.by } : null,
        intervalMs: options.intervalMs,
        timeoutMs: options.timeoutMs,
        clock: context.clock,
        random: context.random,
        onEvent: (event) => {
          if (event.type !== 'received') void context.journal.follow(context.ledger);
          tell(event);
        },
      });
      if ((options.qc ?? context.linted.manifest.qc) === true && result.stopped === null) {
        const { checkQuality } = await import('../collect/quality-check.ts');
        await checkQuality({ ledger, scope: context.scope, root, select, signal, onEvent: tell });
      }
      return result;
    } finally {
      await provider.close();
    }
  };

  return {
    isSelected,
    folder: download === null ? null : `${path.relative(context.cwd, folder) || '.'}${path.sep}`,
    async start(how) {
      try {
        return await start(how);
      } finally {
        await context.journal.write(context.ledger);
      }
    },
  };
}

async function downloadOptions(
  { linted, settings }: ProjectContext,
  { name }: ProjectCollectOptions,
  folder: string,
  root: string,
): Promise<NonNullable<CollectOptions['download']>> {
  const [{ defaultNameTemplate, parseNameTemplate }, { checkFolder }] = await Promise.all([
    import('../collect/file-names.ts'),
    import('../collect/disk.ts'),
  ]);
  const nameTemplate = name ?? defaultNameTemplate;
  parseNameTemplate(nameTemplate);
  await checkFolder(folder);
  const { manifest, requests } = linted;
  const subjects = requests.map((request) => ({ ...request, project: manifest.project }));
  return { folder, root, nameTemplate, subjects, proxy: settings.proxy };
}

function askedOf(task: LedgerTask, model: Model | undefined): AskedClip {
  return askedClip(underOwnNames(task.body, model?.fields), model);
}
