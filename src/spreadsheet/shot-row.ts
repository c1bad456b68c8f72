import type { CellValue } from './cells.ts';

/** The value that a row states for one key. */
export interface Said {
  readonly key: string;
  /** The cell as it stands; empty where the value was worked out from others. */
  readonly text: string;
  readonly read: CellValue;
  /** The header of its column. */
  readonly column: string;
}

/** A row: one shot. */
export interface ShotRow {
  readonly row: number;
  readonly line: number | undefined;
  readonly scene: string | null;
  readonly shot: string;
  /** As it is known in messages, and unique: `scene/shot`. */
  readonly key: string;
  /** The table's name for the scene, where that could not be its id. */
  readonly sceneTitle: string | null;
  /** Keys of which the row says something. */
  readonly says: ReadonlyMap<string, Said>;
}

/** Shots of a manifest that are known already. */
export interface KnownIds {
  readonly scenes: ReadonlySet<string>;
  /** Shot keys, `scene/shot`, in manifest order, with their prompts as written and as sent. */
  readonly shots: ReadonlyMap<string, readonly string[]>;
}

export interface ShotRows {
  readonly rows: readonly ShotRow[];
  /** Ids that were written otherwise, as the table has them. */
  readonly renamed: ReadonlyMap<string, string>;
  /** Rows that add up the others, and are no shots. */
  readonly totals: readonly number[];
  /** Rows that are headings of those below them, and are no shots. */
  readonly headings: readonly number[];
  /** Number of rows that were a task of a shot that another row names too. */
  readonly tasks: number;
  /** The column of scenes, and rows that are empty there, below others that are not. */
  readonly belowScenes: { readonly column: string; readonly rows: readonly ShotRow[] };
  /** The project that every row names; null where they disagree or say nothing. */
  readonly project: string | null;
}
