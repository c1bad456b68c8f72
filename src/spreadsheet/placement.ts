import type { Json } from '../core/canonical-json.ts';
import type { Change } from './compare.ts';
import type { ListPlace } from './list-writer.ts';
import type { ShotRow } from './shot-row.ts';
import type { Storyboard, StoryGroup } from './storyboard.ts';

export interface NewShot {
  readonly row: ShotRow;
  readonly values: readonly (readonly [string, Json])[];
}

export interface NewScene {
  readonly id: string;
  readonly title: string | null;
  readonly shots: readonly NewShot[];
}

/** Shots, or scenes, that come behind one item of a list. */
export interface Placement {
  readonly list: ListPlace;
  /** Index of the item that it comes behind; -1 for before the first. */
  readonly after: number;
  readonly shots: readonly NewShot[];
  readonly scenes: readonly NewScene[];
}

/**
 * Places new shots: in their scene, behind the shot of the row above; a new scene behind the scene of the row above.
 */
export function placements(
  board: Storyboard,
  rows: readonly ShotRow[],
  changes: readonly Change[],
): readonly Placement[] {
  const placer = new Placer(board, rows);
  const added = new Map<ShotRow, NewShot>();
  for (const change of changes) if (change.kind === 'add') added.set(change.row, change);
  for (const row of rows) placer.row(row, added.get(row));
  return placer.finish();
}

class Placer {
  readonly #groups: readonly StoryGroup[];
  readonly #board: Storyboard;
  /** The place of each shot, by key. */
  readonly #known = new Map<string, { readonly group: StoryGroup; readonly index: number }>();
  /** The first of each group that the table names at all. */
  readonly #named = new Set<StoryGroup>();
  /** By scene, the shot of the last row above. */
  readonly #above = new Map<string | null, { readonly group: StoryGroup; readonly index: number }>();
  #lastGroup: StoryGroup | undefined;
  readonly #shots = new Map<string, { list: ListPlace; after: number; shots: NewShot[] }>();
  readonly #scenes = new Map<
    string,
    { after: StoryGroup | undefined; title: string | null; shots: NewShot[] }
  >();

  constructor(board: Storyboard, rows: readonly ShotRow[]) {
    this.#board = board;
    this.#groups = board.groups;
    for (const group of board.groups) {
      for (const shot of group.shots) {
        if (shot.key !== '') this.#known.set(shot.key, { group, index: Number(shot.path.at(-1)) });
      }
    }
    for (const { key } of rows) {
      const known = this.#known.get(key);
      if (known !== undefined) this.#named.add(known.group);
    }
  }

  row(row: ShotRow, added: NewShot | undefined): void {
    const known = this.#known.get(row.key);
    if (known !== undefined) {
      this.#above.set(row.scene, known);
      if (row.scene !== null) this.#lastGroup = known.group;
      return;
    }
    if (added === undefined) return;
    const group = this.#above.get(row.scene)?.group ?? this.#groupOf(row.scene);
    if (group === undefined) {
      this.#newScene(row, added);
      return;
    }
    const list: ListPlace = { source: group.source, owner: group.path, key: 'shots' };
    const after = this.#above.get(row.scene)?.index ?? this.#without(group);
    const place = `${this.#groups.indexOf(group)}:${after}`;
    const entry = this.#shots.get(place) ?? { list, after, shots: [] };
    entry.shots.push(added);
    this.#shots.set(place, entry);
    if (row.scene !== null) this.#lastGroup = group;
  }

  finish(): readonly Placement[] {
    const shots = [...this.#shots.values()].map((each) => ({ ...each, scenes: [] }));
    const byPlace = new Map<string, Placement & { readonly scenes: NewScene[] }>();
    for (const [id, { after, title, shots: own }] of this.#scenes) {
      const source = after?.source ?? this.#board.source;
      const last = this.#groups.findLast((group) => group.source === source && group.scene !== null);
      const index = Number((after ?? last)?.path.at(-1) ?? -1);
      const place = `${source.file}:${index}`;
      const entry = byPlace.get(place) ?? {
        list: { source, owner: [], key: 'scenes' as const },
        after: index,
        shots: [],
        scenes: [],
      };
      entry.scenes.push({ id, title, shots: own });
      byPlace.set(place, entry);
    }
    return [...shots, ...byPlace.values()];
  }

  #newScene(row: ShotRow, added: NewShot): void {
    const id = row.scene ?? '';
    const scene = this.#scenes.get(id) ?? { after: this.#lastGroup, title: row.sceneTitle, shots: [] };
    scene.shots.push(added);
    this.#scenes.set(id, scene);
  }

  #groupOf(scene: string | null): StoryGroup | undefined {
    if (scene !== null) return this.#groups.find((group) => group.scene === scene);
    const own = this.#groups.filter((group) => group.scene === null);
    return (
      own.find((group) => group.shots.length > 0) ?? own.find(({ source }) => source === this.#board.source)
    );
  }

  /** The place of a row with none of its scene above: before the shots that the table names below, else at the end. */
  #without(group: StoryGroup): number {
    return this.#named.has(group) ? -1 : Number(group.shots.at(-1)?.path.at(-1) ?? -1);
  }
}
