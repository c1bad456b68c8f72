import path from 'node:path';
import type { ProjectContext } from './context.ts';
import { type CutMade, type CutOptions, writeCut } from './cutting.ts';
import { type ClipDecided, type ClipWish, decideOnClips } from './deciding.ts';
import type { Delivery, DeliveryOptions } from './delivering.ts';

/** The clips of a project: what people say of them, and what becomes of those that are picked. */
export class Clips {
  readonly #context: ProjectContext;

  constructor(context: ProjectContext) {
    this.#context = context;
  }

  /** The folder that the files of a report are named from, absolute. */
  get root(): string {
    return path.dirname(this.#context.stem);
  }

  /** The position of the ledger's latest event: whoever sees the same one again has missed nothing. */
  async latest(): Promise<number> {
    const { ledger, scope } = this.#context;
    const reader = await ledger.reader();
    return (await reader.changesSince(scope, Number.MAX_SAFE_INTEGER)).seq;
  }

  /**
   * Records what a person says of clips: all of it, or nothing. It is history, and changes nothing of what is paid.
   *
   * @throws UsageError for a key without a clip, ResolutionError for a pick of what has none yet.
   *
   * @example
   * await project.clips.decide([{ key: 'sc010/sh0030@2', decision: { type: 'picked', note: null } }]);
   */
  decide(wishes: readonly ClipWish[]): Promise<readonly ClipDecided[]> {
    return decideOnClips(this.#context, wishes);
  }

  /**
   * Writes the picked clips as a timeline, in manifest order: OpenTimelineIO, EDL, FCPXML, ffconcat, CSV, or a film.
   *
   * @throws UsageError for a format, rate or scene that is none; SetupError for what cannot be written.
   *
   * @example
   * const { timeline } = await project.clips.cut({ output: 'cut.otio', fps: 25 });
   */
  cut(options: CutOptions): Promise<CutMade> {
    return writeCut(this.#context, options);
  }

  /**
   * Puts every picked clip into a folder under names of a template, as a hard link or else as a copy: for a delivery.
   *
   * @throws UsageError for a folder or template that is none; SetupError for what the disk refuses.
   *
   * @example
   * await project.clips.deliver({ folder: 'delivery', name: '{scene}_{shot}' });
   */
  async deliver(options: DeliveryOptions): Promise<Delivery> {
    const { deliver } = await import('./delivering.ts');
    return deliver(this.#context, options);
  }
}
