import type { Project } from '../../project/project.ts';
import type { ReportRow } from '../../report/model.ts';

/** The parts of a row that change while people look at it. */
type LiveRow = Pick<
  ReportRow,
  | 'key'
  | 'fingerprint'
  | 'taskId'
  | 'status'
  | 'decision'
  | 'reason'
  | 'note'
  | 'decidedBy'
  | 'decidedAt'
  | 'qc'
>;

/** What a page is told. */
export interface ReviewUpdate {
  readonly rows: readonly LiveRow[];
  /** A request or a clip has come that the page does not have: it has to be loaded again. */
  readonly isNew: boolean;
}

/** Compares what pages show with what the ledger holds now. */
export class ReviewFeed {
  readonly #project: Project;
  #seq = -1;
  #rows = new Map<string, string>();
  #clips = '';

  constructor(project: Project) {
    this.#project = project;
  }

  /** What has changed since the last look; null for nothing. Costs next to nothing while nothing does. */
  async changes(): Promise<ReviewUpdate | null> {
    const seq = await this.#project.clips.latest();
    if (seq === this.#seq) return null;
    const isFirst = this.#seq === -1;
    this.#seq = seq;
    const { rows } = await this.#project.report();
    const now = new Map<string, string>();
    const changed: LiveRow[] = [];
    for (const row of rows) {
      const live = liveRow(row);
      const identity = `${row.key} ${row.fingerprint}`;
      const text = JSON.stringify(live);
      now.set(identity, text);
      if (this.#rows.get(identity) !== text) changed.push(live);
    }
    const clips = JSON.stringify(rows.map(({ taskId, file }) => [taskId, file]));
    const isNew = clips !== this.#clips;
    this.#rows = now;
    this.#clips = clips;
    if (isFirst || (changed.length === 0 && !isNew)) return null;
    return { rows: changed, isNew };
  }
}

function liveRow(row: ReportRow): LiveRow {
  const { key, fingerprint, taskId, status, decision, reason, note, decidedBy, decidedAt, qc } = row;
  return { key, fingerprint, taskId, status, decision, reason, note, decidedBy, decidedAt, qc };
}
