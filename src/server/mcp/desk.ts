import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { Clock, Random } from '../../core/clock.ts';
import { UsageError } from '../../core/errors.ts';
import { type Redact, redactor } from '../../core/redact.ts';
import { isBelow, realPlace, workTreeOf } from '../../core/work-tree.ts';
import type { ProjectEvent } from '../../project/events.ts';
import { type CarriedOptions, type FollowUp, followUpOf } from '../../project/follow-up.ts';
import type { PlanSurroundings } from '../../project/next-actions.ts';
import { openProject } from '../../project/open.ts';
import type { Environment, ProjectOptions } from '../../project/options.ts';
import type { Project } from '../../project/project.ts';
import { readSettings } from '../../project/settings.ts';

/** What a client may have done, each with what stands before it. */
export const levels = ['read', 'plan', 'run'] as const;
export type Level = (typeof levels)[number];

/** What whoever starts the server decides; no client can. */
export interface DeskOptions {
  /** Absolute. */
  readonly cwd: string;
  readonly env: Environment;
  readonly clock: Clock;
  readonly random: Random;
  /** Who is at work, for the history. */
  readonly by: string;
  readonly allow: Level;
  /** The flags of the server: provider, ledger and catalog of every call. */
  readonly flags: CarriedOptions & Pick<ProjectOptions, 'baseUrl' | 'real' | 'ledger' | 'journal' | 'models'>;
}

/** Something that a person should know, and that stops nothing. */
export type Note = Pick<Extract<ProjectEvent, { type: 'warning' }>, 'code' | 'message' | 'help'>;

/** The place at which a client is served: one work tree, outside of which it names nothing. */
export class Desk {
  readonly options: DeskOptions;
  /** Takes the key out of everything that leaves. */
  readonly redact: Redact;
  /** Where the work tree really is. */
  readonly root: string;

  private constructor(options: DeskOptions, root: string, redact: Redact) {
    this.options = options;
    this.root = root;
    this.redact = redact;
  }

  static async open(options: DeskOptions): Promise<Desk> {
    const { root } = await workTreeOf(options.cwd);
    return new Desk(options, root, redactor(await keysOf(options)));
  }

  allows(level: Level): boolean {
    return levels.indexOf(level) <= levels.indexOf(this.options.allow);
  }

  /**
   * A file that a client names, seen from the working directory.
   *
   * @param kinds the extensions that it may have, as `yaml`.
   * @throws UsageError for one that is not in the work tree, links followed, or has another extension.
   */
  async place(named: string, kinds: readonly string[]): Promise<string> {
    const { cwd } = this.options;
    if (named === '-' || named.includes('\0')) throw outside(named);
    const file = path.resolve(cwd, named);
    if (!isBelow(this.root, await realPlace(file))) throw outside(named);
    if (!kinds.includes(path.extname(file).slice(1).toLowerCase())) {
      throw new UsageError(`${named} is no ${kinds.join(', ')} file`, {
        help: 'name a storyboard of this work tree',
      });
    }
    const found = await stat(file).catch(() => undefined);
    if (found !== undefined && !found.isFile()) {
      throw new UsageError(`${named} is no ordinary file`, { help: 'name a storyboard of this work tree' });
    }
    return path.relative(cwd, file);
  }

  /** @throws UsageError as `place` does. */
  manifest(named: string): Promise<string> {
    return this.place(named, ['yaml', 'yml', 'json']);
  }

  followUp(file: string): FollowUp {
    return followUpOf(this.options.flags, file);
  }

  surroundings(project: Project, savedAs: string | null = null): PlanSurroundings {
    const { file } = project.linted.manifest.source;
    return { followUp: this.followUp(file), needsApproval: project.approval.isNeeded, savedAs };
  }

  /** The options of a lint or of a project, as the server was started. */
  get opening(): ProjectOptions {
    const { cwd, env, clock, random, by, flags } = this.options;
    const { baseUrl, real, ledger, journal, models } = flags;
    return { cwd, env, clock, random, by, baseUrl, real, ledger, journal, models };
  }

  /** Opens a project for looking, unless told otherwise, and closes it after `work`. */
  async withProject<T extends object>(
    file: string,
    work: (project: Project) => Promise<T>,
    more: ProjectOptions = { readOnly: true },
  ): Promise<T & { readonly notes?: readonly Note[] }> {
    const notes: Note[] = [];
    const onEvent = (event: ProjectEvent): void => {
      if (event.type === 'warning')
        notes.push({ code: event.code, message: event.message, help: event.help });
    };
    const project = await openProject(file, { ...this.opening, onEvent, ...more });
    try {
      const result = await work(project);
      return notes.length === 0 ? result : { ...result, notes };
    } finally {
      await project.close();
    }
  }
}

function outside(named: string): UsageError {
  return new UsageError(`${named} is not in this work tree`, {
    help: 'name a file of the work tree in which the server was started',
  });
}

/** The key of the provider, if there is one: what makes no sense as a key is none to hide. */
async function keysOf({ cwd, env, flags }: DeskOptions): Promise<readonly string[]> {
  try {
    return [await (await readSettings({ cwd, env }, flags)).apiKey()];
  } catch {
    return [env['SHOTLIST_API_KEY'] ?? ''];
  }
}
